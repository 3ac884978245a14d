// Warnings of the package as lines of the command; others as Node prints them.
import { warningName } from '../warnings.js';

export function showWarnings(): void {
  const printers = process.listeners('warning');
  process.removeAllListeners('warning');
  process.on('warning', (warning: Error & { readonly code?: string }) => {
    if (warning.name === warningName) console.error(`cuda-gan: warning: ${warning.message} (${warning.code})`);
    else for (const print of printers) print(warning);
  });
}

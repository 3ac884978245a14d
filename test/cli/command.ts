// Runs the built command, or a script that uses the built package, as a process of its own.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');
export const main = join(root, 'dist/esm/cli/main.js');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Ends when the command does. */
export function command(...args: string[]): Promise<Ended> {
  return ended(start(...args));
}

export function start(...args: string[]): ChildProcessWithoutNullStreams {
  return startScript(main, ...args);
}

export function startScript(script: string, ...args: string[]): ChildProcessWithoutNullStreams {
  return startNode(script, ...args);
}

/** Node with any options. */
export function startNode(...args: string[]): ChildProcessWithoutNullStreams {
  requireBuild();
  return spawn(process.execPath, args, { cwd: root });
}

export function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}

/** Resolves when the command's standard output contains `text`. */
export function printed(child: ChildProcessWithoutNullStreams, text: string): Promise<void> {
  let stdout = '';
  return new Promise((resolve, reject) => {
    child.stdout.on('data', (part) => {
      stdout += part;
      if (stdout.includes(text)) resolve();
    });
    child.on('close', () => reject(new Error(`the command ended before it printed "${text}"`)));
  });
}

/** The command is what `npm run build:ts` made of lib/: it must be there, and newer than lib/. */
function requireBuild(): void {
  const builtAt = existsSync(main) ? statSync(main).mtimeMs : undefined;
  if (builtAt === undefined) throw new Error('dist/ is not built: run `npm run build:ts` first');
  const lib = join(root, 'lib');
  const changed = readdirSync(lib, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.c?ts$/.test(file))
    .find((file) => statSync(join(lib, file)).mtimeMs > builtAt);
  if (changed !== undefined) throw new Error(`dist/ is older than lib/${changed}: run \`npm run build:ts\` first`);
}

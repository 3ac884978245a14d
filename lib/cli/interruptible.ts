// What Ctrl-C does to a training.
import { removeEmptyRun } from '../runs/run-files.js';
import { exitCodes } from './exit-codes.js';
import type { Reporter } from './reporter.js';

/** Runs with a signal that Ctrl-C gives; a second one ends the process at once. `reporter` is stopped in the end. */
export async function interruptible<Result>(
  out: string,
  run: (signal: AbortSignal) => Promise<Result>,
  reporter?: Pick<Reporter, 'stop'>,
): Promise<Result> {
  const interruption = new AbortController();
  const interrupt = () => {
    if (!interruption.signal.aborted) return interruption.abort();
    removeEmptyRun(out);
    process.exit(exitCodes.interrupted);
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    return await run(interruption.signal);
  } finally {
    reporter?.stop();
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

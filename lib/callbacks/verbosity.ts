// Whether a callback says what it does.
import { notAllowed } from '../checks.js';

/** What callbacks that can say what they do take. */
export interface VerboseOptions {
  /** 1 prints a line when the callback does something. Default 0. */
  readonly verbose?: 0 | 1 | undefined;
}

/** A function that prints, or none. @internal @throws CudaGanError `CUDA_GAN_VALUE` for other numbers than 0 and 1. */
export function printerOf(verbose: 0 | 1 = 0): (line: string) => void {
  if (verbose !== 0 && verbose !== 1) throw notAllowed('verbose', verbose, '0 and 1');
  return verbose === 1 ? (line) => console.log(line) : () => undefined;
}

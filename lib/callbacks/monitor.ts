// A figure that a callback watches, and what counts as an improvement of it, as in Keras.
import { finiteNumber, inWords, nonEmptyText, oneOf } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { nearestName } from '../nearest-name.js';
import type { Logs } from '../training/callbacks.js';
import type { Training } from '../training/training.js';
import { warn } from '../warnings.js';

export const modes = ['auto', 'min', 'max'] as const;
/** Which way a figure should go. @useDeclaredType */
export type MonitorMode = (typeof modes)[number];

/** What callbacks that watch a figure take. */
export interface MonitorOptions {
  /**
   * The figure that is watched: `loss`, `valLoss`, `valAccuracy`, … in `fit`; `dLoss`, `gLoss`, … in `GAN.train`, where it
   * is the mean over the steps since the last sample. Default `valLoss`.
   */
  readonly monitor?: string | undefined;
  /**
   * Whether the figure should become smaller or larger. Default `auto`: smaller for losses and errors, larger for
   * accuracies; other figures need `min` or `max`.
   */
  readonly mode?: MonitorMode | undefined;
  /** Changes of at most this much are no improvement. */
  readonly minDelta?: number | undefined;
}

/** @internal */
export class Monitor {
  readonly figure: string;
  readonly #sign: 1 | -1;
  readonly #minDelta: number;
  readonly #callback: string;
  #found = false;

  /** @throws CudaGanError `CUDA_GAN_VALUE` for a wrong option, or a figure whose better direction its name does not say. */
  constructor(callback: string, { monitor = 'valLoss', mode = 'auto', minDelta = 0 }: MonitorOptions) {
    this.#callback = callback;
    this.figure = nonEmptyText('monitor', monitor);
    oneOf('mode', modes, mode);
    this.#sign = mode === 'auto' ? signOf(callback, monitor) : mode === 'min' ? -1 : 1;
    this.#minDelta = Math.abs(finiteNumber('minDelta', minDelta));
  }

  /** Called when a training begins. @throws CudaGanError `CUDA_GAN_VALUE` when it will not have the figure. */
  requireFigure(training: Training): void {
    this.#found = false;
    const known = [...training.figures, ...Object.keys(training.learningRates())];
    if (known.includes(this.figure)) return;
    const nearest = nearestName(this.figure, known);
    const hint = nearest === undefined ? '' : `did you mean "${nearest}"? `;
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `callbacks.${this.#callback}: monitor is ${inWords(this.figure)}, which this training does not have; ${hint}it has ${known.join(', ')}`,
    );
  }

  /** Undefined for an epoch that does not have the figure, which is then passed over. */
  valueIn(logs: Logs): number | undefined {
    const value = logs[this.figure];
    if (value !== undefined) this.#found = true;
    return value;
  }

  /** Called when a training ends: says that no epoch had the figure, so that nothing was done. */
  warnIfMissing(): void {
    if (this.#found) return;
    warn(
      'CUDA_GAN_MONITOR',
      `callbacks.${this.#callback} did nothing: no epoch of this training had a figure for ${inWords(this.figure)}; figures that are measured now and then need epochs as long`,
    );
  }

  /** Whether `value` is better than `best` by more than `minDelta`; anything is better than none. */
  isImprovement(value: number, best: number | undefined): boolean {
    if (best === undefined) return true;
    return this.#sign * value - this.#minDelta > this.#sign * best;
  }
}

/** 1 where more is better. */
function signOf(callback: string, figure: string): 1 | -1 {
  if (/(loss|error)$/i.test(figure)) return -1;
  if (/accuracy$/i.test(figure)) return 1;
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `callbacks.${callback}: the name ${inWords(figure)} does not say whether less or more of it is better; give mode, "min" or "max"`,
  );
}

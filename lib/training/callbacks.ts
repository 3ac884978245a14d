// What may look on while something trains: objects with methods that are called on the way, and what they are handed.
import { inWords } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { Training, type TrainingOptions } from './training.js';

/** Figures by name. */
export type Logs = Record<string, number>;

/** How far a training is. */
export interface Progress {
  /** Number of the latest step of the whole training, from 0 on. */
  readonly step: number;
  /** Steps of the whole training; Infinity for one without an end of its own. */
  readonly steps: number;
  /** Of the latest steps. */
  readonly stepsPerSecond: number;
  /** Infinity where `steps` is. */
  readonly secondsLeft: number;
  /** The latest figures; in `fit`, means over the epoch so far. */
  readonly [figure: string]: number;
}

/**
 * What looks on. Training waits for a promise that a method returns, and ends when one throws. An epoch is one of `fit`;
 * in `GAN.train`, the steps up to a sample.
 */
export interface Callbacks {
  /** What messages and checkpoints call it. */
  readonly name?: string | undefined;
  /** Names of figures that it adds to those of every epoch, for others that watch them. */
  readonly figures?: readonly string[] | undefined;
  /** Once, before the first step. */
  onTrainBegin?(training: Training): unknown;
  /** Before the first step of an epoch, which is counted from 0 on. */
  onEpochBegin?(epoch: number, training: Training): unknown;
  /**
   * Figures of one batch, before its update. The next batch waits for it, so that a learning rate that is set here holds
   * from there on. Without it batches run many at a time, which is faster where they are small.
   */
  onBatchEnd?(batch: number, logs: Logs, training: Training): unknown;
  /** About ten times a second. */
  onProgress?(progress: Progress, training: Training): unknown;
  /** `logs` are the epoch's figures; what is added to them, later callbacks and the history of `fit` have too. */
  onEpochEnd?(epoch: number, logs: Logs, training: Training): unknown;
  /**
   * A loss or weight became NaN or infinite, and what is trained is back in its last good state. The training ends with
   * `error`, unless this returns true: then it ends as if it were done.
   */
  onDiverged?(error: CudaGanError, training: Training): unknown;
  /** Not called when an error ends the training. `logs` are those of the last epoch. */
  onTrainEnd?(logs: Logs, training: Training): unknown;
  /** What a checkpoint is to keep: plain data, tensors within. */
  getState?(): unknown;
  /** Takes back what `getState` gave; called after `onTrainBegin` of a run that is resumed. */
  setState?(state: unknown, training: Training): unknown;
}

const methodNames = [
  'onTrainBegin',
  'onEpochBegin',
  'onBatchEnd',
  'onProgress',
  'onEpochEnd',
  'onDiverged',
  'onTrainEnd',
] as const;

/**
 * One or several objects of callbacks as a list. An object of a class may have more than callbacks; but what is named like
 * one and is none would never be called. `further` are the methods that this training has besides.
 * @internal
 * @throws CudaGanError `CUDA_GAN_VALUE` for what is none.
 */
export function requireCallbacks<Wanted extends Callbacks>(
  given: Wanted | readonly Wanted[] | undefined,
  further: readonly string[] = [],
): readonly Wanted[] {
  const events = [...methodNames, ...further];
  const known = [...events, 'getState', 'setState'];
  const list = [given ?? []].flat() as readonly Wanted[];
  for (const callbacks of list) {
    if (typeof callbacks !== 'object' || callbacks === null) {
      throw new CudaGanError('CUDA_GAN_VALUE', `callbacks must be objects with ${events.join(', ')}`);
    }
    for (const [name, value] of Object.entries(callbacks)) requireMethod(name, value, known, events);
    requireTexts('the name of callbacks', [callbacks.name ?? '']);
    requireTexts('figures of callbacks', callbacks.figures ?? []);
  }
  return list;
}

function requireMethod(name: string, value: unknown, known: readonly string[], events: readonly string[]): void {
  const isKnown = known.includes(name);
  if (isKnown ? value === undefined || typeof value === 'function' : !/^on[A-Z_]/.test(name)) return;
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    isKnown ? `the callback ${name} is not a function` : `unknown callback "${name}"; allowed are ${events.join(', ')}`,
  );
}

function requireTexts(what: string, texts: readonly unknown[]): void {
  if (Array.isArray(texts) && texts.every((text) => typeof text === 'string')) return;
  throw new CudaGanError('CUDA_GAN_VALUE', `${what}: found is ${inWords(texts)}; allowed are texts`);
}

/** @internal */
export interface SavedCallback {
  readonly name: string;
  readonly state: unknown;
}

/** All callbacks of a training, called one after the other. @internal */
export class CallbackList<Kind extends Callbacks = Callbacks> {
  readonly training: Training;
  readonly callbacks: readonly Kind[];
  /** What a checkpoint has kept of them. */
  #saved: readonly SavedCallback[] = [];

  /** `figures` are those of the training by itself; callbacks may add to them. */
  constructor(callbacks: readonly Kind[], { figures, ...options }: TrainingOptions) {
    const added = callbacks.flatMap((one) => one.figures ?? []);
    this.training = new Training({ ...options, figures: [...new Set([...figures, ...added])] });
    this.callbacks = callbacks;
  }

  /** Whether one looks at every batch. */
  get wantBatches(): boolean {
    return this.callbacks.some(({ onBatchEnd }) => onBatchEnd !== undefined);
  }

  /** What a checkpoint is to keep: the states of those that have one. */
  states(): SavedCallback[] {
    return this.#withState.map((one) => ({ name: nameOf(one), state: one.getState!() }));
  }

  /**
   * Gives the callbacks back what `states` of the run that is resumed was, as soon as the training has begun.
   * @throws CudaGanError `CUDA_GAN_VALUE` when they are not those of that run.
   */
  resume(saved: readonly SavedCallback[]): void {
    const [found, wanted] = [this.#withState.map(nameOf), saved.map(({ name }) => name)];
    if (found.join() !== wanted.join()) {
      const list = (names: readonly string[]) => names.join(', ') || 'none';
      throw new CudaGanError(
        'CUDA_GAN_VALUE',
        `the run that is resumed has callbacks with a state: ${list(wanted)}; found are ${list(found)}`,
      );
    }
    this.#saved = saved;
  }

  async trainBegin(): Promise<void> {
    for (const one of this.callbacks) await one.onTrainBegin?.(this.training);
    for (const [i, { state }] of this.#saved.entries()) await this.#withState[i]!.setState?.(state, this.training);
  }

  async epochBegin(epoch: number): Promise<void> {
    for (const one of this.callbacks) await one.onEpochBegin?.(epoch, this.training);
  }

  async batchEnd(batch: number, logs: Logs): Promise<void> {
    for (const one of this.callbacks) await one.onBatchEnd?.(batch, logs, this.training);
  }

  /** `progress` is asked only when someone listens. */
  async progress(progress: () => Progress): Promise<void> {
    const listeners = this.callbacks.filter(({ onProgress }) => onProgress !== undefined);
    if (listeners.length === 0) return;
    const found = progress();
    for (const one of listeners) await one.onProgress!(found, this.training);
  }

  async epochEnd(epoch: number, logs: Logs): Promise<void> {
    for (const one of this.callbacks) await one.onEpochEnd?.(epoch, logs, this.training);
  }

  /** Whether `error` is a divergence that a callback has taken as the end of the training. */
  async diverged(error: unknown): Promise<boolean> {
    if (!(error instanceof CudaGanError && error.code === 'CUDA_GAN_DIVERGED')) return false;
    let taken = false;
    for (const one of this.callbacks) taken = (await one.onDiverged?.(error, this.training)) === true || taken;
    if (taken) this.training.stop();
    return taken;
  }

  async trainEnd(logs: Logs): Promise<void> {
    for (const one of this.callbacks) await one.onTrainEnd?.(logs, this.training);
  }

  get #withState(): readonly Kind[] {
    return this.callbacks.filter(({ getState }) => getState !== undefined);
  }
}

const nameOf = ({ name = 'a callback without a name' }: Callbacks) => name;

// Saves models on the way, as Keras' ModelCheckpoint.
import { dirname } from 'node:path';
import { finiteNumber, nonEmptyText, trueOrFalse, wholeNumber } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { requireEnding } from '../formats/endings.js';
import { ensureFolder } from '../formats/files.js';
import { modelFile } from '../models/model-formats.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Callbacks, Logs } from '../training/callbacks.js';
import type { Training } from '../training/training.js';
import { formatPath } from './file-path.js';
import { Monitor, type MonitorMode } from './monitor.js';
import { printerOf, type VerboseOptions } from './verbosity.js';

/** What `modelCheckpoint` takes beside the path. */
export interface ModelCheckpointOptions extends VerboseOptions {
  /**
   * Path of the file, with places for the number of the epoch (from 1 on) and its figures: `best-{epoch:02d}-{valLoss:.2f}.safetensors`.
   * Its ending says of which format, as for `save`.
   * In `GAN.train` it needs `{model}`, which becomes `generator` and `discriminator`.
   */
  readonly filepath: string;
  /** The figure that says what is best, with `saveBestOnly`. Default `valLoss`. */
  readonly monitor?: string | undefined;
  /** As that of `earlyStopping`. Default `auto`. */
  readonly mode?: MonitorMode | undefined;
  /** Whether only an epoch that is better than all before it is saved. Default false. */
  readonly saveBestOnly?: boolean | undefined;
  /** When to save: at the end of every epoch, or after so many batches, which then run one by one. Default `epoch`. */
  readonly saveFreq?: 'epoch' | number | undefined;
  /** What the first epoch must be better than to be saved, with `saveBestOnly`. Default: anything is. */
  readonly initialValueThreshold?: number | undefined;
}

const optionNames: OptionNames<ModelCheckpointOptions> = {
  filepath: true,
  monitor: true,
  mode: true,
  verbose: true,
  saveBestOnly: true,
  saveFreq: true,
  initialValueThreshold: true,
};

interface State {
  readonly best: number | undefined;
  /** Batches since the last save. */
  readonly batches: number;
  /** The epoch under way. */
  readonly epoch: number;
}

/**
 * Saves the model, or both of a GAN, as `model.save` does: `loadModel` reads the file, and `loadWeights` its weights. To
 * go on with a training to the same bits, see `checkpointDir` and `resume` of `fit`, and `GAN.resume`.
 * @throws CudaGanError `CUDA_GAN_VALUE` for a wrong option, a path that ends as files do that hold no model, or a place in it for what there is not; while training,
 * `CUDA_GAN_FILE` when the file cannot be written.
 */
export function modelCheckpoint(options: ModelCheckpointOptions): Callbacks {
  const given = checkOptions('callbacks.modelCheckpoint', options, optionNames);
  const filepath = nonEmptyText('filepath', given.filepath);
  requireEnding(filepath, modelFile);
  const saveBestOnly = trueOrFalse('saveBestOnly', given.saveBestOnly ?? false);
  const { saveFreq = 'epoch', initialValueThreshold: threshold } = given;
  if (saveFreq !== 'epoch') wholeNumber('saveFreq', saveFreq, 1);
  if (threshold !== undefined) finiteNumber('initialValueThreshold', threshold);
  const monitor = saveBestOnly ? new Monitor('modelCheckpoint', given) : undefined;
  const print = printerOf(given.verbose);
  const initial: State = { best: threshold, batches: 0, epoch: 0 };
  let state = initial;

  /** Whether the figures are worth a file; prints why. */
  function isWanted(epoch: number, logs: Logs): boolean {
    if (monitor === undefined) return true;
    const { figure } = monitor;
    const value = monitor.valueIn(logs);
    // Figures of validation are not there after a batch.
    if (value === undefined) return saveFreq !== 'epoch';
    const before = state.best?.toFixed(5) ?? 'none';
    if (!monitor.isImprovement(value, state.best)) {
      print(`Epoch ${epoch + 1}: ${figure} did not improve from ${before}`);
      return false;
    }
    print(`Epoch ${epoch + 1}: ${figure} improved from ${before} to ${value.toFixed(5)}`);
    state = { ...state, best: value };
    return true;
  }

  async function save(values: { readonly epoch: number; readonly batch?: number }, logs: Logs, { models }: Training) {
    if (!isWanted(values.epoch - 1, logs)) return;
    for (const [name, model] of Object.entries(models)) {
      const path = formatPath(filepath, { model: name, ...values, ...logs });
      await ensureFolder(dirname(path));
      await model.save(path);
      print(`Epoch ${values.epoch}: saved the ${name} to ${path}`);
    }
  }

  const callbacks: Callbacks = {
    name: 'modelCheckpoint',
    onTrainBegin: (training) => {
      monitor?.requireFigure(training);
      requirePlaceForModel(filepath, training);
      state = initial;
    },
    onEpochBegin: (epoch) => {
      state = { ...state, epoch };
    },
    // A training that is resumed may have had the figure before.
    onTrainEnd: () => (state.best === threshold ? monitor?.warnIfMissing() : undefined),
    getState: () => state,
    setState: (saved) => {
      state = saved as State;
    },
  };
  if (saveFreq === 'epoch') {
    return { ...callbacks, onEpochEnd: (epoch, logs, training) => save({ epoch: epoch + 1 }, logs, training) };
  }
  const onBatchEnd = async (batch: number, logs: Logs, training: Training) => {
    state = { ...state, batches: state.batches + 1 };
    if (state.batches < saveFreq) return;
    state = { ...state, batches: 0 };
    await save({ epoch: state.epoch + 1, batch: batch + 1 }, logs, training);
  };
  return { ...callbacks, onBatchEnd };
}

function requirePlaceForModel(filepath: string, { models }: Training): void {
  const names = Object.keys(models);
  if (names.length === 1 || /\{model\}/.test(filepath)) return;
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `callbacks.modelCheckpoint: filepath is "${filepath}", one file for ${names.join(' and ')}; write {model} where their names are to be`,
  );
}

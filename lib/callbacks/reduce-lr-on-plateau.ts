// Lowers the learning rate when a figure has stopped improving, as Keras' ReduceLROnPlateau.
import { nonNegativeNumber, numberIn, positiveNumber, wholeNumber } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Callbacks } from '../training/callbacks.js';
import type { Training } from '../training/training.js';
import { Monitor, type MonitorOptions } from './monitor.js';
import { printerOf, type VerboseOptions } from './verbosity.js';

/** What `reduceLROnPlateau` takes. */
export interface ReduceLROnPlateauOptions extends MonitorOptions, VerboseOptions {
  /** Changes of at most this much are no improvement. Default 0.0001. */
  readonly minDelta?: number | undefined;
  /** What the learning rate is multiplied by, in (0, 1). Default 0.1. */
  readonly factor?: number | undefined;
  /** Epochs without an improvement after which it is. Default 10. */
  readonly patience?: number | undefined;
  /** Epochs after that before epochs without an improvement count again. Default 0. */
  readonly cooldown?: number | undefined;
  /** The learning rate is not made lower than this. Default 0. */
  readonly minLr?: number | undefined;
}

const optionNames: OptionNames<ReduceLROnPlateauOptions> = {
  monitor: true,
  mode: true,
  minDelta: true,
  verbose: true,
  factor: true,
  patience: true,
  cooldown: true,
  minLr: true,
};

interface State {
  readonly wait: number;
  readonly best: number | undefined;
  /** Epochs of the cooldown that are left. */
  readonly cooldown: number;
}

const initial: State = { wait: 0, best: undefined, cooldown: 0 };

/**
 * Multiplies the learning rates of all optimizers by `factor` when the figure has not improved for `patience` epochs, and
 * adds them to the figures of every epoch, as `learningRate`; in `GAN.train` as `generatorLearningRate` and
 * `discriminatorLearningRate`.
 * @throws CudaGanError `CUDA_GAN_VALUE` for a wrong option; when the training begins, for a figure that it does not have.
 * `CUDA_GAN_STATE` when the training begins, for a learning rate that follows a schedule.
 */
export function reduceLROnPlateau(options?: ReduceLROnPlateauOptions): Callbacks {
  const given = checkOptions('callbacks.reduceLROnPlateau', options, optionNames);
  const monitor = new Monitor('reduceLROnPlateau', { ...given, minDelta: given.minDelta ?? 1e-4 });
  const print = printerOf(given.verbose);
  const factor = positiveNumber('factor', numberIn('factor', given.factor ?? 0.1, 0, 1));
  const patience = wholeNumber('patience', given.patience ?? 10, 0);
  const cooldown = wholeNumber('cooldown', given.cooldown ?? 0, 0);
  const minLr = nonNegativeNumber('minLr', given.minLr ?? 0);

  /** Whether there was one to reduce. */
  function reduce(epoch: number, { optimizers }: Training): boolean {
    const reducible = Object.entries(optimizers).filter(([, { learningRate }]) => learningRate > Math.fround(minLr));
    for (const [part, optimizer] of reducible) {
      const rate = Math.max(optimizer.learningRate * factor, minLr);
      optimizer.learningRate = rate;
      print(`Epoch ${epoch + 1}: reducing the learning rate of the ${part} to ${rate}`);
    }
    return reducible.length > 0;
  }

  let state = initial;
  return {
    name: 'reduceLROnPlateau',
    onTrainBegin: (training) => {
      monitor.requireFigure(training);
      requireNoSchedule(training);
      state = initial;
    },
    onEpochEnd: (epoch, logs, training) => {
      Object.assign(logs, training.learningRates());
      const value = monitor.valueIn(logs);
      if (value === undefined) return;
      if (state.cooldown > 0) state = { ...state, cooldown: state.cooldown - 1, wait: 0 };
      if (monitor.isImprovement(value, state.best)) {
        state = { ...state, best: value, wait: 0 };
        return;
      }
      if (state.cooldown > 0) return;
      state = { ...state, wait: state.wait + 1 };
      if (state.wait >= patience && reduce(epoch, training)) state = { ...state, cooldown, wait: 0 };
    },
    onTrainEnd: () => monitor.warnIfMissing(),
    getState: () => state,
    setState: (saved) => {
      state = saved as State;
    },
  };
}

function requireNoSchedule({ optimizers }: Training): void {
  for (const [part, { schedule }] of Object.entries(optimizers)) {
    if (schedule === undefined) continue;
    throw new CudaGanError(
      'CUDA_GAN_STATE',
      `callbacks.reduceLROnPlateau: the learning rate of the ${part} follows the schedule ${schedule.name}, and cannot be reduced`,
    );
  }
}

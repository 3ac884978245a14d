// Ends a training that has stopped improving, as Keras' EarlyStopping.
import { finiteNumber, trueOrFalse, wholeNumber } from '../checks.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { OwnFloat32Array, Tensor } from '../tensor.js';
import type { Callbacks } from '../training/callbacks.js';
import { Monitor, type MonitorOptions } from './monitor.js';
import { printerOf, type VerboseOptions } from './verbosity.js';

/** What `earlyStopping` takes. */
export interface EarlyStoppingOptions extends MonitorOptions, VerboseOptions {
  /** Changes of at most this much are no improvement. Default 0. */
  readonly minDelta?: number | undefined;
  /** Epochs without an improvement after which the training ends. Default 0. */
  readonly patience?: number | undefined;
  /** What must be improved on: without that, `patience` runs out. Default: the best figure so far. */
  readonly baseline?: number | undefined;
  /** Whether the training ends with the weights of the epoch with the best figure. Default false. */
  readonly restoreBestWeights?: boolean | undefined;
  /** Epochs before this one are not looked at. Default 0. */
  readonly startFromEpoch?: number | undefined;
}

const optionNames: OptionNames<EarlyStoppingOptions> = {
  monitor: true,
  mode: true,
  minDelta: true,
  verbose: true,
  patience: true,
  baseline: true,
  restoreBestWeights: true,
  startFromEpoch: true,
};

interface State {
  readonly wait: number;
  readonly best: number | undefined;
  readonly bestEpoch: number;
  readonly bestWeights: readonly Tensor<OwnFloat32Array>[] | undefined;
  /** The epoch after which it ended the training. */
  readonly stoppedEpoch: number | undefined;
}

const initial: State = { wait: 0, best: undefined, bestEpoch: 0, bestWeights: undefined, stoppedEpoch: undefined };

/**
 * Ends the training when the figure has not improved for `patience` epochs. In `GAN.train` the weights are those of both
 * models.
 * @throws CudaGanError `CUDA_GAN_VALUE` for a wrong option; when the training begins, for a figure that it does not have.
 */
export function earlyStopping(options?: EarlyStoppingOptions): Callbacks {
  const given = checkOptions('callbacks.earlyStopping', options, optionNames);
  const monitor = new Monitor('earlyStopping', given);
  const print = printerOf(given.verbose);
  const patience = wholeNumber('patience', given.patience ?? 0, 0);
  const startFromEpoch = wholeNumber('startFromEpoch', given.startFromEpoch ?? 0, 0);
  const restoreBestWeights = trueOrFalse('restoreBestWeights', given.restoreBestWeights ?? false);
  const baseline = given.baseline === undefined ? undefined : finiteNumber('baseline', given.baseline);
  let state = initial;
  return {
    name: 'earlyStopping',
    onTrainBegin: (training) => {
      monitor.requireFigure(training);
      state = initial;
    },
    onEpochEnd: async (epoch, logs, training) => {
      if (epoch < startFromEpoch) return;
      const value = monitor.valueIn(logs);
      if (value === undefined) return;
      const improved = monitor.isImprovement(value, state.best);
      const keep = restoreBestWeights && (improved || state.bestWeights === undefined);
      state = {
        ...state,
        wait: improved && monitor.isImprovement(value, baseline) ? 0 : state.wait + 1,
        ...(improved && { best: value }),
        ...((improved || keep) && { bestEpoch: epoch }),
        ...(keep && { bestWeights: await training.getWeights() }),
      };
      if (improved || state.wait < patience || epoch === 0) return;
      state = { ...state, stoppedEpoch: epoch };
      training.stop();
    },
    onTrainEnd: async (_logs, training) => {
      monitor.warnIfMissing();
      const { stoppedEpoch, bestEpoch, bestWeights } = state;
      if (stoppedEpoch !== undefined) print(`Epoch ${stoppedEpoch + 1}: early stopping`);
      if (bestWeights === undefined) return;
      print(`Restoring the weights from the end of the best epoch: ${bestEpoch + 1}`);
      await training.setWeights(bestWeights);
    },
    getState: () => state,
    setState: (saved) => {
      state = saved as State;
    },
  };
}

// Sets the learning rate of every epoch, as Keras' LearningRateScheduler.
import { notAllowed, positiveNumber } from '../checks.js';
import { checkOptions } from '../options.js';
import type { Callbacks } from '../training/callbacks.js';
import { printerOf, type VerboseOptions } from './verbosity.js';

/** The learning rate of an epoch, of its number from 0 on and of the rate so far. */
export type LearningRateSchedule = (epoch: number, learningRate: number) => number;

/**
 * Asks `schedule` at the beginning of every epoch, for each optimizer, and adds the rates to the figures of every epoch, as
 * `reduceLROnPlateau` does.
 * @throws CudaGanError `CUDA_GAN_VALUE` for a wrong option, or a rate that is not a finite number above 0.
 */
export function learningRateScheduler(schedule: LearningRateSchedule, options?: VerboseOptions): Callbacks {
  if (typeof schedule !== 'function') throw notAllowed('schedule', schedule, 'functions of epoch and learning rate');
  const { verbose } = checkOptions<VerboseOptions>('callbacks.learningRateScheduler', options, { verbose: true });
  const print = printerOf(verbose);
  return {
    name: 'learningRateScheduler',
    onEpochBegin: (epoch, { optimizers }) => {
      for (const [part, optimizer] of Object.entries(optimizers)) {
        const rate = positiveNumber('the result of schedule', schedule(epoch, optimizer.learningRate));
        optimizer.learningRate = rate;
        print(`Epoch ${epoch + 1}: the learning rate of the ${part} is ${rate}`);
      }
    },
    onEpochEnd: (_epoch, logs, training) => {
      Object.assign(logs, training.learningRates());
    },
  };
}

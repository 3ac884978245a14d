// The options of GAN.resume, and what it resolves to.
import type { Precision } from '../devices/cuda.js';
import type { Device } from '../devices/device.js';
import type { DeviceChoice } from '../devices/names.js';
import { CudaGanError } from '../errors.js';
import type { OptionNames } from '../options.js';
import type { GAN } from './gan.js';
import { fromConfigNames, type OwnParts } from './gan-config.js';
import type { GanHistory } from './history.js';
import type { SavedRun } from './saved-run.js';
import type { TrainOptions } from './train-options.js';

/** What `GAN.resume` takes; the rest is as the run began. Parts of your own must be given again. */
export interface ResumeOptions
  extends OwnParts,
    Pick<
      TrainOptions,
      'heldOut' | 'metricsNetwork' | 'signal' | 'onProgress' | 'onSample' | 'onBalance' | 'callbacks'
    > {
  /**
   * Updates of both players in all, to make the run longer than it was begun for: it comes to what a run of so many steps
   * comes to. Default: its own number.
   */
  readonly steps?: number | undefined;
  /** Default: the device that the run was on, of several GPUs the first; on another one, the numbers are others. */
  readonly device?: Device | DeviceChoice | undefined;
  /** Threads of the cpu device; results do not depend on it. Default: all physical cores that the process may use. */
  readonly threads?: number | undefined;
  /** Of large matrix products on the cuda device. Default: that of the run. */
  readonly precision?: Precision | undefined;
}

/** @internal */
export const resumeOptionNames: OptionNames<ResumeOptions> = {
  ...fromConfigNames,
  steps: true,
  heldOut: true,
  metricsNetwork: true,
  signal: true,
  onProgress: true,
  onSample: true,
  onBalance: true,
  callbacks: true,
};

/**
 * The steps of a run that goes on: its own, or more; where those are without end, any from what is done on.
 * @internal
 * @throws CudaGanError `CUDA_GAN_VALUE` for fewer.
 */
export function resumedSteps(wanted: number | undefined, { settings, progress }: SavedRun): number {
  if (wanted === undefined) return settings.steps;
  const endless = settings.steps === Number.POSITIVE_INFINITY;
  const least = endless ? Math.max(1, progress.steps) : settings.steps;
  if (wanted >= least) return wanted;
  const own = endless ? `has done ${least} steps` : `was begun for ${least} steps`;
  throw new CudaGanError('CUDA_GAN_VALUE', `steps is ${wanted}; the run ${own}, and can only be made longer`);
}

/** What `GAN.resume` resolves to. */
export interface ResumedGan {
  /** As it is after the last step. */
  readonly gan: GAN;
  /** Of the whole run, from its first step on. */
  readonly history: GanHistory;
}

// The options of GAN.resume, and what it resolves to.
import type { Precision } from '../devices/cuda.js';
import type { Device } from '../devices/device.js';
import type { DeviceChoice } from '../devices/select.js';
import type { OptionNames } from '../options.js';
import type { GAN } from './gan.js';
import { fromConfigNames, type OwnParts } from './gan-config.js';
import type { GanHistory } from './history.js';
import type { TrainOptions } from './train-options.js';

/** What `GAN.resume` takes; the rest is as the run began. Parts of your own must be given again. */
export interface ResumeOptions
  extends OwnParts,
    Pick<TrainOptions, 'heldOut' | 'signal' | 'onProgress' | 'onSample' | 'onBalance' | 'callbacks'> {
  /** Default: the device that the run was on; on another one, the numbers are others. */
  readonly device?: Device | DeviceChoice | undefined;
  /** Threads of the cpu device; results do not depend on it. Default: all physical cores that the process may use. */
  readonly threads?: number | undefined;
  /** Of large matrix products on the cuda device. Default: that of the run. */
  readonly precision?: Precision | undefined;
}

/** @internal */
export const resumeOptionNames: OptionNames<ResumeOptions> = {
  ...fromConfigNames,
  heldOut: true,
  signal: true,
  onProgress: true,
  onSample: true,
  onBalance: true,
  callbacks: true,
};

/** What `GAN.resume` resolves to. */
export interface ResumedGan {
  readonly gan: GAN;
  /** Of the whole run, from its first step on. */
  readonly history: GanHistory;
}

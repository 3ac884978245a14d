// What a checkpoint keeps of a GAN and its run besides the Variables.

import type { Precision } from '../devices/cuda.js';
import type { DeviceName } from '../devices/device.js';
import { CudaGanError } from '../errors.js';
import type { FeatureNetworkIdentity } from '../evaluation/feature-network.js';
import type { ClockReading, Clocks } from '../models/step-clock.js';
import type { SavedCallback } from '../training/callbacks.js';
import type { Checkpoint } from '../training/checkpoint.js';
import type { Fingerprint } from '../training/fingerprint.js';
import type { GanConfig } from './gan-config.js';
import type { RunSettings } from './train-options.js';

/** How far a run is. */
export interface RunProgress {
  /** Where its random numbers start. */
  readonly firstStep: number;
  readonly pretrainSteps: number;
  readonly steps: number;
  readonly seconds: number;
  /** The period that was begun and has not ended. */
  readonly openEpoch?: number | undefined;
  /** The last step of which there is a sample. */
  readonly sampled: number;
  /** Whether a callback has ended the run. */
  readonly stopped: boolean;
}

/** A GAN as it is between two steps, but for its Variables. */
export interface SavedGan {
  readonly config: GanConfig;
  readonly device: { readonly name: DeviceName; readonly precision: Precision };
  /** How many calls of `generate` there were without a seed. */
  readonly samplesTaken: number;
  readonly clocks: Readonly<Record<'generator' | 'discriminator', Clocks<ClockReading>>>;
}

export interface SavedRun {
  readonly gan: SavedGan;
  /** What pictures are called, before their step. */
  readonly name: string;
  readonly data: readonly Fingerprint[];
  readonly settings: RunSettings;
  /** By which the generator is measured, if it is. */
  readonly metricsNetwork?: FeatureNetworkIdentity | undefined;
  readonly progress: RunProgress;
  /** Length of `history.jsonl`. */
  readonly historyBytes: number;
  readonly callbacks: readonly SavedCallback[];
  /** That which began the run, as `run.json` has it; undefined for a run of a program. */
  readonly command?: object | undefined;
}

/** @throws CudaGanError `CUDA_GAN_FILE` when it is that of another kind of training. */
export function savedRun({ path, kind, data }: Checkpoint): SavedRun {
  if (kind === 'gan') return data as SavedRun;
  throw new CudaGanError('CUDA_GAN_FILE', `${path} is not that of a GAN, but of a model in ${kind}`);
}

// What a comparison comes to: plain data, as it is written into its folder.
import { join } from 'node:path';
import { kindOf } from '../checks.js';
import { CudaGanError } from '../errors.js';
import type { Evaluation } from '../evaluation/evaluate.js';
import type { FeatureNetworkIdentity } from '../evaluation/feature-network.js';
import type { Sharpness } from '../evaluation/sharpness.js';
import { readBytes, writeFileAtomic } from '../formats/files.js';
import { runFiles } from '../runs/run-files.js';
import type { Fingerprint } from '../training/fingerprint.js';
import type { Claim } from './claim.js';
import type { ContenderName } from './contenders.js';
import type { Budget } from './train-contender.js';

/** By what a comparison can be made again. */
export interface ComparisonSettings {
  /** In the order in which they were trained. */
  readonly models: readonly ContenderName[];
  /** Of each model. */
  readonly budget: Budget;
  /** Samples of each model. */
  readonly count: number;
  /** Of weights, training and samples. */
  readonly seed: number;
}

/** A model of a comparison, trained and measured. */
export interface ComparedModel {
  /** By which the comparison was asked for it. */
  readonly name: ContenderName;
  /** What pages call it. */
  readonly title: string;
  /** What its figures are of: an autoencoder draws no samples. */
  readonly measured: 'samples' | 'reconstructions';
  /** Of its samples, or of its reconstructions: `measured` says which. */
  readonly figures: Evaluation['figures'];
  /** Of reconstructions, where it makes some. */
  readonly reconstructions: Sharpness | null;
  /** Share of the reference that it puts into the right class, where it tells classes. */
  readonly accuracy: number | null;
  /** Of its training. */
  readonly batchSize: number;
  /** Updates that it had. */
  readonly steps: number;
  /** Of training. */
  readonly seconds: number;
  /** Of all its networks. */
  readonly parameters: number;
}

/** What `compare` finds: plain data, which can be written as JSON. */
export interface Comparison {
  /** Of the package. */
  readonly packageVersion: string;
  /** What was asked for, with defaults. */
  readonly settings: ComparisonSettings;
  /** Where it trained, in words. */
  readonly device: string;
  /** What made the features. */
  readonly network: FeatureNetworkIdentity;
  /** Number of images that samples were measured against. */
  readonly reference: number;
  /** Whether no model trained on those. */
  readonly isHeldOut: boolean;
  /** By which a comparison that goes on knows its data again. */
  readonly data: readonly Fingerprint[];
  /**
   * The same figures of as many training images, which no model need surpass; null where there are none beside the reference.
   */
  readonly realImages: Evaluation['figures'] | null;
  /** In the order of `settings.models`. */
  readonly models: readonly ComparedModel[];
  /** What the figures say of blur. */
  readonly claim: Claim;
}

export const comparisonFile = runFiles.comparison;

/** @throws CudaGanError `CUDA_GAN_FILE` when it cannot be written. */
export async function writeComparison(folder: string, comparison: Comparison): Promise<void> {
  await writeFileAtomic(join(folder, comparisonFile), `${JSON.stringify(comparison, undefined, 2)}\n`);
}

/** @throws CudaGanError `CUDA_GAN_FILE` when there is none, or it is damaged. */
export async function readComparison(folder: string): Promise<Comparison> {
  const path = join(folder, comparisonFile);
  const text = new TextDecoder().decode(await readBytes(path));
  try {
    const found: unknown = JSON.parse(text);
    if (kindOf(found) === 'Object' && 'settings' in (found as object) && 'models' in (found as object)) {
      return found as Comparison;
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new CudaGanError('CUDA_GAN_FILE', `${path} is damaged, or no comparison`);
}

// What a checkpoint keeps of a training by `fit` besides the Variables, and what must be as it was for one to go on.
import { CudaGanError } from '../errors.js';
import { ensureFolder } from '../formats/files.js';
import { FolderLock } from '../formats/folder-lock.js';
import type { SavedLayer } from '../layers/registry.js';
import type { Optimizer, PlainOptimizer } from '../optimizers/index.js';
import { plainOptimizer } from '../optimizers/plain.js';
import { copyOf, type Tensor } from '../tensor.js';
import type { SavedCallback } from '../training/callbacks.js';
import type { Checkpoint, State } from '../training/checkpoint.js';
import { checkpointsIn, newestCheckpoint, requireCheckpoints } from '../training/checkpoints.js';
import { type Fingerprint, fingerprintOf, requireSameData } from '../training/fingerprint.js';
import { requireSame } from '../training/same.js';
import { modelConfig } from './config.js';
import type { DataSet } from './data.js';
import type { Accumulating } from './figures.js';
import type { FitProgress } from './fit.js';
import { type FitPlan, type FitSettings, fitSettings } from './fit-options.js';
import type { Model } from './model.js';
import type { ClockReading, Clocks } from './step-clock.js';

export interface SavedFit {
  readonly model: SavedLayer;
  /** As it was compiled. */
  readonly optimizer: PlainOptimizer;
  /** Its rate at the moment, which callbacks may have changed; undefined where that follows a schedule. */
  readonly learningRate: number | undefined;
  readonly data: readonly Fingerprint[];
  readonly figures: readonly string[];
  /** Metrics of counts, by their figures, as they were compiled. */
  readonly metrics: Readonly<Record<string, PlainCounts>>;
  readonly settings: FitSettings;
  readonly clocks: Clocks<ClockReading>;
  readonly progress: FitProgress;
  /** Whether a callback has ended the training. */
  readonly stopped: boolean;
  readonly callbacks: readonly SavedCallback[];
}

/** A metric of counts as plain data. */
interface PlainCounts {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** A training that goes on. */
export interface ResumedFit {
  readonly checkpoint: Checkpoint;
  readonly saved: SavedFit;
}

/** The data of a training: what it was given, and what it is validated on besides. */
export interface FitData {
  readonly all: DataSet;
  readonly validation: DataSet | undefined;
}

/** Where checkpoints are written; undefined where there will be none. */
export function folderOf({ checkpointDir, resume }: FitPlan): string | undefined {
  return checkpointDir ?? resume;
}

/**
 * Locks the folder of checkpoints, if there will be some.
 * @throws CudaGanError `CUDA_GAN_BUSY` when another training writes into it; `CUDA_GAN_FILE` when it cannot be written to, or
 * holds nothing to resume.
 */
export async function lockedFolder(plan: FitPlan): Promise<FolderLock | undefined> {
  const folder = folderOf(plan);
  if (folder === undefined) return undefined;
  if (plan.checkpointDir === undefined) await requireCheckpoints(folder);
  else await ensureFolder(folder);
  return FolderLock.take(folder);
}

/**
 * What `plan.resume` goes on from; undefined where that may have nothing yet.
 * @throws CudaGanError `CUDA_GAN_FILE` when there is no checkpoint, or it cannot be read.
 */
export async function resumedFit({ resume, checkpointDir }: FitPlan): Promise<ResumedFit | undefined> {
  if (checkpointDir !== undefined && (await checkpointsIn(resume!)).length === 0) return undefined;
  const checkpoint = await newestCheckpoint(resume!);
  const { kind, path, data } = checkpoint;
  if (kind === 'fit') return { checkpoint, saved: data as SavedFit };
  throw new CudaGanError(
    'CUDA_GAN_FILE',
    `${path} is that of a GAN, not of a model in fit: GAN.resume goes on from it`,
  );
}

/** @throws CudaGanError `CUDA_GAN_FILE` when the folder for new checkpoints holds other ones. */
export async function requireNoCheckpoints({ checkpointDir, resume }: FitPlan): Promise<void> {
  if (checkpointDir === undefined || checkpointDir === resume) return;
  if ((await checkpointsIn(checkpointDir)).length === 0) return;
  throw new CudaGanError(
    'CUDA_GAN_FILE',
    `${checkpointDir} holds checkpoints already; go on from them by resume, or choose another folder for checkpointDir`,
  );
}

/** Model, optimizer, data and settings as a checkpoint names them. */
export type FitIdentity = Pick<SavedFit, 'model' | 'optimizer' | 'metrics' | 'data' | 'settings'>;

export function fitIdentity(
  model: Model,
  { optimizer, accumulating }: { readonly optimizer: Optimizer; readonly accumulating: Accumulating },
  data: FitData,
  plan: FitPlan,
): FitIdentity {
  return {
    model: modelConfig(model),
    optimizer: plainOptimizer(optimizer),
    metrics: Object.fromEntries([...accumulating].map(([figure, { name, options }]) => [figure, { name, options }])),
    data: [...fingerprints('', data.all), ...(data.validation ? fingerprints('validation ', data.validation) : [])],
    settings: fitSettings(plan),
  };
}

/**
 * Makes sure that the training that is resumed was this one, and takes the seed of its random numbers; what its checkpoints
 * are known by from here on.
 * @throws CudaGanError `CUDA_GAN_DATA` or `CUDA_GAN_VALUE` that names the first difference.
 */
export function goOnAs(model: Model, found: FitIdentity, { checkpoint: { path }, saved }: ResumedFit): FitIdentity {
  requireEpochs(found.settings, saved.settings);
  const changeable = { epochs: 0, checkpointInterval: 0 };
  requireSame('options', { ...found.settings, ...changeable }, { ...saved.settings, ...changeable }, path);
  requireSame('model', found.model, saved.model, path);
  // The model may be the one that was trained so far, with the rate that it was left with.
  const isLeft = saved.learningRate !== undefined && found.optimizer.learningRate === saved.learningRate;
  const compiled = isLeft ? { ...saved.optimizer, learningRate: saved.learningRate } : saved.optimizer;
  requireSame('optimizer', found.optimizer, compiled, path);
  requireSame('metrics', found.metrics, saved.metrics, path);
  requireSameData(found.data, saved.data, path);
  model.takeSeed(Number(saved.model.config.seed));
  return { ...found, model: saved.model, optimizer: saved.optimizer };
}

/** @throws CudaGanError `CUDA_GAN_VALUE` for fewer epochs than the training was begun for. */
function requireEpochs({ epochs }: FitSettings, begun: FitSettings): void {
  if (epochs >= begun.epochs) return;
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `epochs is ${epochs}; the training was begun for ${begun.epochs} epochs, and can only be made longer`,
  );
}

/** Everything that a training reads and changes, by path; the optimizer's part is there once a step was recorded. */
export function fitState(model: Model, optimizer: Optimizer): State {
  const weights = model.state();
  return new Map([
    ...[...weights].map(([path, variable]) => [`model/${path}`, variable] as const),
    ...[...optimizer.state(weights)].map(([path, variable]) => [`optimizer/${path}`, variable] as const),
  ]);
}

/** The data in memory of its own. */
export function copyOfData({ all, validation }: FitData): FitData {
  return { all: copyOfSet(all), validation: validation && copyOfSet(validation) };
}

function copyOfSet({ rows, inputs, targets, weights }: DataSet): DataSet {
  const copies = (tensors: readonly Tensor[]) => tensors.map(({ shape, data }) => ({ shape, data: copyOf(data) }));
  return { rows, inputs: copies(inputs), targets: copies(targets), weights: copies(weights) };
}

function fingerprints(prefix: string, { inputs, targets, weights }: DataSet): Fingerprint[] {
  const several = Object.entries({ x: inputs, y: targets, sampleWeight: weights });
  return several.flatMap(([name, tensors]) =>
    tensors.map((tensor, i) => fingerprintOf(`${prefix}${name}${tensors.length === 1 ? '' : ` ${i}`}`, tensor)),
  );
}

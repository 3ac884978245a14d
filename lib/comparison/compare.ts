// Trains several models on the same images under the same budget, and measures them with the same instruments.
import { join } from 'node:path';
import {
  abortSignal,
  inWords,
  nonEmptyText,
  optionalFunction,
  positiveNumber,
  seedNumber,
  trueOrFalse,
  wholeNumber,
} from '../checks.js';
import type { Precision } from '../devices/cuda.js';
import type { Device } from '../devices/device.js';
import { type DeviceChoice, deviceInWords } from '../devices/names.js';
import { resolveDevice } from '../devices/select.js';
import { CudaGanError } from '../errors.js';
import { digitFeatures } from '../evaluation/digit-features.js';
import { evaluate } from '../evaluation/evaluate.js';
import type { FeatureNetwork } from '../evaluation/feature-network.js';
import { drawRows, rowsAt } from '../evaluation/subsets.js';
import { ensureFolder } from '../formats/files.js';
import { FolderLock } from '../formats/folder-lock.js';
import type { TrainingImages } from '../gan/training-data.js';
import { checkOptions, type OptionNames } from '../options.js';
import { packageVersion } from '../package-info.cjs';
import { RandomStream, randomSeed } from '../random/random-stream.js';
import { firstStream } from '../random/streams.js';
import { writeCommand } from '../runs/run-command.js';
import { filesOfRun, removeFile, runFiles } from '../runs/run-files.js';
import type { Tensor, TypedArray } from '../tensor.js';
import { type Fingerprint, fingerprintOf, requireSameData } from '../training/fingerprint.js';
import { firstDifference } from '../training/same.js';
import { claimOf } from './claim.js';
import {
  type ComparedModel,
  type Comparison,
  type ComparisonSettings,
  comparisonFile,
  readComparison,
  writeComparison,
} from './comparison.js';
import { type ContenderName, defaultContenders, isCoder, requireContenders } from './contenders.js';
import { type ComparedImages, requireComparedImages, withSomeReference } from './data.js';
import { measureContender } from './measure-contender.js';
import { pageFile, tableFile, writeComparisonPage } from './page.js';
import { trainContender } from './train-contender.js';

/** How far a comparison is. */
export interface CompareProgress {
  /** Which one is under way. */
  readonly model: ContenderName;
  /** What that is called. */
  readonly title: string;
  /** What is done with it. */
  readonly phase: 'training' | 'measuring';
  /** Of the phase, so far. */
  readonly seconds: number;
}

/** What `compare` takes beside images. */
export interface CompareOptions {
  /** Folder for the comparison, and for each model a folder of its name. */
  readonly outDir: string;
  /**
   * `autoencoder`, `vae`, `cvae`, and names of presets. Default: an autoencoder, a VAE, the article's GAN (`mlp`), `dcgan`, and
   * the best preset: `projection` where there are labels, else `r3gan`.
   */
  readonly models?: readonly ContenderName[] | undefined;
  /** How long each model trains. Default 600. */
  readonly seconds?: number | undefined;
  /** In place of `seconds`: updates of each model. */
  readonly steps?: number | undefined;
  /** Samples of each model, and at most as many images of the data. Default 10000. */
  readonly count?: number | undefined;
  /** Images that no model trains on, for samples to be measured against, with labels where the others have some. Default: the others. */
  readonly heldOut?: TrainingImages | undefined;
  /** Default: the digits' network of the package, for images of 28x28x1. */
  readonly network?: FeatureNetwork | undefined;
  /** Default: random. */
  readonly seed?: number | undefined;
  /** Default `auto`. */
  readonly device?: Device | DeviceChoice | undefined;
  /** Threads of the cpu device. Default: all physical cores that the process may use. */
  readonly threads?: number | undefined;
  /** Of large matrix products on the cuda device. Default `float32`. */
  readonly precision?: Precision | undefined;
  /** Whether a comparison that the folder holds may be replaced. Default false. */
  readonly overwrite?: boolean | undefined;
  /** Whether to go on with the comparison that the folder holds: models that it has are kept. Default false. */
  readonly resume?: boolean | undefined;
  /** Ends it after the model under way was stopped; that one is not measured. */
  readonly signal?: AbortSignal | undefined;
  /** Called now and then while models train, and where a phase begins. */
  readonly onProgress?: ((progress: CompareProgress) => unknown) | undefined;
}

/** @internal */
export const compareOptionNames: OptionNames<CompareOptions> = {
  outDir: true,
  models: true,
  seconds: true,
  steps: true,
  count: true,
  heldOut: true,
  network: true,
  seed: true,
  device: true,
  threads: true,
  precision: true,
  overwrite: true,
  resume: true,
  signal: true,
  onProgress: true,
};

/**
 * Trains each of the models for the same time on the same images, measures their samples (of an autoencoder, its
 * reconstructions) beside the same data, and writes `comparison.html`, `comparison.md` and `comparison.json` into `outDir`,
 * anew after every model, so that nothing is lost.
 *
 * @param images uint8 [n, height, width, channels], with labels for models that are given classes.
 *
 * @example
 * const [train, test] = [await datasets.mnist({ split: 'train' }), await datasets.mnist({ split: 'test' })];
 * const { claim } = await compare(train, { heldOut: test, seconds: 600, outDir: 'runs/compare' });
 * console.log(claim.text);
 *
 * @throws CudaGanError `CUDA_GAN_VALUE`, `CUDA_GAN_SHAPE` or `CUDA_GAN_DATA` for wrong input, before anything is trained;
 * `CUDA_GAN_FILE` when the folder holds a comparison, or cannot be written to; `CUDA_GAN_BUSY` while another has it; as `GAN.train`,
 * `fit` and `metrics.evaluate`.
 */
export async function compare(images: TrainingImages, options: CompareOptions): Promise<Comparison> {
  return compareByCommand(images, options, undefined);
}

/** As `compare`; `command` is plain data by which it can go on, for its folder. @internal */
export async function compareByCommand(
  images: TrainingImages,
  options: CompareOptions,
  command: object | undefined,
): Promise<Comparison> {
  const given = checkOptions<CompareOptions>('compare', options, compareOptionNames);
  const outDir = nonEmptyText('outDir', given.outDir);
  const [overwrite, resume] = [
    trueOrFalse('overwrite', given.overwrite ?? false),
    trueOrFalse('resume', given.resume ?? false),
  ];
  const all = requireComparedImages(images, given.heldOut);
  if (given.signal !== undefined) abortSignal('signal', given.signal);
  optionalFunction('onProgress', given.onProgress);
  const device = resolveDevice(given.device, given);
  const settings = settingsOf(given, all);
  const contenders = requireContenders(settings.models, { labelled: all.classes !== undefined });
  await ensureFolder(outDir);
  const lock = await FolderLock.take(outDir);
  let network = given.network;
  try {
    if (!resume) await requireRoom(outDir, { overwrite });
    const begun = resume ? await resumed(outDir, settings, given.seed, all) : undefined;
    network ??= await digitFeatures({ device });
    const { signal, onProgress } = given;
    const data = withSomeReference(all, begun?.settings ?? settings);
    const run = { data, network, device, outDir, signal, onProgress };
    let comparison = begun ?? { ...(await emptyComparison(settings, run)), data: fingerprintsOf(all) };
    // Only now, when it can begin, does one that was there before go.
    if (!resume) for (const file of [pageFile, tableFile]) await removeFile(join(outDir, file));
    if (command !== undefined) await writeCommand(outDir, command, 'compare');
    await writeComparison(outDir, comparison);
    for (const contender of contenders) {
      if (comparison.models.some(({ name }) => name === contender.name)) continue;
      const model = await compared(contender, comparison.settings, run);
      if (model === undefined) break;
      comparison = withModel(comparison, model);
      await writeComparison(outDir, comparison);
      await writeComparisonPage(outDir, comparison);
    }
    return comparison;
  } finally {
    lock.release();
    if (given.network === undefined) network?.dispose();
  }
}

interface Run extends Pick<CompareOptions, 'signal' | 'onProgress'> {
  readonly data: ComparedImages;
  readonly network: FeatureNetwork;
  readonly device: Device;
  readonly outDir: string;
}

/** Undefined when the signal has ended it. */
async function compared(
  contender: ReturnType<typeof requireContenders>[number],
  { budget, count, seed }: ComparisonSettings,
  { data, network, device, outDir, signal, onProgress }: Run,
): Promise<ComparedModel | undefined> {
  const { name, title, batchSize } = contender;
  const out = join(outDir, name);
  const report = (phase: CompareProgress['phase'], seconds: number) =>
    onProgress?.({ model: name, title, phase, seconds });
  const training = { budget, seed, device, out, signal, onProgress: (seconds: number) => report('training', seconds) };
  await report('training', 0);
  const { model, ...trained } = await trainContender(contender, data, training);
  try {
    if (signal?.aborted) return undefined;
    await report('measuring', 0);
    const measured = await measureContender(model, data, { count, seed, network, device, out });
    return { name, title, batchSize, ...measured, ...trained };
  } finally {
    model.dispose();
  }
}

function settingsOf(given: CompareOptions, data: ComparedImages): ComparisonSettings {
  const { models = defaultContenders({ labelled: data.classes !== undefined }), seconds, steps, count = 10000 } = given;
  if (seconds !== undefined && steps !== undefined) {
    throw new CudaGanError('CUDA_GAN_VALUE', 'seconds and steps are both given; a budget is one of them');
  }
  const budget =
    steps === undefined
      ? { seconds: positiveNumber('seconds', seconds ?? 600) }
      : { steps: wholeNumber('steps', steps, 1) };
  const seed = seedNumber('seed', given.seed ?? randomSeed());
  return { models, budget, count: wholeNumber('count', count, 1), seed };
}

/** What the folder has of it. A seed that nobody gave is that of the comparison. */
async function resumed(
  outDir: string,
  settings: ComparisonSettings,
  seed: number | undefined,
  data: ComparedImages,
): Promise<Comparison> {
  const found = await readComparison(outDir);
  const wanted = seed === undefined ? { ...settings, seed: found.settings.seed } : settings;
  const difference = firstDifference(wanted, found.settings, '', ['models']);
  if (difference !== undefined) {
    const { path, found: given, wanted: begun } = difference;
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `${outDir} holds a comparison whose ${path} is ${inWords(begun)}, and here it is ${inWords(given)}: models of other settings cannot be compared with its`,
    );
  }
  requireSameData(fingerprintsOf(data), found.data, join(outDir, comparisonFile));
  return { ...found, settings: wanted };
}

/** @throws CudaGanError `CUDA_GAN_FILE` when the folder holds what must stay. */
async function requireRoom(outDir: string, { overwrite }: { readonly overwrite: boolean }): Promise<void> {
  const files = await filesOfRun(outDir);
  const isThere = files.includes(comparisonFile);
  const others = files.filter((file) => file !== runFiles.command);
  if (!isThere && others.length > 0) {
    throw new CudaGanError(
      'CUDA_GAN_FILE',
      `${outDir} holds a run of another kind (${others.join(', ')}): choose another folder for the comparison`,
    );
  }
  if (isThere && !overwrite) {
    throw new CudaGanError(
      'CUDA_GAN_FILE',
      `${outDir} holds a comparison already; go on with it by resume: true, on the command line --resume; replace it by overwrite: true, --overwrite; or choose another folder`,
    );
  }
}

function fingerprintsOf({ training, reference, isHeldOut }: ComparedImages): readonly Fingerprint[] {
  const ofImages = fingerprintOf('images', training.images);
  return isHeldOut ? [ofImages, fingerprintOf('heldOut', reference.images)] : [ofImages];
}

/** The figures of real images are measured first: what they cannot be measured by, no model can. */
async function emptyComparison(
  settings: ComparisonSettings,
  { data, network, device }: Run,
): Promise<Omit<Comparison, 'data'>> {
  const { reference, isHeldOut } = data;
  const real = realImages(data, settings);
  const others = { reference: reference.images, network, device, seed: settings.seed };
  // Without real images that are not the reference itself, it is only tried whether there are enough.
  const { figures } = await evaluate(real ?? reference.images, others);
  return {
    packageVersion: packageVersion(),
    settings,
    device: deviceInWords(device),
    network: network.identity,
    reference: reference.images.shape[0]!,
    isHeldOut,
    realImages: real === undefined ? null : figures,
    models: [],
    claim: claimOf([], []),
  };
}

/** As many training images as samples, none of them of the reference; undefined where there are not so many. */
function realImages(
  { training: { images }, isHeldOut }: ComparedImages,
  { count, seed }: ComparisonSettings,
): Tensor | undefined {
  const total = images.shape[0]!;
  const random = new RandomStream(seed, firstStream.evaluation);
  if (isHeldOut) return rowsAt<TypedArray>(images, drawRows(total, Math.min(count, total), random));
  // The reference are the first `count` of the same draw.
  return total < 2 * count ? undefined : rowsAt<TypedArray>(images, drawRows(total, 2 * count, random).subarray(count));
}

function withModel(comparison: Comparison, model: ComparedModel): Comparison {
  const models = [...comparison.models, model];
  const sharpness = models.map(({ name, title, measured, figures }) => ({
    isVae: isCoder(name) && measured === 'samples',
    isGan: !isCoder(name),
    title,
    ratio: figures.sharpness.gradientEnergy.ratio,
  }));
  const claim = claimOf(
    sharpness.filter(({ isVae }) => isVae),
    sharpness.filter(({ isGan }) => isGan),
  );
  return { ...comparison, models, claim };
}

// `cuda-gan classify train`: a classifier by name, on MNIST unless told otherwise.
import { join } from 'node:path';
import type { WriteStream } from 'node:tty';
import { Command, Option } from 'commander';
import { csvLogger } from '../callbacks/csv-logger.js';
import { nonEmptyText } from '../checks.js';
import { type ClassifierName, classifierNames, toClassifier } from '../classifiers/by-name.js';
import type { Classifier } from '../classifiers/index.js';
import {
  type ClassifierRun,
  classifierFiles,
  readRun,
  requireNoClassifier,
  writeRun,
} from '../classifiers/run-file.js';
import type { Device } from '../devices/device.js';
import { type DeviceChoice, deviceInWords, deviceLabel } from '../devices/names.js';
import { resolveDevice } from '../devices/select.js';
import { CudaGanError } from '../errors.js';
import { formatTime } from '../format-time.js';
import { ensureFolder } from '../formats/files.js';
import { FolderLock } from '../formats/folder-lock.js';
import { saveCurves } from '../images/curves.js';
import { epochPrinter } from '../models/epoch-printer.js';
import type { History } from '../models/fit-options.js';
import { randomSeed } from '../random/random-stream.js';
import { withNewFolder } from '../runs/new-folder.js';
import { bringBack, type SetAside, setAside } from '../runs/set-aside.js';
import {
  defaultSplit,
  type LabelledData,
  type Parts,
  partsOf,
  requireClasses,
  requireLabelled,
} from './classify-data.js';
import { measure, type ReportOf, reportText, writeFindings } from './classify-report.js';
import { addDataOptions, type DataOptions, dataOptionsIn, foundAgain, loadData } from './data-options.js';
import { exitCodes } from './exit-codes.js';
import { interruptible } from './interruptible.js';
import { deviceOption, numberFrom, seedOption, threadsOption, wholeNumberFrom } from './options.js';

interface TrainCommandOptions extends DataOptions {
  readonly preset: ClassifierName;
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly validationSplit?: number;
  readonly seed?: number;
  readonly device: DeviceChoice;
  readonly threads?: number;
  readonly out: string;
  readonly overwrite: boolean;
  readonly resume?: string;
  readonly json?: boolean;
}

export function classifyTrainCommand(): Command {
  return addDataOptions(new Command('train'))
    .description('Train a classifier on images with classes. Ctrl-C stops after the batch under way; --resume goes on.')
    .addOption(
      new Option('--preset <name>', 'a dense or a convolutional network, and how it is trained')
        .choices(classifierNames)
        .default('mlp'),
    )
    .option('--epochs <number>', 'passes over the images (default: what the preset needs)', wholeNumberFrom(1))
    .option('--batch-size <number>', "images per update (default: the preset's)", wholeNumberFrom(1))
    .option(
      '--validation-split <share>',
      `of the images, drawn at random, to be measured by and not trained on (default: ${defaultSplit}, and none of MNIST, which has a test set)`,
      numberFrom(0),
    )
    .addOption(seedOption())
    .addOption(deviceOption())
    .addOption(threadsOption())
    .option('--out <folder>', 'where the classifier, its report and pictures go', 'runs/classifier')
    .option('--overwrite', 'replace the files of a classifier that the folder holds', false)
    .option(
      '--resume <folder>',
      'go on with the run in that folder, by its own settings; takes --device, --threads, --json',
    )
    .option('--json', 'print one JSON object with the figures at the end')
    .action(train);
}

async function train(options: TrainCommandOptions, command: Command): Promise<void> {
  for (const name of ['resume', 'data', 'out'] as const) {
    if (options[name] !== undefined) nonEmptyText(`--${name}`, options[name]);
  }
  if (options.resume !== undefined) requireResumable(command);
  return options.resume === undefined
    ? withNewFolder(options.out, () => begin(options))
    : resume(options.resume, options);
}

const resumeFlags = ['resume', 'device', 'threads', 'json'];

/** @throws CudaGanError `CUDA_GAN_VALUE` for an option that a run which is resumed keeps. */
function requireResumable(command: Command): void {
  const typed = command.options.filter((option) => command.getOptionValueSource(option.attributeName()) === 'cli');
  const wrong = typed.find((option) => !resumeFlags.includes(option.attributeName()));
  if (wrong === undefined) return;
  const allowed = resumeFlags.slice(1).map((name) => `--${name}`);
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `${wrong.long} cannot be changed in a run that is resumed; with --resume only ${allowed.join(', ')} are allowed`,
  );
}

/** A run that is ready to be trained. */
interface Ready {
  readonly folder: string;
  readonly run: ClassifierRun;
  readonly classifier: Classifier;
  readonly parts: Parts;
  /** What was there before, until it has begun. */
  readonly old?: SetAside;
}

async function begin(options: TrainCommandOptions): Promise<void> {
  const { out, overwrite, preset, json = false, seed = randomSeed() } = options;
  const device = resolveDevice(options.device, options);
  const stream = json ? process.stderr : process.stdout;
  const data = await loadLabelled(options, stream);
  const validationSplit = options.validationSplit ?? (data.heldOut === undefined ? defaultSplit : undefined);
  const parts = partsOf(data, validationSplit, seed);
  const { epochs, batchSize } = options;
  const wanted = { preset, epochs, batchSize, seed, imageShape: data.images.shape.slice(1), classes: data.classes };
  const classifier = newClassifier(wanted, parts, device);
  const run = {
    ...wanted,
    epochs: classifier.epochs,
    batchSize: classifier.batchSize,
    ...(validationSplit !== undefined && { validationSplit }),
    data: { ...foundAgain(dataOptionsIn(options)) },
  };
  await ensureFolder(out);
  await locked(out, async () => {
    await bringBack(out);
    if (!overwrite) await requireNoClassifier(out);
    const old = await setAside(out);
    try {
      await writeRun(out, run);
      await trainRun({ folder: out, run, classifier, parts, old }, options);
    } catch (error) {
      await old.restore();
      throw error;
    }
  });
}

async function resume(folder: string, options: TrainCommandOptions): Promise<void> {
  const run = await readRun(folder);
  const device = resolveDevice(options.device, options);
  await locked(folder, async () => {
    const data = await loadLabelled(run.data as DataOptions, options.json ? process.stderr : process.stdout);
    const parts = partsOf(data, run.validationSplit, run.seed);
    await trainRun({ folder, run, classifier: newClassifier(run, parts, device), parts }, options);
  });
}

async function loadLabelled(options: DataOptions, stream: WriteStream): Promise<LabelledData> {
  const { data: path = 'mnist' } = options;
  const data = requireLabelled(path, await loadData(options, stream));
  requireClasses(path, data);
  return data;
}

type Wanted = Pick<ClassifierRun, 'preset' | 'seed' | 'imageShape' | 'classes'> & {
  readonly epochs: number | undefined;
  readonly batchSize: number | undefined;
};

function newClassifier(wanted: Wanted, { training }: Parts, device: Device): Classifier {
  const { preset, seed, imageShape, epochs, batchSize } = wanted;
  const [samples, classes] = [training.labels.data.length, wanted.classes.length];
  return toClassifier(preset, { samples, classes, seed, imageShape, epochs, batchSize, device });
}

async function locked(folder: string, use: () => Promise<void>): Promise<void> {
  const lock = await FolderLock.take(folder);
  try {
    await use();
  } finally {
    lock.release();
  }
}

/** From its first epoch or its newest checkpoint to its end. */
async function trainRun(ready: Ready, { json = false }: TrainCommandOptions): Promise<void> {
  const { folder, run, classifier, parts } = ready;
  const stream = json ? process.stderr : process.stdout;
  const write = (line: string) => void stream.write(`${line}\n`);
  const { epochs, batchSize, model } = classifier;
  const { device } = model;
  const count = `${parts.training.labels.data.length} images of ${run.classes.length} classes`;
  write(`Training ${run.preset} on ${count}: ${deviceInWords(device)}, seed ${run.seed}, writing to ${folder}`);
  const begun = performance.now();
  const history = await trainModel(ready, stream);
  const seconds = (performance.now() - begun) / 1000;
  const aborted = history.epoch.length < epochs;
  const report = aborted ? undefined : await finish(ready, history);
  if (report === undefined) {
    write(
      `Stopped after ${history.epoch.length} of ${epochs} epochs; to go on: cuda-gan classify train --resume ${folder}`,
    );
  } else {
    write(`Done: ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'} in ${formatTime(seconds)}. ${reportText(report)}`);
    write(`\nThe classifier, its report and pictures are in ${folder}`);
  }
  if (json) {
    const figures = {
      preset: run.preset,
      epochs: history.epoch.length,
      batchSize,
      seed: run.seed,
      aborted,
      seconds,
      out: folder,
    };
    console.log(
      JSON.stringify({
        ...figures,
        device: { name: deviceLabel(device), description: device.description, threads: device.threads },
        last: lastOf(history),
        report,
      }),
    );
  }
  process.exitCode = aborted ? exitCodes.interrupted : exitCodes.done;
}

function trainModel({ folder, classifier, parts, old }: Ready, stream: WriteStream): Promise<History> {
  const { model, epochs, batchSize } = classifier;
  const { training, validation } = parts;
  const checkpointDir = join(folder, classifierFiles.checkpoints);
  const batches = Math.ceil(training.labels.data.length / batchSize);
  const printer = epochPrinter({ initialEpoch: 0, epochs, batches }, stream, (line) => stream.write(`${line}\n`));
  return interruptible(folder, (signal) =>
    model.fit(training.images, training.labels, {
      epochs,
      batchSize,
      ...(validation && { validationData: [validation.images, validation.labels] }),
      checkpointDir,
      resume: checkpointDir,
      callbacks: [{ onEpochBegin: () => old?.discard() }, printer, csvLogger(join(folder, classifierFiles.history))],
      signal,
    }),
  );
}

/** Writes what a training ends with. */
async function finish({ folder, run, classifier: { model }, parts }: Ready, history: History): Promise<ReportOf> {
  await model.save(join(folder, classifierFiles.model));
  const findings = await measure({ model, classes: run.classes }, parts.test, parts.measuredOn);
  await writeFindings(folder, findings);
  await saveCurves(join(folder, classifierFiles.curves), history);
  return findings.report;
}

/** The figures of the last epoch. */
function lastOf({ history }: History): object {
  return Object.fromEntries(Object.entries(history).map(([name, values]) => [name, values.at(-1)]));
}

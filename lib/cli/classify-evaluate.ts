// `cuda-gan classify evaluate`: how well a classifier does on images whose classes are known.
import { Command } from 'commander';
import { nonEmptyText } from '../checks.js';
import { loadClassifier, type TrainedClassifier } from '../classifiers/trained.js';
import type { DeviceChoice } from '../devices/names.js';
import { resolveDevice } from '../devices/select.js';
import { png, requireEnding } from '../formats/endings.js';
import {
  fittingOptions,
  type Labelled,
  type LabelledData,
  labelsFor,
  partsOf,
  requireLabelled,
  requireShape,
} from './classify-data.js';
import { measure, reportText, saveMistakes } from './classify-report.js';
import { type DataOptions, loadData } from './data-options.js';
import { deviceOption, threadsOption } from './options.js';
import { loadTrainingData } from './training-data.js';

interface EvaluateCommandOptions {
  readonly model: string;
  readonly data?: string;
  readonly device: DeviceChoice;
  readonly threads?: number;
  readonly out?: string;
  readonly json?: boolean;
}

export function classifyEvaluateCommand(): Command {
  return new Command('evaluate')
    .description('Measure a classifier: accuracy with its interval, figures of each class, what is taken for what.')
    .option('--model <path>', 'folder that `classify train` wrote, or the file of a model', 'runs/classifier')
    .option(
      '--data <path>',
      'images with classes: what `train --data` takes (default: what the classifier was not trained on, of its data)',
    )
    .addOption(deviceOption())
    .addOption(threadsOption())
    .option('--out <file>', 'also draw the surest mistakes, a PNG')
    .option('--json', 'print one JSON object')
    .action(evaluate);
}

async function evaluate(options: EvaluateCommandOptions): Promise<void> {
  const { model: path, data, out, json = false } = options;
  for (const name of ['model', 'data', 'out'] as const) {
    if (options[name] !== undefined) nonEmptyText(`--${name}`, options[name]);
  }
  if (out !== undefined) requireEnding(out, png);
  const classifier = await loadClassifier(path, resolveDevice(options.device, options));
  const { test, measuredOn } = await (data === undefined ? ownTest(classifier) : testAt(classifier, data));
  const findings = await measure(classifier, test, measuredOn);
  const { report, mistakes } = findings;
  const isDrawn = out !== undefined && mistakes.length > 0;
  if (isDrawn) await saveMistakes(out, findings);
  console.log(json ? JSON.stringify(report) : reportText(report));
  if (out !== undefined && !json) console.log(isDrawn ? `\nThe surest mistakes: ${out}` : '\nNo mistakes to draw');
}

interface Test {
  readonly test: Labelled;
  readonly measuredOn: string;
}

/** What the training has held out; of MNIST the test set, for a model that is not in the folder of its training. */
async function ownTest({ classes, imageShape, run }: TrainedClassifier): Promise<Test> {
  const options = (run?.data ?? {}) as DataOptions;
  const { data: path = 'mnist' } = options;
  const data = requireLabelled(path, await loadData(options, process.stderr));
  requireShape(path, data.images, imageShape);
  const { test, measuredOn } = partsOf(data, run?.validationSplit, run?.seed ?? 0);
  return { test: relabelled(classes, { ...data, ...test }), measuredOn };
}

/** All images of other data; of data with a test set, that. */
async function testAt(classifier: TrainedClassifier, path: string): Promise<Test> {
  const { classes, imageShape } = classifier;
  const data = requireLabelled(path, await loadTrainingData(path, {}, undefined, fittingOptions(classifier)));
  const test = data.heldOut ?? data;
  requireShape(path, test.images, imageShape);
  const count = test.labels.data.length;
  const measuredOn = `${count} images of ${path}${data.heldOut === undefined ? '' : ', its test set'}`;
  return { test: relabelled(classes, { ...data, ...test }), measuredOn };
}

function relabelled(classes: readonly string[], data: LabelledData): Labelled {
  return { images: data.images, labels: labelsFor(classes, data) };
}

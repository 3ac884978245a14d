// `cuda-gan classify predict`: the classes of images.
import { Command } from 'commander';
import { nonEmptyText } from '../checks.js';
import { ranked } from '../classifiers/measure.js';
import { loadClassifier, type TrainedClassifier } from '../classifiers/trained.js';
import type { DeviceChoice } from '../devices/names.js';
import { resolveDevice } from '../devices/select.js';
import { type NamedImages, readImages } from './classify-data.js';
import { deviceOption, threadsOption, wholeNumberFrom } from './options.js';

interface PredictCommandOptions {
  readonly model: string;
  readonly top: number;
  readonly device: DeviceChoice;
  readonly threads?: number;
  readonly json?: boolean;
}

interface ClassShare {
  readonly class: string;
  readonly probability: number;
}

/** The most probable class of an image, and those that come next. */
interface Answer extends ClassShare {
  readonly image: string;
  readonly top: readonly ClassShare[];
}

const batchSize = 256;

export function classifyPredictCommand(): Command {
  return new Command('predict')
    .description('Tell the classes of images: a line for each, with the probability of its class.')
    .argument('<images...>', 'PNG, JPEG and WebP files, folders of them, and .npy and .npz files')
    .option('--model <path>', 'folder that `classify train` wrote, or the file of a model', 'runs/classifier')
    .option('--top <number>', 'so many classes of each image, the most probable first', wholeNumberFrom(1), 1)
    .addOption(deviceOption())
    .addOption(threadsOption())
    .option('--json', 'print one JSON array')
    .action(predict);
}

async function predict(paths: readonly string[], options: PredictCommandOptions): Promise<void> {
  const { top, json = false } = options;
  nonEmptyText('--model', options.model);
  const classifier = await loadClassifier(options.model, resolveDevice(options.device, options));
  const answers: Answer[] = [];
  for (const path of paths) {
    nonEmptyText('a path', path);
    answers.push(...(await answersTo(classifier, await readImages(path, classifier), top)));
  }
  console.log(json ? JSON.stringify(answers) : linesOf(answers).join('\n'));
}

async function answersTo(
  { model, classes }: TrainedClassifier,
  { names, images }: NamedImages,
  top: number,
): Promise<readonly Answer[]> {
  const probabilities = await model.predict(images, { batchSize });
  return names.map((image, row) => {
    const shares = ranked(probabilities.data, row, classes.length)
      .slice(0, top)
      .map(({ number, probability }) => ({ class: classes[number]!, probability }));
    return { image, ...shares[0]!, top: shares };
  });
}

function linesOf(answers: readonly Answer[]): readonly string[] {
  const width = Math.max(...answers.map(({ image }) => image.length));
  const inWords = (share: ClassShare) => `${share.class} ${(100 * share.probability).toFixed(2)} %`;
  return answers.map(({ image, top }) => `${image.padEnd(width)}  ${top.map(inWords).join('  ')}`);
}

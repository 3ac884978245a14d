// A classifier that was trained, from its folder or its file.
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Device } from '../devices/device.js';
import { CudaGanError } from '../errors.js';
import { requireProbabilities } from '../evaluation/features.js';
import { loadModel } from '../models/load-model.js';
import type { Model, Prediction } from '../models/model.js';
import { formatShape, type Shape, sizeOf, tensor } from '../tensor.js';
import { type ClassifierRun, classifierFiles, readRun, readRunIfThere } from './run-file.js';

export interface TrainedClassifier {
  /** The file. */
  readonly path: string;
  readonly model: Model<Prediction>;
  /** Height, width, channels. */
  readonly imageShape: Shape;
  /** Names, in the order of the class numbers; the numbers themselves where nothing says their names. */
  readonly classes: readonly string[];
  /** What the run was, where the file is in its folder. */
  readonly run?: ClassifierRun | undefined;
}

/**
 * Loads what `classify train` has written, by its folder, or any model from images to the probabilities of classes, by its file.
 * @throws CudaGanError `CUDA_GAN_FILE` when it is missing, damaged or newer, its training has not ended, or it is no classifier.
 */
export async function loadClassifier(path: string, device: Device): Promise<TrainedClassifier> {
  const isFolder = existsSync(path) && statSync(path).isDirectory();
  const run = isFolder ? await readRun(path) : await readRunIfThere(dirname(path));
  const file = isFolder ? join(path, classifierFiles.model) : path;
  if (isFolder && !existsSync(file)) {
    throw new CudaGanError(
      'CUDA_GAN_FILE',
      `${path} holds a classifier whose training has not ended: go on with it by cuda-gan classify train --resume ${path}`,
    );
  }
  const model = await loadModel<Prediction>(file, { device });
  const { imageShape, count } = requireClassifier(file, model);
  await requireProbabilitiesOf(file, model, imageShape);
  const classes = run?.classes ?? Array.from({ length: count }, (_, i) => String(i));
  if (classes.length === count) return { path: file, model, imageShape, classes, run };
  throw new CudaGanError(
    'CUDA_GAN_FILE',
    `${file} tells ${count} classes, and ${classifierFiles.run} beside it names ${classes.length}: they do not belong together`,
  );
}

/** Other models may have outputs of the same shape: the figures of an autoencoder, logits. */
async function requireProbabilitiesOf(path: string, model: Model<Prediction>, imageShape: Shape): Promise<void> {
  const outputs = await model.predict(tensor(new Float32Array(sizeOf(imageShape)), [1, ...imageShape]));
  try {
    requireProbabilities('what it makes of a black image', outputs);
  } catch (cause) {
    throw new CudaGanError('CUDA_GAN_FILE', `${path} holds no classifier: ${(cause as Error).message}`, { cause });
  }
}

/** A model with one input, of images, and one output, of two classes or more. */
function requireClassifier(path: string, { inputShapes, outputShapes }: Model): { imageShape: Shape; count: number } {
  const [input, output] = [inputShapes[0]!, outputShapes[0]!];
  const isClassifier = inputShapes.length === 1 && input.length === 3 && outputShapes.length === 1;
  if (isClassifier && output.length === 1 && output[0]! > 1) return { imageShape: input, count: output[0]! };
  const shapes = (of: readonly Shape[]) => of.map(formatShape).join(' and ');
  throw new CudaGanError(
    'CUDA_GAN_FILE',
    `${path} holds a model from ${shapes(inputShapes)} to ${shapes(outputShapes)}; a classifier takes images [height, width, channels] and gives the probabilities of two classes or more`,
  );
}

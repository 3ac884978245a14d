// What the classifiers by name take, and what they all are: a model that is compiled, and how long to train it.
import { numberFromTo, numberIn, positiveNumber, shapeOption, wholeNumber } from '../checks.js';
import type { Device } from '../devices/device.js';
import type { DeviceChoice } from '../devices/names.js';
import { CudaGanError } from '../errors.js';
import * as layers from '../layers/index.js';
import { input } from '../layers/input.js';
import type { Layer } from '../layers/layer.js';
import type { SymbolicTensor } from '../layers/symbolic-tensor.js';
import { model as connect } from '../models/functional.js';
import type { Model, Prediction } from '../models/model.js';
import { adam } from '../optimizers/index.js';
import { cosineDecay } from '../optimizers/schedules/index.js';
import { checkOptions, type OptionNames } from '../options.js';
import { formatShape, type Shape } from '../tensor.js';

/** What classifiers by name take. */
export interface ClassifierOptions {
  /** Number of images of an epoch: the learning rate falls over all updates. */
  readonly samples: number;
  /** Height, width, channels. Default `[28, 28, 1]`. */
  readonly imageShape?: Shape | undefined;
  /** At least 2. Default 10. */
  readonly classes?: number | undefined;
  /** Passes over the images. */
  readonly epochs?: number | undefined;
  /** Images of an update. */
  readonly batchSize?: number | undefined;
  /** What the numbers of units and channels are multiplied by. Default 1. */
  readonly width?: number | undefined;
  /** The first learning rate of Adam, which falls to 0 along half a wave of a cosine (Loshchilov & Hutter 2017). */
  readonly learningRate?: number | undefined;
  /** Share of the units that are dropped in training, from 0 to below 1. */
  readonly dropout?: number | undefined;
  /** What of a target is spread over all classes (Szegedy et al. 2016), from 0 to 1. */
  readonly labelSmoothing?: number | undefined;
  /** In training, images are moved by whole pixels, up to this share of their size, from 0 to 1. */
  readonly translation?: number | undefined;
  /** Of the initial weights, shuffling and dropout. Default: random. */
  readonly seed?: number | undefined;
  /** Where it computes. Default `auto`. */
  readonly device?: Device | DeviceChoice | undefined;
}

/** @internal */
export const classifierOptionNames: OptionNames<ClassifierOptions> = {
  samples: true,
  imageShape: true,
  classes: true,
  epochs: true,
  batchSize: true,
  width: true,
  learningRate: true,
  dropout: true,
  labelSmoothing: true,
  translation: true,
  seed: true,
  device: true,
};

/** A model that is ready to be trained, and how: `const { model, ...training } = …; await model.fit(images, labels, training)`. */
export interface Classifier {
  /** Images [n, ...imageShape], bytes or numbers from 0 to 1, to probabilities [n, classes]; compiled for class numbers. */
  readonly model: Model<Prediction>;
  /** Passes over the images. */
  readonly epochs: number;
  /** Images of an update. */
  readonly batchSize: number;
}

/** What differs between one classifier and another: the defaults of options. */
export interface Recipe {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly dropout: number;
  readonly labelSmoothing: number;
  readonly translation: number;
}

/** What a stack of layers is made for. */
export interface StackPlan {
  /** Height, width, channels. */
  readonly imageShape: Shape;
  readonly dropout: number;
  /** The number of units or channels that so many become. */
  readonly scaled: (units: number) => number;
}

/**
 * Makes the model of `stack`, which is given images and ends before the classes, and compiles it.
 * @throws CudaGanError `CUDA_GAN_VALUE` for a wrong option, `CUDA_GAN_SHAPE` for images of another shape.
 */
export function assembleClassifier(
  name: string,
  options: ClassifierOptions,
  recipe: Recipe,
  stack: (plan: StackPlan) => readonly Layer[],
): Classifier {
  const given = checkOptions(`classifiers.${name}`, options, classifierOptionNames);
  const { imageShape = [28, 28, 1], classes = 10, width = 1, samples, seed, device } = given;
  if (shapeOption('imageShape', imageShape).length !== 3) {
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `imageShape is ${formatShape(imageShape)}; wanted is [height, width, channels]`,
    );
  }
  wholeNumber('classes', classes, 2);
  positiveNumber('width', width);
  wholeNumber('samples', samples, 1);
  const { epochs, batchSize, learningRate, dropout, labelSmoothing, translation } = checkedRecipe(given, recipe);
  const scaled = (units: number) => Math.max(1, Math.round(units * width));
  const moved = layers.randomTranslation({ heightFactor: translation, widthFactor: translation });
  const stacked = [
    ...(translation > 0 ? [moved] : []),
    ...stack({ imageShape, dropout, scaled }),
    layers.dense({ units: classes, activation: 'softmax', name: 'probabilities' }),
  ];
  const images = input({ shape: imageShape, name: 'image' });
  const model = connect({
    name: `${name}_classifier`,
    inputs: images,
    outputs: stacked.reduce<SymbolicTensor>((value, layer) => layer.apply(value), images),
    pixelRange: [0, 1],
    seed,
    device,
  });
  const decaySteps = epochs * Math.ceil(samples / batchSize);
  model.compile({
    optimizer: adam({ learningRate: cosineDecay({ initialLearningRate: learningRate, decaySteps }) }),
    loss: { name: 'sparseCategoricalCrossentropy', labelSmoothing },
    metrics: ['accuracy'],
  });
  return { model, epochs, batchSize };
}

function checkedRecipe(given: ClassifierOptions, recipe: Recipe): Recipe {
  return {
    epochs: wholeNumber('epochs', given.epochs ?? recipe.epochs, 1),
    batchSize: wholeNumber('batchSize', given.batchSize ?? recipe.batchSize, 1),
    learningRate: positiveNumber('learningRate', given.learningRate ?? recipe.learningRate),
    dropout: numberIn('dropout', given.dropout ?? recipe.dropout, 0, 1),
    labelSmoothing: numberFromTo('labelSmoothing', given.labelSmoothing ?? recipe.labelSmoothing, 0, 1),
    translation: numberFromTo('translation', given.translation ?? recipe.translation, 0, 1),
  };
}

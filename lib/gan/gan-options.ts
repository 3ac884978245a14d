// The options of a GAN, checked.
import { instanceOf, oneOf, shapeOption, wholeNumber } from '../checks.js';
import type { Precision } from '../devices/cuda.js';
import type { Device } from '../devices/device.js';
import type { DeviceChoice } from '../devices/select.js';
import { CudaGanError } from '../errors.js';
import { Model, type Prediction } from '../models/model.js';
import { Optimizer } from '../optimizers/optimizer.js';
import { checkOptions, type OptionNames } from '../options.js';
import { formatShape, type Shape, sameShape } from '../tensor.js';
import { type PresetName, presets } from './presets/index.js';

export interface GanOptions {
  /** The networks that are not given: `mlp` are the article's script's, `cnn` its convolutional ones. Default `mlp`. */
  readonly preset?: PresetName | undefined;
  /** Length of the noise vector. Default: the generator's input, 100 for a preset's. */
  readonly latentDim?: number | undefined;
  /** Shape of an image: height, width, channels. Default: the generator's output, `[28, 28, 1]` for a preset's. */
  readonly imageShape?: Shape | undefined;
  /** Noise `[latentDim]` to image. Default: the preset's. */
  readonly generator?: Model<Prediction> | undefined;
  /**
   * Image to one number, the probability that it is real. Without a final sigmoid, its logit. Default: the preset's.
   * One without a `pixelRange` is given the range of the generator's last activation: `[0, 1]` for a sigmoid, else `[-1, 1]`.
   */
  readonly discriminator?: Model<Prediction> | undefined;
  /** Default: Adam with learning rate 0.0002 and beta1 0.5, as in the article. */
  readonly generatorOptimizer?: Optimizer | undefined;
  /** Default: as the generator's. A state of its own. */
  readonly discriminatorOptimizer?: Optimizer | undefined;
  /** Seed of the default networks' weights and of all random numbers, a whole number below 2³². Default: random. */
  readonly seed?: number | undefined;
  /** Default `auto`. */
  readonly device?: Device | DeviceChoice | undefined;
  /** Threads of the cpu device. Default: all physical cores that the process may use. */
  readonly threads?: number | undefined;
  /** Of large matrix products on the cuda device. Default `float32`. */
  readonly precision?: Precision | undefined;
}

/** What `GAN.load` takes: the networks are those of the run. */
export type GanLoadOptions = Omit<GanOptions, 'preset' | 'generator' | 'discriminator'>;

/** @internal */
export const loadOptionNames: OptionNames<GanLoadOptions> = {
  latentDim: true,
  imageShape: true,
  generatorOptimizer: true,
  discriminatorOptimizer: true,
  seed: true,
  device: true,
  threads: true,
  precision: true,
};
const ganOptionNames: OptionNames<GanOptions> = {
  ...loadOptionNames,
  preset: true,
  generator: true,
  discriminator: true,
};

/**
 * @internal
 * @throws CudaGanError `CUDA_GAN_VALUE` for an option that does not exist, or a value that is not allowed; `CUDA_GAN_SHAPE`
 * for a network with several inputs or outputs, or one that takes other numbers than float32.
 */
export function checkGanOptions(given: GanOptions): GanOptions {
  const options = checkOptions('new GAN', given, ganOptionNames);
  const { latentDim, imageShape, generator, discriminator, generatorOptimizer, discriminatorOptimizer } = options;
  if (options.preset !== undefined) oneOf('preset', Object.keys(presets), options.preset);
  if (latentDim !== undefined) wholeNumber('latentDim', latentDim, 1);
  if (imageShape !== undefined) shapeOption('imageShape', imageShape);
  for (const [name, model] of Object.entries({ generator, discriminator })) {
    if (model !== undefined) instanceOf(name, model, Model, 'models');
  }
  if (generator !== undefined) requireOneEach('generator', generator, 'the noise', 'the image');
  if (discriminator !== undefined) {
    requireOneEach('discriminator', discriminator, 'the image', 'the probability that it is real');
  }
  for (const [name, optimizer] of Object.entries({ generatorOptimizer, discriminatorOptimizer })) {
    if (optimizer !== undefined) instanceOf(name, optimizer, Optimizer, 'what the functions of `optimizers` make');
  }
  return options;
}

function requireOneEach(what: 'generator' | 'discriminator', model: Model, input: string, output: string): void {
  const { inputNames, outputNames, inputDTypes } = model;
  const requireOne = (end: 'input' | 'output', names: readonly string[], wanted: string) => {
    if (names.length === 1) return;
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `the ${what} has ${names.length} ${end}s (${names.join(', ')}); wanted is one, ${wanted}`,
    );
  };
  requireOne('input', inputNames, input);
  requireOne('output', outputNames, output);
  if (inputDTypes[0] === 'float32') return;
  throw new CudaGanError('CUDA_GAN_SHAPE', `the ${what} takes ${inputDTypes[0]}; wanted is float32, as ${input} is`);
}

/** @internal @throws CudaGanError `CUDA_GAN_SHAPE` unless the networks make a GAN with each other. */
export function requireFit(generator: Model, discriminator: Model, { latentDim, imageShape }: GanOptions): void {
  const noise = generator.inputShape;
  if (noise.length !== 1 || (latentDim !== undefined && noise[0] !== latentDim)) {
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `the generator takes samples of ${formatShape(noise)}; wanted is a vector${latentDim === undefined ? '' : ` of latentDim ${latentDim}`}`,
    );
  }
  if (imageShape !== undefined && !sameShape(generator.outputShape, imageShape)) {
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `the generator makes images of ${formatShape(generator.outputShape)}, but imageShape is ${formatShape(imageShape)}`,
    );
  }
  if (!sameShape(generator.outputShape, discriminator.inputShape)) {
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `the generator makes images of ${formatShape(generator.outputShape)}, but the discriminator takes ${formatShape(discriminator.inputShape)}`,
    );
  }
  if (!sameShape(discriminator.outputShape, [1])) {
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `the discriminator's output is ${formatShape(discriminator.outputShape)}; wanted is [1], the probability that the image is real`,
    );
  }
}

// The two networks as the steps of a training see them: what they are given, and what they say.
import { CudaGanError } from '../errors.js';
import type { CallOptions } from '../layers/layer.js';
import { logitsBehind } from '../losses/logits.js';
import type { Model, Prediction } from '../models/model.js';
import { randomNormal, reshape } from '../ops/index.js';
import type { Optimizer } from '../optimizers/optimizer.js';
import type { Graph } from '../program/graph.js';
import type { Value } from '../program/value.js';
import type { Variable } from '../program/variable.js';
import { formatShape, type Shape, sameShape } from '../tensor.js';

export interface Player {
  readonly model: Model<Prediction>;
  readonly optimizer: Optimizer;
}

/** What a discriminator says of a batch. */
export interface Judgement {
  /** How real each image is, [batch, 1]. */
  readonly logits: Value;
  /** Of which class, [batch, classes], where it tells. */
  readonly classLogits: Value | undefined;
}

/** Whether a network is given labels. */
export function takesLabels({ inputNames }: Model): boolean {
  return inputNames.length === 2;
}

/** Whether a discriminator tells the class as its second output. */
export function tellsClasses({ outputNames }: Model): boolean {
  return outputNames.length === 2;
}

/** The number of classes, where one of the networks knows labels. */
export function classesOf(generator: Model, discriminator: Model): number | undefined {
  const told = tellsClasses(discriminator) ? discriminator.outputShapes[1]![0] : undefined;
  const taken = [generator, discriminator].map((model) => (takesLabels(model) ? model.numbersOfInput(1) : undefined));
  const found = [told, ...taken].filter((count) => count !== undefined);
  return found.length === 0 ? undefined : Math.min(...found);
}

/** Images of noise, of the classes of `labels` int32 [batch]. */
export function makeImages(
  { model }: Pick<Player, 'model'>,
  noise: Value,
  labels: Value | undefined,
  options: CallOptions,
): Value {
  return model.record(inputsOf(model, noise, labels), options)[0]!;
}

/** The logit is what goes into the final sigmoid, or the output where there is none. */
export function judge(
  { model }: Pick<Player, 'model'>,
  images: Value,
  labels: Value | undefined,
  options: CallOptions,
): Judgement {
  const [validity, classes] = model.record(inputsOf(model, images, labels), options);
  return {
    logits: logitsBehind(validity!, 'sigmoid') ?? validity!,
    classLogits: classes && (logitsBehind(classes, 'softmax') ?? classes),
  };
}

function inputsOf(model: Model, first: Value, labels: Value | undefined): readonly Value[] {
  if (!takesLabels(model)) return [first];
  return [first, reshape(labels!, [first.shape[0]!, ...model.inputShapes[1]!])];
}

/** Noise for so many images. */
export function noiseFor(graph: Graph, { model }: Pick<Player, 'model'>, count: number): Value {
  return randomNormal(graph, [count, ...model.inputShapes[0]!]);
}

/** What training moves of a player. */
export function movesOf({ model }: Player): ReadonlySet<Variable> {
  return new Set(model.movingWeights);
}

/** @throws CudaGanError `CUDA_GAN_SHAPE` unless the model can be a generator by its inputs and outputs. */
export function requireGenerator(generator: Model): void {
  requireEnds('generator', generator, { inputs: ['the noise', 'the class'], outputs: ['the image'] });
}

/** @throws CudaGanError `CUDA_GAN_SHAPE` unless the model can be a discriminator by its inputs and outputs. */
export function requireDiscriminator(discriminator: Model): void {
  requireEnds('discriminator', discriminator, {
    inputs: ['the image', 'the class'],
    outputs: ['the probability that it is real', 'that of each class'],
  });
}

/** @throws CudaGanError `CUDA_GAN_SHAPE` unless the networks make a GAN with each other. */
export function requireFit(
  generator: Model,
  discriminator: Model,
  { latentDim, imageShape }: { readonly latentDim?: number | undefined; readonly imageShape?: Shape | undefined },
): void {
  requireGenerator(generator);
  requireDiscriminator(discriminator);
  const noise = generator.inputShapes[0]!;
  if (noise.length !== 1 || (latentDim !== undefined && noise[0] !== latentDim)) {
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `the generator takes samples of ${formatShape(noise)}; wanted is a vector${latentDim === undefined ? '' : ` of latentDim ${latentDim}`}`,
    );
  }
  const made = generator.outputShape;
  if (imageShape !== undefined && !sameShape(made, imageShape)) {
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `the generator makes images of ${formatShape(made)}, but imageShape is ${formatShape(imageShape)}`,
    );
  }
  if (!sameShape(made, discriminator.inputShapes[0]!)) {
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `the generator makes images of ${formatShape(made)}, but the discriminator takes ${formatShape(discriminator.inputShapes[0]!)}`,
    );
  }
  const [validity, classes] = discriminator.outputShapes;
  if (!sameShape(validity!, [1])) {
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `the discriminator's output is ${formatShape(validity!)}; wanted is [1], the probability that the image is real`,
    );
  }
  if (classes !== undefined && classes.length !== 1) {
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `the discriminator's second output is ${formatShape(classes)}; wanted is [classes], the probability of each`,
    );
  }
  requireSameClasses(generator, discriminator);
}

/** The first of each is needed, the second may be. */
interface Ends {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

function requireEnds(what: string, model: Model, ends: Ends): void {
  for (const [end, names] of [
    ['input', model.inputNames],
    ['output', model.outputNames],
  ] as const) {
    const wanted = ends[`${end}s`];
    if (names.length <= wanted.length) continue;
    const allowed = wanted.length === 1 ? `one, ${wanted[0]}` : `${wanted[0]} and, if need be, ${wanted[1]}`;
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `the ${what} has ${names.length} ${end}s (${names.join(', ')}); wanted is ${allowed}`,
    );
  }
  model.inputDTypes.forEach((found, i) => {
    const wanted = i === 0 ? 'float32' : 'int32';
    if (found === wanted) return;
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `the ${what} takes ${found}${i === 0 ? '' : ' for its second input'}; wanted is ${wanted}, as ${ends.inputs[i]} is`,
    );
  });
  const labels = model.inputShapes[1];
  if (labels === undefined || sameShape(labels, []) || sameShape(labels, [1])) return;
  throw new CudaGanError(
    'CUDA_GAN_SHAPE',
    `the ${what}'s second input has samples of ${formatShape(labels)}; wanted is [] or [1], the class`,
  );
}

function requireSameClasses(generator: Model, discriminator: Model): void {
  if (tellsClasses(discriminator) && !takesLabels(generator)) {
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      'the discriminator tells classes, but the generator is not given any: it needs class labels for a second input',
    );
  }
  if (takesLabels(discriminator) && !takesLabels(generator)) {
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      'the discriminator is given class labels, but the generator is not: it needs them for a second input',
    );
  }
  if (takesLabels(generator) && !takesLabels(discriminator) && !tellsClasses(discriminator)) {
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      'the generator is given class labels, but the discriminator knows of none: it needs them for a second input, or to tell the class as a second output',
    );
  }
}

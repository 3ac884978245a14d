// A second generator whose weights are the exponential moving average of the trained one's (Karras et al., Progressive
// Growing of GANs, 2018; the half-life in images and its growth are those of StyleGAN2-ADA, 2020).
import { kindOf, notAllowed, positiveNumber } from '../checks.js';
import { layerFromConfig } from '../layers/registry.js';
import { modelConfig } from '../models/config.js';
import type { Model, Prediction } from '../models/model.js';
import { assign } from '../ops/assign.js';
import { affine, divide, exp, fill, lerp, maximum, minimum } from '../ops/index.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Graph } from '../program/graph.js';
import type { Value } from '../program/value.js';

/** How fast the averaged generator follows the one that trains. */
export interface EmaOptions {
  /** After so many generated images half of the average is new. Default 10000. */
  readonly halfLife?: number | undefined;
  /** The half-life is at most this share of the images so far, so that the first weights are forgotten. Default 0.05. */
  readonly rampUp?: number | undefined;
}

const optionNames: OptionNames<EmaOptions> = { halfLife: true, rampUp: true };

export type EmaPlan = Required<{ [Name in keyof EmaOptions]: number }>;

/** @throws CudaGanError `CUDA_GAN_VALUE` for what is not allowed. */
export function planEma(given: boolean | EmaOptions | undefined): EmaPlan | undefined {
  if (given === undefined || given === false) return undefined;
  if (given !== true && kindOf(given) !== 'Object')
    throw notAllowed('ema', given, 'true, false and objects of options');
  const { halfLife = 10000, rampUp = 0.05 } = checkOptions<EmaOptions>('ema', given === true ? {} : given, optionNames);
  return { halfLife: positiveNumber('halfLife', halfLife), rampUp: positiveNumber('rampUp', rampUp) };
}

/** A model of the same structure, with weights of its own. */
export function cloneOf(model: Model<Prediction>): Model<Prediction> {
  const clone = layerFromConfig(modelConfig(model)) as Model<Prediction>;
  if (!clone.built) clone.build(model.inputShapes);
  return clone;
}

/**
 * Records how the average moves towards the generator behind a step: by 1 - 2^(-batchSize / h), h the half-life there. Moving
 * statistics are taken over. `step` is the number of steps before this one, a scalar.
 */
export function recordAverage(
  graph: Graph,
  { average, generator }: { readonly average: Model; readonly generator: Model },
  { halfLife, rampUp }: EmaPlan,
  batchSize: number,
  step: Value,
): void {
  // In steps. Before the first there is nothing to average: its weights are taken as they are.
  const halfLifeSteps = minimum(affine(step, rampUp), fill(graph, [], halfLife / batchSize));
  const kept = exp(divide(fill(graph, [], -Math.LN2), maximum(halfLifeSteps, fill(graph, [], 1e-3))));
  const weight = affine(kept, -1, 1);
  const trained = new Set(generator.trainableWeights);
  generator.weights.forEach((source, i) => {
    const target = graph.read(average.weights[i]!);
    if (trained.has(source)) lerp(target, graph.read(source), weight);
    else assign(target, graph.read(source));
  });
}

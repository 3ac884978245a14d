// One training step of the article's script, recorded as one graph (Goodfellow et al., Generative Adversarial Nets, 2014,
// algorithm 1, with the non-saturating loss of the generator): the whole step runs on the device without a pause.

import type { CallOptions } from '../layers/layer.js';
import { logitsBehind } from '../losses/logits.js';
import type { Model, Prediction } from '../models/model.js';
import { scalingOf } from '../models/pixel-range.js';
import { gradients } from '../ops/gradients.js';
import {
  add,
  affine,
  binaryCrossentropy,
  equal,
  fill,
  gather,
  greater,
  mean,
  randomIntegers,
  randomNormal,
} from '../ops/index.js';
import type { Optimizer } from '../optimizers/optimizer.js';
import { Graph } from '../program/graph.js';
import type { Value } from '../program/value.js';
import type { Variable } from '../program/variable.js';

export interface Player {
  readonly model: Model<Prediction>;
  readonly optimizer: Optimizer;
}

export interface StepParts {
  readonly generator: Player;
  readonly discriminator: Player;
  /** All training images: uint8 pixels, in the discriminator's range, or float32 as they are. */
  readonly images: Variable;
  /** Even: half real and half fake images for the discriminator, as many noise vectors for the generator. */
  readonly batchSize: number;
  readonly seed: number;
}

/** Outputs `dLoss` and `dAccuracy` (means over both halves, each taken before its update) and `gLoss`. */
export function recordStep(parts: StepParts): Graph {
  const graph = new Graph(parts.seed);
  trainDiscriminator(graph, parts);
  trainGenerator(graph, parts);
  return graph;
}

/** A step of the discriminator alone, against the generator as it is. Outputs `dLoss` and `dAccuracy`. */
export function recordPretrainingStep(parts: StepParts): Graph {
  const graph = new Graph(parts.seed);
  trainDiscriminator(graph, parts);
  return graph;
}

function trainDiscriminator(graph: Graph, { generator, discriminator, images, batchSize }: StepParts): void {
  const half = batchSize / 2;
  const rows = randomIntegers(graph, [half], images.shape[0]!);
  const scaling = images.dtype === 'uint8' ? scalingOf(discriminator.model.pixelRange) : {};
  const real = gather(graph.read(images), rows, scaling);
  const fake = generator.model.recordOne(noise(graph, generator, half), { training: false });
  const onReal = trainOnHalf(graph, discriminator, real, 1);
  const onFake = trainOnHalf(graph, discriminator, fake, 0);
  graph.output('dLoss', average(onReal.loss, onFake.loss));
  graph.output('dAccuracy', average(onReal.accuracy, onFake.accuracy));
}

function trainOnHalf(graph: Graph, discriminator: Player, images: Value, target: 0 | 1) {
  const logits = judge(discriminator, images, { training: true, moves: movesOf(discriminator) });
  const targets = fill(graph, logits.shape, target);
  const loss = mean(binaryCrossentropy(logits, targets));
  const isReal = greater(logits, fill(graph, [], 0));
  const accuracy = mean(equal(isReal, targets));
  update(graph, discriminator, loss);
  return { loss, accuracy };
}

function trainGenerator(graph: Graph, { generator, discriminator, batchSize }: StepParts): void {
  const fake = generator.model.recordOne(noise(graph, generator, batchSize), {
    training: true,
    moves: movesOf(generator),
  });
  // Frozen: it normalises by the batch as ever, and nothing of it moves.
  const logits = judge(discriminator, fake, { training: true });
  const loss = mean(binaryCrossentropy(logits, fill(graph, logits.shape, 1)));
  update(graph, generator, loss);
  graph.output('gLoss', loss);
}

/** The discriminator's logits: what goes into its final sigmoid, or its output when it has none. */
function judge({ model }: Player, images: Value, options: CallOptions): Value {
  const output = model.recordOne(images, options);
  return logitsBehind(output, 'sigmoid') ?? output;
}

/** What training moves of a player. */
function movesOf({ model }: Player): ReadonlySet<Variable> {
  return new Set(model.movingWeights);
}

/** Moves the weights of one player; the other's are constants here. */
function update(graph: Graph, { model, optimizer }: Player, loss: Value): void {
  const weights = model.trainableWeights;
  const values = weights.map((weight) => graph.read(weight));
  optimizer.applyGradients(graph, weights, gradients([loss], values));
}

function noise(graph: Graph, { model }: Player, count: number): Value {
  return randomNormal(graph, [count, ...model.inputShape]);
}

function average(a: Value, b: Value): Value {
  return affine(add(a, b), 0.5);
}

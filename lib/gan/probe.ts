// What a training is measured by now and then, beside its losses: a program of its own that moves nothing.
import type { Device } from '../devices/device.js';
import { gradients } from '../ops/gradients.js';
import { add, affine, cast, fill, mean, reshape, sigmoid, sqrt, square, subtract, sum } from '../ops/index.js';
import { CompiledProgram } from '../program/compiled-program.js';
import { Graph } from '../program/graph.js';
import type { Value } from '../program/value.js';
import { firstStream } from '../random/streams.js';
import { sizeOf } from '../tensor.js';
import type { Logs } from '../training/callbacks.js';
import { isMeasured, stepsToMeasured } from './measured-steps.js';
import { discriminatorLoss, generatorLoss } from './objectives/objective.js';
import { makeImages, noiseFor, type Player } from './players.js';
import { drawImages, type ImagesOnDevice, judgeAugmented, type RealImages } from './shown-images.js';
import type { StepParts } from './step.js';

/**
 * Steps between two measurements, the first of which is at this step. One takes as long as a step or two, so they are less than
 * 1 % of the time.
 */
export const probeInterval = 200;

/** Images of each kind that are looked at, at most. */
const mostImages = 32;

/** How many steps there are from step number `step` up to the next that is measured, that one included. */
export function stepsToProbe(step: number): number {
  return stepsToMeasured(step, probeInterval);
}

/** Whether the step is one of those that are measured. */
export function isProbed(step: number): boolean {
  return isMeasured(step, probeInterval);
}

/** Measures a training. Its random numbers are from streams of its own, so that those of the steps stay as they are. */
export class Probe {
  readonly #parts: StepParts;
  readonly #heldOut: ImagesOnDevice | undefined;
  readonly #device: Device;
  #program: CompiledProgram | undefined;

  constructor(parts: StepParts, heldOut: ImagesOnDevice | undefined, device: Device) {
    this.#parts = parts;
    this.#heldOut = heldOut;
    this.#device = device;
  }

  /** The names of all figures. */
  get figures(): readonly string[] {
    const always = ['dReal', 'dFake', 'dGradientNorm', 'gGradientNorm', 'diversity'];
    return this.#heldOut === undefined ? always : [...always, 'dHeldOut'];
  }

  /** The figures as the networks are now, those that are finite. `step` is what random numbers count by. */
  async run(step: number): Promise<Logs> {
    this.#program ??= new CompiledProgram(recordProbe(this.#parts, this.#heldOut), this.#device);
    const { outputs } = await this.#program.run(1, { firstStep: step });
    const { distance, dataDistance, ...figures } = Object.fromEntries(
      [...outputs].map(([name, [value]]) => [name, value!]),
    );
    const all: Logs = { ...figures, diversity: distance! / dataDistance! };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => Number.isFinite(value)));
  }

  dispose(): void {
    this.#program?.dispose();
  }
}

/**
 * Outputs what `StepFigures` describes; in place of `diversity`, `distance` and `dataDistance`, which it is the quotient of.
 * Images are made and judged as in training, by the statistics of their batch.
 */
export function recordProbe(parts: StepParts, heldOut: ImagesOnDevice | undefined): Graph {
  const { generator, discriminator, composition, stepsDone } = parts;
  const { objective } = composition;
  const graph = new Graph(parts.seed, firstStream.probe);
  const count = Math.min(parts.batchSize, mostImages);
  const logitsOf = (images: RealImages) => judgeAugmented(parts, images, () => cast(graph.read(stepsDone))).logits;
  const real = drawImages(graph, parts, parts, count);
  const noise = noiseFor(graph, generator, count);
  const made = makeImages(generator, noise, real.labels, { training: true });
  const onReal = logitsOf(real);
  const onFake = logitsOf({ images: made, labels: real.labels });

  const outputOf = (logits: Value) => mean(objective.logOdds === true ? sigmoid(logits) : logits);
  graph.output('dReal', outputOf(onReal));
  graph.output('dFake', outputOf(onFake));
  if (heldOut !== undefined) graph.output('dHeldOut', outputOf(logitsOf(drawImages(graph, parts, heldOut, count))));
  const dLoss = discriminatorLoss(objective, onReal, onFake);
  const gLoss = generatorLoss(objective, onFake, onReal);
  graph.output('dGradientNorm', gradientNorm(graph, dLoss, discriminator));
  graph.output('gGradientNorm', gradientNorm(graph, gLoss, generator));
  graph.output('distance', meanDistance(made));
  graph.output('dataDistance', meanDistance(real.images));
  return graph;
}

/** The Euclidean norm of the gradient of a loss over all weights of a network that train. */
function gradientNorm(graph: Graph, loss: Value, { model }: Player): Value {
  const weights = model.trainableWeights.map((weight) => graph.read(weight));
  const squares = gradients([loss], weights).map((gradient) => sum(square(gradient)));
  return sqrt(squares.reduce(add, fill(graph, [], 0)));
}

/** The root mean square distance of two different images of a batch: twice their variance is its square. */
function meanDistance(images: Value): Value {
  const count = images.shape[0]!;
  const flat = reshape(images, [count, sizeOf(images.shape) / count]);
  const deviations = subtract(flat, mean(flat, 0));
  return sqrt(affine(sum(square(deviations)), 2 / (count - 1)));
}

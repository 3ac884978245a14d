// One training step, recorded as one graph: updates of the discriminator, then one of the generator, as the composition says
// (Goodfellow et al., Generative Adversarial Nets, 2014, algorithm 1). The whole step runs on the device without a pause.

import type { Model, Prediction } from '../models/model.js';
import { recordUpdate, weightPenalties } from '../models/update.js';
import { assign } from '../ops/assign.js';
import { increment } from '../ops/increment.js';
import {
  add,
  affine,
  argMax,
  cast,
  categoricalCrossentropy,
  equal,
  fill,
  greater,
  mean,
  oneHot,
} from '../ops/index.js';
import { Graph } from '../program/graph.js';
import { requireReturned } from '../program/returned.js';
import type { Value } from '../program/value.js';
import type { Variable } from '../program/variable.js';
import type { Composition } from './composition.js';
import { recordAverage } from './ema.js';
import { discriminatorLoss, generatorLoss, isPaired, requireLoss } from './objectives/objective.js';
import { type Judgement, makeImages, movesOf, noiseFor, type Player, takesLabels, tellsClasses } from './players.js';
import type { DiscriminatorUpdate, Judged, Regularizer } from './regularizers/regularizer.js';
import { drawImages, type JudgingOptions, judgeAugmented, type RealImages } from './shown-images.js';

export interface StepParts {
  readonly generator: Player;
  readonly discriminator: Player;
  /** The moving average of the generator, where the composition has one. */
  readonly average?: Model<Prediction> | undefined;
  readonly composition: Composition;
  /** All training images: uint8 pixels, in the discriminator's range, or float32 as they are. */
  readonly images: Variable;
  /** Their classes, int32 [n], where a network knows them. */
  readonly labels?: Variable | undefined;
  /** How many steps were done, int32: what schedules of the composition go by. */
  readonly stepsDone: Variable;
  readonly batchSize: number;
  readonly seed: number;
}

/** What a step does besides what every step does. */
export interface StepKind {
  /** Only the discriminator moves. */
  readonly pretraining: boolean;
  /** The regularizers whose turn it is. */
  readonly regularizers: readonly Regularizer[];
}

/**
 * Outputs `dLoss`, `dAccuracy` and `gLoss`, each taken before its update, those of the discriminator in its last; every
 * penalty by its name; `dLayerPenalty` and `gLayerPenalty` where layers have regularizers; `dClassLoss`, `dClassAccuracy` (on
 * real images) and `gClassLoss` where the discriminator tells classes.
 */
export function recordStep(parts: StepParts, kind: StepKind): Graph {
  const graph = new Graph(parts.seed);
  const step = new Step(graph, parts, kind);
  for (let i = 1; i < parts.composition.discriminatorSteps; i++) step.trainDiscriminator(() => undefined);
  step.trainDiscriminator((name, value) => graph.output(name, value));
  if (!kind.pretraining) step.trainGenerator();
  step.finish();
  return graph;
}

type Output = (name: string, value: Value) => void;

class Step {
  readonly #graph: Graph;
  readonly #parts: StepParts;
  readonly #regularizers: readonly Regularizer[];
  readonly #conditional: boolean;
  #stepsDone: Value | undefined;

  constructor(graph: Graph, parts: StepParts, { regularizers }: StepKind) {
    this.#graph = graph;
    this.#parts = parts;
    this.#regularizers = regularizers;
    this.#conditional = takesLabels(parts.generator.model);
  }

  trainDiscriminator(output: Output): void {
    if (this.#parts.composition.updates === 'halves') this.#trainOnHalves(output);
    else this.#trainOnBoth(output);
  }

  trainGenerator(): void {
    const { generator, discriminator, batchSize, composition } = this.#parts;
    const { objective, classWeight } = composition;
    const real = isPaired(objective) || this.#conditional ? this.#draw(batchSize) : undefined;
    const noise = noiseFor(this.#graph, generator, batchSize);
    const penalties: Value[] = [];
    const options = { training: true, moves: movesOf(generator), penalties };
    const fake = makeImages(generator, noise, real?.labels, options);
    // Frozen: it normalises by the batch as ever, and nothing of it moves.
    const judged = this.#judge(fake, real?.labels);
    const compared = isPaired(objective) ? this.#judge(real!.images, real!.labels).logits : undefined;
    const loss = generatorLoss(objective, judged.logits, compared);
    const classLoss = tellsClasses(discriminator.model) ? classLossOf(judged, real!.labels!) : undefined;
    const total = classLoss === undefined ? loss : add(loss, affine(classLoss, classWeight));
    const penalty = this.#update(generator, total, penalties);
    this.#graph.output('gLoss', loss);
    if (penalty !== undefined) this.#graph.output('gLayerPenalty', penalty);
    if (classLoss !== undefined) this.#graph.output('gClassLoss', classLoss);
  }

  /** The average follows, and the count goes on where something goes by it. */
  finish(): void {
    const { composition, average, generator, stepsDone, batchSize } = this.#parts;
    if (average !== undefined && composition.ema !== undefined) {
      const models = { average, generator: generator.model };
      recordAverage(this.#graph, models, composition.ema, batchSize, this.#step());
    }
    if (this.#stepsDone !== undefined) increment(this.#graph.read(stepsDone));
  }

  /** The article's way: an update for real images, one for generated ones, made as they will be used. */
  #trainOnHalves(output: Output): void {
    const { generator, batchSize, composition } = this.#parts;
    const { objective } = composition;
    if (isPaired(objective)) throw new Error(`${objective.name} has no halves`);
    const half = batchSize / 2;
    const drawn = this.#draw(half);
    const { labels } = drawn;
    const made = makeImages(generator, noiseFor(this.#graph, generator, half), labels, { training: false });
    const real = this.#see(drawn.images, labels);
    const onReal = requireLoss(objective, 'real', objective.real(real.logits));
    const penaltyOnReal = this.#moveDiscriminator(onReal, { real }, labels, output);
    const fake = this.#see(made, labels);
    const onFake = requireLoss(objective, 'fake', objective.fake(fake.logits));
    const penaltyOnFake = this.#moveDiscriminator(onFake, { fake }, labels, output);
    output('dLoss', mean2(onReal, onFake));
    if (penaltyOnReal !== undefined) output('dLayerPenalty', mean2(penaltyOnReal, penaltyOnFake!));
    this.#report(real, fake, labels, output);
  }

  /** One update for both, generated images as the generator's own update makes them. */
  #trainOnBoth(output: Output): void {
    const { generator, batchSize, composition } = this.#parts;
    const { objective } = composition;
    const drawn = this.#draw(batchSize);
    const { labels } = drawn;
    const made = makeImages(generator, noiseFor(this.#graph, generator, batchSize), labels, { training: true });
    const real = this.#see(drawn.images, labels);
    const fake = this.#see(made, labels);
    const loss = discriminatorLoss(objective, real.logits, fake.logits);
    output('dLoss', loss);
    const penalty = this.#moveDiscriminator(loss, { real, fake }, labels, output);
    if (penalty !== undefined) output('dLayerPenalty', penalty);
    this.#report(real, fake, labels, output);
  }

  /**
   * Moves the discriminator by a loss, by the penalties whose turn it is, and by the classes where it tells them. Returns what
   * the regularizers of its layers add, if they do.
   */
  #moveDiscriminator(
    loss: Value,
    seen: { real?: Seen; fake?: Seen },
    labels: Value | undefined,
    output: Output,
  ): Value | undefined {
    const { discriminator, composition } = this.#parts;
    const update: DiscriminatorUpdate = { ...seen, judge: (images) => this.#judge(images, labels).logits };
    let total = loss;
    for (const { name, needs = 'both', interval = 1, penalty } of this.#regularizers) {
      const isThere = needs === 'both' ? seen.real && seen.fake : seen[needs];
      if (penalty === undefined || isThere === undefined) continue;
      const added = requireReturned(`penalty of the regularizer ${name}`, penalty(update), []);
      output(name, added);
      total = add(total, interval === 1 ? added : affine(added, interval));
    }
    if (tellsClasses(discriminator.model)) {
      for (const one of [seen.real, seen.fake]) {
        if (one !== undefined) total = add(total, affine(classLossOf(one, labels!), composition.classWeight));
      }
    }
    const penalties = [seen.real, seen.fake].flatMap((one) => one?.penalties ?? []);
    const penalty = this.#update(discriminator, total, penalties);
    this.#constrain();
    return penalty;
  }

  #report(real: Seen, fake: Seen, labels: Value | undefined, output: Output): void {
    output('dAccuracy', accuracyOf(real.logits, fake.logits, this.#parts.composition.objective.threshold));
    if (real.classLogits === undefined) return;
    output('dClassLoss', mean2(classLossOf(real, labels!), classLossOf(fake, labels!)));
    output('dClassAccuracy', mean(equal(argMax(real.classLogits), cast(labels!))));
  }

  /** Random images of the data, with their classes where a network knows them. */
  #draw(count: number): RealImages {
    return drawImages(this.#graph, this.#parts, this.#parts, count);
  }

  /** Images as the discriminator sees them in an update of its own. */
  #see(images: Value, labels: Value | undefined): Seen {
    const penalties: Value[] = [];
    const options = { moves: movesOf(this.#parts.discriminator), penalties };
    return { images, penalties, ...this.#judge(images, labels, options) };
  }

  #judge(images: Value, labels: Value | undefined, options?: JudgingOptions): Judgement {
    return judgeAugmented(this.#parts, { images, labels }, () => this.#step(), options);
  }

  /**
   * Moves the weights of one player; the other's are constants here. The regularizers of its layers are added to its loss: for
   * its weights, and what they said of its outputs. Returns what they add together, if they do.
   */
  #update({ model, optimizer }: Player, loss: Value, ofOutputs: readonly Value[]): Value | undefined {
    const weights = model.trainableWeights;
    const penalties = [...ofOutputs, ...weightPenalties(this.#graph, model, weights)];
    const penalty = penalties.length === 0 ? undefined : penalties.reduce(add);
    recordUpdate(this.#graph, { model, optimizer, weights }, penalty === undefined ? loss : add(loss, penalty));
    return penalty;
  }

  #constrain(): void {
    const { discriminator, composition } = this.#parts;
    for (const { name, constrain } of composition.regularizers) {
      if (constrain === undefined) continue;
      for (const weight of discriminator.model.trainableWeights) {
        const content = this.#graph.read(weight);
        assign(content, requireReturned(`constrain of the regularizer ${name}`, constrain(content), weight.shape));
      }
    }
  }

  /** How many steps were done before this one, a scalar. */
  #step(): Value {
    this.#stepsDone ??= cast(this.#graph.read(this.#parts.stepsDone));
    return this.#stepsDone;
  }
}

interface Seen extends Judged, Judgement {
  /** What activity regularizers add to the loss. */
  readonly penalties: readonly Value[];
}

/** Cross-entropy of the classes that the discriminator tells. */
function classLossOf({ classLogits }: Judgement, labels: Value): Value {
  return mean(categoricalCrossentropy(classLogits!, oneHot(labels, classLogits!.shape[1]!)));
}

/** The share of images that were told right. Without a threshold each real one is held against a generated one. */
function accuracyOf(real: Value, fake: Value, threshold: number | undefined): Value {
  if (threshold === undefined) return mean(greater(real, fake));
  const limit = fill(real.graph, [], threshold);
  const shareOf = (logits: Value, target: 0 | 1) => {
    return mean(equal(greater(logits, limit), fill(logits.graph, logits.shape, target)));
  };
  return mean2(shareOf(real, 1), shareOf(fake, 0));
}

function mean2(a: Value, b: Value): Value {
  return affine(add(a, b), 0.5);
}

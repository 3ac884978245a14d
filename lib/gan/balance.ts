// Whether a training goes wrong, and in which way, by what it is measured by: said once, in words, with what to change.
import type { BalanceFigures, GanHistory, StepFigures } from './history.js';
import type { Objective } from './objectives/objective.js';
import { isProbed, probeInterval } from './probe.js';

/** A way in which a training goes wrong. */
export interface Imbalance {
  /**
   * `discriminatorOverpowers`: no generated image has a chance, and none gets one.
   * `generatorOverpowers`: the discriminator takes generated images for real ones, and real ones for generated.
   * `collapse`: generated images are nearly the same, whatever the noise.
   * `memorisation`: the discriminator knows the images that it trains on by heart, and takes others for generated.
   */
  readonly kind: 'discriminatorOverpowers' | 'generatorOverpowers' | 'collapse' | 'memorisation';
  /** The step at which it was found. */
  readonly step: number;
  /** What was found, and what to change. */
  readonly message: string;
}

/** How many measurements in a row must say the same, so that accidents of 32 images do not count: those of 1000 steps. */
const agreeing = 5;

/** A discriminator that is ahead of a generator which goes on learning gives its images a chance of some percent. */
const noChance = 0.005;

/** Where it says no probabilities, it has won when it is right this often, and the generator's loss does not fall. */
const wonAccuracy = 0.999;

/** What it must be right of besides: one that takes all images for generated gives them no chance either. */
const leastAccuracyOfWinner = 0.9;

/** Guesses are right of one half. Where both are a match for each other the discriminator is above that: it moves first. */
const foolishAccuracy = 0.4;

/** Probabilities that are so much apart in a row are so by no accident, even where it is right of one half. */
const clearMargin = 0.1;

/** Images a quarter as far from each other as those of the data: most of what tells these apart is lost. */
const collapsedDiversity = 0.25;

/** At first a generator makes nearly the same image of all noise: how many measurements it has to get beyond that. */
const patienceAtFirst = 25;

/**
 * Of r_v = (D(x) - D(held out)) / (D(x) - D(G(z))): 0 where the discriminator says the same of images that it trains on and of
 * others, 1 where it takes the others for generated (Karras et al., Training Generative Adversarial Networks with Limited
 * Data, 2020).
 */
const memorisedShare = 0.75;

/** Where a discriminator tells nothing apart, r_v is a quotient of accidents. */
const tellingAccuracy = 0.75;

/** What a run was found to be like at a measured step. */
interface Findings {
  readonly objective: Objective;
  /** The last `agreeing` measurements. */
  readonly latest: readonly Measured[];
  /** All measurements so far. */
  readonly all: readonly Measured[];
  /** Means over the steps of `latest`; of the generator's loss those of their earlier and of their later half. */
  readonly accuracy: number;
  readonly earlierLoss: number;
  readonly laterLoss: number;
}

type Measured = StepFigures & Partial<BalanceFigures>;

/** For each kind, what to say when it is found. */
const rules: Readonly<Record<Imbalance['kind'], (findings: Findings) => string | undefined>> = {
  discriminatorOverpowers: ({ objective, latest, accuracy, earlierLoss, laterLoss }) => {
    if (objective.threshold === undefined) return undefined;
    const won =
      objective.logOdds === true
        ? accuracy >= leastAccuracyOfWinner && every(latest, 'dFake', (chance) => chance < noChance)
        : accuracy >= wonAccuracy && laterLoss >= earlierLoss;
    if (!won) return undefined;
    const state = objective.logOdds === true ? 'gives generated ones no chance' : "the generator's loss does not fall";
    return `the discriminator overpowers the generator: it tells ${percent(accuracy)} of the images right, and ${state}. Give the discriminator a lower learning rate than the generator, regularize it (r1, or spectral normalisation), or take the objective relativisticPaired`;
  },

  generatorOverpowers: ({ objective, latest, accuracy }) => {
    const isFooled = (margin: number) => latest.every(({ dReal, dFake }) => dFake! - dReal! > margin);
    const clearly = objective.logOdds === true && isFooled(clearMargin);
    if (!clearly && !(accuracy < foolishAccuracy && isFooled(0))) return undefined;
    const [real, fake] = lastOf(latest, 'dReal', 'dFake');
    return `the generator overpowers the discriminator: generated images pass for real rather than real ones (D(G(z)) is ${fake}, D(x) is ${real}), and it tells ${percent(accuracy)} of the images right. Raise the discriminator's learning rate or discriminatorSteps, or give it more units`;
  },

  collapse: ({ latest, all }) => {
    const collapsed = (diversity: number) => diversity < collapsedDiversity;
    const wasVaried = !every(all, 'diversity', collapsed);
    if (!every(latest, 'diversity', collapsed) || !(wasVaried || all.length >= patienceAtFirst)) return undefined;
    const { diversity } = latest.at(-1)!;
    return `samples have collapsed: generated images are ${percent(diversity!)} as far from each other as those of the data. Lower the generator's learning rate, take the preset r3gan, put minibatchStdDev into the discriminator, or take larger batches`;
  },

  memorisation: ({ latest, accuracy }) => {
    const memorised = ({ dReal, dHeldOut, dFake }: Measured) =>
      dReal! > dFake! && dReal! - dHeldOut! > memorisedShare * (dReal! - dFake!);
    if (accuracy < tellingAccuracy || !latest.every(memorised)) return undefined;
    const [real, heldOut, fake] = lastOf(latest, 'dReal', 'dHeldOut', 'dFake');
    return `the discriminator knows its images by heart: it takes images held out for generated (D is ${real} on its own, ${heldOut} on those held out, ${fake} on generated ones). Train on more images, add augment: 'diffAugment', or give it fewer units`;
  },
};

/** Looks at a run as it goes on. What it has said follows from the history, so that a run that is resumed says nothing twice. */
export class BalanceWatch {
  readonly #objective: Objective;
  readonly #history: GanHistory;
  readonly #measured: Measured[] = [];
  readonly #said = new Set<Imbalance['kind']>();

  /** What the history holds already was said before. */
  constructor(objective: Objective, history: GanHistory) {
    this.#objective = objective;
    this.#history = history;
    for (let step = 0; step < history.steps; step++) if (isProbed(step)) this.look(step);
  }

  /** What is found at a measured step and was not found before. Called for every such step in turn. */
  look(step: number): readonly Imbalance[] {
    this.#measured.push(this.#history.at(step));
    if (this.#measured.length < agreeing) return [];
    const findings = this.#findingsAt(step);
    const kinds = Object.keys(rules) as Imbalance['kind'][];
    return kinds.flatMap((kind) => {
      const message = this.#said.has(kind) ? undefined : rules[kind](findings);
      if (message === undefined) return [];
      this.#said.add(kind);
      return [{ kind, step, message: `step ${step}: ${message}` }];
    });
  }

  #findingsAt(step: number): Findings {
    const { dAccuracy, gLoss } = this.#history;
    const end = step + 1;
    const [begin, middle] = [end - agreeing * probeInterval, end - (agreeing * probeInterval) / 2];
    return {
      objective: this.#objective,
      latest: this.#measured.slice(-agreeing),
      all: this.#measured,
      accuracy: mean(dAccuracy.subarray(begin, end)),
      earlierLoss: mean(gLoss.subarray(begin, middle)),
      laterLoss: mean(gLoss.subarray(middle, end)),
    };
  }
}

/** Whether all of them have a figure, and all say the same of it. */
function every(measured: readonly Measured[], figure: keyof BalanceFigures, says: (value: number) => boolean): boolean {
  return measured.every((one) => one[figure] !== undefined && says(one[figure]));
}

/** Figures of the latest measurement, for a message. */
function lastOf(measured: readonly Measured[], ...figures: readonly (keyof BalanceFigures)[]): readonly number[] {
  return figures.map((figure) => Number(measured.at(-1)![figure]!.toPrecision(2)));
}

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

const percent = (share: number) => `${(100 * share).toFixed(share < 0.01 || share > 0.99 ? 1 : 0)} %`;

// What all networks take.
import { oneOf, positiveNumber, seedNumber, shapeOption, wholeNumber } from '../../checks.js';
import { checkOptions, type OptionNames } from '../../options.js';
import { secondSeed } from '../../random/streams.js';
import type { Shape } from '../../tensor.js';

/** What functions that make a GAN's networks take. */
export interface NetworkOptions {
  /** Height, width, channels. Default `[28, 28, 1]`. */
  readonly imageShape?: Shape | undefined;
  /** Length of the generator's noise vector. Default 100. */
  readonly latentDim?: number | undefined;
  /** What the numbers of hidden units and channels are multiplied by. Default 1. */
  readonly width?: number | undefined;
  /**
   * How labels of classes come in. `concatenation`: both networks are given a label, as a vector that is learned, beside
   * noise or image (Mirza & Osindero, Conditional Generative Adversarial Nets, 2014). `projection`: so is the generator; the
   * discriminator adds the product of such a vector with its features to its logit (Miyato & Koyama, cGANs with Projection
   * Discriminator, 2018). `auxiliaryClassifier`: the generator is given a label, the discriminator tells it as a second
   * output (Odena, Olah & Shlens, Conditional Image Synthesis with Auxiliary Classifier GANs, 2017). Default: no labels.
   */
  readonly conditioning?: Conditioning | undefined;
  /** Number of classes, where there is conditioning. Default 10. */
  readonly classes?: number | undefined;
  /** Seed of the initial weights. Default: random. */
  readonly seed?: number | undefined;
}

/** What functions that make discriminators take. */
export interface DiscriminatorOptions extends NetworkOptions {
  /**
   * What the discriminator ends in: `sigmoid` makes its output the probability that the image is real; `linear` is for
   * objectives whose logits are no such thing. Default `sigmoid`.
   */
  readonly outputActivation?: 'sigmoid' | 'linear' | undefined;
}

export const conditionings = ['concatenation', 'projection', 'auxiliaryClassifier'] as const;

/** How networks that are made here know classes: see `NetworkOptions.conditioning`. @useDeclaredType */
export type Conditioning = (typeof conditionings)[number];

/** @internal */
export const networkOptionNames: OptionNames<NetworkOptions> = {
  imageShape: true,
  latentDim: true,
  width: true,
  conditioning: true,
  classes: true,
  seed: true,
};

/** @internal */
export const discriminatorOptionNames: OptionNames<DiscriminatorOptions> = {
  ...networkOptionNames,
  outputActivation: true,
};

/** Options with their defaults. @internal */
export interface NetworkPlan {
  readonly imageShape: Shape;
  readonly latentDim: number;
  /** The number of hidden units or channels that so many become. */
  readonly scaled: (units: number) => number;
  readonly conditioning: Conditioning | undefined;
  readonly classes: number;
  readonly seed: number | undefined;
  readonly outputActivation: 'sigmoid' | 'linear';
}

/** @internal @throws CudaGanError `CUDA_GAN_VALUE` for what is not allowed. */
export function planNetwork(options: DiscriminatorOptions): NetworkPlan {
  const { imageShape = [28, 28, 1], latentDim = 100, width = 1, conditioning, classes = 10, seed } = options;
  const { outputActivation = 'sigmoid' } = options;
  positiveNumber('width', width);
  return {
    imageShape: shapeOption('imageShape', imageShape),
    latentDim: wholeNumber('latentDim', latentDim, 1),
    scaled: (units) => Math.max(1, Math.round(units * width)),
    conditioning: conditioning === undefined ? undefined : oneOf('conditioning', conditionings, conditioning),
    classes: wholeNumber('classes', classes, 1),
    seed: seed === undefined ? undefined : seedNumber('seed', seed),
    outputActivation: oneOf('outputActivation', ['sigmoid', 'linear'], outputActivation),
  };
}

/** @internal */
export function planGenerator(call: string, options: NetworkOptions | undefined): NetworkPlan {
  return planNetwork(checkOptions(call, options, networkOptionNames));
}

/** With a seed that does not give the generator's numbers again, where both have the same. @internal */
export function planDiscriminator(call: string, options: DiscriminatorOptions | undefined): NetworkPlan {
  return withSecondSeed(planNetwork(checkOptions(call, options, discriminatorOptionNames)));
}

/** @internal */
export function withSecondSeed(plan: NetworkPlan): NetworkPlan {
  return { ...plan, seed: plan.seed === undefined ? undefined : secondSeed(plan.seed) };
}

// The layer that a variational autoencoder is trained by: images to their losses, with the encoder and the decoder within.
// Kingma & Welling, Auto-Encoding Variational Bayes, 2014; with several samples Burda, Grosse & Salakhutdinov, Importance
// Weighted Autoencoders, 2016; with classes Sohn, Lee & Yan, Learning Structured Output Representation, 2015.
import { nonNegativeNumber, oneOf, positiveNumber, trueOrFalse, wholeNumberIn } from '../checks.js';
import { CudaGanError } from '../errors.js';
import type { CallOptions, LayerConfig } from '../layers/layer.js';
import { registerClass } from '../layers/registry.js';
import { logitsBehind } from '../losses/logits.js';
import { assign } from '../ops/assign.js';
import {
  add,
  affine,
  broadcastTo,
  concat,
  fill,
  greater,
  mean,
  minimum,
  multiply,
  negate,
  randomNormal,
  randomUniform,
  reshape,
} from '../ops/index.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Value } from '../program/value.js';
import { type Shape, sizeOf } from '../tensor.js';
import {
  bernoulliLogLikelihood,
  gaussianLogLikelihood,
  klOfPosterior,
  latentsOf,
  logMeanExp,
  logRatioOf,
  type Posterior,
} from './bound.js';
import { EncoderDecoder, type EncoderDecoderOptions, encoderDecoderOptionNames } from './encoder-decoder.js';
import { requireVariationalPair } from './pair.js';

export const likelihoods = ['bernoulli', 'gaussian'] as const;

/** How pixels are distributed around what the decoder makes. @useDeclaredType */
export type Likelihood = (typeof likelihoods)[number];

/** What a variational autoencoder is trained for. */
export interface EvidenceSettings {
  /**
   * `bernoulli`: pixels are 0 or 1, and the decoder, which ends in a sigmoid, gives the probability of 1; pixels between count
   * as both, in proportion. `gaussian`: pixels have normal noise around the decoder's output. Default `bernoulli`.
   */
  readonly likelihood?: Likelihood | undefined;
  /** Of the noise of a pixel, for `gaussian`, where it must be given. */
  readonly variance?: number | undefined;
  /** What the KL term counts (Higgins et al., β-VAE, 2017). Default 1. */
  readonly beta?: number | undefined;
  /** Updates in which what the KL term counts rises evenly from 0 to `beta` (Bowman et al., Generating Sentences, 2016). Default 0. */
  readonly warmupSteps?: number | undefined;
  /**
   * Latents per image. With K of them above 1, the importance-weighted objective is trained: -ln 1/K Σ wₖ, with
   * ln wₖ = ln p(x|zₖ) + β (ln p(zₖ) - ln q(zₖ|x)). Default 1.
   */
  readonly samples?: number | undefined;
  /** Whether pixels are drawn as 0 or 1, 1 with the probability that they are bright, anew in every step. Default false. */
  readonly binarize?: boolean | undefined;
}

/** @internal */
export const evidenceSettingNames: OptionNames<EvidenceSettings> = {
  likelihood: true,
  variance: true,
  beta: true,
  warmupSteps: true,
  samples: true,
  binarize: true,
};

/** The settings with their defaults. @internal */
export interface EvidencePlan {
  readonly likelihood: Likelihood;
  /** For `gaussian`. */
  readonly variance?: number;
  readonly beta: number;
  readonly warmupSteps: number;
  readonly samples: number;
  readonly binarize: boolean;
}

type EvidenceOptions = EncoderDecoderOptions & EvidenceSettings;

const optionNames = { ...encoderDecoderOptionNames, ...evidenceSettingNames };

/** Latents of an image in a step: a batch of them has to fit into memory. */
const maxSamples = 2 ** 16;

/** The name of the weight that counts the updates of the warm-up. */
const warmup = 'warmup_steps_done';

/** What latents that were drawn for a batch of n images say of them. */
interface Drawn {
  /** ln p(x|z), [n, samples]. */
  readonly logLikelihood: Value;
  /** ln p(z) - ln q(z|x), [n, samples]. */
  readonly logRatio: Value;
  /** Of the posterior, [n]. */
  readonly kl: Value;
}

/** Images [n, ...image], and their classes where the networks are given some → [n, 3]: loss, reconstruction term, KL term. @internal */
export class Evidence extends EncoderDecoder {
  static override readonly className = 'Evidence';
  readonly settings: EvidencePlan;

  constructor(options: EvidenceOptions) {
    const { encoder, decoder, name, trainable, ...settings } = checkOptions('Evidence', options, optionNames);
    super({ encoder, decoder, name, trainable });
    requireVariationalPair(this.encoder, this.decoder);
    this.settings = settingsOf(settings);
  }

  protected override createWeights(inputShapes: readonly Shape[]): void {
    super.createWeights(inputShapes);
    if (this.settings.warmupSteps > 0) this.addWeight(warmup, [], 'zeros', { trainable: false });
  }

  override computeOutputShape(): Shape {
    return [3];
  }

  override call(inputs: readonly Value[], options: CallOptions): Value {
    const [images, labels] = inputs as readonly [Value, Value?];
    const { binarize, samples } = this.settings;
    const x = binarize ? greater(images, randomUniform(images.graph, images.shape)) : images;
    const { logLikelihood, logRatio, kl } = this.#draw(x, labels, samples, options);
    const reconstruction = negate(mean(logLikelihood, -1));
    const loss =
      samples === 1
        ? add(reconstruction, this.#timesBeta(kl, options))
        : negate(logMeanExp(add(logLikelihood, this.#timesBeta(logRatio, options))));
    this.#countStep(images, options);
    const column = (value: Value) => reshape(value, [images.shape[0]!, 1]);
    return concat([column(loss), column(reconstruction), column(kl)], 1);
  }

  /** ln w = ln p(x, z) - ln q(z|x) for so many latents of each image, drawn anew in every step: [n, samples]. */
  logWeights([images, labels]: readonly Value[], samples: number): Value {
    const { logLikelihood, logRatio } = this.#draw(images!, labels, samples, { training: false });
    return add(logLikelihood, logRatio);
  }

  override getConfig(): LayerConfig {
    return { ...super.getConfig(), ...this.settings };
  }

  #draw(images: Value, labels: Value | undefined, samples: number, options: CallOptions): Drawn {
    const posterior = this.#encode(images, labels, options);
    const [n, latentDim] = posterior.mean.shape as [number, number];
    const epsilon = randomNormal(images.graph, [n, samples, latentDim]);
    const latents = latentsOf(posterior, epsilon);
    const made = this.#decode(latents, labels && repeated(labels, samples), options);
    const pixels = repeatedImages(images, samples);
    return {
      logLikelihood: reshape(this.#logLikelihood(pixels, made), [n, samples]),
      logRatio: logRatioOf(posterior, epsilon, latents),
      kl: klOfPosterior(posterior),
    };
  }

  #encode(images: Value, labels: Value | undefined, options: CallOptions): Posterior {
    const inputs = inputsOf(images, labels, this.encoder.inputShapes[1]);
    const [mean, logVariance] = images.graph.scope('encoder', () => this.encoder.callOn(inputs, options));
    return { mean: mean!, logVariance: logVariance! };
  }

  #decode(latents: Value, labels: Value | undefined, options: CallOptions): Value {
    const inputs = inputsOf(latents, labels, this.decoder.inputShapes[1]);
    return latents.graph.scope('decoder', () => this.decoder.callOn(inputs, options))[0]!;
  }

  #logLikelihood(images: Value, made: Value): Value {
    const { variance } = this.settings;
    if (variance !== undefined) return gaussianLogLikelihood(images, made, variance);
    const logits = logitsBehind(made, 'sigmoid');
    if (logits !== undefined) return bernoulliLogLikelihood(images, logits);
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      "the decoder ends in no sigmoid, and the likelihood 'bernoulli' needs probabilities; give it one, or choose 'gaussian'",
    );
  }

  /** The KL term times what it counts in this step: in use, and after the warm-up, `beta`. */
  #timesBeta(term: Value, { training }: CallOptions): Value {
    const { beta, warmupSteps } = this.settings;
    if (warmupSteps === 0 || !training) return affine(term, beta);
    return multiply(term, affine(this.weight(warmup, term), beta / warmupSteps));
  }

  #countStep(x: Value, options: CallOptions): void {
    const { warmupSteps } = this.settings;
    if (warmupSteps === 0 || !options.training || !this.isMoved(warmup, options)) return;
    const done = this.weight(warmup, x);
    assign(done, minimum(affine(done, 1, 1), fill(x.graph, [], warmupSteps)));
  }
}

registerClass(Evidence);

function settingsOf(given: EvidenceSettings): EvidencePlan {
  const { likelihood = 'bernoulli', variance, beta = 1, warmupSteps = 0, samples = 1, binarize = false } = given;
  oneOf('likelihood', likelihoods, likelihood);
  if (likelihood === 'gaussian' && variance === undefined) {
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      "the likelihood 'gaussian' needs a variance, that of the noise of a pixel",
    );
  }
  for (const [name, isGiven] of Object.entries({ variance: variance !== undefined, binarize })) {
    const needed = name === 'variance' ? 'gaussian' : 'bernoulli';
    if (!isGiven || likelihood === needed) continue;
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `${name} is for the likelihood '${needed}', and likelihood is '${likelihood}': leave one of them out`,
    );
  }
  return {
    likelihood,
    ...(variance !== undefined && { variance: positiveNumber('variance', variance) }),
    beta: nonNegativeNumber('beta', beta),
    // Counted in float32.
    warmupSteps: wholeNumberIn('warmupSteps', warmupSteps, 0, 2 ** 24),
    samples: wholeNumberIn('samples', samples, 1, maxSamples),
    binarize: trueOrFalse('binarize', binarize),
  };
}

function inputsOf(first: Value, labels: Value | undefined, labelShape: Shape | undefined): readonly Value[] {
  return labels === undefined ? [first] : [first, reshape(labels, [first.shape[0]!, ...labelShape!])];
}

/** Images [n, ...], each `samples` times one after the other: [n · samples, ...]. */
function repeatedImages(images: Value, samples: number): Value {
  const [n, ...shape] = images.shape as [number, ...number[]];
  if (samples === 1) return images;
  const size = sizeOf(shape);
  return reshape(broadcastTo(reshape(images, [n, 1, size]), [n, samples, size]), [n * samples, ...shape]);
}

/** Labels of n images, each `samples` times one after the other, [n · samples]. */
function repeated(labels: Value, samples: number): Value {
  const n = labels.shape[0]!;
  const column = reshape(labels, [n, 1]);
  return reshape(concat(new Array<Value>(samples).fill(column), 1), [n * samples]);
}

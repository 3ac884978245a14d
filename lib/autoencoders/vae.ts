// The variational autoencoder: an encoder to a distribution of latents, and a decoder that makes images of those.
import { kindOf, notAllowed, seedNumber, wholeNumberIn } from '../checks.js';
import { resolveDevice } from '../devices/select.js';
import { CudaGanError } from '../errors.js';
import { type ClassGrid, type ClassGridOptions, classGridOf } from '../gan/class-grid.js';
import type { ImageSource } from '../gan/image-source.js';
import {
  type GenerateOptions,
  labelsFor,
  type NoiseOptions,
  planNoise,
  planSamples,
  Sampler,
} from '../gan/sampling.js';
import { type RequiredImages, requireLabels, type TrainingImages } from '../gan/training-data.js';
import type { Prediction } from '../models/model.js';
import { checkOptions, type OptionNames } from '../options.js';
import { type OwnInt32Array, type Tensor, tensor } from '../tensor.js';
import { Evidence, type EvidenceSettings, evidenceSettingNames } from './evidence.js';
import {
  type AutoencoderLoadOptions,
  type CodingOptions,
  codingOptionNames,
  LatentModel,
  loadOptionNames,
  savedLayer,
} from './latent-model.js';
import { requireLatents } from './latents.js';
import { binarized, isBinary, type LogLikelihood, logLikelihoods, summaryOf } from './log-likelihood.js';
import type { Coder } from './pair.js';

export interface VaeOptions extends CodingOptions, EvidenceSettings {
  /**
   * Image to two outputs, the mean and the log variance of the latents, [latentDim] each. With classes, a second input takes the
   * class, int32 of shape `[]` or `[1]`. Default: that of `networks`.
   */
  readonly encoder?: Coder | undefined;
  /** Latents to image; with classes, a second input takes the class. Default: that of `networks`. */
  readonly decoder?: Coder | undefined;
  /** Number of classes of networks that are made here, which are given the class of an image. Default: they know none. */
  readonly classes?: number | undefined;
}

/** @internal */
export const vaeOptionNames: OptionNames<VaeOptions> = {
  ...codingOptionNames,
  ...evidenceSettingNames,
  encoder: true,
  decoder: true,
  classes: true,
};

/** Where the encoder puts an image: a normal distribution of latents, [n, latentDim] each. */
export interface Encoding {
  /** μ */
  readonly mean: Prediction;
  /** ln σ² */
  readonly logVariance: Prediction;
}

type Images = Tensor<Uint8Array | Float32Array>;

/** What `VAE.decode` takes where the networks know classes: `labels` of the codes, or one `class` for all. */
export type DecodeOptions = Pick<GenerateOptions, 'labels' | 'class'>;

const decodeOptionNames: OptionNames<DecodeOptions> = { labels: true, class: true };

/** What `VAE.sample` takes. */
export type SampleOptions = Pick<GenerateOptions, 'seed' | 'truncation' | 'labels' | 'class'>;

const sampleOptionNames: OptionNames<SampleOptions> = { seed: true, truncation: true, ...decodeOptionNames };

const noClasses = 'the networks are given no classes; the option classes makes some that are';

/** What `VAE.logLikelihood` takes. */
export interface LogLikelihoodOptions {
  /** Latents drawn for each image. Default 5000. */
  readonly samples?: number | undefined;
  /** Of those draws. Default 0. */
  readonly seed?: number | undefined;
  /**
   * Draws each pixel as 0 or 1, 1 with the probability that it is bright, once for all samples. A `bernoulli` model needs it
   * for images of grey pixels, and figures of different draws are not comparable. Default: images are as they are.
   */
  readonly binarizeSeed?: number | undefined;
}

/** More would take days. */
const maxSamples = 2 ** 24;

const logLikelihoodNames: OptionNames<LogLikelihoodOptions> = { samples: true, seed: true, binarizeSeed: true };

/** What `VAE.classify` and `VAE.accuracy` take. */
export interface ClassifyOptions {
  /** Latents drawn for each image and class. Default 10. */
  readonly samples?: number | undefined;
  /** Of those draws, which all classes share. Default 0. */
  readonly seed?: number | undefined;
}

const classifyNames: OptionNames<ClassifyOptions> = { samples: true, seed: true };

/**
 * A variational autoencoder (Kingma & Welling, Auto-Encoding Variational Bayes, 2014).
 *
 * @example
 * const vae = new VAE({ binarize: true, seed: 1 });
 * await vae.fit(images, { epochs: 20, batchSize: 100 });
 * const digits = await vae.sample(25, { seed: 1 });
 * const { mean } = await vae.logLikelihood(testImages, { binarizeSeed: 1 });
 */
export class VAE extends LatentModel implements ImageSource {
  readonly #evidence: Evidence;
  readonly #sampler: Sampler;
  #samplesTaken = 0;

  /**
   * @throws CudaGanError `CUDA_GAN_SHAPE` when the networks do not fit each other; `CUDA_GAN_VALUE` for a wrong option, or for
   * options that contradict each other; `CUDA_GAN_NO_DEVICE` when the device is not there.
   */
  constructor(options: VaeOptions = {}) {
    const { encoder, decoder, classes, ...rest } = checkOptions('new VAE', options, vaeOptionNames);
    const { likelihood, variance, beta, warmupSteps, samples, binarize, ...coding } = rest;
    const settings = { likelihood, variance, beta, warmupSteps, samples, binarize };
    super(
      coding,
      { encoder, decoder },
      {
        name: 'vae',
        outputs: ['mean', 'log_variance'],
        classes,
        layer: (encoder, decoder) => new Evidence({ encoder, decoder, ...settings }),
        figures: ['reconstruction', 'kl'],
        unitPixels: likelihood !== 'gaussian',
      },
    );
    this.#evidence = this.layer as Evidence;
    this.#sampler = new Sampler(this.decoder, this.seed, this.device);
  }

  /** Where images [n, ...imageShape] lie among the latents. @throws as `reconstruct`. */
  async encode(images: TrainingImages): Promise<Encoding> {
    const [mean, logVariance] = await this.codesOf(this.takenFrom('images', images));
    return { mean: mean!, logVariance: logVariance! };
  }

  /**
   * Images [n, ...imageShape] of latents [n, latentDim]: probabilities that pixels are 1, or their means. With classes, of those
   * of `labels` or of one `class`, by default 0, 1, … in turn.
   * @throws CudaGanError `CUDA_GAN_VALUE`, `CUDA_GAN_SHAPE` or `CUDA_GAN_DATA` for what does not fit the decoder.
   */
  async decode(latents: Tensor<Float32Array>, options?: DecodeOptions): Promise<Prediction> {
    const given = checkOptions('vae.decode', options, decodeOptionNames);
    const found = requireLatents('latents', latents, this.latentDim);
    return this.decoded(found, labelsFor(this.#source('vae.decode'), found.shape[0]!, given));
  }

  /**
   * Images [count, ...imageShape] of latents drawn from the prior, as `decode` makes them.
   * @throws CudaGanError `CUDA_GAN_VALUE`, `CUDA_GAN_SHAPE` or `CUDA_GAN_DATA` for a wrong option; `CUDA_GAN_NO_MEMORY` for more
   * than there is room for.
   */
  async sample(count = 25, options?: SampleOptions): Promise<Prediction> {
    const given = checkOptions('vae.sample', options, sampleOptionNames);
    return this.#sampler.sample(planSamples(this.#source('vae.sample'), count, given, () => this.#samplesTaken++));
  }

  /** As `sample`, or of `noise` that is given: what every source of images does. @throws as `sample`. */
  async generate(count = 25, options: GenerateOptions = {}): Promise<Prediction> {
    return this.#sampler.sample(planSamples(this.#source('vae.generate'), count, options, () => this.#samplesTaken++));
  }

  /**
   * Latents [count, latentDim] drawn from the prior: those that `sample(count, options)` makes its images of, on the same device.
   * @throws CudaGanError `CUDA_GAN_VALUE` for a wrong option; `CUDA_GAN_NO_MEMORY` for more than there is room for.
   */
  async noise(count: number, options: NoiseOptions = {}): Promise<Prediction> {
    const plan = planNoise('vae.noise', this.decoder, count, options, () => this.#samplesTaken++);
    return this.#sampler.noise(plan);
  }

  /**
   * Images of every class from the same latents, as `gan.classGrid` makes them.
   * @throws CudaGanError `CUDA_GAN_STATE` when the networks are given no classes; else as `sample`.
   */
  async classGrid(options: ClassGridOptions = {}): Promise<ClassGrid> {
    return classGridOf(this, options, { call: 'vae.classGrid', hint: noClasses });
  }

  /**
   * ln p(x) of images, in nats, by importance weighting with `samples` latents each: a bound from below that is the closer the more
   * there are. Memory does not grow with their number.
   * @throws CudaGanError `CUDA_GAN_DATA` for grey pixels that a `bernoulli` model has no probability for, unless there is a
   * `binarizeSeed`; `CUDA_GAN_VALUE` for a wrong option; else as `reconstruct`.
   */
  async logLikelihood(images: TrainingImages, options?: LogLikelihoodOptions): Promise<LogLikelihood> {
    const { samples = 5000, seed = 0, binarizeSeed } = checkOptions('vae.logLikelihood', options, logLikelihoodNames);
    wholeNumberIn('samples', samples, 1, maxSamples);
    seedNumber('seed', seed);
    const given = this.takenFrom('images', images);
    return summaryOf(await this.#logLikelihoods(this.#pixelsOf(given, binarizeSeed), samples, seed));
  }

  /**
   * The class, int32 [n], under which each image is the most probable: by Bayes' rule, of classes that are equally frequent, with
   * `logLikelihood` of few samples.
   * @throws CudaGanError `CUDA_GAN_STATE` when the networks are given no classes; else as `reconstruct`.
   */
  async classify(images: Images, options?: ClassifyOptions): Promise<Tensor<OwnInt32Array>> {
    const { samples = 10, seed = 0 } = checkOptions('vae.classify', options, classifyNames);
    wholeNumberIn('samples', samples, 1, maxSamples);
    seedNumber('seed', seed);
    const classes = this.#requireClasses();
    const given = this.takenFrom('images', images, { withoutLabels: true });
    const rows = given.images.shape[0]!;
    const likelihoods: Float64Array[] = [];
    for (let label = 0; label < classes; label++) {
      const labels = { shape: [rows], data: new Int32Array(rows).fill(label) };
      likelihoods.push(await this.#logLikelihoods({ ...given, labels }, samples, seed));
    }
    const found = Int32Array.from({ length: rows }, (_, row) => {
      const ofClasses = likelihoods.map((values) => values[row]!);
      return ofClasses.indexOf(Math.max(...ofClasses));
    });
    return tensor(found, [rows]);
  }

  /**
   * The share, 0 to 1, of images that `classify` puts into the class that `labels` [n] say.
   * @throws CudaGanError `CUDA_GAN_SHAPE` or `CUDA_GAN_DATA` for labels that do not fit; else as `classify`.
   */
  async accuracy(
    data: { readonly images: Images; readonly labels: Tensor },
    options?: ClassifyOptions,
  ): Promise<number> {
    if (kindOf(data) !== 'Object') throw notAllowed('what accuracy is of', data, 'objects with images and labels');
    const { images, labels } = data;
    const classes = this.#requireClasses();
    const found = (await this.classify(images, options)).data;
    const wanted = requireLabels('images', labels, found.length, classes).data;
    return found.filter((label, i) => label === wanted[i]).length / found.length;
  }

  override dispose(): void {
    super.dispose();
    this.#sampler.dispose();
  }

  /**
   * Reads what `save` wrote. Classes of layers of one's own must be registered before, by `registerClass`.
   * @throws CudaGanError `CUDA_GAN_FILE` when the file is missing or damaged, or holds something else.
   */
  static async load(path: string, options: AutoencoderLoadOptions = {}): Promise<VAE> {
    const given = checkOptions('VAE.load', options, loadOptionNames);
    const device = resolveDevice(given.device, given);
    const { layer, seed } = await savedLayer(path, Evidence, 'a VAE');
    const { encoder, decoder, settings } = layer;
    const made = new VAE({
      encoder,
      decoder,
      ...settings,
      optimizer: given.optimizer,
      seed: given.seed ?? seed,
      device,
    });
    await made.model.loadWeights(path);
    return made;
  }

  #source(call: string) {
    return { call, role: 'decoder', model: this.decoder, classes: this.classes };
  }

  #logLikelihoods(given: RequiredImages, samples: number, seed: number): Promise<Float64Array> {
    const { device } = this;
    const { pixelRange } = this.model;
    return logLikelihoods({
      evidence: this.#evidence,
      inputs: this.inputsOf(given),
      samples,
      seed,
      device,
      pixelRange,
    });
  }

  /** Images that the likelihood is defined for. */
  #pixelsOf(given: RequiredImages, binarizeSeed: number | undefined): RequiredImages {
    const { likelihood } = this.#evidence.settings;
    if (binarizeSeed !== undefined) {
      seedNumber('binarizeSeed', binarizeSeed);
      if (likelihood === 'bernoulli') return { ...given, images: binarized(given.images, binarizeSeed) };
      throw new CudaGanError(
        'CUDA_GAN_VALUE',
        `binarizeSeed is given, but the likelihood is '${likelihood}', of pixels as they are`,
      );
    }
    if (likelihood === 'gaussian' || isBinary(given.images)) return given;
    throw new CudaGanError(
      'CUDA_GAN_DATA',
      "there is no figure for these images: they have grey pixels, and the likelihood 'bernoulli' is of pixels that are 0 or 1; binarizeSeed draws such",
    );
  }

  #requireClasses(): number {
    if (this.classes !== undefined) return this.classes;
    const reason = this.takesLabels
      ? 'how many classes there are is not known: the inputs for them feed no embedding'
      : noClasses;
    throw new CudaGanError('CUDA_GAN_STATE', `this VAE does not classify: ${reason}`);
  }
}

// What autoencoders of both kinds do: they train by `fit`, decode, are saved and loaded.
import { instanceOf, nonEmptyText, seedNumber, shapeOption, wholeNumber } from '../checks.js';
import type { Precision } from '../devices/cuda.js';
import type { Device } from '../devices/device.js';
import type { DeviceChoice } from '../devices/names.js';
import { resolveDevice } from '../devices/select.js';
import { CudaGanError } from '../errors.js';
import { requireEnding, safetensors } from '../formats/endings.js';
import { type InterpolateOptions, interpolateNoise } from '../gan/interpolation.js';
import { type RequiredImages, requireTrainingImages, type TrainingImages } from '../gan/training-data.js';
import { input } from '../layers/input.js';
import type { Layer } from '../layers/layer.js';
import { layerFromConfig } from '../layers/registry.js';
import type { SymbolicTensor } from '../layers/symbolic-tensor.js';
import { loadConfig } from '../models/files.js';
import { type EvaluateOptions, type FitOptions, fitOptionNames, type History } from '../models/fit-options.js';
import { model } from '../models/functional.js';
import { Model, type Prediction } from '../models/model.js';
import { mistakeOfFile } from '../models/model-formats.js';
import type { PixelRange } from '../models/pixel-range.js';
import { slice } from '../ops/index.js';
import type { OptimizerLike } from '../optimizers/index.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Value } from '../program/value.js';
import { randomSeed } from '../random/random-stream.js';
import { createTypedArray, dtypeOf, formatShape, type Shape, sameShape, type Tensor } from '../tensor.js';
import type { EncoderDecoder } from './encoder-decoder.js';
import { type CodersSpec, toCoders } from './networks/index.js';
import type { Coder } from './pair.js';

/** What all autoencoders are made of. */
export interface CodingOptions {
  /**
   * Networks that are made here: `mlp`, two hidden layers of 200 units with tanh each (Burda, Grosse & Salakhutdinov, 2016), or
   * `cnn`, strided convolutions and their mirror, for height and width in multiples of 4. Default `mlp`.
   */
  readonly networks?: CodersSpec | undefined;
  /** Height, width, channels. Default: those of the networks that are given, else `[28, 28, 1]`. */
  readonly imageShape?: Shape | undefined;
  /** Length of the latent vector. Default: that of the networks that are given, else 50. */
  readonly latentDim?: number | undefined;
  /** Default: Adam, with Keras' defaults. */
  readonly optimizer?: OptimizerLike | undefined;
  /** Seed of the initial weights and of all random numbers, a whole number below 2³². Default: random. */
  readonly seed?: number | undefined;
  /** Default `auto`. */
  readonly device?: Device | DeviceChoice | undefined;
  /** Threads of the cpu device. Default: all physical cores that the process may use. */
  readonly threads?: number | undefined;
  /** Of large matrix products on the cuda device. Default `float32`. */
  readonly precision?: Precision | undefined;
}

/** @internal */
export const codingOptionNames: OptionNames<CodingOptions> = {
  networks: true,
  imageShape: true,
  latentDim: true,
  optimizer: true,
  seed: true,
  device: true,
  threads: true,
  precision: true,
};

/** What a saved autoencoder is given where it is loaded. Default of the seed: that of the file. */
export type AutoencoderLoadOptions = Pick<CodingOptions, 'optimizer' | 'seed' | 'device' | 'threads' | 'precision'>;

/** @internal */
export const loadOptionNames: OptionNames<AutoencoderLoadOptions> = {
  optimizer: true,
  seed: true,
  device: true,
  threads: true,
  precision: true,
};

/** Those of `Model.fit`, with images in place of samples and targets. */
export interface AutoencoderFitOptions extends Omit<FitOptions, 'sampleWeight' | 'classWeight' | 'validationData'> {
  /** Images to evaluate on after every epoch, with their classes where the networks are given some, instead of `validationSplit`. */
  readonly validationData?: TrainingImages | undefined;
}

/** There are no targets that weights could be for. */
const { sampleWeight, classWeight, ...namesOfFit } = fitOptionNames;

/** What `evaluate` takes beside images. */
export type AutoencoderEvaluateOptions = Pick<EvaluateOptions, 'batchSize'>;

/** Rows that are encoded or decoded at once. */
const batchSize = 256;

/** What a kind of autoencoder adds. */
interface Kind {
  /** What it is called: in messages, and as the model that is trained. */
  readonly name: string;
  /** Of the encoder. */
  readonly outputs: readonly string[];
  readonly classes?: number | undefined;
  /** Makes the layer that takes images to figures: the loss, and what else the history has, by name. */
  readonly layer: (encoder: Coder, decoder: Coder) => EncoderDecoder;
  readonly figures: readonly string[];
  /** Whether pixels must be from 0 to 1. */
  readonly unitPixels: boolean;
}

/** @internal */
export interface GivenCoders {
  readonly encoder?: Coder | undefined;
  readonly decoder?: Coder | undefined;
}

/** An encoder and a decoder, trained with each other: what `Autoencoder` and `VAE` have in common. */
export abstract class LatentModel {
  /** Of the initial weights and all random numbers. A `fit` that is resumed goes on with that of its checkpoint. */
  readonly seed: number;
  /** Where it trains and computes. */
  readonly device: Device;
  /** Images to the figures of each, loss first: the model that `fit` trains, whose weights are those of encoder and decoder. */
  readonly model: Model<Prediction>;
  /** Within the model: has the encoder and the decoder. @internal */
  protected readonly layer: EncoderDecoder;
  readonly #kind: Kind;

  /** @internal */
  protected constructor(options: CodingOptions, given: GivenCoders, kind: Kind) {
    this.seed = seedNumber('seed', options.seed ?? randomSeed());
    const { encoder, decoder } = codersOf(options, given, kind, this.seed);
    this.device = resolveDevice(options.device, options);
    encoder.pixelRange ??= [0, 1];
    this.#kind = kind;
    this.layer = kind.layer(encoder, decoder);
    requireWanted(options, this);
    requirePixelRange(encoder, kind);
    for (const part of [encoder, decoder]) part.device = this.device;
    this.model = modelAround(this.layer, kind, this.seed);
    this.model.pixelRange = encoder.pixelRange;
    this.model.device = this.device;
    for (const part of [encoder, decoder]) part.becomePartOf('an autoencoder');
    const metrics = kind.figures.map((name, i) => figureCalled(name, i + 1));
    this.model.compile({ optimizer: options.optimizer ?? 'adam', loss: figureCalled('loss', 0), metrics });
  }

  /** Images to codes: of a `VAE`, to two outputs, μ and ln σ². Its weights are those that `fit` trains. */
  get encoder(): Coder {
    return this.layer.encoder;
  }

  /** Codes to images. Its weights are those that `fit` trains. */
  get decoder(): Model<Prediction> {
    return this.layer.decoder as Model<Prediction>;
  }

  /** Shape of an image. */
  get imageShape(): Shape {
    return this.encoder.inputShapes[0]!;
  }

  /** Length of the latent vector. */
  get latentDim(): number {
    return this.decoder.inputShapes[0]![0]!;
  }

  /** Number of classes; undefined where the networks are given none. */
  get classes(): number | undefined {
    return this.layer.numbersOfInput(1);
  }

  /** Whether the networks are given the class of an image. */
  get takesLabels(): boolean {
    return this.encoder.inputNames.length === 2;
  }

  /** What is black and white in images that the encoder is shown, and so in those that the decoder makes. */
  get pixelRange(): PixelRange {
    return this.model.pixelRange!;
  }

  /**
   * Trains on images [n, ...imageShape]: uint8 pixels, which become numbers from 0 to 1 on the way (the `pixelRange` of an encoder
   * that has another), or float32 as they are. Everything that a step draws at random is drawn on the device.
   * @throws CudaGanError as `Model.fit`; `CUDA_GAN_DATA` for labels that are missing or outside the classes, and for pixels that
   * are not from 0 to 1 where they must be.
   */
  async fit(images: TrainingImages, options?: AutoencoderFitOptions): Promise<History> {
    const { validationData, ...rest } = checkOptions(`${this.#kind.name}.fit`, options, namesOfFit);
    const given = this.takenFrom('images', images);
    const validation = validationData === undefined ? undefined : this.takenFrom('validationData', validationData);
    return this.model.fit(this.inputsOf(given), this.#unusedTargets(given), {
      ...rest,
      ...(validation && { validationData: [this.inputsOf(validation), this.#unusedTargets(validation)] as const }),
    });
  }

  /** The figures that the history has, on other images; what is drawn for them is drawn anew at every call. @throws as `fit`. */
  async evaluate(images: TrainingImages, options?: AutoencoderEvaluateOptions): Promise<Record<string, number>> {
    const plan = checkOptions<AutoencoderEvaluateOptions>(`${this.#kind.name}.evaluate`, options, { batchSize: true });
    const given = this.takenFrom('images', images);
    return this.model.evaluate(this.inputsOf(given), this.#unusedTargets(given), plan);
  }

  /**
   * Writes networks and settings as one safetensors file, for `load`. The optimizer is not in it: checkpoints of `fit` have all.
   * @throws CudaGanError as `Model.save`; `CUDA_GAN_VALUE` also for a path that ends as other formats do.
   */
  async save(path: string): Promise<void> {
    requireEnding(path, safetensors);
    await this.model.save(path);
  }

  /** Frees the device's memory. The networks begin anew when they are used again. @throws CudaGanError `CUDA_GAN_BUSY` during `fit`. */
  dispose(): void {
    this.model.dispose();
  }

  /** Checked. @internal */
  protected takenFrom(what: string, images: TrainingImages, { withoutLabels = false } = {}): RequiredImages {
    const classes = this.takesLabels && !withoutLabels ? (this.classes ?? 2 ** 31) : undefined;
    const given = requireTrainingImages(images, this.imageShape, classes, what);
    if (this.#kind.unitPixels) requireUnitPixels(what, given.images);
    return given;
  }

  /** What the encoder is given. @internal */
  protected inputsOf({ images, labels }: Pick<RequiredImages, 'images' | 'labels'>): readonly Tensor[] {
    return labels === undefined ? [images] : [images, labelsFor(this.encoder, labels.data)];
  }

  /**
   * What decoder and encoder make of images [n, ...imageShape] between them: [n, ...imageShape]. A variational one goes by the
   * mean of the latents.
   * @throws CudaGanError `CUDA_GAN_SHAPE` or `CUDA_GAN_DATA` for images or labels that do not fit.
   */
  async reconstruct(images: TrainingImages): Promise<Prediction> {
    const given = this.takenFrom('images', images);
    const [latents] = await this.codesOf(given);
    return this.decoded(latents!, given.labels?.data);
  }

  /**
   * A walk between images, through their latents: see `interpolateNoise`. With classes, each image on the way has that of the
   * nearest stop.
   * @param images [stops, ...imageShape]
   * @returns [points, ...imageShape]; every `steps`th is the reconstruction of one of the given images.
   * @throws CudaGanError as `reconstruct`; `CUDA_GAN_VALUE` for a wrong option.
   */
  async interpolate(images: TrainingImages, options: InterpolateOptions = {}): Promise<Prediction> {
    const given = this.takenFrom('images', images);
    const [stops] = await this.codesOf(given);
    const walk = interpolateNoise(stops!, options);
    const { labels } = given;
    const steps = options.steps ?? 10;
    const nearest =
      labels &&
      Int32Array.from({ length: walk.shape[0]! }, (_, i) => labels.data[Math.round(i / steps) % labels.data.length]!);
    return this.decoded(walk, nearest);
  }

  /** What the encoder makes of images, in its order. @internal */
  protected async codesOf(given: RequiredImages): Promise<readonly Prediction[]> {
    const predictions = await this.encoder.predict(this.inputsOf(given), { batchSize });
    return 'data' in predictions ? [predictions as Prediction] : (Object.values(predictions) as Prediction[]);
  }

  /** Images of latents, of these classes. @internal */
  protected async decoded(latents: Tensor<Float32Array>, labels: Int32Array | undefined): Promise<Prediction> {
    const inputs = labels === undefined ? [latents] : [latents, labelsFor(this.decoder, labels)];
    return this.decoder.predict(inputs, { batchSize });
  }

  /** Targets for a layer that makes its own: a step does not read them. */
  #unusedTargets({ images }: RequiredImages): Tensor {
    const shape = [images.shape[0]!, ...this.model.outputShape];
    return { shape, data: createTypedArray('float32', shape[0]! * shape[1]!) };
  }
}

/**
 * The layer of that class in a file that `save` wrote, without its weights, and the seed of what was saved.
 * @internal
 * @throws CudaGanError `CUDA_GAN_FILE` when the file is missing or damaged, or holds something else.
 */
export async function savedLayer<Wanted extends EncoderDecoder>(
  path: string,
  layerClass: abstract new (...args: never[]) => Wanted,
  kind: string,
): Promise<{ readonly layer: Wanted; readonly seed: number }> {
  const config = await loadConfig(nonEmptyText('path', path));
  let saved: Layer;
  try {
    saved = layerFromConfig(config);
  } catch (error) {
    throw mistakeOfFile(path, error);
  }
  const layer = saved.layersWithin.find((one): one is Wanted => one instanceof layerClass);
  if (saved instanceof Model && layer !== undefined) return { layer, seed: saved.seed };
  throw new CudaGanError(
    'CUDA_GAN_FILE',
    `${path} holds a ${saved.className} of another kind, not what save of ${kind} wrote`,
  );
}

/** The networks that are given, or both made here. */
function codersOf(options: CodingOptions, given: GivenCoders, kind: Kind, seed: number) {
  const { encoder, decoder } = given;
  for (const [name, coder] of Object.entries({ encoder, decoder })) {
    if (coder !== undefined) instanceOf<unknown>(name, coder, Model, 'models');
  }
  if (encoder !== undefined && decoder !== undefined) {
    const unused = Object.entries({ networks: options.networks, classes: kind.classes }).find(
      ([, value]) => value !== undefined,
    );
    if (unused === undefined) return { encoder, decoder };
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `${unused[0]} is for networks that are made here, and both are given; leave it out`,
    );
  }
  if (encoder !== undefined || decoder !== undefined) {
    const [there, missing] = encoder === undefined ? ['decoder', 'encoder'] : ['encoder', 'decoder'];
    throw new CudaGanError('CUDA_GAN_VALUE', `${there} is given without ${missing}: give both, or neither`);
  }
  const { networks = 'mlp', imageShape, latentDim } = options;
  const make = toCoders(networks, { imageShape, latentDim, classes: kind.classes, seed });
  return { encoder: make.encoder(kind.outputs), decoder: make.decoder() };
}

/** @throws CudaGanError `CUDA_GAN_SHAPE` when networks that are given are not as the options want them. */
function requireWanted({ imageShape, latentDim }: CodingOptions, found: LatentModel): void {
  if (imageShape !== undefined && !sameShape(shapeOption('imageShape', imageShape), found.imageShape)) {
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `imageShape is ${formatShape(imageShape)}, but the networks have images of ${formatShape(found.imageShape)}`,
    );
  }
  if (latentDim === undefined || wholeNumber('latentDim', latentDim, 1) === found.latentDim) return;
  throw new CudaGanError(
    'CUDA_GAN_SHAPE',
    `latentDim is ${latentDim}, but the networks have latents of ${found.latentDim}`,
  );
}

function requirePixelRange({ pixelRange }: Coder, { unitPixels }: Kind): void {
  if (!unitPixels || String(pixelRange) === '0,1') return;
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `the encoder's pixelRange is [${pixelRange!.join(', ')}]; pixels of 0 and 1, and what is between, need [0, 1]`,
  );
}

function modelAround(layer: EncoderDecoder, { name }: Kind, seed: number): Model<Prediction> {
  const { encoder } = layer;
  const inputs: SymbolicTensor[] = encoder.inputShapes.map((shape, i) =>
    i === 0 ? input({ shape, name: 'image' }) : input({ shape, dtype: 'int32', name: 'label' }),
  );
  return model({ name, inputs, outputs: layer.apply<SymbolicTensor>(inputs), seed });
}

/** The figure in column i of what the layer makes, for each image, under its name. */
function figureCalled(name: string, i: number): (targets: Value, figures: Value) => Value {
  const figure = (_targets: Value, figures: Value) => slice(figures, [0, i], [figures.shape[0]!, 1]);
  return Object.defineProperty(figure, 'name', { value: name });
}

function labelsFor({ inputShapes }: Coder, labels: Int32Array): Tensor<Int32Array> {
  return { shape: [labels.length, ...inputShapes[1]!], data: labels };
}

function requireUnitPixels(what: string, { data }: Tensor): void {
  if (dtypeOf(data) === 'uint8') return;
  const wrong = data.findIndex((value) => value < 0 || value > 1);
  if (wrong < 0) return;
  throw new CudaGanError(
    'CUDA_GAN_DATA',
    `${what} contains ${data[wrong]} at index ${wrong}; pixels must be from 0 to 1, or bytes`,
  );
}

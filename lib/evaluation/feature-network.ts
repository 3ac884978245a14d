// Networks whose inner values stand for images when sets of them are compared.
import { instanceOf, inWords, nonEmptyText, numberFromTo } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { Model, type Prediction, type Predictions } from '../models/model.js';
import { type PixelRange, requirePixelRange } from '../models/pixel-range.js';
import { checkOptions, type OptionNames } from '../options.js';
import { formatShape, type OwnFloat32Array, type Shape, sameShape, type Tensor } from '../tensor.js';
import { asBytes } from './pixels.js';

/** What `new FeatureNetwork` takes beside the model. */
export interface FeatureNetworkOptions {
  /** What it is called, in every report. */
  readonly name: string;
  /** Another one for other weights: figures of different versions are not comparable. */
  readonly version: string;
  /** Share of held-out images that it puts into the right class, 0 to 1, if it is known. */
  readonly testAccuracy?: number | undefined;
}

/** What `FeatureNetwork.measure` takes beside images. */
export interface MeasureOptions {
  /** What is black and white in float32 images. Default `[-1, 1]`, what generators that end in tanh make. */
  readonly range?: PixelRange | undefined;
}

/** What a network makes of n images. */
export interface ImageFeatures {
  /** [n, dimension] */
  readonly features: Tensor<OwnFloat32Array>;
  /** [n, classes], where the network tells classes. */
  readonly probabilities: Tensor<OwnFloat32Array> | undefined;
}

/** Which network figures were made with. */
export interface FeatureNetworkIdentity {
  /** What it is called. */
  readonly name: string;
  /** Figures of different versions are not comparable. */
  readonly version: string;
  /** Share of held-out images that it puts into the right class, 0 to 1, if it is known. */
  readonly testAccuracy?: number | undefined;
}

const optionNames: OptionNames<FeatureNetworkOptions> = { name: true, version: true, testAccuracy: true };
const measureNames: OptionNames<MeasureOptions> = { range: true };

const batchSize = 256;

/**
 * A model that makes features of images: `new FeatureNetwork(model, { name, version })`. Its first output are the features,
 * [dimension]; a second one, if there is one, the probabilities of classes. `digitFeatures` loads the package's.
 *
 * @example
 * const network = new FeatureNetwork(model({ inputs: image, outputs: { features, probabilities } }), {
 *   name: 'birds',
 *   version: '1',
 * });
 */
export class FeatureNetwork {
  readonly #model: Model<Predictions>;
  readonly #identity: FeatureNetworkIdentity;

  /** @throws CudaGanError `CUDA_GAN_VALUE` for what is no such model, or a wrong option. */
  constructor(model: Model<Predictions>, options: FeatureNetworkOptions) {
    const { name, version, testAccuracy } = checkOptions('new FeatureNetwork', options, optionNames);
    nonEmptyText('name', name);
    nonEmptyText('version', version);
    if (testAccuracy !== undefined) numberFromTo('testAccuracy', testAccuracy, 0, 1);
    this.#model = requireNetwork(model);
    this.#identity = { name, version, ...(testAccuracy !== undefined && { testAccuracy }) };
  }

  /** Its name, version and accuracy. */
  get identity(): FeatureNetworkIdentity {
    return this.#identity;
  }

  /** Of the images that it takes, [height, width, channels]. */
  get imageShape(): Shape {
    return this.#model.inputShapes[0]!;
  }

  /** Number of features. */
  get dimension(): number {
    return this.#model.outputShapes[0]![0]!;
  }

  /** Number of classes; undefined where it tells none. */
  get classes(): number | undefined {
    return this.#model.outputShapes[1]?.[0];
  }

  /**
   * Features of images [n, ...imageShape]: uint8, or float32 of `range`, which are rounded to bytes first, so that images have
   * the same features before and after they were saved as pictures.
   * @throws CudaGanError `CUDA_GAN_SHAPE` for images of another shape, `CUDA_GAN_DATA` for what are no images, `CUDA_GAN_VALUE`
   * for a wrong option.
   */
  async measure(images: Tensor, options?: MeasureOptions): Promise<ImageFeatures> {
    const { range = [-1, 1] } = checkOptions('measure', options, measureNames);
    const bytes = asBytes('images', images, requirePixelRange('range', range));
    const shape = bytes.shape.slice(1);
    if (!sameShape(shape, this.imageShape)) {
      const { name, version } = this.#identity;
      throw new CudaGanError(
        'CUDA_GAN_SHAPE',
        `images are ${formatShape(shape)}; the feature network ${name} ${version} takes ${formatShape(this.imageShape)}: scale them, or use a network of your own`,
      );
    }
    const predictions = await this.#model.predict(bytes, { batchSize });
    const outputs = isOne(predictions) ? [predictions] : Object.values<Prediction>(predictions);
    return { features: outputs[0]!, probabilities: outputs[1] };
  }

  /** Frees the memory of the model. */
  dispose(): void {
    this.#model.dispose();
  }
}

/** @internal @throws CudaGanError `CUDA_GAN_VALUE` for what is no feature network. */
export function requireFeatureNetwork(name: string, network: FeatureNetwork): FeatureNetwork {
  return instanceOf(name, network, FeatureNetwork, 'feature networks: new FeatureNetwork(model, options)');
}

function isOne(predictions: Predictions): predictions is Prediction {
  return 'data' in predictions && ArrayBuffer.isView(predictions.data);
}

function requireNetwork(model: Model<Predictions>): Model<Predictions> {
  if (!(model instanceof Model) || !model.built) {
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `a feature network is made of ${inWords(model)}; wanted is a model with layers that knows the shape of its input`,
    );
  }
  const { inputShapes, outputShapes } = model;
  const isRight = inputShapes.length === 1 && inputShapes[0]!.length === 3 && outputShapes.length <= 2;
  if (isRight && outputShapes.every(({ length }) => length === 1)) return model;
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `model "${model.name}" makes ${outputShapes.map(formatShape).join(' and ')} of ${inputShapes.map(formatShape).join(' and ')}; ` +
      'wanted is one input [height, width, channels], and as outputs [features], or [features] and [classes]',
  );
}

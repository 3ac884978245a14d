// How layers are called in Keras, and what Keras says of them that this package does not: one entry per class.
import { isDeepStrictEqual } from 'node:util';

/** A class of layers in Keras. */
export interface KerasLayer {
  /** Default: as here. */
  readonly className?: string;
  /** Options that only Keras has: what they must be. The first is what is written. */
  readonly only?: Readonly<Record<string, readonly unknown[]>>;
  /** The same of options that some versions of Keras have: they are not written. */
  readonly sometimes?: Readonly<Record<string, readonly unknown[]>>;
  /** Names of options that say nothing about what is computed. */
  readonly ignored?: readonly string[];
  /** Names of Keras' options that are not ours in snake case, by ours; in Keras 2 others. */
  readonly names?: Readonly<Record<string, string>>;
  readonly keras2Names?: Readonly<Record<string, string>>;
  /** Whether Keras says `training: true` of its places though nobody did: it is its default, and gives way to the model's mode. */
  readonly saysTraining?: boolean;
  /** Options that Keras' class does not take. */
  readonly without?: readonly string[];
  /** Whether its axis, which must be the last, may be counted from the front: [axis], or axis. */
  readonly lastAxis?: boolean;
}

const channelsLast = { data_format: ['channels_last'] };
const random = { ignored: ['seed'] } as const;
const images = { only: channelsLast };
const globalPooling = { only: channelsLast, sometimes: { keepdims: [false] } };
const quantization = { quantization_config: [null], lora_rank: [null], lora_alpha: [null] };

/** By the name of the class here. What has no entry is not Keras'. */
export const kerasLayers: Readonly<Record<string, KerasLayer>> = {
  Activation: {},
  Add: {},
  Average: {},
  AveragePooling2D: images,
  BatchNormalization: {
    only: { axis: [-1], moving_mean_initializer: ['zeros'], moving_variance_initializer: ['ones'] },
    sometimes: {
      synchronized: [false],
      renorm: [false],
      renorm_clipping: [null],
      renorm_momentum: [0.99],
      virtual_batch_size: [null],
      adjustment: [null],
      fused: [null, true, false],
    },
    lastAxis: true,
  },
  Concatenate: {},
  Conv1D: images,
  Conv2D: images,
  Conv2DTranspose: images,
  Cropping2D: images,
  Dense: { sometimes: quantization },
  DepthwiseConv2D: images,
  Dot: { only: { axes: [-1, 1, [1, 1], [-1, -1]], normalize: [false] } },
  Dropout: { ...random, sometimes: { noise_shape: [null] } },
  ELU: {},
  Embedding: { only: { mask_zero: [false] }, sometimes: { ...quantization, input_length: [null] } },
  Flatten: images,
  GaussianNoise: random,
  GlobalAveragePooling2D: globalPooling,
  GlobalMaxPooling2D: globalPooling,
  GroupNormalization: { only: { axis: [-1] }, lastAxis: true },
  LayerNormalization: { only: { axis: [-1] }, sometimes: { rms_scaling: [false] }, lastAxis: true },
  LeakyReLU: { keras2Names: { negativeSlope: 'alpha' } },
  MaxPooling2D: images,
  Maximum: {},
  Multiply: {},
  PReLU: {},
  Permute: {},
  RandomTranslation: {
    ...random,
    only: { fill_mode: ['constant'], fill_value: [0], interpolation: ['nearest'] },
    sometimes: channelsLast,
    saysTraining: true,
  },
  ReLU: { only: { max_value: [null], negative_slope: [0], threshold: [0] } },
  Reshape: {},
  SeparableConv2D: images,
  Softmax: { only: { axis: [-1] }, lastAxis: true },
  SpatialDropout2D: {
    ...random,
    only: channelsLast,
    sometimes: { noise_shape: [null] },
    without: ['trainable', 'activityRegularizer'],
  },
  SpectralNormalization: {},
  UpSampling2D: images,
  ZeroPadding2D: images,
};

/** Whether Keras' option may be left out here, since it is what this package does anyway. */
export function isAllowed(allowed: readonly unknown[], value: unknown): boolean {
  return allowed.some((one) => isDeepStrictEqual(one, value));
}

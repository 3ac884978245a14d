// What TensorFlow.js 4 has of the layers of this package, and what it leaves out: one entry per class that Keras knows.

export interface TfjsLayer {
  /** Names of weights that are not those of this package, by ours. */
  readonly weights?: Readonly<Record<string, string>>;
  /** Options, as Keras calls them, of which TensorFlow.js knows these values alone; `[]` for one that it does not know. */
  readonly only?: Readonly<Record<string, readonly unknown[]>>;
  /** The least rank of what the layer takes, the batch not counted. */
  readonly leastRank?: number;
}

const plain: TfjsLayer = {};
const convolution: TfjsLayer = { only: { groups: [1] } };

/** By the name of the class; `missing` where TensorFlow.js has no such layer. */
export const tfjsLayers: Readonly<Record<string, TfjsLayer | 'missing'>> = {
  Activation: plain,
  Add: plain,
  Average: plain,
  AveragePooling2D: plain,
  BatchNormalization: plain,
  Concatenate: plain,
  Conv1D: { only: { groups: [1], padding: ['valid', 'same'] } },
  Conv2D: convolution,
  Conv2DTranspose: { only: { output_padding: [], dilation_rate: [[1, 1]] } },
  Cropping2D: plain,
  Dense: plain,
  DepthwiseConv2D: { weights: { kernel: 'depthwise_kernel' }, only: { dilation_rate: [[1, 1]] } },
  Dot: plain,
  Dropout: plain,
  ELU: { only: { alpha: [1] } },
  Embedding: plain,
  Flatten: { leastRank: 2 },
  GaussianNoise: plain,
  GlobalAveragePooling2D: plain,
  GlobalMaxPooling2D: plain,
  GroupNormalization: 'missing',
  LayerNormalization: { only: { beta_constraint: [], gamma_constraint: [] } },
  LeakyReLU: plain,
  MaxPooling2D: plain,
  Maximum: plain,
  MinibatchStdDev: 'missing',
  Multiply: plain,
  OnnxElementwise: 'missing',
  PReLU: plain,
  Permute: plain,
  RandomTranslation: 'missing',
  ReLU: plain,
  Reshape: plain,
  SeparableConv2D: plain,
  Softmax: plain,
  SpatialDropout2D: 'missing',
  SpectralNormalization: 'missing',
  // Its bilinear interpolation is another one: it puts the corners of the pixels elsewhere.
  UpSampling2D: { only: { interpolation: ['nearest'] } },
  ZeroPadding2D: plain,
};

/** Options of all layers. */
export const tfjsOptions: NonNullable<TfjsLayer['only']> = {
  activation: ['linear', 'relu', 'elu', 'tanh', 'sigmoid', 'softplus', 'softmax', 'gelu', 'swish'],
  activity_regularizer: [],
};

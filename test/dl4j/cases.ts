// Models that Deeplearning4j is to import: the pairs of networks, and small models of every layer that its importer reads.
import {
  CudaGanError,
  cnnDiscriminator,
  cnnGenerator,
  model as connect,
  dcganDiscriminator,
  dcganGenerator,
  input,
  type Layer,
  layers,
  type Model,
  mlpDiscriminator,
  mlpGenerator,
  Sequential,
} from '../../lib/index';
import { h5Format } from '../../lib/interchange/keras/h5-file';
import type { Shape } from '../../lib/tensor';
import { layerCases, structureCases } from '../support/model-cases';

const image: Shape = [6, 5, 4];
const sequence: Shape = [6, 4];
const vector: Shape = [4];
const convolution = (options = {}) => layers.conv2d({ filters: 4, kernelSize: 3, ...options });
const transposed = (options = {}) => layers.conv2dTranspose({ filters: 3, kernelSize: 3, ...options });
const toImage = () => [layers.dense({ units: 12 }), layers.reshape({ targetShape: [2, 3, 2] })];

/** Stacks of layers by what they are about, and the shape that they are given: each is imported as a stack, and as part of a graph. */
const stacks: Readonly<Record<string, readonly [Shape, () => readonly Layer[]]>> = {
  dense: [vector, () => [layers.dense({ units: 3, activation: 'tanh' })]],
  'dense without bias': [vector, () => [layers.dense({ units: 3, useBias: false, activation: 'softmax' })]],
  ...Object.fromEntries(
    (['linear', 'relu', 'elu', 'tanh', 'sigmoid', 'softplus', 'softmax', 'silu', 'swish'] as const).flatMap(
      (activation) => [
        [`activation ${activation}`, [vector, () => [layers.dense({ units: 3, activation })]] as const],
        [`activation ${activation} of images`, [image, () => [layers.activation({ activation })]] as const],
        [`activation ${activation} of sequences`, [sequence, () => [layers.activation({ activation })]] as const],
      ],
    ),
  ),
  'leaky ReLU': [vector, () => [layers.leakyReLU({ negativeSlope: 0.2 })]],
  'leaky ReLU of slope 1': [image, () => [layers.leakyReLU({ negativeSlope: 1 })]],
  ReLU: [vector, () => [layers.reLU()]],
  ELU: [vector, () => [layers.elu({ alpha: 0.5 })]],
  softmax: [vector, () => [layers.softmax()]],
  'softmax of images': [image, () => [layers.softmax()]],
  'batch normalisation': [vector, () => [layers.batchNormalization({ momentum: 0, epsilon: 1 })]],
  'batch normalisation of images': [image, () => [layers.batchNormalization()]],
  'batch normalisation behind a convolution': [image, () => [convolution(), layers.batchNormalization()]],
  'batch normalisation of sequences': [sequence, () => [layers.batchNormalization()]],
  'batch normalisation behind a convolution of sequences': [
    sequence,
    () => [layers.conv1d({ filters: 3, kernelSize: 2 }), layers.batchNormalization()],
  ],
  'batch normalisation without scale': [vector, () => [layers.batchNormalization({ scale: false })]],
  'batch normalisation without centre': [image, () => [layers.batchNormalization({ center: false })]],
  'batch normalisation with neither': [vector, () => [layers.batchNormalization({ scale: false, center: false })]],
  'noise before flatten': [
    image,
    () => [layers.gaussianNoise({ stddev: 1 }), layers.flatten(), layers.dense({ units: 2 })],
  ],
  'an activation before flatten': [image, () => [layers.reLU(), layers.flatten(), layers.dense({ units: 2 })]],
  'an activation before reshape': [
    vector,
    () => [layers.reLU(), layers.reshape({ targetShape: [2, 2, 1] }), convolution({ kernelSize: 2 })],
  ],
  dropout: [vector, () => [layers.dropout({ rate: 0.5 })]],
  'dropout of nothing': [image, () => [layers.dropout({ rate: 0 })]],
  'Gaussian noise': [vector, () => [layers.gaussianNoise({ stddev: 1 })]],
  'spatial dropout': [image, () => [layers.spatialDropout2d({ rate: 0.5 })]],
  flatten: [image, () => [layers.flatten(), layers.dense({ units: 2 })]],
  'flatten at the end': [image, () => [convolution(), layers.flatten()]],
  'flatten alone': [image, () => [layers.flatten()]],
  'flatten of vectors': [vector, () => [layers.flatten(), layers.dense({ units: 2 })]],
  'flatten of sequences': [sequence, () => [layers.flatten(), layers.dense({ units: 2 })]],
  'flatten and reshape in turns': [
    image,
    () => [layers.flatten(), layers.reshape({ targetShape: [10, 12] }), layers.flatten(), layers.dense({ units: 3 })],
  ],
  'reshape to images': [vector, () => [...toImage(), convolution({ kernelSize: 2 })]],
  'reshape to images at the end': [vector, toImage],
  'reshape before batch normalisation': [vector, () => [...toImage(), layers.batchNormalization(), layers.leakyReLU()]],
  'reshape before up-sampling': [vector, () => [...toImage(), layers.upSampling2d()]],
  'reshape before a transposed convolution': [vector, () => [...toImage(), transposed({ strides: 2 })]],
  'reshape of images': [image, () => [layers.reshape({ targetShape: [10, 3, 4] }), convolution()]],
  'reshape of images to vectors': [image, () => [layers.reshape({ targetShape: [120] }), layers.dense({ units: 2 })]],
  'reshape of images to sequences': [
    image,
    () => [layers.reshape({ targetShape: [30, 4] }), layers.conv1d({ filters: 2, kernelSize: 2 })],
  ],
  'reshape to sequences': [
    vector,
    () => [
      layers.dense({ units: 12 }),
      layers.reshape({ targetShape: [6, 2] }),
      layers.conv1d({ filters: 3, kernelSize: 2 }),
    ],
  ],
  'reshape of sequences to images': [
    sequence,
    () => [layers.reshape({ targetShape: [3, 4, 2] }), convolution({ kernelSize: 2 })],
  ],
  'reshape of sequences to vectors': [
    sequence,
    () => [layers.reshape({ targetShape: [24] }), layers.dense({ units: 2 })],
  ],
  'reshape of sequences': [
    sequence,
    () => [layers.reshape({ targetShape: [8, 3] }), layers.conv1d({ filters: 2, kernelSize: 2 })],
  ],
  'permute of sequences': [
    sequence,
    () => [layers.permute({ dims: [2, 1] }), layers.conv1d({ filters: 2, kernelSize: 2 })],
  ],
  'permute of sequences, and flatten': [
    sequence,
    () => [layers.permute({ dims: [2, 1] }), layers.flatten(), layers.dense({ units: 2 })],
  ],
  'permute of sequences at the end': [sequence, () => [layers.permute({ dims: [2, 1] })]],
  convolution: [image, () => [convolution()]],
  'convolution with padding': [image, () => [convolution({ padding: 'same', strides: 2, activation: 'relu' })]],
  'convolution with uneven padding': [
    image,
    () => [convolution({ padding: 'same', strides: [1, 2], kernelSize: [2, 3] })],
  ],
  'convolution with strides': [image, () => [convolution({ strides: 2, useBias: false })]],
  'dilated convolution': [image, () => [convolution({ dilationRate: 2, kernelSize: 2 })]],
  'dilated convolution with padding': [image, () => [convolution({ dilationRate: 2, kernelSize: 2, padding: 'same' })]],
  'transposed convolution': [image, () => [transposed()]],
  'transposed convolution, 3 by 3 to twice the size': [image, () => [transposed({ strides: 2, padding: 'same' })]],
  'transposed convolution, 4 by 4 to twice the size': [
    image,
    () => [transposed({ kernelSize: 4, strides: 2, padding: 'same' })],
  ],
  'transposed convolution, 5 by 5 to twice the size': [
    image,
    () => [transposed({ kernelSize: 5, strides: 2, padding: 'same', useBias: false })],
  ],
  'transposed convolution, 2 by 2 to twice the size': [
    image,
    () => [transposed({ kernelSize: 2, strides: 2, padding: 'same' })],
  ],
  'transposed convolution that keeps the size': [image, () => [transposed({ kernelSize: 4, padding: 'same' })]],
  'transposed convolution with uneven strides': [
    image,
    () => [transposed({ kernelSize: [3, 4], strides: [1, 2], padding: 'same' })],
  ],
  'transposed convolution with strides': [image, () => [transposed({ strides: 2 })]],
  'transposed convolution, 5 by 5 with strides 3': [
    image,
    () => [transposed({ kernelSize: 5, strides: 3, padding: 'same' })],
  ],
  'dilated transposed convolution': [image, () => [transposed({ dilationRate: 2 })]],
  'dilated transposed convolution with padding': [image, () => [transposed({ dilationRate: 2, padding: 'same' })]],
  'convolution of sequences': [sequence, () => [layers.conv1d({ filters: 3, kernelSize: 3 })]],
  'convolution of sequences with padding': [
    sequence,
    () => [layers.conv1d({ filters: 3, kernelSize: 3, padding: 'same', strides: 2 })],
  ],
  'causal convolution': [sequence, () => [layers.conv1d({ filters: 3, kernelSize: 3, padding: 'causal' })]],
  'dilated convolution of sequences': [
    sequence,
    () => [layers.conv1d({ filters: 3, kernelSize: 2, dilationRate: 2, useBias: false })],
  ],
  'convolutions of sequences': [
    sequence,
    () => [
      layers.conv1d({ filters: 3, kernelSize: 3 }),
      layers.leakyReLU(),
      layers.conv1d({ filters: 2, kernelSize: 2 }),
      layers.flatten(),
      layers.dense({ units: 2 }),
    ],
  ],
  'separable convolution': [image, () => [layers.separableConv2d({ filters: 3, kernelSize: 3, useBias: false })]],
  'separable convolution with padding': [
    image,
    () => [layers.separableConv2d({ filters: 3, kernelSize: 3, padding: 'same', strides: 2, depthMultiplier: 2 })],
  ],
  'dilated separable convolution': [
    image,
    () => [layers.separableConv2d({ filters: 3, kernelSize: 2, dilationRate: 2 })],
  ],
  'max pooling': [image, () => [layers.maxPooling2d()]],
  'max pooling with padding': [image, () => [layers.maxPooling2d({ poolSize: 3, strides: [2, 1], padding: 'same' })]],
  'average pooling': [image, () => [layers.averagePooling2d()]],
  'average pooling with padding': [
    image,
    () => [layers.averagePooling2d({ poolSize: 3, strides: 2, padding: 'same' })],
  ],
  'global average pooling': [image, () => [layers.globalAveragePooling2d()]],
  'global average pooling behind a convolution': [
    image,
    () => [convolution(), layers.globalAveragePooling2d(), layers.dense({ units: 2 })],
  ],
  'global max pooling': [image, () => [layers.globalMaxPooling2d()]],
  'up-sampling': [image, () => [layers.upSampling2d()]],
  'up-sampling between convolutions': [
    image,
    () => [convolution(), layers.upSampling2d({ size: [2, 3] }), convolution()],
  ],
  'zero padding': [image, () => [layers.zeroPadding2d()]],
  'uneven zero padding': [
    image,
    () => [
      layers.zeroPadding2d({
        padding: [
          [1, 2],
          [0, 3],
        ],
      }),
      convolution(),
    ],
  ],
  cropping: [image, () => [layers.cropping2d({ cropping: 1 })]],
  'uneven cropping': [
    image,
    () => [
      layers.cropping2d({
        cropping: [
          [1, 0],
          [0, 2],
        ],
      }),
      convolution(),
    ],
  ],
  embedding: [
    vector,
    () => [layers.embedding({ inputDim: 5, outputDim: 3 }), layers.flatten(), layers.dense({ units: 2 })],
  ],
  'embedding alone': [vector, () => [layers.embedding({ inputDim: 5, outputDim: 3 })]],
  'embedding of one number': [
    [1],
    () => [layers.embedding({ inputDim: 5, outputDim: 3 }), layers.flatten(), layers.dense({ units: 2 })],
  ],
  'embedding before a convolution': [
    vector,
    () => [layers.embedding({ inputDim: 5, outputDim: 3 }), layers.conv1d({ filters: 2, kernelSize: 2 })],
  ],
  'spectral normalisation': [image, () => [layers.spectralNormalization({ layer: convolution() }), layers.reLU()]],
  'names that are patterns': [
    vector,
    () => [
      layers.dense({ units: 3, name: 'a' }),
      layers.dense({ units: 3, name: 'kernel' }),
      layers.dense({ units: 3, name: '1.(b+c)*' }),
    ],
  ],
  'a hundred layers': [
    vector,
    () => Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? layers.dense({ units: 3 }) : layers.leakyReLU())),
  ],
};

const merges = ['add', 'average', 'concatenate', 'maximum', 'multiply'] as const;

function merged(shape: Shape, merge: (typeof merges)[number], last: readonly Layer[] = []): Model {
  const x = input({ shape });
  const branches = [layers.leakyReLU().apply(x), layers.activation({ activation: 'tanh' }).apply(x), x];
  const both = layers[merge]().apply(branches);
  return connect({ inputs: x, outputs: last.reduce((tensor, layer) => layer.apply(tensor), both) });
}

function residual(): Model {
  const x = input({ shape: image });
  const way = layers.batchNormalization().apply(convolution({ padding: 'same' }).apply(x));
  return connect({ inputs: x, outputs: layers.flatten().apply(layers.add().apply([way, x])) });
}

function twoInputs(): Model {
  const x = input({ shape: vector });
  const y = input({ shape: [3] });
  return connect({ inputs: [x, y], outputs: layers.concatenate().apply([layers.dense({ units: 2 }).apply(x), y]) });
}

function twoOutputs(): Model {
  const x = input({ shape: vector });
  const hidden = layers.dense({ units: 5 }).apply(x);
  return connect({
    inputs: x,
    outputs: [layers.dense({ units: 2 }).apply(hidden), layers.reshape({ targetShape: [5, 1] }).apply(hidden)],
  }) as Model;
}

/** A tensor in two outputs, and an input in one. */
function sameOutputs(): Model {
  const x = input({ shape: vector });
  const y = layers.dense({ units: 2 }).apply(x);
  return connect({ inputs: x, outputs: [y, x, y] }) as Model;
}

/** An output that other layers take. */
function outputOnTheWay(): Model {
  const x = input({ shape: vector });
  const hidden = layers.dense({ units: 3 }).apply(x);
  const y = layers.dense({ units: 2 }).apply(layers.reLU().apply(hidden));
  return connect({ inputs: x, outputs: [hidden, y] }) as Model;
}

const networks: Readonly<Record<string, () => Model>> = {
  "the article's generator": () => mlpGenerator({ seed: 1 }),
  "the article's discriminator": () => mlpDiscriminator({ seed: 2 }),
  'convolutional generator': () => cnnGenerator({ width: 0.25, seed: 3 }),
  'convolutional discriminator': () => cnnDiscriminator({ width: 0.25, seed: 4 }),
  'DCGAN generator': () => dcganGenerator({ width: 0.1, seed: 5 }),
  'DCGAN discriminator': () => dcganDiscriminator({ width: 0.25, seed: 6 }),
  'DCGAN discriminator with spectral normalisation': () =>
    dcganDiscriminator({ imageShape: [32, 32, 3], width: 0.1, normalization: 'spectral', seed: 7 }),
  'conditional generator': () =>
    mlpGenerator({ imageShape: [8, 8, 1], width: 0.1, conditioning: 'concatenation', seed: 8 }),
  ...Object.fromEntries(
    merges.flatMap((merge) => [
      [`${merge} of vectors`, () => merged(vector, merge, [layers.dense({ units: 2 })])],
      [`${merge} of images`, () => merged(image, merge)],
      [`${merge} of sequences`, () => merged(sequence, merge, [layers.conv1d({ filters: 2, kernelSize: 2 })])],
    ]),
  ),
  'a way around layers': residual,
  'two inputs': twoInputs,
  'two outputs': twoOutputs,
  'the same outputs': sameOutputs,
  'an output on the way': outputOnTheWay,
};

const stack = (shape: Shape, made: readonly Layer[]) => {
  const model = new Sequential({ layers: made, seed: 1 });
  model.build(shape);
  return model;
};

/** The stack as a part of a graph, whose other output needs no layer of the stack. */
function inGraph(shape: Shape, part: Sequential): Model {
  const dtype = part.inputDTypes[0] === 'int32' ? 'int32' : 'float32';
  const x = input({ shape, dtype });
  const other = dtype === 'int32' ? layers.embedding({ inputDim: 5, outputDim: 2 }) : layers.leakyReLU();
  return connect({ inputs: x, outputs: [part.apply(x), other.apply(x)] }) as Model;
}

/** Models that all formats are held to, but for those that are refused for Deeplearning4j. */
const common = [...Object.entries(layerCases), ['', structureCases] as const].flatMap(([layer, builds]) =>
  Object.entries(builds)
    .map(([name, make]) => [`${layer} ${name}`.trim(), make] as const)
    .filter(([, make]) => isTaken(make())),
);

function isTaken(model: Model): boolean {
  try {
    h5Format.lost(model, { for: 'deeplearning4j' });
    return true;
  } catch (error) {
    if (error instanceof CudaGanError) return false;
    throw error;
  }
}

export const cases: Readonly<Record<string, () => Model>> = {
  ...networks,
  ...Object.fromEntries(common.map(([name, make]) => [`common case, ${name}`, make])),
  ...Object.fromEntries(
    Object.entries(stacks).flatMap(([name, [shape, made]]) => [
      [name, () => stack(shape, made())],
      [`${name}, in a graph`, () => inGraph(shape, new Sequential({ layers: made(), seed: 1 }))],
    ]),
  ),
};

// Models of every layer, for formats of files to be held to: at least one for each function of `layers`, and ways in which layers meet.
import { input, Layer, layers, type Model, model, ops, Sequential, type Tensor, tensor } from '../../lib/index';
import type { SymbolicTensor } from '../../lib/layers/symbolic-tensor';
import type { Value } from '../../lib/program/value';
import { RandomStream } from '../../lib/random/random-stream';
import { type Shape, sizeOf } from '../../lib/tensor';

/** A model without weights of its own yet. */
type Build = () => Model;
/** By what distinguishes them. */
type Builds = Readonly<Record<string, Build>>;

const images: Shape = [6, 5, 4];
const vector: Shape = [4];

/** A layer by itself. */
function alone(shape: Shape, make: () => Layer): Build {
  return () => {
    const x = input({ shape, name: 'x' });
    return build(x, make().apply(x));
  };
}

/** A layer between convolutions: what its neighbours work channels-first. */
function between(make: () => Layer): Build {
  return () => {
    const x = input({ shape: images, name: 'x' });
    const before = layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same' }).apply(x);
    return build(x, layers.conv2d({ filters: 2, kernelSize: 2 }).apply(make().apply(before)));
  };
}

/** A layer of several images, one of which comes from a convolution. */
function merged(make: () => Layer, count = 2): Build {
  return () => {
    const inputs = Array.from({ length: count }, (_, i) => input({ shape: images, name: `x${i}` }));
    const [first, ...others] = inputs as [SymbolicTensor, ...SymbolicTensor[]];
    const convolved = layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same' }).apply(first);
    return build(inputs, make().apply([convolved, ...others]));
  };
}

function build(inputs: SymbolicTensor | readonly SymbolicTensor[], outputs: SymbolicTensor): Model {
  return model({ inputs, outputs, device: 'cpu', seed: 1 }) as Model;
}

function recordOf(
  inputs: Readonly<Record<string, SymbolicTensor>>,
  outputs: Readonly<Record<string, SymbolicTensor>>,
): Model {
  return model({ inputs, outputs, device: 'cpu', seed: 1 }) as unknown as Model;
}

const onImages = (make: () => Layer): Builds => ({ alone: alone(images, make), between: between(make) });

/** Every combination of the options of a convolution that the file spells out. */
const windows = {
  valid: {},
  same: { padding: 'same' },
  'same with strides': { padding: 'same', strides: 2 },
  'same with an even kernel': { padding: 'same', kernelSize: [4, 2], strides: [3, 1] },
  dilated: { dilationRate: 2, kernelSize: 2 },
  'without a bias': { useBias: false, activation: 'relu' },
} as const;
const convolutions = (make: (options: (typeof windows)[keyof typeof windows]) => Layer): Builds =>
  Object.fromEntries(Object.entries(windows).map(([name, options]) => [name, alone(images, () => make(options))]));

const poolings = (make: typeof layers.maxPooling2d): Builds => ({
  valid: alone(images, () => make()),
  same: alone(images, () => make({ poolSize: 3, strides: 2, padding: 'same' })),
  overlapping: alone(images, () => make({ poolSize: [2, 3], strides: 1, padding: 'same' })),
  between: between(() => make({ strides: 1, padding: 'same' })),
});

/** By the names of the functions that make the layers. */
export const layerCases: Readonly<Record<keyof typeof layers, Builds>> = {
  activation: Object.fromEntries(
    (['linear', 'relu', 'leakyRelu', 'elu', 'tanh', 'sigmoid', 'softplus', 'softmax', 'gelu', 'silu'] as const).flatMap(
      (activation) =>
        Object.entries(onImages(() => layers.activation({ activation }))).map(([name, made]) => [
          `${activation} ${name}`,
          made,
        ]),
    ),
  ),
  add: { images: merged(() => layers.add()), three: merged(() => layers.add(), 3) },
  average: { images: merged(() => layers.average(), 3) },
  averagePooling2d: poolings(layers.averagePooling2d),
  batchNormalization: {
    ...onImages(() => layers.batchNormalization({ epsilon: 0.01 })),
    vectors: alone(vector, () => layers.batchNormalization()),
    sequences: alone([3, 4], () => layers.batchNormalization()),
  },
  concatenate: {
    channels: merged(() => layers.concatenate()),
    rows: merged(() => layers.concatenate({ axis: 1 }), 3),
  },
  conv1d: {
    valid: alone([7, 3], () => layers.conv1d({ filters: 4, kernelSize: 3 })),
    causal: alone([7, 3], () => layers.conv1d({ filters: 4, kernelSize: 3, padding: 'causal', dilationRate: 2 })),
    groups: alone([7, 4], () => layers.conv1d({ filters: 4, kernelSize: 2, padding: 'same', strides: 2, groups: 2 })),
  },
  conv2d: {
    ...convolutions((options) => layers.conv2d({ filters: 3, kernelSize: 3, ...options })),
    groups: alone(images, () => layers.conv2d({ filters: 6, kernelSize: 3, groups: 2 })),
  },
  conv2dTranspose: {
    ...convolutions((options) => layers.conv2dTranspose({ filters: 3, kernelSize: 3, ...options })),
    'valid with strides beyond the kernel': alone(images, () =>
      layers.conv2dTranspose({ filters: 3, kernelSize: 2, strides: 3 }),
    ),
    'output padding': alone(images, () =>
      layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, padding: 'same', outputPadding: [1, 0] }),
    ),
    'valid output padding': alone(images, () =>
      layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2, outputPadding: 1 }),
    ),
  },
  cropping2d: onImages(() =>
    layers.cropping2d({
      cropping: [
        [1, 2],
        [0, 1],
      ],
    }),
  ),
  dense: {
    vectors: alone(vector, () => layers.dense({ units: 3, activation: 'tanh' })),
    'without a bias': alone(vector, () => layers.dense({ units: 3, useBias: false })),
    images: alone(images, () => layers.dense({ units: 3 })),
    between: between(() => layers.dense({ units: 3 })),
  },
  depthwiseConv2d: convolutions((options) => layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, ...options })),
  dot: {
    vectors: () => {
      const [a, b] = [input({ shape: vector, name: 'a' }), input({ shape: vector, name: 'b' })];
      return build([a, b], layers.dot().apply([a, b]));
    },
  },
  dropout: onImages(() => layers.dropout({ rate: 0.5 })),
  elu: onImages(() => layers.elu({ alpha: 0.7 })),
  embedding: {
    numbers: () => {
      const classes = input({ shape: [3], dtype: 'int32', name: 'classes' });
      return build(classes, layers.embedding({ inputDim: 5, outputDim: 3 }).apply(classes));
    },
  },
  flatten: { alone: alone(images, () => layers.flatten()), ...flattened(() => layers.flatten()) },
  gaussianNoise: onImages(() => layers.gaussianNoise({ stddev: 1 })),
  globalAveragePooling2d: {
    alone: alone(images, () => layers.globalAveragePooling2d()),
    ...flattened(() => layers.globalAveragePooling2d()),
  },
  globalMaxPooling2d: {
    alone: alone(images, () => layers.globalMaxPooling2d()),
    ...flattened(() => layers.globalMaxPooling2d()),
  },
  groupNormalization: {
    ...onImages(() => layers.groupNormalization({ groups: 2 })),
    instance: alone(images, () => layers.groupNormalization({ groups: -1 })),
  },
  layerNormalization: {
    ...onImages(() => layers.layerNormalization()),
    'without scale and offset': alone(vector, () => layers.layerNormalization({ center: false, scale: false })),
  },
  leakyReLU: onImages(() => layers.leakyReLU({ negativeSlope: 0.2 })),
  maxPooling2d: poolings(layers.maxPooling2d),
  maximum: { images: merged(() => layers.maximum()) },
  minibatchStdDev: {
    ...onImages(() => layers.minibatchStdDev()),
    'groups that divide few batches': alone(images, () => layers.minibatchStdDev({ groupSize: 17 })),
    'a sample alone': alone([1, 1, 3], () => layers.minibatchStdDev({ groupSize: 1 })),
  },
  multiply: {
    images: merged(() => layers.multiply()),
    broadcast: () => {
      const [x, gains] = [input({ shape: images, name: 'x' }), input({ shape: vector, name: 'gains' })];
      const convolved = layers.conv2d({ filters: 4, kernelSize: 3 }).apply(x);
      return build([x, gains], layers.multiply().apply([convolved, gains]));
    },
  },
  permute: {
    ...onImages(() => layers.permute({ dims: [2, 1, 3] })),
    'channels first': between(() => layers.permute({ dims: [3, 1, 2] })),
  },
  prelu: {
    ...onImages(() => layers.prelu()),
    shared: between(() => layers.prelu({ sharedAxes: [1, 2] })),
    vectors: alone(vector, () => layers.prelu()),
  },
  randomTranslation: onImages(() => layers.randomTranslation({ heightFactor: 0.5, widthFactor: 0.5 })),
  reLU: onImages(() => layers.reLU()),
  reshape: {
    alone: alone(images, () => layers.reshape({ targetShape: [10, -1] })),
    between: between(() => layers.reshape({ targetShape: [5, 6, 4] })),
  },
  separableConv2d: convolutions((options) => layers.separableConv2d({ filters: 3, kernelSize: 3, ...options })),
  softmax: onImages(() => layers.softmax()),
  spatialDropout2d: onImages(() => layers.spatialDropout2d({ rate: 0.5 })),
  spectralNormalization: {
    dense: alone(vector, () => layers.spectralNormalization({ layer: layers.dense({ units: 3 }) })),
    embedding: () => {
      const classes = input({ shape: [3], dtype: 'int32', name: 'classes' });
      const embedding = layers.embedding({ inputDim: 5, outputDim: 3 });
      return build(classes, layers.spectralNormalization({ layer: embedding }).apply(classes));
    },
    convolution: alone(images, () =>
      layers.spectralNormalization({ layer: layers.conv2d({ filters: 3, kernelSize: 3 }) }),
    ),
  },
  upSampling2d: {
    ...onImages(() => layers.upSampling2d({ size: [2, 3] })),
    bilinear: between(() => layers.upSampling2d({ interpolation: 'bilinear' })),
  },
  zeroPadding2d: onImages(() =>
    layers.zeroPadding2d({
      padding: [
        [1, 0],
        [2, 3],
      ],
    }),
  ),
};

/** A layer that makes vectors of what a convolution makes. */
function flattened(make: () => Layer): Builds {
  return {
    'after a convolution': () => {
      const x = input({ shape: images, name: 'x' });
      const convolved = layers.conv2d({ filters: 3, kernelSize: 3 }).apply(x);
      return build(x, layers.dense({ units: 2 }).apply(make().apply(convolved)));
    },
  };
}

/** A layer of the user's own, by what it records. */
class Own extends Layer {
  static override readonly className = 'Own';
  constructor(readonly rule: (x: Value) => Value) {
    super();
  }
  override call([x]: readonly [Value]): Value {
    return this.rule(x);
  }
}

const own = (shape: Shape, rule: (x: Value) => Value) => alone(shape, () => new Own(rule));

/** Ops that no layer of the package calls in inference, or not so. */
export const ownCases: Builds = {
  argMax: own(vector, (x) => ops.reshape(ops.argMax(x), [x.shape[0]!, 1])),
  binaryCrossentropy: own(vector, (x) => ops.binaryCrossentropy(x, ops.sigmoid(x))),
  categoricalCrossentropy: own(images, (x) => ops.categoricalCrossentropy(x, ops.softmax(x))),
  clip: own(images, (x) => ops.minimum(ops.maximum(x, ops.fill(x.graph, [], -0.2)), ops.fill(x.graph, [], 0.3))),
  comparisons: own(vector, (x) => ops.add(ops.greater(x, ops.fill(x.graph, [], 0.1)), ops.equal(x, ops.floor(x)))),
  'a mean over samples': own(vector, (x) => ops.subtract(x, ops.mean(x, 0))),
  'numbers of the batch': own(vector, (x) => ops.concat([x, ops.fill(x.graph, [x.shape[0]!, 2], 3)], 1)),
  oneHot: () => {
    const classes = input({ shape: [], dtype: 'int32', name: 'classes' });
    return build(classes, new Own((x) => ops.oneHot(x, 5)).apply(classes));
  },
  cast: () => {
    const classes = input({ shape: [2], dtype: 'int32', name: 'classes' });
    return build(classes, new Own((x) => ops.cast(x)).apply(classes));
  },
  'products of transposed': own(vector, (x) =>
    ops.matmul(x, ops.matmul(x, x, { transposeA: true }), { transposeB: true }),
  ),
  resize: own(images, (x) => ops.resize2d(x, [9, 4])),
  'resize of whole factors down': own(images, (x) => ops.resize2d(x, [3, 10], 'bilinear')),
  reverse: own(images, (x) => ops.reverse(x, [1, 2])),
  'functions of one number': own(vector, (x) =>
    [ops.cos, ops.sin, ops.sign, ops.exp, (v: Value) => ops.log(ops.affine(ops.abs(v), 1, 1))].reduce(
      (sum, f) => ops.add(sum, f(x)),
      x,
    ),
  ),
  'a maximum of rows': own(images, (x) => ops.reshape(ops.sum(x, [1]), [x.shape[0]!, 5, 4])),
};

/** Connections. */
export const structureCases: Builds = {
  'an input as an output': () => {
    const x = input({ shape: vector, name: 'x' });
    return model({
      inputs: { x },
      outputs: { same: x, twice: layers.add().apply([x, x]) },
      device: 'cpu',
    }) as unknown as Model;
  },
  'one value as two outputs': () => {
    const x = input({ shape: vector, name: 'x' });
    const y = layers.dense({ units: 2 }).apply(x);
    return model({ inputs: { x }, outputs: { a: y, b: y }, device: 'cpu' }) as unknown as Model;
  },
  'records that are not in the order of their keys': () => {
    const [z, a] = [input({ shape: vector, name: 'z' }), input({ shape: vector, name: 'a' })];
    const dense = (x: SymbolicTensor) => layers.dense({ units: 4 }).apply(x);
    return recordOf({ z, a }, { y: dense(z), c: dense(layers.add().apply([dense(z), dense(a)])), b: dense(a) });
  },
  'a model within of such records': () => {
    const [z, a] = [input({ shape: vector, name: 'z' }), input({ shape: vector, name: 'a' })];
    const dense = (x: SymbolicTensor, name?: string) => layers.dense({ units: 4, name }).apply(x);
    const sum = layers.add({ name: 'sum' }).apply([z, a]);
    const inner = recordOf({ z, a }, { z: dense(a, 'of_a'), b: dense(z, 'of_z'), a: dense(sum, 'of_both') });
    const x = input({ shape: vector, name: 'x' });
    const made = inner.apply<Record<'z' | 'b' | 'a', SymbolicTensor>>({ z: dense(x), a: dense(x) });
    return recordOf({ x }, { z: made.z, m: dense(made.b), a: made.a });
  },
  'class numbers in a model within': () => {
    const classes = () => input({ shape: [2], dtype: 'int32', name: 'classes' });
    const within = classes();
    const inner = build(within, layers.embedding({ inputDim: 5, outputDim: 3 }).apply(within));
    const x = classes();
    return build(x, inner.apply<SymbolicTensor>(x));
  },
  'class numbers that are reshaped': () => {
    const x = input({ shape: [2], dtype: 'int32', name: 'classes' });
    const column = layers.reshape({ targetShape: [2, 1] }).apply(x);
    return build(x, layers.embedding({ inputDim: 5, outputDim: 3 }).apply(layers.flatten().apply(column)));
  },
  'a shared layer': () => {
    const [a, b] = [input({ shape: images, name: 'a' }), input({ shape: images, name: 'b' })];
    const shared = layers.conv2d({ filters: 2, kernelSize: 3 });
    return build([a, b], layers.add().apply([shared.apply(a), shared.apply(b)]));
  },
  'a model within': () => {
    const inner = alone(images, () => layers.conv2d({ filters: 3, kernelSize: 3, activation: 'relu' }))();
    const x = input({ shape: images, name: 'x' });
    return build(x, layers.batchNormalization().apply(inner.apply<SymbolicTensor>(x)));
  },
  'a model as the output': () => {
    const inner = alone(images, () => layers.conv2d({ filters: 3, kernelSize: 3, activation: 'relu' }))();
    const x = input({ shape: images, name: 'x' });
    return build(x, inner.apply<SymbolicTensor>(layers.reLU().apply(x)));
  },
  'a model in two places': () => {
    const inner = alone(vector, () => layers.dense({ units: 4, activation: 'tanh' }))();
    const x = input({ shape: vector, name: 'x' });
    const once = inner.apply<SymbolicTensor>(x);
    const outputs = [inner.apply<SymbolicTensor>(layers.reLU().apply(once)), layers.add().apply([once, x]), once];
    return model({ inputs: x, outputs, device: 'cpu' }) as unknown as Model;
  },
  'a stack as the output': () => {
    const inner = new Sequential({ layers: [layers.dense({ units: 4, inputShape: vector })] });
    const x = input({ shape: vector, name: 'x' });
    return build(x, inner.apply(inner.apply(x)));
  },
  'a residual block': () => {
    const x = input({ shape: images, name: 'x' });
    const first = layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same' }).apply(x);
    const second = layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same', activation: 'relu' }).apply(first);
    return build(x, layers.reLU().apply(layers.add().apply([first, second])));
  },
};

/** Weights of any size and sign, but for variances, which are positive. */
export async function randomizeWeights(model: Model): Promise<void> {
  const random = new RandomStream(7, 0);
  const values = model.namedWeights.map(([name, { shape }]) => {
    const least = name.endsWith('variance') ? 0.5 : -0.5;
    return tensor(
      Float32Array.from({ length: sizeOf(shape) }, () => least + random.uniform()),
      shape,
    );
  });
  await model.setWeights(values);
}

/** A batch for every input. */
export function randomInputs(model: Model, samples: number): Tensor[] {
  const random = new RandomStream(11, 0);
  return model.inputShapes.map((shape, i) => {
    const length = samples * sizeOf(shape);
    const data =
      model.inputDTypes[i] === 'int32'
        ? Int32Array.from({ length }, () => random.integer(5))
        : Float32Array.from({ length }, () => 2 * random.uniform() - 1);
    return tensor(data, [samples, ...shape]);
  });
}

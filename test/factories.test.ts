// Functions that make layers, optimizers, initializers, devices and networks of options: none of them ignores an option
// that does not exist, and whatever they are given, only errors with a code come out.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { resolveDevice } from '../lib/devices/select';
import * as evaluation from '../lib/evaluation/index';
import {
  augmentations,
  callbacks,
  classifiers,
  cnnDiscriminator,
  cnnGenerator,
  model as connect,
  constraints,
  createDevice,
  type DeviceChoice,
  datasets,
  dcganDiscriminator,
  dcganGenerator,
  GAN,
  initializers,
  input,
  interpolateNoise,
  layerRegularizers,
  layers,
  losses,
  Model,
  metrics,
  mlpDiscriminator,
  mlpGenerator,
  objectives,
  optimizers,
  regularizers,
  saveGrid,
  saveMovie,
  schedules,
  tensor,
} from '../lib/index';
import { type InitializerName, toInitializer } from '../lib/initializers/index';
import { toConstraint } from '../lib/layers/constraints/index';
import { Layer, WeightStreams } from '../lib/layers/layer';
import { toLayerRegularizer } from '../lib/layers/regularizers/index';
import { type LossName, toLoss } from '../lib/losses/index';
import * as trained from '../lib/metrics/index';
import { type MetricName, toMetric } from '../lib/metrics/index';
import { type OptimizerName, toOptimizer } from '../lib/optimizers/index';
import { Graph } from '../lib/program/graph';
import type { Value } from '../lib/program/value';
import { Variable } from '../lib/program/variable';
import { RandomStream } from '../lib/random/random-stream';
import type { Shape } from '../lib/tensor';
import { error } from './support/errors';
import { junk, junkOptions, onlyCodedErrors } from './support/junk';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'factories-'));
});
afterAll(() => rm(folder, { recursive: true }));

type Factory = (options: object) => unknown;

/** By name: the function, and options that it takes, all of them. */
type Factories = Readonly<Record<string, readonly [factory: Factory, options: object]>>;

const base = { name: 'one', inputShape: [4], trainable: false, activityRegularizer: 'l2' };
const images = { ...base, inputShape: [6, 5, 4] };
const bias = { biasInitializer: 'ones', biasRegularizer: 'l1', biasConstraint: 'nonNeg' };
const kernel = {
  kernelInitializer: 'heNormal',
  kernelRegularizer: { name: 'l1l2', config: { l1: 1 } },
  kernelConstraint: { name: 'maxNorm', config: { axis: [0, 1] } },
};
const depthwise = { depthwiseInitializer: 'heNormal', depthwiseRegularizer: 'l2', depthwiseConstraint: 'unitNorm' };
const convolution = {
  kernelSize: 3,
  strides: [1, 2],
  padding: 'same',
  dilationRate: 1,
  activation: 'relu',
  useBias: true,
  ...bias,
  ...images,
};
const gammaBeta = {
  betaInitializer: 'zeros',
  betaRegularizer: 'l1',
  betaConstraint: 'maxNorm',
  gammaInitializer: 'ones',
  gammaRegularizer: 'l2',
  gammaConstraint: 'nonNeg',
};
const normalization = { epsilon: 1e-3, center: true, scale: true, ...gammaBeta, ...images };
const layerOptions = {
  activation: { activation: 'relu', ...base },
  add: base,
  average: base,
  averagePooling2d: { poolSize: 2, strides: [2, 1], padding: 'same', ...images },
  batchNormalization: { momentum: 0.8, epsilon: 1e-3, ...gammaBeta, ...base },
  concatenate: { axis: -1, ...base },
  conv1d: { filters: 2, groups: 2, ...kernel, ...convolution, strides: 1, inputShape: [6, 4] },
  conv2d: { filters: 2, groups: 2, ...kernel, ...convolution },
  conv2dTranspose: { filters: 2, outputPadding: 0, ...kernel, ...convolution },
  cropping2d: { cropping: [1, 2], ...images },
  dense: {
    units: 3,
    activation: 'tanh',
    useBias: false,
    ...kernel,
    ...bias,
    biasInitializer: { name: 'constant', config: { value: 1 } },
    ...base,
  },
  depthwiseConv2d: { depthMultiplier: 2, ...depthwise, ...convolution },
  dot: base,
  dropout: { rate: 0.5, ...base },
  elu: { alpha: 1, ...base },
  embedding: {
    embeddingsInitializer: 'randomNormal',
    embeddingsRegularizer: 'l2',
    embeddingsConstraint: 'unitNorm',
    inputDim: 5,
    outputDim: 3,
    ...base,
  },
  flatten: base,
  gaussianNoise: { stddev: 1, ...base },
  globalAveragePooling2d: images,
  globalMaxPooling2d: images,
  groupNormalization: { groups: 2, ...normalization },
  layerNormalization: normalization,
  leakyReLU: { negativeSlope: 0.2, alpha: 0.2, ...base },
  maxPooling2d: { poolSize: 2, strides: [2, 1], padding: 'same', ...images },
  maximum: base,
  minibatchStdDev: { groupSize: 4, ...images },
  multiply: base,
  permute: { dims: [2, 3, 1], ...images },
  prelu: {
    alphaInitializer: 'zeros',
    alphaRegularizer: 'l1',
    alphaConstraint: 'nonNeg',
    sharedAxes: [1, 2],
    ...images,
  },
  randomTranslation: { heightFactor: 0.5, widthFactor: 0.1, ...images },
  reLU: base,
  reshape: { targetShape: [2, -1], ...base },
  separableConv2d: {
    filters: 2,
    depthMultiplier: 2,
    ...depthwise,
    pointwiseInitializer: 'heNormal',
    pointwiseRegularizer: 'l2',
    pointwiseConstraint: 'nonNeg',
    ...convolution,
  },
  softmax: base,
  spatialDropout2d: { rate: 0.5, ...images },
  spectralNormalization: {
    layer: { className: 'Dense', config: { units: 3 } },
    powerIterations: 2,
    ...base,
  },
  upSampling2d: { size: 2, interpolation: 'bilinear', ...images },
  zeroPadding2d: {
    padding: [
      [1, 2],
      [3, 4],
    ],
    ...images,
  },
};
const rates = { learningRate: 0.1, weightDecay: 0.1 };
const adamOptions = { beta1: 0.5, beta2: 0.9, epsilon: 1e-7, amsgrad: true, clipNorm: 1, ...rates };
const optimizerOptions = {
  adagrad: { initialAccumulatorValue: 1, epsilon: 1e-7, clipValue: 1, ...rates },
  adam: adamOptions,
  adamW: adamOptions,
  nadam: { beta1: 0.5, beta2: 0.9, epsilon: 1e-7, globalClipNorm: 1, ...rates },
  rmsprop: { rho: 0.9, epsilon: 1e-7, globalClipNorm: 1, ...rates },
  sgd: { momentum: 0.5, nesterov: true, clipNorm: 1, ...rates },
};
const initializerOptions = {
  constant: { value: 2 },
  glorotNormal: { seed: 1 },
  glorotUniform: { seed: 1 },
  heNormal: { seed: 1 },
  heUniform: { seed: 1 },
  lecunNormal: { seed: 1 },
  lecunUniform: { seed: 1 },
  ones: {},
  orthogonal: { gain: 2, seed: 1 },
  randomNormal: { mean: 0, stddev: 1, seed: 1 },
  randomUniform: { minval: 0, maxval: 1, seed: 1 },
  truncatedNormal: { mean: 0, stddev: 1, seed: 1 },
  zeros: {},
};

const layerRegularizerOptions = { l1: { l1: 1 }, l1l2: { l1: 1, l2: 1 }, l2: { l2: 1 } };
const constraintOptions = { maxNorm: { maxValue: 1, axis: [0] }, nonNeg: {}, unitNorm: { axis: 1 } };

const objectiveOptions = {
  hinge: {},
  leastSquares: { labelSmoothing: 0.1 },
  minimax: { labelSmoothing: 0.1 },
  nonSaturating: { labelSmoothing: 0.1 },
  relativisticAverage: {},
  relativisticPaired: {},
  wasserstein: {},
};
const regularizerOptions = {
  gradientPenalty: { weight: 10, target: 1, interval: 2 },
  r1: { gamma: 1, interval: 2 },
  r2: { gamma: 1, interval: 2 },
  weightClipping: { limit: 0.1 },
};
const augmentationOptions = {
  diffAugment: { policy: ['color'] },
  instanceNoise: { stddev: 0.1, decaySteps: 10 },
};
const scheduleOptions = {
  constant: { initialLearningRate: 0.1, warmupSteps: 10 },
  cosineDecay: { initialLearningRate: 0.1, decaySteps: 10, alpha: 0.1, warmupSteps: 10 },
  linearDecay: { initialLearningRate: 0.1, decaySteps: 10, endLearningRate: 0, warmupSteps: 10 },
};
const classifierOptions = {
  samples: 100,
  imageShape: [8, 8, 1],
  classes: 3,
  epochs: 2,
  batchSize: 10,
  width: 1 / 64,
  learningRate: 0.01,
  dropout: 0.5,
  labelSmoothing: 0.1,
  translation: 0.1,
  seed: 1,
  device: 'cpu',
};
const networkOptions = (imageShape: Shape) => ({
  imageShape,
  latentDim: 3,
  width: 0.1,
  conditioning: 'projection',
  classes: 4,
  seed: 1,
});
const judgeOptions = (imageShape: Shape) => ({ ...networkOptions(imageShape), outputActivation: 'linear' });
const numbers = tensor(Int32Array.from({ length: 40 }, (_, i) => i % 2));
const tinyGan = new GAN({ networks: { name: 'mlp', width: 1 / 64 }, imageShape: [3, 4, 1], device: 'cpu', seed: 1 });
const interval = { confidence: 0.9, resamples: 20, seed: 1 };
const pictures = tensor(
  Uint8Array.from({ length: 480 }, (_, i) => (i * i) % 251),
  [40, 3, 4],
);
const picture = input({ shape: [3, 4, 1] });
/** Its features are the pixels. */
const pixelModel = connect({ inputs: picture, outputs: layers.flatten().apply(picture), device: 'cpu' });
const network = new metrics.FeatureNetwork(pixelModel, { name: 'pixels', version: '1' });
const monitored = { monitor: 'valLoss', mode: 'min', verbose: 0 };
const callbackFactories: Factories = {
  'callbacks.csvLogger': [(options) => callbacks.csvLogger('log.csv', options), { separator: ';', append: true }],
  'callbacks.earlyStopping': [
    (options) => callbacks.earlyStopping(options),
    { ...monitored, minDelta: 1, patience: 2, baseline: 3, restoreBestWeights: true, startFromEpoch: 4 },
  ],
  'callbacks.generatorMetrics': [
    (options) => callbacks.generatorMetrics(options as callbacks.GeneratorMetricsOptions),
    { source: tinyGan, reference: pictures, interval: 2, count: 40, network, device: 'cpu' },
  ],
  'callbacks.learningRateScheduler': [(options) => callbacks.learningRateScheduler(() => 1, options), { verbose: 1 }],
  'callbacks.modelCheckpoint': [
    (options) => callbacks.modelCheckpoint(options as callbacks.ModelCheckpointOptions),
    { filepath: 'best', ...monitored, saveBestOnly: true, saveFreq: 3, initialValueThreshold: 1 },
  ],
  'callbacks.reduceLROnPlateau': [
    (options) => callbacks.reduceLROnPlateau(options),
    { ...monitored, minDelta: 1, factor: 0.5, patience: 2, cooldown: 3, minLr: 0.1 },
  ],
  'callbacks.terminateOnNaN': [(options) => callbacks.terminateOnNaN(options as Record<string, never>), {}],
};

const evaluated = metrics.evaluate(pictures, { reference: pictures, network, resamples: 20 });
const accumulatingOptions = {
  auc: { curve: 'pr', thresholds: 20, fromLogits: true, figure: 'prAuc' },
  f1Score: { average: 'weighted', threshold: 0.3, figure: 'f1' },
  precision: { threshold: 0.3, classId: 1, figure: 'p' },
  recall: { topK: 1, classId: 1, figure: 'r' },
  topKAccuracy: { k: 2, figure: 'secondToo' },
};
const metricOptions = {
  classHistogram: { classes: 2 },
  classificationReport: { classes: 3, classNames: ['a', 'b', 'c'], confidence: 0.9 },
  classifierScore: interval,
  confusionMatrix: { classes: 3 },
  digitFeatures: { device: 'cpu' },
  densityCoverage: { neighbours: 2, device: 'cpu', ...interval },
  drawSamples: { count: 2, seed: 1, labels: numbers },
  evaluate: { reference: pictures, training: pictures, network, range: [0, 1], device: 'cpu', ...interval },
  evaluationPage: { samples: pictures, training: pictures, range: [0, 1] },
  frechetDistance: { extrapolate: true, ...interval },
  kernelDistance: { subsets: 3, subsetSize: 4, confidence: 0.9, seed: 1 },
  nearestNeighbours: { count: 2, device: 'cpu' },
  precisionRecall: { neighbours: 2, device: 'cpu', ...interval },
  sharpness: { range: [0, 1], ...interval },
};
const rows = tensor(
  Float32Array.from({ length: 80 }, (_, i) => (i * i) % 7),
  [40, 2],
);
const shares = tensor(
  Float32Array.from({ length: 80 }, (_, i) => i % 2),
  [40, 2],
);
/** The figures, of sets that there are enough of; not of so many draws that a test takes long. */
const measures: Readonly<Record<string, Factory>> = {
  classificationReport: (options) => metrics.classificationReport(numbers, numbers, options),
  confusionMatrix: (options) => metrics.confusionMatrix(numbers, numbers, options),
  classHistogram: (options) => metrics.classHistogram(numbers, numbers, options),
  classifierScore: (options) => metrics.classifierScore(shares, fewDraws(options)),
  digitFeatures: async (options) => (await metrics.digitFeatures(options)).dispose(),
  densityCoverage: (options) => metrics.densityCoverage(rows, rows, fewDraws(options)),
  drawSamples: (options) => metrics.drawSamples(tinyGan, fewSamples(options)),
  evaluate: (options) => metrics.evaluate(pictures, fewDraws(options) as metrics.EvaluateOptions),
  evaluationPage: async (options) => metrics.evaluationPage(await evaluated, options as metrics.EvaluationPictures),
  frechetDistance: (options) => metrics.frechetDistance(rows, rows, fewDraws(options)),
  kernelDistance: (options) => metrics.kernelDistance(rows, rows, fewDraws(options)),
  nearestNeighbours: (options) => metrics.nearestNeighbours(rows, rows, options),
  precisionRecall: (options) => metrics.precisionRecall(rows, rows, fewDraws(options)),
  sharpness: (options) => metrics.sharpness(pictures, pictures, fewDraws(options)),
};

/** Without a number, or with one that is right, every call would make as many images. */
function fewSamples(options: unknown): object {
  const given = options as { readonly count?: unknown };
  if (Object.prototype.toString.call(options) !== '[object Object]') return given;
  const isRight = given.count === undefined || (Number.isSafeInteger(given.count) && Number(given.count) > 0);
  return isRight ? { ...given, count: 2 } : given;
}

function fewDraws(options: unknown): object {
  const given = options as { readonly resamples?: unknown; readonly subsets?: unknown };
  const isRight = (value: unknown) => value === undefined || (Number.isSafeInteger(value) && Number(value) >= 20);
  if (Object.prototype.toString.call(options) !== '[object Object]') return given;
  const few = { ...('resamples' in given && isRight(given.resamples) && { resamples: 20 }) };
  const subsets = { ...('subsets' in given && isRight(given.subsets) && { subsets: 2 }) };
  return { ...given, ...few, ...subsets };
}

const factories: Factories = {
  ...callbackFactories,
  ...withOptions('layers', layers, layerOptions),
  ...withOptions('optimizers', optimizers, optimizerOptions),
  ...withOptions('initializers', initializers, initializerOptions),
  ...withOptions('layerRegularizers', layerRegularizers, layerRegularizerOptions),
  ...withOptions('constraints', constraints, constraintOptions),
  ...withOptions('objectives', objectives, objectiveOptions),
  ...withOptions('regularizers', regularizers, regularizerOptions),
  ...withOptions('augmentations', augmentations, augmentationOptions),
  ...withOptions('schedules', schedules, scheduleOptions),
  cnnGenerator: [(options) => cnnGenerator(options), networkOptions([4, 4, 1])],
  cnnDiscriminator: [(options) => cnnDiscriminator(options), judgeOptions([4, 4, 1])],
  dcganGenerator: [(options) => dcganGenerator(options), { ...networkOptions([28, 28, 1]), normalization: 'none' }],
  dcganDiscriminator: [
    (options) => dcganDiscriminator(options),
    { ...judgeOptions([28, 28, 1]), normalization: 'spectral' },
  ],
  mlpGenerator: [(options) => mlpGenerator(options), networkOptions([2, 2, 1])],
  mlpDiscriminator: [(options) => mlpDiscriminator(options), judgeOptions([2, 2, 1])],
  createDevice: [(options) => createDevice('cpu', options), { threads: 2, precision: 'float32' }],
  'classifiers.mlp': [(options) => classifiers.mlp(few(options)), classifierOptions],
  'classifiers.cnn': [(options) => classifiers.cnn(few(options)), classifierOptions],
  'datasets.mnist': [
    // Without a folder, every call would read 60000 images.
    (options) => datasets.mnist(isFolderless(options) ? { ...options, dataDir: 'missing' } : options),
    { split: 'test', dataDir: 'missing', checksum: true },
  ],
  'datasets.cifar10': [
    (options) => datasets.cifar10(options as datasets.Cifar10Options),
    { dataDir: 'missing', split: 'test' },
  ],
  'datasets.fashionMnist': [
    (options) => datasets.fashionMnist(options as datasets.FashionMnistOptions),
    { dataDir: 'missing', split: 'test', checksum: true },
  ],
  'datasets.gaussianGrid': [
    (options) => datasets.gaussianGrid(withFewPoints(options)),
    { side: 2, spacing: 1, stddev: 0.1, count: 3, seed: 1 },
  ],
  'datasets.gaussianRing': [
    (options) => datasets.gaussianRing(withFewPoints(options)),
    { modes: 3, radius: 2, stddev: 0.1, count: 3, seed: 1 },
  ],
  'datasets.imageFolder': [
    (options) => datasets.imageFolder(join(folder, 'missing'), options),
    {
      size: 4,
      fit: 'contain',
      channels: 1,
      background: 255,
      labels: false,
      strict: true,
      cache: false,
      onProgress: () => undefined,
    },
  ],
  'datasets.stackedMnist': [
    (options) => datasets.stackedMnist(isFolderless(options) ? { ...options, dataDir: 'missing' } : options),
    { split: 'test', dataDir: 'missing', count: 3, seed: 1 },
  ],
  ...withOptions('metrics', metrics, accumulatingOptions),
  ...withOptions('metrics', measures, metricOptions),
  'new FeatureNetwork': [
    (options) => new metrics.FeatureNetwork(pixelModel, options as metrics.FeatureNetworkOptions),
    { name: 'pixels', version: '1', testAccuracy: 0.5 },
  ],
  measure: [(options) => network.measure(pictures, options), { range: [0, 1] }],
  saveGrid: [
    (options) => saveGrid(join(folder, 'grid.png'), tensor(new Float32Array(4), [1, 2, 2, 1]), options),
    { rows: 1, columns: 2, scale: 2 },
  ],
  saveMovie: [
    (options) => saveMovie(join(folder, 'movie.png'), tensor(new Float32Array(4), [1, 2, 2, 1]), options),
    { rows: 1, columns: 2, scale: 2, range: [0, 1], fps: 5, holdSeconds: 1 },
  ],
  interpolateNoise: [
    (options) => interpolateNoise(tensor([[1, 2]]), isLong(options) ? { ...options, steps: 64 } : options),
    { steps: 3, loop: true },
  ],
};

function isFolderless(options: unknown): boolean {
  return Object.prototype.toString.call(options) === '[object Object]' && Object(options).dataDir === undefined;
}

/** Whether a walk of so many steps is right, but would take more time than a test has. */
function isLong(options: unknown): boolean {
  const { steps } = Object(options) as { readonly steps?: unknown };
  return Object.prototype.toString.call(options) === '[object Object]' && typeof steps === 'number' && steps > 64;
}

/** Without a width, or with one that is right, every call would make a large network. */
function few(options: unknown): classifiers.ClassifierOptions {
  const given = options as classifiers.ClassifierOptions;
  if (Object.prototype.toString.call(options) !== '[object Object]') return given;
  const isRight = given.width === undefined || (Number.isFinite(given.width) && Number(given.width) > 0);
  return isRight ? { ...given, width: 1 / 64 } : given;
}

/** Without a number, every call would draw 100000 points. */
function withFewPoints(options: unknown): object {
  const given = options as { count?: unknown };
  const isObject = Object.prototype.toString.call(options) === '[object Object]';
  return isObject && given.count === undefined ? { ...given, count: 3 } : given;
}

function withOptions(group: string, functions: object, options: Readonly<Record<string, object>>): Factories {
  return Object.fromEntries(
    Object.entries(options).map(([name, valid]) => [`${group}.${name}`, [Object(functions)[name] as Factory, valid]]),
  );
}

test('no factory is missing here', () => {
  const isFactory = (name: string) => /^[a-z]/.test(name) && !/^to[A-Z]/.test(name);
  const names = (functions: object) => Object.keys(functions).filter(isFactory).sort();
  expect(Object.keys(layerOptions)).toEqual(names(layers));
  expect(Object.keys(optimizerOptions)).toEqual(names(optimizers));
  expect(Object.keys(initializerOptions)).toEqual(names(initializers));
  expect(Object.keys(layerRegularizerOptions)).toEqual(names(layerRegularizers));
  expect(Object.keys(constraintOptions)).toEqual(names(constraints));
  expect(Object.keys(objectiveOptions)).toEqual(names(objectives));
  expect(Object.keys(regularizerOptions)).toEqual(names(regularizers));
  expect(Object.keys(augmentationOptions)).toEqual(names(augmentations));
  expect(Object.keys(scheduleOptions)).toEqual(names(schedules));
  const withoutOptions = ['classesOf', 'classificationText', 'evaluationText'];
  const figures = names(evaluation).filter((name) => !withoutOptions.includes(name));
  expect(Object.keys(metricOptions).sort()).toEqual(figures);
  const ofValues = /[aA]ccuracy$/;
  const isMade = (name: string) => name === 'topKAccuracy' || !ofValues.test(name);
  expect(Object.keys(accumulatingOptions)).toEqual(names(trained).filter(isMade));
  const ofClassifiers = Object.keys(factories).filter((name) => name.startsWith('classifiers.'));
  expect(ofClassifiers.sort()).toEqual(names(classifiers).map((name) => `classifiers.${name}`));
  expect(Object.keys(callbackFactories)).toEqual(names(callbacks).map((name) => `callbacks.${name}`));
});

describe.each(Object.entries(factories))('%s', (name, [factory, valid]) => {
  test('refuses an option that does not exist, and says which one was meant', async () => {
    const [first] = Object.keys(valid);
    const misspelt = first === undefined ? 'colour' : `${first[0]}_${first.slice(1).toUpperCase()}`;
    const advice = first === undefined ? 'there are none' : `did you mean "${first}"? Allowed are `;
    await expect((async () => factory({ ...valid, [misspelt]: 1 }))()).rejects.toThrow(
      error('CUDA_GAN_VALUE', `${name}: unknown option "${misspelt}"; ${advice}`),
    );
  });

  test.each([null, 3, 'relu', [3], () => 3])('refuses %p in place of options', async (options) => {
    await expect((async () => factory(options as unknown as object))()).rejects.toThrow(
      error('CUDA_GAN_VALUE', `${name}: options is `),
    );
  });

  test('answers junk with nothing but errors that have a code', async () => {
    await fc.assert(
      fc.asyncProperty(junkOptions(valid), (options) =>
        onlyCodedErrors(async () => use(await factory(options as object), valid)),
      ),
      { numRuns: /(Generator|Discriminator|evaluate|digitFeatures)$/.test(name) ? 50 : 300 },
    );
  });
});

/** What a model does with a layer, an initializer, a regularizer or a constraint. */
function use(made: unknown, { inputShape = [4] }: { inputShape?: Shape }): void {
  if (made instanceof Layer && !(made instanceof Model)) {
    made.build(inputShape, new WeightStreams(1));
    const small = made.weights.filter(({ size }) => size < 1e5);
    for (const variable of small) variable.on(resolveDevice('reference'));
    JSON.stringify(made.getConfig());
  } else if (isInitializer(made)) {
    made.create([3, 2], new RandomStream(1, 0));
  } else if (isRule(made)) {
    const weight = new Graph().read(new Variable({ name: 'weight', shape: [3, 2] }));
    made.penalty?.(weight);
    made.constrain?.(weight);
  } else if (isCounting(made)) {
    const graph = new Graph();
    const [targets, predictions] = ['targets', 'predictions'].map((name) =>
      graph.read(new Variable({ name, shape: [3, 2] })),
    );
    const { shape } = made.counts(targets!, predictions!);
    expect(made.result(new Array<number>(shape[0]!).fill(0))).toBe(0);
  }
}

function isCounting(made: unknown): made is metrics.AccumulatingMetric {
  return typeof made === 'object' && made !== null && 'counts' in made && 'result' in made;
}

/** Something to be done with a weight; regularizers of a GAN are none. */
function isRule(made: unknown): made is Partial<layerRegularizers.LayerRegularizer & constraints.Constraint> {
  return typeof made === 'object' && made !== null && 'config' in made;
}

function isInitializer(made: unknown): made is initializers.Initializer {
  return typeof made === 'object' && made !== null && 'create' in made;
}

describe('only errors with a code come of junk in place of', () => {
  const anything = (call: (value: never) => unknown) =>
    fc.assert(fc.asyncProperty(junk, (value) => onlyCodedErrors(() => call(value as never))));

  test('the name of an initializer, a rule of a weight, an optimizer, a loss, a metric or a device', async () => {
    await anything((name: InitializerName) => toInitializer(name));
    await anything((name: OptimizerName) => toOptimizer(name));
    await anything((name: layerRegularizers.LayerRegularizerName) => toLayerRegularizer(name));
    await anything((name: constraints.ConstraintName) => toConstraint(name));
    await anything((name: LossName) => toLoss(name));
    await anything((name: MetricName) => toMetric(name));
    await anything((name: DeviceChoice) => createDevice(name));
    await anything((name: DeviceChoice) => resolveDevice(name).compile);
  });

  test('a learning rate', async () => {
    const optimizer = optimizers.sgd();
    await anything((rate: number) => {
      optimizer.learningRate = rate;
    });
    expect(optimizer.learningRate).toBeGreaterThan(0);
  });

  test('the result of an initializer of the user', async () => {
    await anything((result: Float32Array) => {
      const own = toInitializer({ name: 'own', config: {}, create: () => result });
      expect(own.create([2], new RandomStream(1, 0))).toBeInstanceOf(Float32Array);
    });
  });

  const functions = Object.entries({ ...losses, ...metrics }).filter(([name]) => /^(?!to)[a-z]/.test(name));

  test.each(functions)('the arguments of %s', async (_, call) => {
    const graph = new Graph();
    const values = [[], [1], [4], [4, 1], [4, 3], [2, 4, 3]].flatMap((shape) =>
      (['float32', 'int32', 'uint8'] as const).map((dtype) => graph.read(new Variable({ name: 'x', shape, dtype }))),
    );
    const argument = fc.oneof(fc.constantFrom(...values), junk) as fc.Arbitrary<Value>;
    const threshold = fc.oneof(fc.constant(0.5), junk) as fc.Arbitrary<number>;
    await fc.assert(
      fc.asyncProperty(argument, argument, threshold, (targets, predictions, limit) =>
        onlyCodedErrors(() => (call as typeof metrics.binaryAccuracy)(targets, predictions, limit)),
      ),
      { numRuns: 500 },
    );
  });
});

describe('says what it found and what is allowed:', () => {
  const dense = (options: object) => layers.dense({ units: 2, ...options });
  test.each([
    ['units is "a"; allowed are whole numbers from 1 on', () => dense({ units: 'a' })],
    ['units is 3n; allowed are', () => dense({ units: 3n })],
    ['units is Symbol(three); allowed are', () => dense({ units: Symbol('three') })],
    ['units is [3]; allowed are', () => dense({ units: [3] })],
    ['unknown activation 7; allowed are linear, relu', () => dense({ activation: 7 })],
    ['unknown activation ["relu"]; allowed are linear, relu', () => dense({ activation: ['relu'] })],
    ['layers.dense: activation is null; give it a value, or leave it out', () => dense({ activation: null })],
    [
      'inputShape is [, , , , , , , , …]; allowed are arrays of at most 32 whole numbers',
      () => dense({ inputShape: new Array(33) }),
    ],
    ['a dimension of inputShape is undefined; allowed are whole numbers', () => dense({ inputShape: new Array(2) })],
    ['inputShape is 3; allowed are arrays of at most 32 whole numbers', () => dense({ inputShape: 3 })],
    ['a dimension of inputShape is "3"; allowed are whole numbers from 1 on', () => dense({ inputShape: [4, '3'] })],
    ['unknown initializer undefined; allowed are constant', () => dense({ kernelInitializer: {} })],
    [
      'layers.dense: kernelInitializer is null; give it a value, or leave it out',
      () => dense({ kernelInitializer: null }),
    ],
    ['useBias is "no"; allowed are true and false', () => dense({ useBias: 'no' })],
    ['trainable is 0; allowed are true and false', () => dense({ trainable: 0 })],
    ['name is ""; allowed are texts that are not empty', () => dense({ name: '' })],
    ['name is an object; allowed are texts that are not empty', () => dense({ name: { toString: () => 'x' } })],
    ['rate is "0.5"; allowed are numbers from 0 to below 1', () => layers.dropout({ rate: '0.5' as never })],
    ['units is undefined; allowed are whole numbers from 1 on', () => layers.dense(undefined as never)],
    ['alpha is -1; allowed are finite numbers from 0 on', () => layers.leakyReLU({ alpha: -1 })],
    ['targetShape is [2n]; allowed are whole numbers from 0 on', () => layers.reshape({ targetShape: [2n] as never })],
    ['nesterov is 1; allowed are true and false', () => optimizers.sgd({ nesterov: 1 as never })],
    ['seed is -1; allowed are whole numbers from 0 to 4294967295', () => initializers.heNormal({ seed: -1 })],
    [
      'threads is "two"; allowed are whole numbers from 1',
      () => createDevice('reference', { threads: 'two' as never }),
    ],
    [
      'unknown device null; allowed are auto, cpu, cuda, reference; of several GPUs cuda:0, cuda:1 and so on',
      () => resolveDevice(null as never),
    ],
    [
      'imageShape is 28; allowed are arrays of at most 32 whole numbers',
      () => mlpGenerator({ imageShape: 28 as never }),
    ],
    ['latentDim is 0; allowed are whole numbers from 1 on', () => mlpGenerator({ latentDim: 0 })],
    [
      'losses.meanSquaredError: targets is 1; allowed are what a',
      () => losses.meanSquaredError(1 as never, 2 as never),
    ],
  ] as const)('%s', (message, call) => {
    expect(call).toThrow(error('CUDA_GAN_VALUE', message));
  });

  test('a picture that is too large', async () => {
    const images = tensor(new Float32Array(4), [1, 2, 2, 1]);
    await expect(saveGrid(join(folder, 'large.png'), images, { rows: 1e9 })).rejects.toThrow(
      error(
        'CUDA_GAN_VALUE',
        '1000000000 rows of 5 images make a picture of 66 x 12000000006 pixels; allowed is 1 GiB',
      ),
    );
  });

  test('an initializer of the user that gives too few numbers', () => {
    const own = toInitializer({ name: 'own', config: {}, create: () => new Float32Array(3) });
    expect(() => own.create([2, 2], new RandomStream(1, 0))).toThrow(
      error(
        'CUDA_GAN_VALUE',
        'the initializer "own" gave a Float32Array for a weight of [2, 2]; wanted is a Float32Array',
      ),
    );
  });
});

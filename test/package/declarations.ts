// What a library would export that builds on this package: TypeScript must be able to name every type that it infers.
// scripts/test-package.mjs compiles this file with declarations, as types.ts; it is not run.
import {
  Autoencoder,
  augmentations,
  type Comparison,
  callbacks,
  classifiers,
  cnnDiscriminator,
  cnnGenerator,
  compare,
  model as connect,
  constraints,
  createDevice,
  datasets,
  dcganDiscriminator,
  dcganGenerator,
  decodeSafetensors,
  encodeSafetensors,
  GAN,
  type ImageSource,
  initializers,
  input,
  interpolateNoise,
  layerRegularizers,
  layers,
  loadModel,
  loadNpy,
  loadNpz,
  losses,
  metrics,
  mlpDiscriminator,
  mlpGenerator,
  objectives,
  ops,
  optimizers,
  regularizers,
  runPictures,
  Sequential,
  saveMovie,
  schedules,
  tensor,
  VAE,
} from 'cuda-gan';

// Every factory, by `satisfies`: a new one fails here until it has a line.
export const madeLayers = {
  activation: layers.activation({ activation: 'relu' }),
  add: layers.add(),
  average: layers.average(),
  averagePooling2d: layers.averagePooling2d(),
  batchNormalization: layers.batchNormalization(),
  concatenate: layers.concatenate(),
  conv1d: layers.conv1d({ filters: 1, kernelSize: 1 }),
  conv2d: layers.conv2d({ filters: 1, kernelSize: [1, 2] }),
  conv2dTranspose: layers.conv2dTranspose({ filters: 1, kernelSize: 1 }),
  cropping2d: layers.cropping2d(),
  dense: layers.dense({ units: 1, kernelRegularizer: 'l2', activityRegularizer: layerRegularizers.l1() }),
  depthwiseConv2d: layers.depthwiseConv2d({ kernelSize: 1 }),
  dot: layers.dot(),
  dropout: layers.dropout({ rate: 0.5 }),
  elu: layers.elu(),
  embedding: layers.embedding({ inputDim: 1, outputDim: 1 }),
  flatten: layers.flatten(),
  gaussianNoise: layers.gaussianNoise({ stddev: 1 }),
  globalAveragePooling2d: layers.globalAveragePooling2d(),
  globalMaxPooling2d: layers.globalMaxPooling2d(),
  groupNormalization: layers.groupNormalization(),
  layerNormalization: layers.layerNormalization(),
  leakyReLU: layers.leakyReLU(),
  maximum: layers.maximum(),
  maxPooling2d: layers.maxPooling2d(),
  minibatchStdDev: layers.minibatchStdDev(),
  multiply: layers.multiply(),
  permute: layers.permute({ dims: [1] }),
  prelu: layers.prelu(),
  randomTranslation: layers.randomTranslation({ heightFactor: 0.1, widthFactor: 0.1 }),
  reLU: layers.reLU(),
  reshape: layers.reshape({ targetShape: [1] }),
  separableConv2d: layers.separableConv2d({ filters: 1, kernelSize: 1 }),
  softmax: layers.softmax(),
  spatialDropout2d: layers.spatialDropout2d({ rate: 0.5 }),
  spectralNormalization: layers.spectralNormalization({ layer: layers.dense({ units: 1 }) }),
  upSampling2d: layers.upSampling2d(),
  zeroPadding2d: layers.zeroPadding2d(),
} satisfies Record<keyof typeof layers, unknown>;

export const madeOptimizers = {
  adagrad: optimizers.adagrad(),
  adam: optimizers.adam(),
  adamW: optimizers.adamW({ weightDecay: 0.01 }),
  nadam: optimizers.nadam({ clipNorm: 1 }),
  rmsprop: optimizers.rmsprop(),
  sgd: optimizers.sgd(),
} satisfies Record<Exclude<keyof typeof optimizers, 'Optimizer'>, unknown>;

export const madeCallbacks = {
  csvLogger: callbacks.csvLogger('log.csv'),
  earlyStopping: callbacks.earlyStopping(),
  generatorMetrics: callbacks.generatorMetrics({ source: new GAN(), reference: tensor([[[0]]]) }),
  learningRateScheduler: callbacks.learningRateScheduler((_epoch, rate) => rate),
  modelCheckpoint: callbacks.modelCheckpoint({ filepath: 'best.safetensors' }),
  reduceLROnPlateau: callbacks.reduceLROnPlateau(),
  terminateOnNaN: callbacks.terminateOnNaN(),
} satisfies Record<keyof typeof callbacks, unknown>;

export const madeObjectives = {
  hinge: objectives.hinge(),
  leastSquares: objectives.leastSquares({ labelSmoothing: 0.1 }),
  minimax: objectives.minimax(),
  nonSaturating: objectives.nonSaturating(),
  relativisticAverage: objectives.relativisticAverage(),
  relativisticPaired: objectives.relativisticPaired(),
  wasserstein: objectives.wasserstein(),
} satisfies Record<keyof typeof objectives, unknown>;

export const madeRegularizers = {
  gradientPenalty: regularizers.gradientPenalty(),
  r1: regularizers.r1({ gamma: 1 }),
  r2: regularizers.r2({ interval: 16 }),
  weightClipping: regularizers.weightClipping(),
} satisfies Record<keyof typeof regularizers, unknown>;

export const madeLayerRegularizers = {
  l1: layerRegularizers.l1(),
  l1l2: layerRegularizers.l1l2({ l2: 0.1 }),
  l2: layerRegularizers.l2({ l2: 0.1 }),
} satisfies Record<keyof typeof layerRegularizers, unknown>;

export const madeConstraints = {
  maxNorm: constraints.maxNorm({ axis: [0, 1, 2] }),
  nonNeg: constraints.nonNeg(),
  unitNorm: constraints.unitNorm(),
} satisfies Record<keyof typeof constraints, unknown>;

export const madeAugmentations = {
  diffAugment: augmentations.diffAugment({ policy: ['cutout'] }),
  instanceNoise: augmentations.instanceNoise(),
} satisfies Record<keyof typeof augmentations, unknown>;

export const madeSchedules = {
  constant: schedules.constant({ initialLearningRate: 1 }),
  cosineDecay: schedules.cosineDecay({ initialLearningRate: 1, decaySteps: 9 }),
  linearDecay: schedules.linearDecay({ initialLearningRate: 1, decaySteps: 9 }),
} satisfies Record<keyof typeof schedules, unknown>;

export const composed = new GAN({
  preset: 'dcgan',
  networks: { name: 'dcgan', width: 0.5, discriminator: { normalization: 'spectral' } },
  objective: 'hinge',
  regularizers: ['r1', madeRegularizers.r2],
  augment: { name: 'diffAugment', policy: ['color'] },
  ema: { halfLife: 1000 },
  generatorOptimizer: { name: 'adam', beta1: 0, learningRate: madeSchedules.constant },
});
export const config = composed.getConfig();
export const again = GAN.fromConfig(config);

export const o = optimizers.adam();
export const factories = {
  ...layers,
  ...optimizers,
  ...initializers,
  ...losses,
  ...metrics,
  ...datasets,
  ...callbacks,
  ...objectives,
  ...regularizers,
  ...layerRegularizers,
  ...constraints,
  ...augmentations,
};
export const { adagrad, adam, adamW, nadam, rmsprop, sgd } = optimizers;
export const { batchNormalization, dense, dropout, reshape } = layers;
export const { constant, glorotUniform, orthogonal, randomNormal } = initializers;
export const { huber, meanSquaredError } = losses;
export const { accuracy } = metrics;
export const madeClassifiers = {
  mlp: classifiers.mlp({ samples: 100 }),
  cnn: classifiers.cnn({ samples: 100, imageShape: [8, 8, 3], classes: 2 }),
} satisfies Record<keyof typeof classifiers, classifiers.Classifier>;
export const madeMetrics: readonly metrics.MetricLike[] = [
  accuracy,
  'recall',
  { name: 'auc', curve: 'pr', figure: 'prAuc' },
  metrics.auc(),
  metrics.f1Score({ average: 'weighted' }),
  metrics.precision({ threshold: 0.3 }),
  metrics.recall({ classId: 1 }),
  metrics.topKAccuracy({ k: 3 }),
];
export const { mnist } = datasets;
export const madeDatasets = {
  cifar10: datasets.cifar10({ dataDir: 'data' }),
  fashionMnist: datasets.fashionMnist({ dataDir: 'data' }),
  gaussianGrid: datasets.gaussianGrid(),
  gaussianRing: datasets.gaussianRing(),
  imageFolder: datasets.imageFolder('photos', { size: 64 }),
  mnist: datasets.mnist(),
  modeCoverage: datasets.modeCoverage(tensor([[0, 0]]), datasets.gaussianRing()),
  stackedMnist: datasets.stackedMnist(),
  stackedModeCoverage: datasets.stackedModeCoverage(tensor(new Float32Array(3), [1, 1, 1, 3]), (images) => images),
} satisfies Record<keyof typeof datasets, unknown>;
export const measured = {
  classHistogram: metrics.classHistogram(tensor([0]), tensor([0]), { classes: 2 }),
  classesOf: metrics.classesOf(tensor([[0.5, 0.5]])),
  classificationText: metrics.classificationText(metrics.classificationReport(tensor([0, 1]), tensor([0, 1]))),
  classifierScore: metrics.classifierScore(tensor([[0.5, 0.5]])),
  confusionMatrix: metrics.confusionMatrix(tensor([0, 1]), tensor([0, 1]), { classes: 3 }),
  digitFeatures: metrics.digitFeatures({ device: 'cpu' }),
  densityCoverage: metrics.densityCoverage(tensor([[0]]), tensor([[0]])),
  drawSamples: metrics.drawSamples(new GAN()),
  evaluate: metrics.evaluate(tensor([[[0]]]), { reference: tensor([[[0]]]) }),
  evaluationText: metrics.evaluate(tensor([[[0]]]), { reference: tensor([[[0]]]) }).then(metrics.evaluationText),
  frechetDistance: metrics.frechetDistance(tensor([[0]]), tensor([[0]]), { extrapolate: true }),
  kernelDistance: metrics.kernelDistance(tensor([[0]]), tensor([[0]])),
  nearestNeighbours: metrics.nearestNeighbours(tensor([[0]]), tensor([[0]])),
  precisionRecall: metrics.precisionRecall(tensor([[0]]), tensor([[0]])),
  sharpness: metrics.sharpness(tensor([[[0]]]), tensor([[[0]]])),
};
export const arrays = loadNpz('arrays.npz');
export const array = loadNpy('array.npy');

export const model = new Sequential({ layers: [layers.dense({ units: 1, inputShape: [1] })] });
export const image = input({ shape: [1] });
export const applied = layers.dense({ units: 1 }).apply(image);
export const functional = connect({ inputs: { image }, outputs: { real: applied } });
export const answered = functional.predict({ image: tensor(new Float32Array(1), [1, 1]) });
export const generatorModel = loadModel('generator.safetensors');
export const functions = { ...ops };
export const weights = model.weights;
export const layerConfig = model.layers[0]!.getConfig();
export const predicted = model.predict(tensor(new Float32Array(1), [1, 1]));
export const fitted = model.fit(tensor(new Float32Array(1), [1, 1]), tensor(new Float32Array(1), [1, 1]));
export const { fit } = model;
export const weighted = model.trainOnBatch(tensor([[1]]), tensor([[1]]), { classWeight: { 0: 2 } });
export const presets = [
  cnnGenerator(),
  cnnDiscriminator(),
  dcganGenerator(),
  dcganDiscriminator(),
  mlpGenerator(),
  mlpDiscriminator(),
];
export const generator = new GAN().generator;
export const generated = new GAN().generate();
export const classes = new GAN({ preset: 'cgan' }).classGrid();
export const walk = interpolateNoise(tensor([[1, 2]]), { steps: 3, loop: true });
export const saved = runPictures('run').then((pictures) => saveMovie('movie.png', pictures, { fps: 5 }));
export const trained = new GAN().train(tensor(new Uint8Array(784), [1, 28, 28, 1]));
export const resumed = GAN.resume('runs/mnist', tensor(new Uint8Array(784), [1, 28, 28, 1]), { steps: 60000 });
export const vae = new VAE({ binarize: true });
export const autoencoder = new Autoencoder({ noise: { name: 'masking', rate: 0.5 } });
export const learned = vae.fit(tensor(new Uint8Array(784), [1, 28, 28, 1]), { epochs: 1 });
export const encoding = vae.encode(tensor(new Uint8Array(784), [1, 28, 28, 1]));
export const likelihood = vae.logLikelihood(tensor(new Uint8Array(784), [1, 28, 28, 1]), { samples: 1 });
export const coders = [vae.encoder, vae.decoder, autoencoder.encoder, vae.model];
export const loadedVae = VAE.load('vae.safetensors');
export const source: ImageSource = new VAE({ classes: 2 });
export const ofSource = metrics.evaluate(source, { reference: tensor([[[0]]]) });
export const comparison: Promise<Comparison> = compare(tensor(new Uint8Array(4), [1, 2, 2, 1]), {
  outDir: 'compare',
  models: ['vae', 'mlp'],
});
export const device = createDevice('cpu');
export const decoded = decodeSafetensors(encodeSafetensors(new Map()));

// What the package makes goes into a Blob: it has memory that nobody shares.
export async function blobs(gan: GAN): Promise<Blob[]> {
  const { images, labels } = await datasets.mnist();
  const samples = await gan.generate(1);
  const noise = await gan.noise(2, { truncation: 0.7 });
  const { images: grid } = await gan.classGrid({ noise });
  const history = await gan.train(images, {
    onSample: (_figures, drawn) => console.log(new Blob([drawn.data])),
  });
  const { mean, logVariance } = await vae.encode(images);
  const classified = await vae.classify(images);
  const drawn = [
    await vae.sample(1),
    await vae.decode(mean),
    await vae.reconstruct(images),
    await autoencoder.encode(images),
  ];
  const [kernel] = await model.getWeights();
  const { data } = await model.predict(samples);
  const read = [...decoded.tensors.values()].map((one) => new Blob([one.data]));
  const file = encodeSafetensors(new Map());
  const parts = [
    samples.data,
    noise.data,
    grid.data,
    walk.data,
    images.data,
    labels.data,
    history.dLoss,
    history.dAccuracy,
    history.gLoss,
    kernel!.data,
    data,
    file,
  ];
  parts.push(mean.data, logVariance.data, classified.data, ...drawn.map((one) => one.data));
  return [...read, ...parts.map((part) => new Blob([part]))];
}

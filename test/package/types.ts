// The public API as TypeScript sees it. scripts/test-package.mjs compiles this file as an ES module and as CommonJS
// against the installed package; it is not run.
import {
  type CallOptions,
  CudaGanError,
  model as connect,
  createDevice,
  type Device,
  datasets,
  type ErrorCode,
  GAN,
  type GanHistory,
  type GanOptions,
  type History,
  type Imbalance,
  initializers,
  input,
  Layer,
  type LayerConfig,
  layers,
  loadModel,
  losses,
  type Model,
  metrics,
  mlpGenerator,
  ops,
  optimizers,
  type Prediction,
  plotModel,
  registerClass,
  Sequential,
  type Shape,
  type StepFigures,
  type SymbolicTensor,
  saveGrid,
  saveNpy,
  type Tensor,
  tensor,
  type Value,
  Wrapper,
} from 'cuda-gan';

export async function gan(signal: AbortSignal): Promise<void> {
  const { images, labels } = await datasets.mnist({ split: 'test' });
  const clothes: datasets.LabelledImages = await datasets.fashionMnist({ dataDir: 'fashion' });
  const photos: datasets.ImageFolder = await datasets.imageFolder('photos', {
    size: [48, 64],
    channels: 3,
    fit: 'crop',
  });
  // @ts-expect-error a folder is needed
  await datasets.cifar10();
  // @ts-expect-error a number of channels that there is not
  await datasets.imageFolder('photos', { channels: 2 });
  await saveNpy('photos.npy', photos.images);
  console.log(clothes.classes, photos.skipped);
  const pixels: Uint8Array = images.data;
  const digits: Int32Array = labels.data;

  const options: GanOptions = { latentDim: 100, seed: 1, device: 'cpu', threads: 2 };
  const model = new GAN(options);
  const history: GanHistory = await model.train(images, {
    steps: 10,
    batchSize: 32,
    outDir: 'runs/types',
    signal,
    onProgress: ({ step, secondsLeft }) => step + secondsLeft,
    onSample: (figures: StepFigures, samples: Tensor<Float32Array>) => [figures.gLoss, samples.shape],
    heldOut: images,
    metricsInterval: 100,
    metricsCount: 500,
    metricsNetwork: await metrics.digitFeatures(),
    onBalance: ({ kind, step, message }: Imbalance) => `${kind} ${step} ${message}`,
  });
  const last: StepFigures = history.at(-1);
  const losses: Float32Array = history.dLoss;
  const drawn: Tensor<Float32Array> = await model.generate(25);
  await saveGrid('digits.png', drawn, { rows: 5 });
  const again: GAN = await GAN.load('runs/types', { best: true });
  again.dispose();
  console.log(pixels, digits, last);

  // @ts-expect-error a device that does not exist
  new GAN({ device: 'tpu' });
  // @ts-expect-error a seed is a number
  new GAN({ seed: 'one' });
  // @ts-expect-error an option that does not exist
  new GAN({ latentDimension: 100 });
  // @ts-expect-error no images
  await model.train();
  // @ts-expect-error images are a tensor
  await model.train([1, 2, 3]);
  // @ts-expect-error the history cannot be replaced
  history.dLoss = losses;
}

export async function sequential(): Promise<void> {
  const model = new Sequential({
    layers: [
      layers.dense({ units: 8, activation: 'relu', inputShape: [4], kernelInitializer: initializers.heNormal() }),
      layers.dropout({ rate: 0.5 }),
      layers.dense({ units: 2, activation: 'softmax' }),
    ],
  });
  model.compile({
    optimizer: optimizers.adam({ learningRate: 0.01 }),
    loss: 'meanSquaredError',
    metrics: ['accuracy'],
  });
  model.compile({ optimizer: 'sgd', loss: losses.meanSquaredError });
  const x = tensor(new Float32Array(8), [2, 4]);
  const y = tensor(new Float32Array(4), [2, 2]);
  const history: History = await model.fit(x, y, { epochs: 1 });
  const answers: Tensor<Float32Array> = await model.predict(x);

  const rows: Tensor<Float32Array> = tensor([
    [1, 2],
    [3, 4],
  ]);
  const precise: Tensor<Float32Array> = tensor(new Float64Array(2));
  const counts: Tensor<Int32Array> = tensor(new Uint16Array(2));
  const canvas: Tensor<Uint8Array> = tensor(new Uint8ClampedArray(4), [2, 2]);

  // @ts-expect-error units are needed
  layers.dense({ activation: 'relu' });
  // @ts-expect-error an activation that does not exist
  layers.dense({ units: 1, activation: 'rellu' });
  // @ts-expect-error an optimizer that does not exist
  model.compile({ optimizer: 'adamw2', loss: 'meanSquaredError' });
  // @ts-expect-error a shape has only numbers
  tensor(new Float32Array(4), ['2', 2]);
  // @ts-expect-error a tensor has no BigInts
  tensor([1n]);
  return void [history, answers, metrics, mlpGenerator, rows, precise, counts, canvas];
}

export class Scale extends Layer {
  static override readonly className = 'Scale';
  readonly #by: number;

  constructor({ by, ...options }: { by: number; name?: string }) {
    super(options);
    this.#by = by;
  }

  protected override createWeights([inputShape]: readonly [Shape]): void {
    this.addWeight('factor', [inputShape.at(-1)!], initializers.ones(), { trainable: true });
  }

  override computeOutputShape([inputShape]: readonly [Shape]): Shape {
    return inputShape;
  }

  override call([x]: readonly [Value], { training }: CallOptions): Value {
    const noisy = training ? ops.add(x, ops.randomNormal(x.graph, x.shape)) : x;
    return ops.affine(ops.multiply(noisy, this.weight('factor', x)), this.#by);
  }

  override getConfig(): LayerConfig {
    return { ...super.getConfig(), by: this.#by };
  }
}
registerClass(Scale);

export class Negated extends Wrapper {
  static override readonly className = 'Negated';

  override call(inputs: readonly Value[], options: CallOptions): Value | readonly Value[] {
    return this.layer.callWithWeights(inputs, options, { kernel: ops.negate(this.layer.weight('kernel', inputs[0]!)) });
  }
}
registerClass(Negated);

export async function functional(): Promise<void> {
  const image: SymbolicTensor = input({ shape: [4] });
  const label = input({ shape: [1], dtype: 'int32', name: 'label' });
  const scaled: SymbolicTensor = new Scale({ by: 2 }).apply(image);
  const [left, right] = layers.dense({ units: 2 }).apply<SymbolicTensor[]>(scaled);
  const one: Model<Prediction> = connect({ inputs: image, outputs: scaled });
  const several = connect({ inputs: [image, label], outputs: [scaled, left!, right!], name: 'several' });
  const named = connect({ inputs: { image }, outputs: { real: scaled }, seed: 1 });
  const x = tensor(new Float32Array(8), [2, 4]);
  const single: Tensor<Float32Array> = await one.predict(x);
  const list: readonly Tensor<Float32Array>[] = await several.predict([x, x]);
  const { real } = await named.predict({ image: x }, { batchSize: 8 });
  named.compile({
    optimizer: 'adam',
    loss: { real: 'meanSquaredError' },
    lossWeights: { real: 2 },
    metrics: ['accuracy'],
  });
  several.compile({ optimizer: 'adam', loss: ['meanSquaredError', 'meanAbsoluteError', losses.meanSquaredError] });
  const history: History = await named.fit({ image: x }, { real: x }, { validationData: [x, { real: x }] });
  const gan = new GAN({ generator: one, discriminator: new Sequential() });
  await plotModel(gan.generator, 'generator.svg');
  const loaded: Tensor<Float32Array> = await (await loadModel('model.safetensors')).predict(x);

  // @ts-expect-error data is no symbolic tensor
  layers.dense({ units: 1 }).apply(x);
  // @ts-expect-error an output that does not exist
  void (await named.predict(x)).fake;
  // @ts-expect-error a model has outputs
  connect({ inputs: image });
  return void [single, list, real, history, loaded];
}

export function errors(error: unknown): ErrorCode | undefined {
  const device: Device = createDevice('reference');
  const threads: number = device.threads;
  // @ts-expect-error a code that does not exist
  new CudaGanError('CUDA_GAN_OOPS', `${threads}`);
  return error instanceof CudaGanError ? error.code : undefined;
}

// The public API as TypeScript sees it. scripts/test-package.mjs compiles this file as an ES module and as CommonJS
// against the installed package; it is not run.
import {
  CudaGanError,
  createDevice,
  type Device,
  datasets,
  type ErrorCode,
  GAN,
  type GanHistory,
  type GanOptions,
  type History,
  initializers,
  layers,
  losses,
  metrics,
  mlpGenerator,
  optimizers,
  Sequential,
  type StepFigures,
  saveGrid,
  type Tensor,
  tensor,
} from 'cuda-gan';

export async function gan(signal: AbortSignal): Promise<void> {
  const { images, labels } = await datasets.mnist({ split: 'test' });
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
  });
  const last: StepFigures = history.at(-1);
  const losses: Float32Array = history.dLoss;
  const drawn: Tensor<Float32Array> = await model.generate(25);
  await saveGrid('digits.png', drawn, { rows: 5 });
  const again: GAN = await GAN.load('runs/types');
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

export function errors(error: unknown): ErrorCode | undefined {
  const device: Device = createDevice('reference');
  const threads: number = device.threads;
  // @ts-expect-error a code that does not exist
  new CudaGanError('CUDA_GAN_OOPS', `${threads}`);
  return error instanceof CudaGanError ? error.code : undefined;
}

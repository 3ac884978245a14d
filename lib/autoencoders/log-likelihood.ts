// ln p(x) by importance weighting (Burda, Grosse & Salakhutdinov, Importance Weighted Autoencoders, 2016): ln 1/K Σ p(x, zₖ) / q(zₖ|x).
// The weights are made on the device, a few samples of all images at a time, and their mean is taken in float64.
import type { Device } from '../devices/device.js';
import { CudaGanError } from '../errors.js';
import { Batches, rowNumbers } from '../models/batches.js';
import type { PixelRange } from '../models/pixel-range.js';
import { RandomStream } from '../random/random-stream.js';
import { firstStream } from '../random/streams.js';
import { createTypedArray, dtypeOf, sizeOf, type Tensor } from '../tensor.js';
import type { Evidence } from './evidence.js';

/** How good a model finds images, in nats: ln p(x). */
export interface LogLikelihood {
  /** Over the images. */
  readonly mean: number;
  /** Of that mean, by how the images differ. Of one image NaN. */
  readonly standardError: number;
  /** Of each image. */
  readonly perImage: Float64Array;
}

/** @internal */
export interface Estimation {
  readonly evidence: Evidence;
  /** Images, and their classes where there are some. */
  readonly inputs: readonly Tensor[];
  /** Latents of each image. */
  readonly samples: number;
  readonly seed: number;
  readonly device: Device;
  readonly pixelRange: PixelRange | undefined;
}

/** Latents of an image in one step, and latents of all images of a step: memory does not grow with the number of samples. */
const samplesAtOnce = 100;
const rowsAtOnce = 1000;

/** ln p(x) of each image. The estimate is too low on average, the less so the more samples there are. @internal */
export async function logLikelihoods(estimation: Estimation): Promise<Float64Array> {
  const { evidence, inputs, samples, seed, device, pixelRange } = estimation;
  const rows = inputs[0]!.shape[0]!;
  const share = Math.min(samples, samplesAtOnce);
  const batches = new Batches(
    { rows, inputs, targets: [], weights: [] },
    {
      batchSize: Math.max(1, Math.floor(rowsAtOnce / share)),
      seed,
      stream: firstStream.inference,
      device,
      pixelRange,
      record: (graph, batch) => graph.output('logWeights', evidence.logWeights(batch.inputs, share)),
    },
  );
  const means = new LogMeans(rows);
  try {
    for (let done = 0, pass = 0; done < samples; done += share, pass++) {
      // Of the last samples there may be more than are wanted.
      const wanted = Math.min(share, samples - done);
      let row = 0;
      for await (const { outputs } of batches.run({ order: rowNumbers(rows), firstStep: pass * batches.count })) {
        const logWeights = outputs.get('logWeights')!;
        for (let begin = 0; begin < logWeights.length; begin += share) {
          means.add(row++, logWeights.subarray(begin, begin + wanted));
        }
      }
    }
  } finally {
    batches.dispose();
  }
  return means.of(samples);
}

/** ln of means of e^x, by row. */
class LogMeans {
  readonly #largest: Float64Array;
  /** Of e^(x - largest). */
  readonly #sums: Float64Array;

  constructor(rows: number) {
    this.#largest = new Float64Array(rows).fill(Number.NEGATIVE_INFINITY);
    this.#sums = new Float64Array(rows);
  }

  add(row: number, values: Iterable<number>): void {
    let [largest, sum] = [this.#largest[row]!, this.#sums[row]!];
    for (const value of values) {
      if (value > largest) {
        sum = sum * Math.exp(largest - value) + 1;
        largest = value;
      } else {
        sum += Math.exp(value - largest);
      }
    }
    this.#largest[row] = largest;
    this.#sums[row] = sum;
  }

  of(count: number): Float64Array {
    return this.#largest.map((largest, row) => largest + Math.log(this.#sums[row]! / count));
  }
}

/** With its mean and how sure that is. @internal @throws CudaGanError `CUDA_GAN_DIVERGED` when one is not finite. */
export function summaryOf(perImage: Float64Array): LogLikelihood {
  const wrong = perImage.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    throw new CudaGanError(
      'CUDA_GAN_DIVERGED',
      `the log-likelihood of image ${wrong} is ${perImage[wrong]}: the model has diverged`,
    );
  }
  const count = perImage.length;
  const mean = perImage.reduce((sum, value) => sum + value, 0) / count;
  const squares = perImage.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardError: Math.sqrt(squares / (count - 1) / count), perImage };
}

/** Whether all pixels are 0 or 1, or as bytes 0 or 255. @internal */
export function isBinary({ data }: Tensor): boolean {
  const one = dtypeOf(data) === 'uint8' ? 255 : 1;
  return data.every((pixel) => pixel === 0 || pixel === one);
}

/** Pixels drawn as 0 or 1, 1 with the probability that they are bright: of bytes, 0 or 255. @internal */
export function binarized({ shape, data }: Tensor, seed: number): Tensor {
  const random = new RandomStream(seed, firstStream.data);
  const dtype = dtypeOf(data);
  const one = dtype === 'uint8' ? 255 : 1;
  const drawn = createTypedArray(dtype, sizeOf(shape));
  for (let i = 0; i < drawn.length; i++) drawn[i] = random.uniform() * one < data[i]! ? one : 0;
  return { shape, data: drawn };
}

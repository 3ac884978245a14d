// How sharp images are, compared with the data.
import { CudaGanError } from '../errors.js';
import { type PixelRange, requirePixelRange } from '../models/pixel-range.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Tensor } from '../tensor.js';
import { requireCount } from './features.js';
import {
  bootstrap,
  type Estimate,
  type IntervalOptions,
  intervalOptionNames,
  meanOf,
  meanOfRows,
  planInterval,
} from './intervals.js';
import { type Pixels, requirePixels, requireSameImages } from './pixels.js';

/** What `sharpness` takes. */
export interface SharpnessOptions extends IntervalOptions {
  /** What is black and white in float32 images. Default `[-1, 1]`, what generators that end in tanh make. */
  readonly range?: PixelRange | undefined;
}

/** One measure of sharpness: means over images, of brightness from 0 to 1, and their quotient. */
export interface SharpnessFigure {
  /** Mean over the samples. */
  readonly samples: number;
  /** Mean over the data. */
  readonly reference: number;
  /** `samples / reference`: 1 is as sharp as the data, less is blurrier, more is noisier. */
  readonly ratio: Estimate;
}

/** Two measures of how sharp samples are beside the data. */
export interface Sharpness {
  /** Mean over pixels of (next to the right - pixel)² + (next below - pixel)², without what would lie outside. */
  readonly gradientEnergy: SharpnessFigure;
  /** Variance over inner pixels of the Laplacian: the four neighbours less four times the pixel (Pech-Pacheco et al. 2000). */
  readonly laplacianVariance: SharpnessFigure;
}

const optionNames: OptionNames<SharpnessOptions> = { range: true, ...intervalOptionNames };

const leastSamples = 20;

/**
 * Measures the sharpness of images [n, height, width, channels] beside that of data, channel by channel: uint8 of 0 to
 * 255, or float32 of `range`. The intervals are a bootstrap over the images of both.
 * @throws CudaGanError `CUDA_GAN_SHAPE` for what are no images, of another size, or smaller than 3x4; `CUDA_GAN_DATA` for
 * fewer than 20 images, data without any edge, or numbers that are not finite; `CUDA_GAN_VALUE` for a wrong option.
 */
export async function sharpness(samples: Tensor, reference: Tensor, options?: SharpnessOptions): Promise<Sharpness> {
  const { range = [-1, 1], ...interval } = checkOptions('metrics.sharpness', options, optionNames);
  requirePixelRange('range', range);
  const plan = planInterval(interval);
  const sets = [requirePixels('samples', samples, range), requirePixels('reference', reference, range)] as const;
  requireSameImages(...sets);
  const { height, width } = sets[0];
  if (height < 3 || width < 3 || height + width < 7) {
    throw new CudaGanError('CUDA_GAN_SHAPE', `images are ${height} x ${width} pixels; sharpness needs at least 3 x 4`);
  }
  requireCount('samples', sets[0].count, leastSamples, 'sharpness');
  requireCount('reference', sets[1].count, leastSamples, 'sharpness');

  const figure = async (measure: (pixels: Pixels) => Float64Array): Promise<SharpnessFigure> => {
    const [own, wanted] = [measure(sets[0]), measure(sets[1])];
    const [mean, referenceMean] = [meanOf(own), meanOf(wanted)];
    if (referenceMean === 0) throw new CudaGanError('CUDA_GAN_DATA', 'reference has no edges: every image is even');
    const ratioOf = (rows: Int32Array, referenceRows: Int32Array) =>
      meanOfRows(own, rows) / meanOfRows(wanted, referenceRows);
    const ratio = await bootstrap(mean / referenceMean, [own.length, wanted.length], ratioOf, plan);
    return { samples: mean, reference: referenceMean, ratio };
  };
  return { gradientEnergy: await figure(gradientEnergies), laplacianVariance: await figure(laplacianVariances) };
}

function gradientEnergies(pixels: Pixels): Float64Array {
  const { count, height, width, channels, data, scale } = pixels;
  const energies = new Float64Array(count);
  const row = width * channels;
  const size = height * row;
  for (let i = 0; i < count; i++) {
    let sum = 0;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < row; x++) {
        const at = i * size + y * row + x;
        if (x + channels < row) sum += (data[at + channels]! - data[at]!) ** 2;
        if (y + 1 < height) sum += (data[at + row]! - data[at]!) ** 2;
      }
    }
    energies[i] = (scale ** 2 * sum) / size;
  }
  return energies;
}

function laplacianVariances(pixels: Pixels): Float64Array {
  const { count, height, width, channels, data, scale } = pixels;
  const variances = new Float64Array(count);
  const row = width * channels;
  const inner = (height - 2) * (width - 2);
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < channels; c++) {
      let [sum, squares] = [0, 0];
      for (let y = 1; y < height - 1; y++) {
        for (let x = 1; x < width - 1; x++) {
          const at = (i * height + y) * row + x * channels + c;
          const around = data[at - channels]! + data[at + channels]! + data[at - row]! + data[at + row]!;
          const laplacian = scale * (around - 4 * data[at]!);
          sum += laplacian;
          squares += laplacian * laplacian;
        }
      }
      variances[i]! += (squares / inner - (sum / inner) ** 2) / channels;
    }
  }
  return variances;
}

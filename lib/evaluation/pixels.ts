// Images as brightness from 0 to 1, whatever numbers they come in.
import { CudaGanError } from '../errors.js';
import { areBytes, rangeOf } from '../gan/data-range.js';
import type { PixelRange } from '../models/pixel-range.js';
import {
  createTypedArray,
  dtypeOf,
  formatShape,
  type OwnUint8Array,
  requireTensor,
  type Tensor,
  type TypedArray,
} from '../tensor.js';
import { warnOnce } from '../warnings.js';
import { requireFinite } from './features.js';

const { max, min, round } = Math; // once: jest's sandbox is slow to look up a global

/** Images [count, height, width, channels], whose brightness is `scale` · number + `offset`. */
export interface Pixels {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly data: TypedArray;
  readonly scale: number;
  readonly offset: number;
}

/**
 * Images [n, height, width] or [n, height, width, channels]: uint8 of 0 to 255, or float32 of `range`.
 * @throws CudaGanError `CUDA_GAN_SHAPE` for another shape; `CUDA_GAN_DATA` for int32, numbers that are not finite, or
 * bytes as floating-point numbers.
 */
export function requirePixels(name: string, given: Tensor, [low, high]: PixelRange): Pixels {
  const { shape, data } = requireTensor(name, given);
  if ((shape.length !== 3 && shape.length !== 4) || data.length === 0) {
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `${name} has shape ${formatShape(shape)}; wanted is [n, height, width, channels] or [n, height, width]`,
    );
  }
  const dtype = dtypeOf(data);
  if (dtype === 'int32') {
    throw new CudaGanError('CUDA_GAN_DATA', `${name} holds int32; pixels must be a Uint8Array, or a Float32Array`);
  }
  const [count, height, width, channels = 1] = shape as [number, number, number, number?];
  requireFinite(name, data, data.length / count);
  if (dtype === 'float32') requireScale(name, data, [low, high]);
  const scaling =
    dtype === 'uint8' ? { scale: 1 / 255, offset: 0 } : { scale: 1 / (high - low), offset: -low / (high - low) };
  return { count, height, width, channels, data, ...scaling };
}

/**
 * Pixels a little beyond the range are cut off, as generators without a last activation make them; those of another scale are a
 * mistake. A range from below 0 of which no pixel is below 0 hardly is that of the images.
 * @throws CudaGanError `CUDA_GAN_DATA` for bytes as floating-point numbers.
 */
function requireScale(name: string, data: TypedArray, [low, high]: PixelRange): void {
  const found = rangeOf(data);
  if (areBytes(found, { low, high })) {
    throw new CudaGanError(
      'CUDA_GAN_DATA',
      `${name} has float32 pixels from ${found.low} to ${found.high}; wanted are those of the range ${low} to ${high}, or uint8 of 0 to 255`,
    );
  }
  if (low >= 0 || found.low < 0 || found.high === 0) return;
  warnOnce(
    'CUDA_GAN_DATA_RANGE',
    `${name} has no pixel below 0, and its float32 pixels are taken as ${low} for black and ${high} for white: if they are of 0 to 1, say range: [0, 1], or scale them`,
  );
}

/** @throws CudaGanError `CUDA_GAN_SHAPE` unless images of both sets have the same size and channels. */
export function requireSameImages(samples: Pixels, reference: Pixels): void {
  const shapeOf = ({ height, width, channels }: Pixels) => formatShape([height, width, channels]);
  if (shapeOf(samples) === shapeOf(reference)) return;
  throw new CudaGanError(
    'CUDA_GAN_SHAPE',
    `samples are images of ${shapeOf(samples)}, reference of ${shapeOf(reference)}: they must be alike`,
  );
}

/**
 * Images as bytes, 0 black to 255 white: what a picture of them would hold. What lies outside of `range` is cut off. uint8
 * images are handed on without a copy.
 */
export function asBytes(name: string, given: Tensor, range: PixelRange): Tensor<OwnUint8Array> {
  const { count, height, width, channels, data, scale, offset } = requirePixels(name, given, range);
  const shape = [count, height, width, channels];
  if (dtypeOf(data) === 'uint8') return { shape, data: data as OwnUint8Array };
  const bytes = createTypedArray('uint8', data.length);
  for (let i = 0; i < data.length; i++) bytes[i] = round(255 * min(1, max(0, scale * data[i]! + offset)));
  return { shape, data: bytes };
}

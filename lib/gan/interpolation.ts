// Walks through latent space, from one noise vector to another.
import { trueOrFalse, wholeNumber } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { checkOptions, type OptionNames } from '../options.js';
import {
  createTypedArray,
  dtypeOf,
  firstNonFinite,
  formatShape,
  type OwnFloat32Array,
  requireTensor,
  type Shape,
  type Tensor,
} from '../tensor.js';

/** What `interpolateNoise` takes. */
export interface InterpolateOptions {
  /** How many steps lead from one vector to the next. Default 10. */
  readonly steps?: number | undefined;
  /** Whether the walk goes on from the last vector to the first, as for a movie that plays without end. Default false. */
  readonly loop?: boolean | undefined;
}

const optionNames: OptionNames<InterpolateOptions> = { steps: true, loop: true };

type Vector = readonly number[];

/**
 * A walk through latent space by spherical interpolation, for `gan.generate`'s `noise`.
 *
 * From one vector to the next the direction turns at an even speed, along the great circle (Shoemake, Animating Rotation
 * with Quaternion Curves, 1985), and the length changes evenly. The straight line between two vectors of normal noise comes
 * nearer to 0 than noise ever is, where no generator was trained (White, Sampling Generative Networks, 2016). Opposite
 * directions have no shortest way between them: any half circle will do. A vector of zeros has no direction: the way from
 * or to it is straight.
 *
 * @param noise [stops, ..., latentDim] float32: vectors along the last axis, which all walk at once.
 * @returns [points, ..., latentDim]. Every `steps`th point is one of the given vectors, as it is. There are
 * `(stops - 1) * steps + 1` points; in a loop `stops * steps`, as the last of them is one step before the first.
 *
 * @example
 * const walk = interpolateNoise(await gan.noise(5, { seed: 3 }), { steps: 10, loop: true });
 * await saveGrid('walk.png', await gan.generate(50, { noise: walk }), { rows: 5, columns: 10 });
 *
 * @throws CudaGanError `CUDA_GAN_DATA` or `CUDA_GAN_SHAPE` for what are no vectors of finite numbers; `CUDA_GAN_VALUE` for a
 * wrong option; `CUDA_GAN_NO_MEMORY` for more than there is room for.
 */
export function interpolateNoise(noise: Tensor<Float32Array>, options?: InterpolateOptions): Tensor<OwnFloat32Array> {
  const { shape, data } = requireVectors(noise);
  const { steps = 10, loop = false } = checkOptions('interpolateNoise', options, optionNames);
  wholeNumber('steps', steps, 1);
  const stops = shape[0]!;
  const points = trueOrFalse('loop', loop) ? stops * steps : (stops - 1) * steps + 1;
  const [stopLength, latentDim] = [data.length / stops, shape.at(-1)!];
  const vectorAt = (stop: number, offset: number) => {
    const begin = stop * stopLength + offset;
    return [...data.subarray(begin, begin + latentDim)];
  };
  const walk = createTypedArray('float32', points * stopLength);
  for (let point = 0; point < points; point++) {
    const from = Math.floor(point / steps);
    const to = (from + 1) % stops;
    const share = (point % steps) / steps;
    for (let offset = 0; offset < stopLength; offset += latentDim) {
      const vector = slerp(vectorAt(from, offset), vectorAt(to, offset), share);
      walk.set(vector, point * stopLength + offset);
    }
  }
  return { shape: [points, ...shape.slice(1)], data: walk };
}

function requireVectors(noise: Tensor<Float32Array>): { readonly shape: Shape; readonly data: Float32Array } {
  const { shape, data } = requireTensor('noise', noise);
  if (shape.length < 2 || data.length === 0) {
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `noise has shape ${formatShape(shape)}; wanted is [stops, latentDim] or [stops, ..., latentDim]`,
    );
  }
  if (dtypeOf(data) !== 'float32') {
    throw new CudaGanError('CUDA_GAN_DATA', `noise holds ${dtypeOf(data)}; wanted is a Float32Array`);
  }
  const wrong = firstNonFinite(data);
  if (wrong >= 0) throw new CudaGanError('CUDA_GAN_DATA', `noise contains ${data[wrong]} at index ${wrong}`);
  return { shape, data: data as Float32Array };
}

/** Directions that differ by less are one to float32. */
const leastSine = 2 ** -24;

/** The vector that lies that share of the way from `from` to `to`. */
function slerp(from: Vector, to: Vector, share: number): Vector {
  const [fromLength, toLength] = [lengthOf(from), lengthOf(to)];
  if (share === 0) return from;
  if (fromLength === 0 || toLength === 0) return from.map((value, i) => (1 - share) * value + share * to[i]!);
  const [start, end] = [scaled(from, 1 / fromLength), scaled(to, 1 / toLength)];
  const cosine = dot(start, end);
  const across = lessPart(end, start, cosine);
  const sine = lengthOf(across);
  const sideways = sine > leastSine ? scaled(across, 1 / sine) : perpendicularTo(start);
  const angle = share * Math.atan2(sine, cosine);
  const length = (1 - share) * fromLength + share * toLength;
  const [along, aside] = [length * Math.cos(angle), length * Math.sin(angle)];
  return start.map((value, i) => along * value + aside * sideways[i]!);
}

/** Of length 1, at a right angle to a direction; zeros where there is only one dimension. */
function perpendicularTo(direction: Vector): Vector {
  const sizes = direction.map(Math.abs);
  const flattest = sizes.indexOf(Math.min(...sizes));
  const axis = direction.map((_, i) => (i === flattest ? 1 : 0));
  const across = lessPart(axis, direction, direction[flattest]!);
  return direction.length === 1 ? [0] : scaled(across, 1 / lengthOf(across));
}

/** `vector` without its part along a direction, which is `cosine` long. */
function lessPart(vector: Vector, direction: Vector, cosine: number): Vector {
  return vector.map((value, i) => value - cosine * direction[i]!);
}

function scaled(vector: Vector, factor: number): Vector {
  return vector.map((value) => factor * value);
}

function dot(a: Vector, b: Vector): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

function lengthOf(vector: Vector): number {
  return Math.sqrt(dot(vector, vector));
}

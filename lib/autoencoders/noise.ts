// What a denoising autoencoder is shown in place of an image (Vincent et al., Extracting and Composing Robust Features with
// Denoising Autoencoders, 2008).
import { inWords, kindOf, named, nonNegativeNumber, notAllowed, numberIn } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { add, fill, greater, multiply, randomNormal, randomUniform } from '../ops/index.js';
import { checkOptions } from '../options.js';
import type { Value } from '../program/value.js';

/** What is done to images before they are encoded, in training. */
export type InputNoise =
  | {
      /** Normal noise is added. */
      readonly name: 'gaussian';
      /** Its standard deviation. */
      readonly stddev: number;
    }
  | {
      /** Pixels become 0. */
      readonly name: 'masking';
      /** The probability that one does. */
      readonly rate: number;
    };

const noises = {
  gaussian: 'stddev',
  masking: 'rate',
} as const;

/** Checked. @internal @throws CudaGanError `CUDA_GAN_VALUE` for an unknown name or option, or a value that is not allowed. */
export function inputNoise(given: InputNoise): InputNoise {
  if (kindOf(given) !== 'Object') {
    throw notAllowed('noise', given, "objects with a name: { name: 'gaussian', stddev } and { name: 'masking', rate }");
  }
  const { name, ...options } = given;
  const option = named('noise', noises, name);
  const value = checkOptions<Readonly<Record<string, number>>>(`noise ${inWords(name)}`, options, { [option]: true })[
    option
  ];
  if (value === undefined) throw new CudaGanError('CUDA_GAN_VALUE', `the noise ${inWords(name)} needs ${option}`);
  return name === 'gaussian'
    ? { name, stddev: nonNegativeNumber('stddev', value) }
    : { name, rate: numberIn('rate', value, 0, 1) };
}

/** Images with noise, other noise at every step. @internal */
export function withNoise(images: Value, noise: InputNoise): Value {
  const { graph, shape } = images;
  if (noise.name === 'gaussian') return add(images, randomNormal(graph, shape, 0, noise.stddev));
  return multiply(images, greater(randomUniform(graph, shape), fill(graph, [], noise.rate)));
}

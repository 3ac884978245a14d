// As many images of a generator as figures want.
import { kindOf, notAllowed, seedNumber, wholeNumberIn } from '../checks.js';
import type { GAN } from '../gan/gan.js';
import { takesLabels } from '../gan/players.js';
import { maxRows } from '../gan/sampling.js';
import { checkOptions, type OptionNames } from '../options.js';
import { createTypedArray, type OwnFloat32Array, requireTensor, type Tensor } from '../tensor.js';

/** What `drawSamples` takes. */
export interface DrawSamplesOptions {
  /** Default 10000. */
  readonly count?: number | undefined;
  /** Which: the same number gives the same images, a whole number below 2³². Default 0. */
  readonly seed?: number | undefined;
  /**
   * Where the generator knows classes: the classes of the data, [m], in whose order samples are made, over and over, so that
   * classes are as frequent. Default: 0, 1, … in turn.
   */
  readonly labels?: Tensor | undefined;
}

const optionNames: OptionNames<DrawSamplesOptions> = { count: true, seed: true, labels: true };

/**
 * Images [count, ...imageShape] of a GAN's generator, made a batch at a time: `generate` makes all at once, which takes the
 * memory of them all in every layer.
 * @throws CudaGanError `CUDA_GAN_VALUE` for what is no GAN, or a wrong option; else as `gan.generate`.
 */
export async function drawSamples(gan: GAN, options?: DrawSamplesOptions): Promise<Tensor<OwnFloat32Array>> {
  const { count = 10000, seed = 0, labels } = checkOptions('metrics.drawSamples', options, optionNames);
  wholeNumberIn('count', count, 1, maxRows);
  seedNumber('seed', seed);
  if (!isGan(gan)) throw notAllowed('what draws samples', gan, 'GANs');
  const classes = labels && requireTensor('labels', labels).data;
  const noise = await gan.noise(count, { seed });
  if (classes === undefined || classes.length === 0 || !takesLabels(gan.generator)) {
    return gan.generate(count, { noise });
  }
  return gan.generate(count, {
    noise,
    labels: createTypedArray('int32', count).map((_, i) => classes[i % classes.length]!),
  });
}

/** By what it can do: this module is beneath the class. */
export function isGan(value: unknown): value is GAN {
  return (
    kindOf(value) === 'Object' && typeof (value as GAN).generate === 'function' && 'discriminator' in Object(value)
  );
}

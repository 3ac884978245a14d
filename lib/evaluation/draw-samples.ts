// As many images of a source as figures want.
import { notAllowed, seedNumber, wholeNumberIn } from '../checks.js';
import { type ImageSource, isImageSource } from '../gan/image-source.js';
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
   * Where a class can be chosen: the classes of the data, [m], in whose order samples are made, over and over, so that
   * classes are as frequent. Default: 0, 1, … in turn.
   */
  readonly labels?: Tensor | undefined;
}

const optionNames: OptionNames<DrawSamplesOptions> = { count: true, seed: true, labels: true };

/**
 * Images [count, ...imageShape] of a GAN, a VAE or another source, made a batch at a time: `generate` makes all at once, which
 * takes the memory of them all in every layer.
 * @throws CudaGanError `CUDA_GAN_VALUE` for what is no source of images, or a wrong option; else as `generate`.
 */
export async function drawSamples(source: ImageSource, options?: DrawSamplesOptions): Promise<Tensor<OwnFloat32Array>> {
  const { count = 10000, seed = 0, labels } = checkOptions('metrics.drawSamples', options, optionNames);
  wholeNumberIn('count', count, 1, maxRows);
  seedNumber('seed', seed);
  if (!isImageSource(source))
    throw notAllowed('what draws samples', source, 'GANs, VAEs, and objects that do the same');
  const classes = labels === undefined ? undefined : requireTensor('labels', labels).data;
  const noise = await source.noise(count, { seed });
  if (classes === undefined || classes.length === 0 || !source.takesLabels) return source.generate(count, { noise });
  return source.generate(count, {
    noise,
    labels: createTypedArray('int32', count).map((_, i) => classes[i % classes.length]!),
  });
}

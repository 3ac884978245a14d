// Instance noise (Sønderby et al., Amortised MAP Inference for Image Super-resolution, 2017; Arjovsky & Bottou 2017): noise
// on real and generated images keeps their distributions overlapping while the generator is weak.
import { builtIn } from '../../built-in.js';
import { positiveNumber, wholeNumber } from '../../checks.js';
import { add, affine, fill, maximum, multiply, randomNormal } from '../../ops/index.js';
import { checkOptions, type OptionNames } from '../../options.js';
import type { Augmentation } from './augmentation.js';

/** What `instanceNoise` takes. */
export interface InstanceNoiseOptions {
  /** Standard deviation at the first step. Default 0.1. */
  readonly stddev?: number | undefined;
  /** The deviation falls evenly to 0 within so many steps. Default: it stays. */
  readonly decaySteps?: number | undefined;
}

const optionNames: OptionNames<InstanceNoiseOptions> = { stddev: true, decaySteps: true };

/**
 * Adds normal noise to real and generated images (Arjovsky & Bottou 2017), less of it from step to step where
 * `decaySteps` is given.
 * @throws CudaGanError `CUDA_GAN_VALUE` for a wrong option.
 */
export function instanceNoise(options?: InstanceNoiseOptions): Augmentation {
  const { stddev = 0.1, decaySteps } = checkOptions('augmentations.instanceNoise', options, optionNames);
  positiveNumber('stddev', stddev);
  if (decaySteps !== undefined) wholeNumber('decaySteps', decaySteps, 1);
  return builtIn({
    name: 'instanceNoise',
    options: { stddev, ...(decaySteps !== undefined && { decaySteps }) },
    apply: (images, step) => {
      const { graph } = images;
      const noise = randomNormal(graph, images.shape);
      if (decaySteps === undefined) return add(images, affine(noise, stddev));
      const left = maximum(affine(step(), -stddev / decaySteps, stddev), fill(graph, [], 0));
      return add(images, multiply(noise, left));
    },
  });
}

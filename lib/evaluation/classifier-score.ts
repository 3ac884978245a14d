// The classifier score: what Salimans et al., Improved Techniques for Training GANs (2016), compute with Inception and call
// after it, with any classifier.
import { rowNumbers } from '../models/batches.js';
import { checkOptions } from '../options.js';
import type { Tensor } from '../tensor.js';
import { type Rows, requireCount, requireProbabilities } from './features.js';
import { bootstrap, type Estimate, type IntervalOptions, intervalOptionNames, planInterval } from './intervals.js';

/** So many samples are asked for of each class: with fewer, p(y) is mostly chance. */
export const leastPerClass = 10;

/**
 * exp(E KL(p(y|x) ‖ p(y))) of the class probabilities [n, classes] of samples, p(y) being their mean: from 1, where all are
 * judged alike, to the number of classes, where every sample is clearly of one, and all are as frequent. It does not look
 * at the data. All samples are one split. The interval is a bootstrap over samples.
 * @throws CudaGanError `CUDA_GAN_SHAPE` or `CUDA_GAN_DATA` for what are no probabilities, or fewer than ten for each class;
 * `CUDA_GAN_VALUE` for a wrong option.
 */
export async function classifierScore(probabilities: Tensor, options?: IntervalOptions): Promise<Estimate> {
  const plan = planInterval(checkOptions('metrics.classifierScore', options, intervalOptionNames));
  const found = requireProbabilities('probabilities', probabilities);
  const { count, dimension: classes } = found;
  requireCount('probabilities', count, leastPerClass * classes, `the classifier score of ${classes} classes`);
  const score = scoreOf(found);
  return bootstrap(score(rowNumbers(count)), [count], score, plan);
}

/** The score of some rows of probabilities, by their numbers. */
export function scoreOf({ count, dimension: classes, data }: Rows): (rows: ArrayLike<number>) => number {
  // Σ p ln p of every row
  const entropies = new Float64Array(count);
  for (let i = 0; i < data.length; i++) entropies[Math.floor(i / classes)]! += timesLog(data[i]!);
  return (rows) => {
    const marginal = new Float64Array(classes);
    let entropy = 0;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      entropy += entropies[row]!;
      for (let j = 0; j < classes; j++) marginal[j]! += data[row * classes + j]!;
    }
    return Math.exp(entropy / rows.length - marginal.reduce((sum, total) => sum + timesLog(total / rows.length), 0));
  };
}

function timesLog(p: number): number {
  return p === 0 ? 0 : p * Math.log(p);
}

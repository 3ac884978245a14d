// The figures of the generator during a run of a GAN, `metricsInterval`: what was asked for, and which step was best.
import { wholeNumber, wholeNumberIn } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { digitNetwork } from '../evaluation/digit-features.js';
import {
  type FeatureNetwork,
  type FeatureNetworkIdentity,
  requireFeatureNetwork,
} from '../evaluation/feature-network.js';
import type { Logs } from '../training/callbacks.js';
import type { GanHistory } from './history.js';
import { isMeasured, stepsToMeasured } from './measured-steps.js';
import { maxRows } from './sampling.js';

/** How a generator is measured while it trains. */
export interface MetricsOptions {
  /**
   * Steps between two measurements of what `generate` makes then: the figures `metrics.GeneratorFigures` of step `metricsInterval`,
   * twice that, …, and of step `steps` - 1, in the history and the logs of callbacks. The best generator so far, that of the least
   * `frechetDistance`, is kept in `outDir`. Default: nothing is measured.
   */
  readonly metricsInterval?: number | undefined;
  /**
   * Samples of each measurement, and as many of the images held out, or else of those to train on: always the same, or all
   * where there are fewer. 2000 of the article's networks take about 1 s of one core, of the preset `dcgan` 3 s. Default 2000.
   */
  readonly metricsCount?: number | undefined;
  /** Default: that of `metrics.digitFeatures`, which takes images [28, 28, 1]. */
  readonly metricsNetwork?: FeatureNetwork | undefined;
}

/** What is to be measured. */
export interface MetricsPlan {
  readonly interval: number;
  readonly count: number;
  /** That of the user's own, if it is. */
  readonly network: FeatureNetwork | undefined;
}

/** @throws CudaGanError `CUDA_GAN_VALUE` for what is not allowed. */
export function planMetrics({
  metricsInterval,
  metricsCount,
  metricsNetwork,
}: MetricsOptions): MetricsPlan | undefined {
  if (metricsCount !== undefined) wholeNumberIn('metricsCount', metricsCount, 1, maxRows);
  if (metricsNetwork !== undefined) requireFeatureNetwork('metricsNetwork', metricsNetwork);
  if (metricsInterval !== undefined) {
    const interval = wholeNumber('metricsInterval', metricsInterval, 1);
    return { interval, count: metricsCount ?? 2000, network: metricsNetwork };
  }
  const given =
    metricsCount !== undefined ? 'metricsCount' : metricsNetwork !== undefined ? 'metricsNetwork' : undefined;
  if (given === undefined) return undefined;
  throw new CudaGanError('CUDA_GAN_VALUE', `${given} is given, but no metricsInterval: nothing is measured without`);
}

/** Which network measures. */
export function identityOf({ network }: MetricsPlan): FeatureNetworkIdentity {
  return network?.identity ?? digitNetwork;
}

/**
 * Figures by different networks are not comparable, so a run keeps its own.
 * @throws CudaGanError `CUDA_GAN_VALUE` for another one than that of the run that is resumed.
 */
export function requireSameNetwork(plan: MetricsPlan | undefined, saved: FeatureNetworkIdentity | undefined): void {
  if (plan === undefined || saved === undefined) return;
  const [found, wanted] = [identityOf(plan), saved].map(({ name, version }) => `${name} ${version}`);
  if (found === wanted) return;
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `the run that is resumed is measured by the feature network ${wanted}; found is ${found}: give the run's as metricsNetwork`,
  );
}

/** What figures of the generator depend on. */
export interface MetricsBasis {
  readonly network: FeatureNetworkIdentity;
  /** How many samples there were. */
  readonly samples: number;
  /** How many images of the data. */
  readonly reference: number;
}

/** Measures the generator as it is. */
export interface GeneratorMetrics {
  /** Names of the figures. */
  readonly figures: readonly string[];
  readonly basis: MetricsBasis;
  measure(): Promise<Logs>;
}

/** Whether the generator is measured after the step, of a run of so many `steps`. */
export function isMeasuredStep(step: number, { interval }: MetricsPlan, steps: number): boolean {
  return isMeasured(step, interval) || step === steps - 1;
}

/** How many steps there are from step number `step` up to the next that is measured by the interval, that one included. */
export function stepsToMeasurement(step: number, plan: MetricsPlan | undefined): number {
  return plan === undefined ? Number.POSITIVE_INFINITY : stepsToMeasured(step, plan.interval);
}

/** The step of the least Fréchet distance so far, the first of several; undefined where none was measured. */
export function bestStep({ figures }: GanHistory): number | undefined {
  const distances = figures.get('frechetDistance') ?? [];
  let best: number | undefined;
  for (let step = 0; step < distances.length; step++) {
    if (Number.isNaN(distances[step])) continue;
    if (best === undefined || distances[step]! < distances[best]!) best = step;
  }
  return best;
}

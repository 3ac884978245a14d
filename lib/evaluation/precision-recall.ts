// Fidelity and diversity, apart: precision and recall (Kynkäänniemi et al., Improved Precision and Recall Metric, 2019), density
// and coverage (Naeem et al., Reliable Fidelity and Diversity Metrics, 2020).
import { wholeNumber } from '../checks.js';
import type { Device } from '../devices/device.js';
import type { DeviceChoice } from '../devices/names.js';
import { resolveDevice } from '../devices/select.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Tensor } from '../tensor.js';
import { type Rows, requireCount, requireRows, requireSameDimension } from './features.js';
import {
  bootstrapMean,
  type Estimate,
  type IntervalOptions,
  type IntervalPlan,
  intervalOptionNames,
  planInterval,
} from './intervals.js';
import { countInBalls, squaredRadii } from './neighbours.js';

/** What `precisionRecall` and `densityCoverage` take. */
export interface NeighbourhoodOptions extends IntervalOptions {
  /** The radius of a ball is the distance to its centre's `neighbours`-th nearest other. Default: 3, or 5 for density and coverage. */
  readonly neighbours?: number | undefined;
  /** Where distances are computed. Default `auto`. The figures do not depend on it. */
  readonly device?: Device | DeviceChoice | undefined;
}

/** Precision and recall (Kynkäänniemi et al. 2019). */
export interface PrecisionRecall {
  /** Share of the samples that look like data: they lie in a ball around a point of the data. */
  readonly precision: Estimate;
  /** Share of the data that the samples cover: it lies in a ball around a sample. */
  readonly recall: Estimate;
  /** By how many neighbours balls are measured. */
  readonly neighbours: number;
}

/** Density and coverage (Naeem et al. 2020). */
export interface DensityCoverage {
  /** Mean number of balls around points of the data that a sample lies in, by `neighbours`: about 1 for perfect samples, and may exceed it. */
  readonly density: Estimate;
  /** Share of the balls around points of the data that hold a sample. */
  readonly coverage: Estimate;
  /** By how many neighbours balls are measured. */
  readonly neighbours: number;
}

const optionNames: OptionNames<NeighbourhoodOptions> = { neighbours: true, device: true, ...intervalOptionNames };

/**
 * Precision and recall of features [n, d] of generated samples against those of data, by balls around every point that reach
 * to its third nearest other. Neighbours are exact. Figures depend on the number of samples: articles take 10000 to
 * 50000 of both. The intervals are a bootstrap over the points that lie inside or not; the balls stay as they are.
 * @throws CudaGanError `CUDA_GAN_SHAPE` for what are no features, or of another dimension; `CUDA_GAN_DATA` for at most
 * `neighbours` points, or numbers that are not finite; `CUDA_GAN_VALUE` for a wrong option; `CUDA_GAN_NO_DEVICE`.
 */
export async function precisionRecall(
  samples: Tensor,
  reference: Tensor,
  options?: NeighbourhoodOptions,
): Promise<PrecisionRecall> {
  const { generated, data, neighbours, device, plan } = plannedSets(
    'metrics.precisionRecall',
    'precision and recall',
    { samples, reference },
    3,
    options,
  );
  const realised = await countInBalls(generated, data, await squaredRadii(data, neighbours, device), device);
  const recalled = await countInBalls(data, generated, await squaredRadii(generated, neighbours, device), device);
  return {
    precision: await bootstrapMean(realised.ofQueries.map(atLeastOne), plan),
    recall: await bootstrapMean(recalled.ofQueries.map(atLeastOne), plan),
    neighbours,
  };
}

/**
 * Density and coverage of features [n, d] of generated samples against those of data, by balls around the data's points that
 * reach to their fifth nearest other: outliers among the samples do not blow them up. Coverage of perfect samples, as many
 * as there are points, is 1 - 1 / 2^`neighbours`, 0.97. The intervals are a bootstrap over samples, or over balls.
 * @throws CudaGanError as `precisionRecall`.
 */
export async function densityCoverage(
  samples: Tensor,
  reference: Tensor,
  options?: NeighbourhoodOptions,
): Promise<DensityCoverage> {
  const { generated, data, neighbours, device, plan } = plannedSets(
    'metrics.densityCoverage',
    'density and coverage',
    { samples, reference },
    5,
    options,
  );
  const counts = await countInBalls(generated, data, await squaredRadii(data, neighbours, device), device);
  return {
    density: await bootstrapMean(
      Float64Array.from(counts.ofQueries, (balls) => balls / neighbours),
      plan,
    ),
    coverage: await bootstrapMean(counts.ofBalls.map(atLeastOne), plan),
    neighbours,
  };
}

interface PlannedSets {
  readonly generated: Rows;
  readonly data: Rows;
  readonly neighbours: number;
  readonly device: Device;
  readonly plan: IntervalPlan;
}

function plannedSets(
  call: string,
  figure: string,
  { samples, reference }: { readonly samples: Tensor; readonly reference: Tensor },
  defaultNeighbours: number,
  options: NeighbourhoodOptions | undefined,
): PlannedSets {
  const { neighbours = defaultNeighbours, device, ...interval } = checkOptions(call, options, optionNames);
  wholeNumber('neighbours', neighbours, 1);
  const plan = planInterval(interval);
  const [generated, data] = [requireRows('samples', samples), requireRows('reference', reference)];
  requireSameDimension(generated, data);
  const wanted = `${figure} by ${neighbours} neighbours`;
  requireCount('samples', generated.count, neighbours + 1, wanted);
  requireCount('reference', data.count, neighbours + 1, wanted);
  return { generated, data, neighbours, device: resolveDevice(device), plan };
}

const atLeastOne = (count: number) => Math.min(count, 1);

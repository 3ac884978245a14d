// What NumPy and SciPy make of figures (test/golden/make_metrics.py).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tensor } from '../../lib/index';

interface Golden {
  readonly shape: number[];
  readonly data: number[];
}

export interface GoldenFeatures {
  readonly name: string;
  readonly samples: Golden;
  readonly reference: Golden;
  readonly frechet: number;
  /** The squared discrepancy to as many of the reference as there are samples. */
  readonly discrepancy: number;
  readonly precisionRecall: Readonly<Record<'precision' | 'recall', number>>;
  readonly densityCoverage: Readonly<Record<'density' | 'coverage', number>>;
  readonly nearest: Readonly<Record<'indices' | 'distances', number[]>>;
}

interface GoldenMetrics {
  readonly features: readonly GoldenFeatures[];
  readonly probabilities: Golden;
  readonly classifierScore: number;
  readonly histogram: {
    readonly samples: number[];
    readonly reference: number[];
    readonly chiSquare: number;
    readonly pValue: number;
    readonly degreesOfFreedom: number;
  };
  readonly upperGamma: readonly (readonly [a: number, x: number, value: number])[];
  readonly normalQuantiles: readonly (readonly [probability: number, value: number])[];
  readonly sharpness: {
    readonly samples: Golden;
    readonly reference: Golden;
    /** Of the samples, and of the reference. */
    readonly gradientEnergy: readonly [number, number];
    readonly laplacianVariance: readonly [number, number];
  };
}

export const golden: GoldenMetrics = JSON.parse(
  readFileSync(join(__dirname, '../golden/metrics.json'), { encoding: 'utf8' }),
);

export const floats = ({ shape, data }: Golden) => tensor(Float32Array.from(data), shape);

/** Whether `value` is `wanted` but for one part in a million. */
export function isNear(value: number, wanted: number, relative = 1e-6): boolean {
  return Math.abs(value - wanted) <= relative * Math.abs(wanted);
}

/** Normal numbers [count, dimension] around `mean`, by a generator of their own. */
export function normals(count: number, dimension: number, { mean = 0, seed = 1 } = {}) {
  let state = seed;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  return tensor(
    Float32Array.from({ length: count * dimension }, () => mean + normal()),
    [count, dimension],
  );
}

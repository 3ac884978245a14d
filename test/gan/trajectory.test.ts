// Ten steps of training, figures and weights, as Keras computes them (test/golden/make_gan_trajectory.py).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { createDevice, optimizers, tensor } from '../../lib/index';
import { cudaDevices, noteMissingGpu } from '../support/devices';
import { smallGan, weightsOf } from './small-gan';

interface Golden {
  readonly seed: number;
  readonly steps: number;
  readonly batchSize: number;
  readonly adam: { readonly learningRate: number; readonly beta1: number; readonly beta2: number };
  readonly images: { readonly shape: number[]; readonly data: number[] };
  readonly figures: Readonly<Record<'dLoss' | 'dAccuracy' | 'gLoss', Expected>>;
  readonly weights: Readonly<
    Record<'generator' | 'discriminator', readonly (Expected & { shape: number[]; data: number[] })[]>
  >;
}

interface Expected {
  /** In float64. */
  readonly exact: readonly number[];
  /** How far Keras' float32 is from that, at most. */
  readonly rounding: number;
}

const golden: Golden = JSON.parse(readFileSync(join(__dirname, '../golden/gan-trajectory.json'), 'utf8'));

/** Unit roundoff of float32. */
const u = 2 ** -24;

/**
 * The reference device computes in float64, like the expectation, and rounds what it hands back to float32. Besides that
 * the two differ by the rounding of float64, 2⁻⁵³, which twenty updates and sums of up to 16 terms do not bring near 1e-10.
 */
const afterRounding = (value: number) => u * Math.abs(value) + 1e-10;

/** Another order of sums errs about as much as Keras' own float32 does; luck in one of them is worth a factor of four. */
const likeKeras = (value: number, rounding: number) => 4 * rounding + afterRounding(value);

noteMissingGpu();

describe.each([
  { label: 'reference', device: createDevice('reference'), tolerance: afterRounding },
  { label: 'cpu', device: createDevice('cpu'), tolerance: likeKeras },
  ...cudaDevices().map((tested) => ({ ...tested, tolerance: likeKeras })),
])('ten steps on $label are those of Keras', ({ device, tolerance }) => {
  async function train() {
    const { seed, steps, batchSize, images, weights } = golden;
    const adam = () => optimizers.adam(golden.adam);
    const gan = smallGan({ seed, device, generatorOptimizer: adam(), discriminatorOptimizer: adam() });
    for (const name of ['generator', 'discriminator'] as const) {
      await gan[name].setWeights(weights[name].map(({ shape, data }) => tensor(Float32Array.from(data), shape)));
    }
    const history = await gan.train(tensor(Uint8Array.from(images.data), images.shape), { steps, batchSize });
    const found = { history, ...(await weightsOf(gan)) };
    gan.dispose();
    return found;
  }

  /** Names the numbers that are further off than allowed. */
  function mismatches(found: Float32Array, { exact, rounding }: Expected): string[] {
    return exact.flatMap((value, i) =>
      Math.abs(found[i]! - value) <= tolerance(value, rounding) ? [] : [`[${i}] ${found[i]}, wanted ${value}`],
    );
  }

  const trained = train();

  test.each(['dLoss', 'dAccuracy', 'gLoss'] as const)('%s of every step', async (name) => {
    const { history } = await trained;
    expect(history[name]).toHaveLength(golden.steps);
    expect(mismatches(history[name], golden.figures[name])).toEqual([]);
  });

  test.each(['generator', 'discriminator'] as const)('the weights of the %s at the end', async (name) => {
    const found = (await trained)[name];
    expect(found.map((data, i) => mismatches(data, golden.weights[name][i]!))).toEqual(found.map(() => []));
  });
});

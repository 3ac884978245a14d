// Precision, recall, density, coverage and nearest neighbours, held to SciPy: exactly, whatever a device rounds.
import { describe, expect, test } from '@jest/globals';
import { requireRows } from '../../lib/evaluation/features';
import { nearestOf } from '../../lib/evaluation/neighbours';
import { createDevice, metrics, tensor } from '../../lib/index';
import { cudaDevices } from '../support/devices';
import { error } from '../support/errors';
import { floats, golden, normals } from '../support/metrics';

const devices = [
  ...(['cpu', 'reference'] as const).map((name) => ({ label: name as string, device: createDevice(name) })),
  ...cudaDevices(),
  ...cudaDevices('bfloat16').map(({ label, device }) => ({ label: `${label}, bfloat16`, device })),
];

describe.each(devices)('on $label', ({ device }) => {
  describe.each(golden.features)('$name', ({ samples, reference, precisionRecall, densityCoverage, nearest }) => {
    const sets = [floats(samples), floats(reference)] as const;

    test('precision and recall are those of SciPy', async () => {
      const { precision, recall, neighbours } = await metrics.precisionRecall(...sets, { device });
      expect(precision.value).toBeCloseTo(precisionRecall.precision, 12);
      expect(recall.value).toBeCloseTo(precisionRecall.recall, 12);
      expect(neighbours).toBe(3);
    });

    test('density and coverage are those of SciPy', async () => {
      const { density, coverage, neighbours } = await metrics.densityCoverage(...sets, { device });
      expect(density.value).toBeCloseTo(densityCoverage.density, 12);
      expect(coverage.value).toBeCloseTo(densityCoverage.coverage, 12);
      expect(neighbours).toBe(5);
    });

    test('the nearest neighbours are those of SciPy', async () => {
      const { indices, distances } = await metrics.nearestNeighbours(...sets, { count: 4, device });
      expect(indices.shape).toEqual([samples.shape[0], 4]);
      expect([...indices.data]).toEqual(nearest.indices);
      // Rounded to float32.
      distances.data.forEach((distance, i) => {
        expect(Math.abs(distance - nearest.distances[i]!)).toBeLessThanOrEqual(2 ** -24 * nearest.distances[i]!);
      });
    });
  });
});

test('more rows than a block has are all looked at', async () => {
  const rows = requireRows('rows', normals(1200, 2));
  const { indices } = await nearestOf(rows, rows, 1, createDevice('cpu'));
  for (const row of [0, 511, 512, 1199]) {
    let [best, least] = [-1, Number.POSITIVE_INFINITY];
    for (let j = 0; j < rows.count; j++) {
      const distance = Math.hypot(
        rows.data[2 * row]! - rows.data[2 * j]!,
        rows.data[2 * row + 1]! - rows.data[2 * j + 1]!,
      );
      if (j !== row && distance < least) [best, least] = [j, distance];
    }
    expect(indices[row]).toBe(best);
  }
});

test('numbers whose squares are beyond float32 are told apart', async () => {
  const far = tensor([[1e30], [2e30], [5e30]]);
  const { indices } = await metrics.nearestNeighbours(tensor([[2.4e30]]), far, { count: 3 });
  expect([...indices.data]).toEqual([1, 0, 2]);
});

test('images are compared by all of their pixels', async () => {
  const images = tensor(Uint8Array.of(0, 0, 9, 9, 5, 5), [3, 1, 2, 1]);
  const { indices, distances } = await metrics.nearestNeighbours(tensor(Uint8Array.of(8, 6), [1, 1, 2, 1]), images);
  expect([...indices.data]).toEqual([1]);
  expect(distances.data[0]).toBeCloseTo(Math.sqrt(10), 6);
});

describe('a generator that', () => {
  const data = normals(200, 4);

  test('repeats the data has precision and recall 1', async () => {
    const { precision, recall } = await metrics.precisionRecall(data, data);
    expect([precision.value, recall.value]).toEqual([1, 1]);
    expect(await metrics.densityCoverage(data, data)).toMatchObject({ coverage: { value: 1 } });
  });

  test('makes one image over and over has no recall', async () => {
    const collapsed = tensor(
      Float32Array.from({ length: 800 }, (_, i) => data.data[i % 4]!),
      [200, 4],
    );
    const { precision, recall } = await metrics.precisionRecall(collapsed, data);
    expect(precision.value).toBe(1);
    expect(recall.value).toBe(1 / 200);
    expect((await metrics.densityCoverage(collapsed, data)).coverage.value).toBeLessThan(0.1);
  });

  test('makes something else has neither', async () => {
    const { precision, recall } = await metrics.precisionRecall(normals(200, 4, { mean: 100, seed: 2 }), data);
    expect([precision, recall]).toMatchObject([
      { value: 0, low: 0, high: 0 },
      { value: 0, low: 0, high: 0 },
    ]);
  });
});

test('more neighbours than others are an error', async () => {
  const few = normals(3, 2);
  await expect(metrics.precisionRecall(few, normals(9, 2))).rejects.toThrow(
    error('CUDA_GAN_DATA', 'samples has 3 samples; precision and recall by 3 neighbours needs at least 4'),
  );
  await expect(metrics.nearestNeighbours(few, few, { count: 4 })).rejects.toThrow(
    error('CUDA_GAN_DATA', 'reference has 3 samples; a search for 4 neighbours needs at least 4'),
  );
});

// Windows and strides of as many places as may be, which the devices count in 32 bits.
import { describe, expect, test } from '@jest/globals';
import { ReferenceDevice } from '../../lib/devices/reference/device';
import { averagePool2d } from '../../lib/ops/average-pool2d';
import { gradients } from '../../lib/ops/gradients';
import { maxPool2d } from '../../lib/ops/max-pool2d';
import type { Pool2dOptions } from '../../lib/ops/pool2d-geometry';
import type { Tensor } from '../../lib/tensor';
import { cpuDevices, cudaDevices, noteMissingGpu } from '../support/devices';
import { run } from '../support/run';

noteMissingGpu();

const most = 2 ** 24;
/** The largest number is neither first nor last. */
const x: Tensor = { shape: [1, 3, 4, 1], data: Float32Array.of(1, 2, 3, 4, 5, 78, 6, 7, 8, 9, 10, 11) };

describe.each([{ label: 'reference', device: new ReferenceDevice() }, ...cpuDevices(), ...cudaDevices()])(
  'on $label',
  ({ device }) => {
    const pooled = (options: Pool2dOptions) =>
      run(device, [x], ([images]) => {
        const pools = [maxPool2d(images!, options), averagePool2d(images!, options)];
        return [...pools, ...pools.flatMap((y) => gradients([y], [images!]))];
      });

    test('a window over all places, at each of them', async () => {
      const [largest, mean, ofLargest, ofMean] = await pooled({ windowSize: most, strides: 1, padding: 'same' });
      expect(largest).toEqual(new Float32Array(12).fill(78));
      expect(mean).toEqual(new Float32Array(12).fill(12));
      expect(ofLargest).toEqual(Float32Array.from(x.data, (value) => (value === 78 ? 12 : 0)));
      for (const slope of Array.from(ofMean!)) expect(slope).toBeCloseTo(1, 6); // 12 additions of 1/12 in float32
    });

    test('strides beyond all places', async () => {
      const [largest, mean] = await pooled({ windowSize: [2, 1], strides: most });
      expect(largest).toEqual(Float32Array.of(5));
      expect(mean).toEqual(Float32Array.of(3));
    });
  },
);

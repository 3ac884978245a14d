// The generator behind all random numbers, held to the vectors of its authors, on the host and on the devices.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Device } from '../../lib/devices/device';
import { ReferenceDevice } from '../../lib/devices/reference/device';
import { createDevice } from '../../lib/devices/select';
import { randomIntegers } from '../../lib/ops/random-integers';
import { Graph } from '../../lib/program/graph';
import { buildProgram } from '../../lib/program/program';
import { highProduct, philox, type Words } from '../../lib/random/philox';
import { cudaDevices } from '../support/devices';

/** The lines `philox4x32 10` of Random123's file kat_vectors: counter, key, result. */
const knownAnswers: [counter: Words, key: [number, number], result: Words][] = [
  [
    [0, 0, 0, 0],
    [0, 0],
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  ],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
];

test.each(knownAnswers)('philox4x32-10 of counter %j and key %j is %j', (counter, key, result) => {
  expect(philox(counter, key)).toEqual(result);
});

test('highProduct is the upper half of the 64-bit product', () => {
  const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      expect(highProduct(a, b)).toBe(Number((BigInt(a) * BigInt(b)) >> 32n));
    }),
  );
});

const devices: Device[] = [
  new ReferenceDevice(),
  createDevice('cpu', { threads: 2 }),
  ...cudaDevices().map(({ device }) => device),
];

/** Half of every random word, as integers below 2³¹, of a step of the graph's random stream number `stream`. */
async function halfWords(device: Device, { seed = 0, stream = 0, step = 0, count = 4 }) {
  const graph = new Graph(seed);
  for (let i = 0; i < stream; i++) graph.nextStream();
  graph.output('y', randomIntegers(graph, [count], 2 ** 31));
  const { outputs } = await device.compile(buildProgram(graph)).run(1, { firstStep: step });
  return [...outputs.get('y')!];
}

describe.each(devices)('on the $name device', (device) => {
  test('the first block of seed 0 is the first known answer', async () => {
    expect(await halfWords(device, {})).toEqual(knownAnswers[0]![2].map((word) => word >>> 1));
  });

  test('element i of step s has word i mod 4 of the counter (i / 4, 0, s low, s high) and the key (seed, stream)', async () => {
    const draws = fc.record({
      seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      stream: fc.nat({ max: 20 }),
      step: fc.integer({ min: 0, max: 2 ** 50 }),
      count: fc.integer({ min: 1, max: 300 }),
    });
    await fc.assert(
      fc.asyncProperty(draws, async ({ seed, stream, step, count }) => {
        const wanted = Array.from({ length: count }, (_, i) => {
          const counter = [Math.floor(i / 4), 0, step % 2 ** 32, Math.floor(step / 2 ** 32)] as const;
          return philox(counter, [seed, stream])[i % 4]! >>> 1;
        });
        expect(await halfWords(device, { seed, stream, step, count })).toEqual(wanted);
      }),
      { numRuns: 40, examples: [[{ seed: 2 ** 32 - 1, stream: 0, step: 2 ** 32 - 1, count: 300 }]] },
    );
  });
});

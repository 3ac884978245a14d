// Holds every op of the native devices to the reference device, over random shapes that straddle vectors, tiles and
// blocks: on the cpu for every instruction set that this processor has, on cuda by the GPU or its emulator.
import { readdirSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cpuDevices, cudaDevices, noteMissingGpu } from '../support/devices';
import { draws, opCases, sampleOf, u } from '../support/op-cases';
import { run, runExact } from '../support/run';

const { abs } = Math; // jest's sandbox is slow to look up a global, here for every element

const camelCase = (name: string) => name.replace(/-./g, (match) => match[1]!.toUpperCase());
/** Files in lib/ops that hold no op of their own. */
const helpers = ['binary', 'random', 'shapes', 'square', 'unary'];

test('the table of cases has every op', () => {
  const ops = readdirSync('lib/ops')
    .map((file) => camelCase(file.replace('.ts', '')))
    .filter((name) => !helpers.includes(name));
  expect([...new Set(Object.keys(opCases).map((name) => name.split(':')[0]))].sort()).toEqual(ops.sort());
});

const devices = [...cpuDevices(), ...cudaDevices()];
noteMissingGpu();

test.each(Object.keys(opCases))('%s equals the reference', async (name) => {
  await fc.assert(
    fc.asyncProperty(draws, fc.nat({ max: 2 ** 40 }), async (draw, step) => {
      const { inputs, build, relative = 8 * u, absolute = 0 } = sampleOf(name, draw);
      const wanted = await runExact(inputs, build, { step });
      const agrees = (found: number, exact: number) =>
        abs(found - exact) <= relative * abs(exact) + absolute || (Number.isNaN(exact) && Number.isNaN(found));
      for (const { label, device } of devices) {
        const found = await run(device, inputs, build, { step });
        wanted.forEach((exact, output) => {
          expect(found[output]!.length).toBe(exact.length);
          const wrong = exact.findIndex((value, i) => !agrees(found[output]![i]!, value));
          if (wrong < 0) return;
          const where = `${label}, output ${output}[${wrong}]`;
          throw new Error(`${where}: ${found[output]![wrong]}, the reference has ${exact[wrong]}`);
        });
      }
    }),
    { numRuns: 12, endOnFailure: true },
  );
});

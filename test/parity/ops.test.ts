// Holds every op of the native devices to the reference device, over random shapes that straddle vectors, tiles and
// blocks: on the cpu for every instruction set that this processor has, on cuda by the GPU or its emulator.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cpuDevices, cudaDevices, noteMissingGpu } from '../support/devices';
import { fusedCases } from '../support/fused-cases';
import { imageCases } from '../support/image-cases';
import { draws, opCases, sampleOf, u } from '../support/op-cases';
import { programFor, run, runExact } from '../support/run';

const { abs } = Math; // jest's sandbox is slow to look up a global, here for every element

const devices = [...cpuDevices(), ...cudaDevices()];
noteMissingGpu();

const cases = { ...opCases, ...imageCases, ...fusedCases };

test.each(Object.keys(cases))('%s equals the reference', async (name) => {
  await fc.assert(
    fc.asyncProperty(draws, fc.nat({ max: 2 ** 40 }), async (draw, step) => {
      const { inputs, build, relative = 8 * u, absolute = 0 } = sampleOf(cases[name]!, draw);
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

for (const { label, device } of devices) {
  const fused = device.fusions.map(({ op }) => op.name);
  test.each(fused)(`${label} fuses the parts of %s`, (name) => {
    const { inputs, build } = sampleOf(fusedCases[name]!, { a: 3, b: 4, c: 5, seed: 1 });
    const { program } = programFor(device, inputs, build);
    const ops = program.instructions.map(({ op }) => op);
    expect(ops.at(-1)).toBe(name);
    expect(fused).toEqual(expect.arrayContaining(ops));
  });
}

// The lists of ops, kernels and cases are made in several places and languages: here they are held together.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { cpuFusions, cudaFusions } from '../../lib/devices/fusions';
import * as referenceKernels from '../../lib/devices/reference/kernels';
import type { Op } from '../../lib/program/op';
import { fusedCases } from '../support/fused-cases';
import { imageCases } from '../support/image-cases';
import { opCases } from '../support/op-cases';

const camelCase = (name: string) => name.replace(/-./g, (match) => match[1]!.toUpperCase());
const filesIn = (folder: string, ending: string) =>
  readdirSync(folder)
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length));

/** The ops that the files of lib/ops define. */
const ops: Op[] = filesIn('lib/ops', '.ts').flatMap((file) =>
  Object.entries<Op>(require(join(process.cwd(), 'lib/ops', file)))
    .filter(([name]) => name === `${camelCase(file)}Op`)
    .map(([, op]) => op),
);
const names = ops.map(({ name }) => name).sort();
const withKernel = ops.filter(({ alias }) => !alias).map(({ name }) => name);

const fused = (fusions: typeof cpuFusions) => fusions.map(({ op }) => op.name);

test('the reference device has a kernel for every op', () => {
  expect(Object.keys(referenceKernels).sort()).toEqual([...withKernel].sort());
});

test.each([
  ['cpu', 'native/cpu', '.cpp', cpuFusions],
  ['cuda', 'native/cuda', '.cu', cudaFusions],
] as const)(
  'the %s device has a kernel for every op and for what it fuses, and no other',
  (_, folder, ending, fusions) => {
    expect(filesIn(folder, ending).map(camelCase).sort()).toEqual([...withKernel, ...fused(fusions)].sort());
  },
);

test('every op has the name of its file, and a case', () => {
  const tested = new Set(Object.keys({ ...opCases, ...imageCases }).map((name) => name.split(':')[0]));
  expect([...tested].sort()).toEqual(names);
});

test('every fused op has a case', () => {
  const tested = new Set(Object.keys(fusedCases).map((name) => name.split(':')[0]));
  expect([...tested].sort()).toEqual([...new Set(fused([...cpuFusions, ...cudaFusions]))].sort());
});

// Models as ONNX files: what is exported is valid and computes the same in onnxruntime, whatever the batch.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { layers } from '../../../lib/index';
import { emitters, notExported } from '../../../lib/interchange/onnx/export/ops/index';
import type { Op } from '../../../lib/program/op';
import { scratchFolder } from '../../gan/scratch';
import { layerCases, ownCases, structureCases } from './model-cases';
import { type RuntimeResult, runCases, runtimeMissing } from './onnx-runtime';

const folder = scratchFolder();

/** Twice float32's rounding for each of the at most some hundred terms that an output is a sum of. */
const tolerance = 1e-5;

const built = Object.fromEntries(
  [...Object.entries(layerCases), ['own', ownCases] as const, ['structure', structureCases] as const].flatMap(
    ([group, builds]) => Object.entries(builds).map(([name, build]) => [`${group}: ${name}`, build] as const),
  ),
);

test('there is a case for every layer', () => {
  expect(Object.keys(layerCases).sort()).toEqual(Object.keys(layers).sort());
});

test('every op is exported, or has a reason why not', () => {
  const camelCase = (name: string) => name.replace(/-./g, (match) => match[1]!.toUpperCase());
  const names = readdirSync('lib/ops')
    .map((file) => file.replace(/\.ts$/, ''))
    .flatMap((file) => {
      const found: Record<string, Op> = require(join(process.cwd(), 'lib/ops', file));
      return found[`${camelCase(file)}Op`]?.name ?? [];
    });
  const fusions = ['conv2dBias', 'conv2dInputGradientBias', 'matmulBias', 'mean'];
  expect([...Object.keys(emitters), ...Object.keys(notExported)].sort()).toEqual([...names, ...fusions].sort());
});

const withRuntime = runtimeMissing === undefined ? describe : describe.skip;
if (runtimeMissing !== undefined) console.warn(`exported files are not run: ${runtimeMissing}`);

withRuntime('in onnxruntime', () => {
  let results: ReadonlyMap<string, RuntimeResult>;
  beforeAll(async () => {
    const models = Object.entries(built).map(([name, build]) => [name, build()] as const);
    results = await runCases(folder, Object.fromEntries(models));
  }, 120_000);

  test.each(Object.keys(built))('%s computes the same', (name) => {
    const { error, difference } = results.get(name)!;
    expect(error).toBeUndefined();
    expect(difference).toBeLessThan(tolerance);
  });
});

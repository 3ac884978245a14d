// GAN.load: what is loaded from a run's folder is the GAN that was trained there.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { GAN, type GanOptions, ops, schedules, type Value } from '../../lib/index';
import { expectError } from './rejects';
import { scratchFolder } from './scratch';
import { smallGan, smallImages } from './small-gan';

const warned = () => jest.mocked(process.emitWarning).mock.calls.map(([message]) => message);
beforeEach(() => {
  jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** The folder of a short run, and the GAN of it. */
async function trained(options: GanOptions = {}) {
  const outDir = scratchFolder();
  const gan = smallGan({ device: 'cpu', seed: 5, ...options });
  await gan.train(smallImages(), { steps: 2, batchSize: 4, outDir });
  return { outDir, gan };
}

const composition: GanOptions = {
  objective: 'wasserstein',
  regularizers: [{ name: 'gradientPenalty', weight: 3 }],
  augment: { name: 'instanceNoise', stddev: 0.2 },
  discriminatorSteps: 3,
  ema: { halfLife: 7 },
  generatorOptimizer: {
    name: 'rmsprop',
    learningRate: schedules.linearDecay({ initialLearningRate: 0.01, decaySteps: 9 }),
  },
};

test('has the composition, the optimizers and the seed of the run', async () => {
  const { outDir, gan } = await trained(composition);
  const { generator, discriminator, ...config } = (await GAN.load(outDir, { device: 'cpu' })).getConfig();
  const { generator: _g, discriminator: _d, ...wanted } = gan.getConfig();
  expect(config).toEqual(wanted);
});

test('what is given goes before, and a preset before all of it', async () => {
  const { outDir } = await trained(composition);
  const given = await GAN.load(outDir, { device: 'cpu', objective: 'hinge', seed: 6 });
  expect(given.getConfig()).toMatchObject({ objective: { name: 'hinge' }, discriminatorSteps: 3, seed: 6 });
  const preset = await GAN.load(outDir, { device: 'cpu', preset: 'mlp', seed: 6 });
  expect(preset.getConfig()).toMatchObject({ objective: { name: 'nonSaturating' }, regularizers: [], seed: 6 });
});

test('the same seed draws the same images, in whatever process the run is loaded', async () => {
  const { outDir, gan } = await trained();
  const drawn = async () => (await GAN.load(outDir, { device: 'cpu' })).generate(3, { seed: 2 });
  expect(await drawn()).toEqual(await gan.generate(3, { seed: 2 }));
});

test("parts of one's own that are not given again are left out, and said to be", async () => {
  const own = {
    name: 'own',
    logOdds: true,
    real: (real: Value) => ops.mean(ops.square(real)),
    fake: (fake: Value) => ops.mean(ops.square(fake)),
    generator: (fake: Value) => ops.mean(fake),
  };
  const { outDir } = await trained({ objective: own });
  jest.mocked(process.emitWarning).mockClear();
  const loaded = await GAN.load(outDir, { device: 'cpu' });
  expect(warned()).toEqual([
    `${outDir} was trained with objective {"name":"own"}, not all of the package: give objective again to train on as before`,
  ]);
  expect(loaded.getConfig().objective).toEqual({ name: 'nonSaturating' });
  jest.mocked(process.emitWarning).mockClear();
  const again = await GAN.load(outDir, { device: 'cpu', objective: own });
  expect(again.getConfig().objective).toEqual({ name: 'own' });
  expect(warned()).toEqual([]);
});

test('a folder with the models alone has the default composition', async () => {
  const { outDir } = await trained(composition);
  rmSync(join(outDir, 'gan.json'));
  expect((await GAN.load(outDir, { device: 'cpu' })).getConfig().objective).toEqual({ name: 'nonSaturating' });
});

test.each(['{', '[]', '', 'null'])('a composition of %j is damaged', async (text) => {
  const { outDir } = await trained();
  const path = join(outDir, 'gan.json');
  writeFileSync(path, text);
  await expectError(() => GAN.load(outDir), 'CUDA_GAN_FILE', `${path} is damaged`);
  expect(readFileSync(path, 'utf8')).toBe(text);
});

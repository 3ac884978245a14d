// What a training run writes, and that it can be read back.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { PNG } from 'pngjs';
import { GAN, layers, Sequential, saveGrid, tensor } from '../../lib/index';
import { scratchFolder } from './scratch';
import { latentDim, smallGan, smallImages, weightsOf } from './small-gan';

const filesIn = (folder: string) => readdirSync(folder).sort();
const linesOf = (folder: string) =>
  readFileSync(join(folder, 'history.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
const sizeOf = (path: string) => {
  const { width, height } = PNG.sync.read(readFileSync(path));
  return { width, height };
};

describe('a run with a folder', () => {
  async function run(steps: number) {
    const outDir = join(scratchFolder(), 'runs', 'first');
    const gan = smallGan();
    const history = await gan.train(smallImages(), { steps, batchSize: 8, sampleInterval: 3, outDir });
    return { outDir, gan, history };
  }
  const eightSteps = run(8);

  test('writes pictures at step 0, every sampleInterval and the last step, curves, history and models', async () => {
    const { outDir } = await eightSteps;
    expect(filesIn(outDir)).toEqual([
      'curves.png',
      'discriminator.safetensors',
      'generator.safetensors',
      'history.jsonl',
      'images',
    ]);
    expect(filesIn(join(outDir, 'images'))).toEqual(['mnist_0.png', 'mnist_3.png', 'mnist_6.png', 'mnist_7.png']);
  });

  test('writes a sample once when the last step is one anyway', async () => {
    const { outDir } = await run(7);
    expect(filesIn(join(outDir, 'images'))).toEqual(['mnist_0.png', 'mnist_3.png', 'mnist_6.png']);
  });

  test('draws 5x5 images of 4x4 pixels, each a square of 3, and readable curves', async () => {
    const { outDir } = await eightSteps;
    const side = 6 + 5 * (4 * 3 + 6);
    expect(sizeOf(join(outDir, 'images/mnist_0.png'))).toEqual({ width: side, height: side });
    expect(sizeOf(join(outDir, 'curves.png')).width).toBeGreaterThan(500);
  });

  test('draws the same 25 noise vectors every time, by the generator of that step', async () => {
    const { outDir, gan } = await eightSteps;
    const again = join(scratchFolder(), 'again.png');
    await saveGrid(again, await gan.generate(25, { seed: 0 }));
    expect(readFileSync(again).equals(readFileSync(join(outDir, 'images/mnist_7.png')))).toBe(true);
    expect(readFileSync(again).equals(readFileSync(join(outDir, 'images/mnist_0.png')))).toBe(false);
  });

  test('writes a line of history.jsonl per step, with the numbers of the history', async () => {
    const { outDir, history } = await eightSteps;
    expect(history).toMatchObject({ steps: 8, aborted: false });
    expect(linesOf(outDir)).toEqual([...history]);
    expect(linesOf(outDir)[7]).toEqual({
      step: 7,
      dLoss: history.dLoss[7],
      dAccuracy: history.dAccuracy[7],
      gLoss: history.gLoss[7],
    });
  });

  test('saves models that load back, generate the same and judge the same', async () => {
    const { outDir, gan } = await eightSteps;
    const loaded = await GAN.load(outDir, { seed: gan.seed });
    expect(await weightsOf(loaded)).toEqual(await weightsOf(gan));
    const images = await gan.generate(5, { seed: 2 });
    expect(await loaded.generate(5, { seed: 2 })).toEqual(images);
    expect(await loaded.discriminator.predict(images)).toEqual(await gan.discriminator.predict(images));
    expect({ latentDim: loaded.latentDim, imageShape: loaded.imageShape }).toEqual({
      latentDim,
      imageShape: [4, 4, 1],
    });
  });

  test('replaces the files of an earlier run', async () => {
    const { outDir, gan } = await run(8);
    const history = await gan.train(smallImages(), { steps: 2, batchSize: 8, outDir });
    expect(linesOf(outDir)).toEqual([...history]);
  });

  test('loads onto the device that is asked for', async () => {
    const { outDir } = await eightSteps;
    const loaded = await GAN.load(outDir, { device: 'reference' });
    expect(loaded.device.name).toBe('reference');
    await loaded.train(smallImages(), { steps: 1, batchSize: 8 });
  });
});

describe('a custom pair of models', () => {
  const pair = () => ({
    generator: new Sequential({
      layers: [layers.dense({ units: 8, activation: 'relu', inputShape: [3] }), layers.dense({ units: 2 })],
      seed: 1,
    }),
    discriminator: new Sequential({
      layers: [layers.dense({ units: 8, activation: 'tanh', inputShape: [2] }), layers.dense({ units: 1 })],
      seed: 1,
    }),
  });
  const points = tensor(Float32Array.of(1, 1, -1, 1, 1, -1, -1, -1), [4, 2]);

  test('trains on samples that are no pictures, and draws none', async () => {
    const outDir = scratchFolder();
    const gan = new GAN({ ...pair(), seed: 1 });
    const history = await gan.train(points, { steps: 3, batchSize: 4, outDir });
    expect(history.steps).toBe(3);
    expect(filesIn(outDir)).toEqual([
      'curves.png',
      'discriminator.safetensors',
      'generator.safetensors',
      'history.jsonl',
    ]);
    expect((await gan.generate(6)).shape).toEqual([6, 2]);
  });

  test('may end in a logit instead of a sigmoid: both train alike', async () => {
    const [logit, sigmoid] = [pair(), pair()];
    sigmoid.discriminator.add(layers.activation({ activation: 'sigmoid' }));
    const run = async (models: ReturnType<typeof pair>) => {
      const { dLoss, dAccuracy, gLoss } = await new GAN({ ...models, seed: 1 }).train(points, {
        steps: 5,
        batchSize: 4,
      });
      return { dLoss, dAccuracy, gLoss };
    };
    expect(await run(logit)).toEqual(await run(sigmoid));
  });

  test('draws pictures in colour', async () => {
    const outDir = scratchFolder();
    const generator = new Sequential({
      layers: [
        layers.dense({ units: 12, activation: 'tanh', inputShape: [3] }),
        layers.reshape({ targetShape: [2, 2, 3] }),
      ],
    });
    const discriminator = new Sequential({
      layers: [layers.flatten({ inputShape: [2, 2, 3] }), layers.dense({ units: 1, activation: 'sigmoid' })],
    });
    const gan = new GAN({ generator, discriminator });
    await gan.train(tensor(new Uint8Array(48).fill(200), [4, 2, 2, 3]), { steps: 1, batchSize: 2, outDir });
    const { data } = PNG.sync.read(readFileSync(join(outDir, 'images/mnist_0.png')));
    expect(data.some((value, i) => i % 4 === 1 && value !== data[i - 1])).toBe(true);
  });
});

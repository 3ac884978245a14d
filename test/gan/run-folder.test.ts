// What a training run writes, and that it can be read back.
import { EventEmitter, once } from 'node:events';
import { existsSync, mkdirSync, promises, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { PNG } from 'pngjs';
import { FolderLock } from '../../lib/formats/folder-lock';
import { GAN, layers, Sequential, type StepFigures, saveGrid, type TrainProgress, tensor } from '../../lib/index';
import { removeEmptyRun } from '../../lib/runs/run-files';
import { ended, startScript } from '../cli/command';
import { testNotOnWindows } from '../support/platform';
import { expectError } from './rejects';
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
      'checkpoints',
      'curves.png',
      'discriminator.safetensors',
      'gan.json',
      'generator.safetensors',
      'history.jsonl',
      'images',
    ]);
    expect(filesIn(join(outDir, 'images'))).toEqual([
      'samples_0.png',
      'samples_3.png',
      'samples_6.png',
      'samples_7.png',
    ]);
  });

  test('writes a sample once when the last step is one anyway', async () => {
    const { outDir } = await run(7);
    expect(filesIn(join(outDir, 'images'))).toEqual(['samples_0.png', 'samples_3.png', 'samples_6.png']);
  });

  test('draws 5x5 images of 4x4 pixels, each a square of 3, and readable curves', async () => {
    const { outDir } = await eightSteps;
    const side = 6 + 5 * (4 * 3 + 6);
    expect(sizeOf(join(outDir, 'images/samples_0.png'))).toEqual({ width: side, height: side });
    expect(sizeOf(join(outDir, 'curves.png')).width).toBeGreaterThan(500);
  });

  test('draws the same 25 noise vectors every time, by the generator of that step', async () => {
    const { outDir, gan } = await eightSteps;
    const again = join(scratchFolder(), 'again.png');
    await saveGrid(again, await gan.generate(25, { seed: 0 }));
    expect(readFileSync(again).equals(readFileSync(join(outDir, 'images/samples_7.png')))).toBe(true);
    expect(readFileSync(again).equals(readFileSync(join(outDir, 'images/samples_0.png')))).toBe(false);
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

  test('replaces the files of an earlier run when it is told to', async () => {
    const { outDir, gan } = await run(8);
    const history = await gan.train(smallImages(), { steps: 2, batchSize: 8, outDir, overwrite: true });
    expect(linesOf(outDir)).toEqual([...history]);
  });

  test('calls the pictures after the name of the data', async () => {
    const outDir = scratchFolder();
    await smallGan().train({ ...smallImages(), name: 'faces' }, { steps: 1, batchSize: 8, outDir });
    expect(filesIn(join(outDir, 'images'))).toEqual(['faces_0.png']);
  });

  test.each([[''], ['a/b'], ['..'], ['a b'], ['x'.repeat(101)], [7]])('refuses the name %j', async (name) => {
    const outDir = join(scratchFolder(), 'run');
    await expectError(
      () => smallGan().train({ ...smallImages(), name: name as string }, { steps: 1, batchSize: 8, outDir }),
      'CUDA_GAN_VALUE',
      /^the name of images is .*; allowed are texts of 1 to 100 letters a to z, digits, "_" and "-"$/,
    );
    expect(existsSync(outDir)).toBe(false);
  });

  test('loads onto the device that is asked for', async () => {
    const { outDir } = await eightSteps;
    const loaded = await GAN.load(outDir, { device: 'reference' });
    expect(loaded.device.name).toBe('reference');
    await loaded.train(smallImages(), { steps: 1, batchSize: 8 });
  });
});

describe('during a run', () => {
  const models = ['generator.safetensors', 'discriminator.safetensors'];
  const bytesIn = (outDir: string) => models.map((file) => readFileSync(join(outDir, file), 'base64'));

  /** Waits until both models are there and neither is what it was. */
  async function modelsOtherThan(before: string[], outDir: string): Promise<string[]> {
    for (;;) {
      if (models.every((file) => existsSync(join(outDir, file)))) {
        const now = bytesIn(outDir);
        if (now.every((bytes, i) => bytes !== before[i])) return now;
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  test('the models of every sample are written, both of that step', async () => {
    const outDir = scratchFolder();
    const found: { step: number; weights: Awaited<ReturnType<typeof weightsOf>> }[] = [];
    let before: string[] = [];
    const onSample = async ({ step }: StepFigures) => {
      if (step === 9) return; // the last: the end of the run writes it
      before = await modelsOtherThan(before, outDir);
      found.push({ step, weights: await weightsOf(await GAN.load(outDir)) });
    };
    await smallGan().train(smallImages(), { steps: 10, batchSize: 8, sampleInterval: 3, outDir, onSample });
    expect(found.map(({ step }) => step)).toEqual([0, 3, 6]);
    for (const { step, weights } of found) {
      const gan = smallGan();
      await gan.train(smallImages(), { steps: step + 1, batchSize: 8 });
      expect(weights).toEqual(await weightsOf(gan));
    }
  });

  test('steps go on while the files of a sample are being written', async () => {
    const outDir = scratchFolder();
    const open = promises.open;
    const disk = new EventEmitter();
    const answered = once(disk, 'answer');
    let begun = false;
    const slow = jest.spyOn(promises, 'open').mockImplementation(async (path, ...rest) => {
      if (begun && String(path).endsWith('.tmp')) await answered;
      return open(path, ...rest);
    });
    try {
      let last = 0;
      const onProgress = ({ step }: TrainProgress) => {
        last = step;
        // Step 1 is done although neither picture nor models of step 0 are.
        if (step >= 1) disk.emit('answer');
      };
      const onEpochBegin = () => {
        begun = true;
      };
      const options = { steps: 9, batchSize: 8, sampleInterval: 4, outDir, onProgress, callbacks: { onEpochBegin } };
      expect(await smallGan().train(smallImages(), options)).toMatchObject({ steps: 9 });
      expect(last).toBe(8);
    } finally {
      slow.mockRestore();
    }
    expect(filesIn(join(outDir, 'images'))).toEqual(['samples_0.png', 'samples_4.png', 'samples_8.png']);
  });

  test('models are left out while those before are being written, pictures are not', async () => {
    const outDir = scratchFolder();
    const rename = promises.rename;
    const renamed: string[] = [];
    const disk = new EventEmitter();
    const answered = once(disk, 'answer');
    const slow = jest.spyOn(promises, 'rename').mockImplementation(async (from, to) => {
      if (String(to).endsWith('generator.safetensors')) await answered;
      renamed.push(basename(String(to)));
      return rename(from, to);
    });
    const onSample = ({ step }: StepFigures) => {
      if (step === 3) disk.emit('answer');
    };
    try {
      await smallGan().train(smallImages(), { steps: 4, batchSize: 8, sampleInterval: 1, outDir, onSample });
    } finally {
      slow.mockRestore();
    }
    const count = (file: string) => renamed.filter((name) => name === file).length;
    // Those of step 0, and of the end.
    expect(models.map(count)).toEqual([2, 2]);
    expect(renamed.filter((name) => name.endsWith('.png') && name !== 'curves.png')).toHaveLength(4);
  });

  test('models that cannot be written end it', async () => {
    const outDir = scratchFolder();
    const path = join(outDir, 'generator.safetensors');
    mkdirSync(path);
    await expectError(
      () =>
        smallGan().train(smallImages(), { steps: Infinity, batchSize: 8, sampleInterval: 2, outDir, overwrite: true }),
      'CUDA_GAN_FILE',
      `cannot write ${path}: it is a folder`,
    );
  });

  testNotOnWindows.each(['SIGTERM', 'SIGINT', 'exit'])(
    'a process that ends by %s leaves the models of its last sample',
    async (how) => {
      const outDir = scratchFolder();
      const { code } = await ended(startScript(join(__dirname, 'killed.mjs'), outDir, how));
      expect(code).toBe(how === 'exit' ? 0 : null);
      expect(await weightsOf(await GAN.load(outDir))).toEqual(await weightsOf(await killedGan(11)));
    },
  );

  /** What killed.mjs trains, after so many steps. */
  async function killedGan(steps: number): Promise<GAN> {
    const generator = new Sequential({
      layers: [layers.dense({ units: 4, activation: 'tanh', inputShape: [3] })],
      seed: 1,
    });
    const discriminator = new Sequential({ layers: [layers.dense({ units: 1, inputShape: [4] })], seed: 2 });
    const gan = new GAN({ generator, discriminator, seed: 3, device: 'cpu' });
    const points = tensor(Float32Array.of(1, 1, -1, 1, 1, -1, -1, -1), [2, 4]);
    await gan.train(points, { steps, batchSize: 2 });
    return gan;
  }
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

  test('trains on samples that are no pictures, draws none, and says so once', async () => {
    const outDir = scratchFolder();
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const gan = new GAN({ ...pair(), seed: 1 });
    const history = await gan.train(points, { steps: 3, batchSize: 4, outDir });
    await gan.train(points, { steps: 3, batchSize: 4, outDir, overwrite: true });
    expect(history.steps).toBe(3);
    expect(warned.mock.calls).toEqual([
      [
        `samples of shape [2] cannot be drawn, so ${outDir} gets no pictures of them; those of shape [height, width] or [height, width, channels] can`,
        { type: 'CudaGanWarning', code: 'CUDA_GAN_NO_PICTURE' },
      ],
    ]);
    warned.mockRestore();
    expect(filesIn(outDir)).toEqual([
      'checkpoints',
      'curves.png',
      'discriminator.safetensors',
      'gan.json',
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

  /** Trains one step on images of `shape` with a folder; the picture. */
  async function pictureOf(shape: number[]) {
    const outDir = scratchFolder();
    const units = shape.reduce((product, dimension) => product * dimension, 1);
    const generator = new Sequential({
      layers: [layers.dense({ units, activation: 'tanh', inputShape: [3] }), layers.reshape({ targetShape: shape })],
    });
    const discriminator = new Sequential({
      layers: [layers.flatten({ inputShape: shape }), layers.dense({ units: 1, activation: 'sigmoid' })],
    });
    const gan = new GAN({ generator, discriminator });
    const images = tensor(new Uint8Array(4 * units).fill(200), [4, ...shape]);
    await gan.train(images, { steps: 1, batchSize: 2, outDir });
    return PNG.sync.read(readFileSync(join(outDir, 'images/samples_0.png')));
  }

  test('draws pictures in colour', async () => {
    const { data } = await pictureOf([2, 2, 3]);
    expect(data.some((value, i) => i % 4 === 1 && value !== data[i - 1])).toBe(true);
  });

  test.each([[[2, 2]], [[2, 2, 1]], [[2, 2, 4]], [[2, 1, 2]], [[2, 2, 5]]])('draws samples of %j', async (shape) => {
    const [height, width, channels = 1] = shape as [number, number, number?];
    const tiles = [1, 3, 4].includes(channels) ? 1 : channels;
    const picture = await pictureOf(shape);
    expect([picture.width, picture.height]).toEqual([6 + 5 * (tiles * width * 3 + 6), 6 + 5 * (height * 3 + 6)]);
  });
});

describe('a run that is given up before its first step', () => {
  /** What a run of this process has written so far; its files. */
  async function begun(checkpoint: string, history = ''): Promise<{ folder: string; lock: FolderLock }> {
    const folder = scratchFolder();
    mkdirSync(join(folder, 'checkpoints'));
    writeFileSync(join(folder, 'checkpoints', checkpoint), '');
    for (const [name, text] of [
      ['history.jsonl', history],
      ['run.json', '{}'],
    ] as const) {
      writeFileSync(join(folder, name), text);
    }
    return { folder, lock: await FolderLock.take(folder) };
  }

  test('leaves nothing', async () => {
    const { folder } = await begun('checkpoint-000000000.safetensors');
    removeEmptyRun(folder);
    expect(filesIn(folder)).toEqual([]);
  });

  test.each([
    ['one that has pretrained', 'checkpoint-000000005.safetensors', ''],
    ['one that has a history', 'checkpoint-000000000.safetensors', '{}\n'],
  ])('is not %s', async (_, checkpoint, history) => {
    const { folder } = await begun(checkpoint, history);
    removeEmptyRun(folder);
    expect(filesIn(folder)).toEqual(['checkpoints', 'history.jsonl', 'run.json']);
    expect(filesIn(join(folder, 'checkpoints'))).toEqual([checkpoint]);
  });

  test('is not that of another process', async () => {
    const { folder, lock } = await begun('checkpoint-000000000.safetensors');
    lock.release();
    removeEmptyRun(folder);
    expect(filesIn(folder)).toEqual(['checkpoints', 'history.jsonl', 'run.json']);
  });
});

test('of two runs that begin in one new folder at once, one has it', async () => {
  const outDir = join(scratchFolder(), 'new');
  const runs = [1, 2].map((seed) => smallGan({ seed }).train(smallImages(), { steps: 3, batchSize: 4, outDir }));
  const outcomes = await Promise.allSettled(runs);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { code: 'CUDA_GAN_BUSY', message: expect.stringMatching(/ is in use by this process: two trainings /) },
  });
});

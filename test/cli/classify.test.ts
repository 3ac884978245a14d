// `cuda-gan classify` as a process: training, going on, figures, classes of images, and mistakes.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { GAN, layers, Sequential, saveNpy, saveNpz, type Tensor, tensor, VAE } from '../../lib/index';
import { classes, side, smallImages } from '../classifiers/small-images';
import { scratchFolder } from '../gan/scratch';
import { hashOf } from '../support/checkpoint-copies';
import { draw } from '../support/images';
import { testNotOnWindows } from '../support/platform';
import { command, ended, printed, start } from './command';

const folder = scratchFolder();
const quick = ['--device', 'cpu', '--batch-size', '20', '--seed', '1'];

const saveLabelled = (path: string, images: Tensor, labels: Tensor) =>
  saveNpz(
    path,
    new Map([
      ['x', images],
      ['y', labels],
    ]),
  );

/** 300 images of three classes, bytes. */
const data = (async () => {
  const path = join(folder, 'data.npz');
  const { images, labels } = smallImages(300);
  await saveLabelled(path, images, labels);
  return path;
})();

const epochs = 6;

/** The folder of a run, and what it printed. */
const whole = (async () => {
  const out = join(folder, 'whole');
  const found = await command(
    'classify',
    'train',
    ...quick,
    '--data',
    await data,
    '--epochs',
    String(epochs),
    '--out',
    out,
  );
  expect(found).toMatchObject({ code: 0, stderr: '' });
  return { out, stdout: found.stdout };
})();

/** What of a run must not depend on whether it was broken off. */
const outcomeOf = (out: string) =>
  ['classifier.safetensors', 'history.csv', 'report.json'].map((name) => hashOf(readFileSync(join(out, name))));

describe('classify train', () => {
  test('shows a line an epoch and the report of what was held out, and writes the folder', async () => {
    const { out, stdout } = await whole;
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^Training mlp on 270 images of 3 classes: cpu \(.+\), seed 1, writing to /);
    expect(lines.slice(1, 1 + epochs)).toEqual(
      Array.from({ length: epochs }, (_, i) =>
        expect.stringMatching(
          new RegExp(
            String.raw`^Epoch ${i + 1}/6 - loss: [\d.]+ - accuracy: [\d.]+ - valLoss: [\d.]+ - valAccuracy: [\d.]+$`,
          ),
        ),
      ),
    );
    expect(lines[1 + epochs]).toMatch(/^Done: 6 epochs in .+\. Of 30 images that were held out of the data:$/);
    expect(lines[2 + epochs]).toMatch(/^accuracy [\d.]+ % \[[\d.]+, [\d.]+\], 95 % interval, of 30 samples$/);
    const files = [
      'checkpoints',
      'classifier.safetensors',
      'classify.json',
      'confusion.png',
      'curves.png',
      'history.csv',
      'report.json',
    ];
    expect(readdirSync(out).filter((name) => name !== 'errors.png')).toEqual(files);
    expect(readFileSync(join(out, 'history.csv'), 'utf8').trim().split('\r\n')).toHaveLength(1 + epochs);
    const report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'));
    expect(report).toMatchObject({ measuredOn: '30 images that were held out of the data', samples: 30 });
    expect(report.accuracy.value).toBeGreaterThan(0.8);
    expect(existsSync(join(out, 'errors.png'))).toBe(report.accuracy.value < 1);
  });

  test('--json prints one object, the same figures for the same seed', async () => {
    const { out } = await whole;
    const again = join(folder, 'again');
    const args = ['--data', await data, '--epochs', String(epochs), '--out', again, '--json', '--threads', '1'];
    const { code, stdout, stderr } = await command('classify', 'train', ...quick, ...args);
    expect(code).toBe(0);
    expect(stderr).toContain('Epoch 6/6 - loss');
    const found = JSON.parse(stdout);
    expect(found).toMatchObject({ preset: 'mlp', epochs, batchSize: 20, seed: 1, out: again, aborted: false });
    expect(found.device).toMatchObject({ name: 'cpu', threads: 1 });
    expect(found.report).toEqual(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')));
    expect(outcomeOf(again)).toEqual(outcomeOf(out));
  });

  testNotOnWindows.each(['SIGINT', 'SIGKILL'] as const)('that %s ended is resumed to its own end', async (signal) => {
    const out = scratchFolder();
    const child = start('classify', 'train', ...quick, '--data', await data, '--epochs', String(epochs), '--out', out);
    const end = ended(child);
    await printed(child, 'Epoch 1/6');
    child.kill(signal);
    const { code, stdout } = await end;
    if (signal === 'SIGINT' && !stdout.includes('Done')) {
      expect(code).toBe(130);
      expect(stdout).toMatch(/^Stopped after \d of 6 epochs; to go on: cuda-gan classify train --resume /m);
    }
    expect(await command('classify', 'train', '--resume', out)).toMatchObject({ code: 0, stderr: '' });
    expect(outcomeOf(out)).toEqual(outcomeOf((await whole).out));
  });

  test('that has come to nothing yet begins anew by --resume', async () => {
    const out = scratchFolder();
    cpSync(join((await whole).out, 'classify.json'), join(out, 'classify.json'));
    expect(await command('classify', 'train', '--resume', out)).toMatchObject({ code: 0, stderr: '' });
    expect(outcomeOf(out)).toEqual(outcomeOf((await whole).out));
  });

  test('in a folder that holds a classifier needs --overwrite, and so it does in one of something else', async () => {
    const out = join(folder, 'taken');
    cpSync((await whole).out, out, { recursive: true });
    const args = ['classify', 'train', ...quick, '--data', await data, '--epochs', '1', '--out', out];
    const before = outcomeOf(out);
    const { code, stderr } = await command(...args);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `cuda-gan: ${out} holds a classifier already (classify.json); go on with it by --resume, choose another folder, or allow that by --overwrite (CUDA_GAN_FILE)\n`,
    });
    expect(outcomeOf(out)).toEqual(before);
    expect(await command(...args, '--overwrite')).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(join(out, 'history.csv'), 'utf8').trim().split('\r\n')).toHaveLength(2);
    rmSync(join(out, 'classify.json'));
    expect((await command(...args)).stderr).toContain(
      `${out} holds a run already (curves.png, checkpoints, history.csv, classifier.safetensors`,
    );
    expect(await command(...args, '--overwrite')).toMatchObject({ code: 0, stderr: '' });
  });

  testNotOnWindows('in a folder where another is under way is refused', async () => {
    const out = scratchFolder();
    const child = start('classify', 'train', ...quick, '--data', await data, '--epochs', '100000', '--out', out);
    const end = ended(child);
    await printed(child, 'Epoch 1/');
    for (const args of [
      ['--resume', out],
      [...quick, '--data', await data, '--out', out, '--overwrite'],
    ]) {
      const { code, stderr } = await command('classify', 'train', ...args);
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringContaining(`cuda-gan: ${out} is in use by process ${child.pid}`),
      });
    }
    const incomplete = await command('classify', 'evaluate', '--model', out);
    expect(incomplete).toMatchObject({ code: 1, stdout: '' });
    expect(incomplete.stderr).toContain(`${out} holds a classifier whose training has not ended`);
    child.kill('SIGINT');
    expect((await end).code).toBe(130);
    expect(readdirSync(out)).not.toContain('run.lock');
  });

  test.each<[string, () => Promise<string[]>, string]>([
    [
      'images without classes',
      async () => {
        const path = join(folder, 'unlabelled.npy');
        await saveNpy(path, smallImages(6).images);
        return ['--data', path];
      },
      'have no classes: wanted are a folder with sub-folders as classes',
    ],
    [
      'images of one class',
      async () => {
        const path = join(folder, 'one.npz');
        await saveLabelled(path, smallImages(6).images, tensor(new Int32Array(6)));
        return ['--data', path];
      },
      'are of one class, 0: there is nothing to tell apart (CUDA_GAN_DATA)',
    ],
    [
      'too few images to hold some out',
      async () => {
        const path = join(folder, 'few.npz');
        await saveLabelled(path, smallImages(4).images, smallImages(4).labels);
        return ['--data', path];
      },
      'of 4 images, a share of 0.1 held out leaves 4 to train on and 0 to measure by (CUDA_GAN_DATA)',
    ],
    [
      'a share that is none',
      async () => ['--data', await data, '--validation-split', '1'],
      'of 300 images, a share of 1 held out leaves 0 to train on',
    ],
    [
      'a preset that there is not',
      async () => ['--preset', 'rnn'],
      "argument 'rnn' is invalid. Allowed choices are mlp, cnn.",
    ],
    ['no data', async () => ['--data', ''], '--data is ""; allowed are texts that are not empty (CUDA_GAN_VALUE)'],
    [
      'an option beside --resume',
      async () => ['--resume', (await whole).out, '--epochs', '9'],
      '--epochs cannot be changed in a run that is resumed',
    ],
    [
      'a folder to resume that is none',
      async () => ['--resume', join(folder, 'nowhere')],
      'holds no classifier: there is no classify.json. cuda-gan classify train makes one (CUDA_GAN_FILE)',
    ],
  ])('refuses %s, and writes nothing', async (_, args, message) => {
    const out = join(folder, 'refused');
    const given = await args();
    const { code, stdout, stderr } = await command(
      'classify',
      'train',
      ...given,
      ...(given[0] === '--resume' ? [] : ['--out', out]),
    );
    expect(code).not.toBe(0);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
    expect(existsSync(out)).toBe(false);
  });
});

describe('classify evaluate', () => {
  test('by default measures by what the training has held out', async () => {
    const { out } = await whole;
    const { code, stdout, stderr } = await command('classify', 'evaluate', '--model', out, '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')));
  });

  test('measures by other data, by the file of the model too, and draws the mistakes', async () => {
    const { out } = await whole;
    const wrong = join(folder, 'wrong.npz');
    const { images, labels } = smallImages(30, 3);
    await saveLabelled(wrong, images, tensor(labels.data.map((label) => (label + 1) % classes)));
    const picture = join(folder, 'mistakes.png');
    const args = ['--model', join(out, 'classifier.safetensors'), '--data', wrong, '--out', picture];
    const { code, stdout } = await command('classify', 'evaluate', ...args);
    expect(code).toBe(0);
    expect(stdout).toContain(`Of 30 images of ${wrong}:\naccuracy `);
    expect(stdout).toContain('true class, and what it is taken for:');
    expect(stdout).toContain(`The surest mistakes: ${picture}`);
    expect(readFileSync(picture).subarray(1, 4).toString()).toBe('PNG');
  });

  test('takes any model from images to probabilities by its file, of all layers that there are', async () => {
    const model = new Sequential({
      layers: [
        layers.conv2d({ filters: 2, kernelSize: 3, inputShape: [side, side, 1] }),
        layers.groupNormalization({ groups: 1 }),
        layers.prelu(),
        layers.flatten(),
        layers.dense({ units: classes, activation: 'softmax' }),
      ],
      pixelRange: [0, 1],
      device: 'cpu',
    });
    const path = await saved('own.safetensors', (path) => model.save(path));
    const { code, stdout } = await command('classify', 'evaluate', '--model', path, '--data', await data, '--json');
    expect({ code, samples: JSON.parse(stdout).samples }).toEqual({ code: 0, samples: 300 });
  });

  const saved = async (name: string, save: (path: string) => Promise<unknown>) => {
    const path = join(folder, name);
    await save(path);
    return path;
  };

  test.each<[string, () => Promise<string[]>, string]>([
    [
      'images of another size',
      async () => {
        const path = join(folder, 'large.npz');
        await saveLabelled(path, tensor(new Uint8Array(2 * 9 * 9), [2, 9, 9, 1]), tensor([0, 1]));
        return ['--model', (await whole).out, '--data', path];
      },
      `large.npz has images of 9 x 9 x 1; the model takes ${side} x ${side} x 1 (height, width, channels) (CUDA_GAN_SHAPE)`,
    ],
    [
      'labels outside the classes',
      async () => {
        const path = join(folder, 'outside.npz');
        await saveLabelled(path, smallImages(2).images, tensor([0, 7]));
        return ['--model', (await whole).out, '--data', path];
      },
      'the data has the class 7; the model tells 0, 1, 2 (CUDA_GAN_DATA)',
    ],
    [
      "a GAN's folder",
      async () => {
        const gan = new GAN({
          networks: { name: 'mlp', width: 1 / 64 },
          imageShape: [side, side, 1],
          seed: 1,
          device: 'cpu',
        });
        const outDir = join(folder, 'gan');
        await gan.train(smallImages(8).images, { steps: 1, batchSize: 4, outDir });
        return ['--model', outDir];
      },
      'holds no classifier: there is no classify.json, but discriminator.safetensors, gan.json, generator.safetensors.',
    ],
    [
      "a VAE's file",
      async () => {
        const vae = new VAE({ imageShape: [side, side, 1], latentDim: 2, seed: 1, device: 'cpu' });
        return ['--model', await saved('vae.safetensors', (path) => vae.save(path))];
      },
      'vae.safetensors holds no classifier: row 0 of what it makes of a black image',
    ],
    [
      'a model that tells no classes',
      async () => {
        const model = new Sequential({ layers: [layers.dense({ units: 1, inputShape: [4] })], device: 'cpu' });
        return ['--model', await saved('dense.safetensors', (path) => model.save(path))];
      },
      'dense.safetensors holds a model from [4] to [1]; a classifier takes images [height, width, channels]',
    ],
    [
      'a newer folder',
      async () => {
        const out = join(folder, 'newer');
        cpSync((await whole).out, out, { recursive: true });
        writeFileSync(join(out, 'classify.json'), '{ "format": 2, "names": [] }');
        return ['--model', out];
      },
      'has the format 2, and this version of cuda-gan reads 1: a newer one has written it (CUDA_GAN_FILE)',
    ],
    [
      'a damaged folder',
      async () => {
        const out = join(folder, 'damaged');
        cpSync((await whole).out, out, { recursive: true });
        writeFileSync(join(out, 'classify.json'), '{ "format": 1 }');
        return ['--model', out];
      },
      'classify.json is damaged (CUDA_GAN_FILE)',
    ],
    ['what is not there', async () => ['--model', join(folder, 'nowhere')], 'no such file or folder (CUDA_GAN_FILE)'],
    [
      'a picture that is no PNG',
      async () => ['--model', (await whole).out, '--out', 'mistakes.jpg'],
      'what is written is a PNG file; allowed are names that end in .png (CUDA_GAN_VALUE)',
    ],
  ])('refuses %s, and gives no figure', async (_, args, message) => {
    const { code, stdout, stderr } = await command('classify', 'evaluate', ...(await args()));
    expect(code).not.toBe(0);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
  });
});

describe('a folder of images with classes', () => {
  const names = ['left', 'right'];

  /** Images of 6 by 6, bright on one side, in sub-folders that are called so. */
  const pictures = (async () => {
    const at = join(folder, 'pictures');
    for (const [label, name] of names.entries()) {
      mkdirSync(join(at, name), { recursive: true });
      for (let i = 0; i < 30; i++) {
        const bright = (x: number) => (x < 3 === (label === 0) ? 200 : 0) + ((i * 7 + x) % 40);
        await draw((_, x) => [bright(x), bright(x), bright(x)], { height: 6, width: 6 })
          .png()
          .toFile(join(at, name, `${i}.png`));
      }
    }
    return at;
  })();

  const trained = (async () => {
    const out = join(folder, 'sides');
    const args = ['--preset', 'cnn', '--epochs', '8', '--channels', '1', '--validation-split', '0.2', '--out', out];
    expect(await command('classify', 'train', ...quick, '--data', await pictures, ...args)).toMatchObject({
      code: 0,
      stderr: '',
    });
    return out;
  })();

  test('has its names in the report', async () => {
    const report = JSON.parse(readFileSync(join(await trained, 'report.json'), 'utf8'));
    expect(report.samples).toBe(12);
    expect(report.classes.map(({ name }: { name: string }) => name)).toEqual(names);
    expect(report.accuracy.value).toBe(1);
    expect(readdirSync(await trained)).not.toContain('errors.png');
  });

  test('is measured by its names where other data has only some of them, and refused where it has others', async () => {
    const right = join(folder, 'only-right');
    cpSync(join(await pictures, 'right'), join(right, 'right'), { recursive: true });
    const { stdout } = await command('classify', 'evaluate', '--model', await trained, '--data', right, '--json');
    expect(JSON.parse(stdout).confusionMatrix).toEqual([
      [0, 0],
      [0, 30],
    ]);
    cpSync(join(await pictures, 'left'), join(right, 'above'), { recursive: true });
    const { code, stderr } = await command('classify', 'evaluate', '--model', await trained, '--data', right);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'cuda-gan: the data has the class above; the model tells left, right (CUDA_GAN_DATA)\n',
    });
  });

  test('classify predict tells the classes of files, of folders and of arrays', async () => {
    const [model, at] = [await trained, await pictures];
    const file = join(at, 'right', '3.png');
    const array = join(folder, 'array.npy');
    await saveNpy(array, tensor(new Uint8Array(2 * 36), [2, 6, 6]));
    const { code, stdout, stderr } = await command(
      'classify',
      'predict',
      file,
      array,
      join(at, 'left'),
      '--model',
      model,
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.trim().split('\n');
    expect(lines).toHaveLength(33);
    expect(lines[0]).toMatch(new RegExp(String.raw`^${file} +right [\d.]+ %$`));
    expect(lines[1]).toContain(`${array}[0]`);
    expect(lines.slice(3).every((line) => / left [\d.]+ %$/.test(line))).toBe(true);
  });

  test('classify predict --json has the probabilities of as many classes as are wanted', async () => {
    const file = join(await pictures, 'right', '3.png');
    const { stdout } = await command('classify', 'predict', file, '--model', await trained, '--top', '2', '--json');
    const [answer] = JSON.parse(stdout);
    expect(answer).toMatchObject({ image: file, class: 'right', top: [{ class: 'right' }, { class: 'left' }] });
    expect(answer.top[0].probability).toBe(answer.probability);
    expect(answer.top[0].probability + answer.top[1].probability).toBeCloseTo(1, 5);
  });

  test.each<[string, () => Promise<string>, string]>([
    ['what is not there', async () => join(folder, 'nowhere.png'), 'no such file or folder (CUDA_GAN_FILE)'],
    [
      'what is no image',
      async () => {
        const path = join(folder, 'text.png');
        writeFileSync(path, 'text');
        return path;
      },
      'text.png cannot be decoded',
    ],
    [
      'an array of another size',
      async () => {
        const path = join(folder, 'other.npy');
        await saveNpy(path, tensor(new Uint8Array(64), [1, 8, 8]));
        return path;
      },
      'other.npy has images of 8 x 8 x 1; the model takes 6 x 6 x 1',
    ],
  ])('classify predict refuses %s', async (_, path, message) => {
    const { code, stdout, stderr } = await command('classify', 'predict', await path(), '--model', await trained);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(message);
  });
});

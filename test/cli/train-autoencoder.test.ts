// `cuda-gan train --model vae`, `cvae` and `autoencoder`: what they print and write, and how a run that was ended goes on.
import { cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Autoencoder, saveNpz, type Tensor, tensor, VAE } from '../../lib/index';
import { scratchFolder } from '../gan/scratch';
import { hashOf, stateIn } from '../support/checkpoint-copies';
import { testNotOnWindows } from '../support/platform';
import { command, ended, printed, start } from './command';

const folder = scratchFolder();

/** 60 images of 8x8 in three classes, with labels and without, and networks that take no time. */
const files = (async () => {
  const count = 60;
  const x: Tensor = tensor(
    Uint8Array.from({ length: count * 64 }, (_, i) => (i * 37 + 11 * Math.floor(i / 64)) % 256),
    [count, 8, 8, 1],
  );
  const y: Tensor = tensor(
    Int32Array.from({ length: count }, (_, i) => i % 3),
    [count],
  );
  const [labelled, plain, config] = ['labelled.npz', 'plain.npz', 'config.json'].map((name) => join(folder, name));
  await saveNpz(
    labelled!,
    new Map([
      ['x', x],
      ['y', y],
    ]),
  );
  await saveNpz(plain!, new Map([['x', x]]));
  writeFileSync(config!, JSON.stringify({ networks: { name: 'mlp', width: 1 / 25 }, latentDim: 3 }));
  return { labelled: labelled!, plain: plain!, config: config! };
})();

async function argsOf(kind: string, data: 'labelled' | 'plain', ...more: string[]): Promise<string[]> {
  const { config, ...found } = await files;
  const common = ['--batch-size', '20', '--seed', '1', '--device', 'cpu', '--threads', '1'];
  return ['train', '--model', kind, '--data', found[data], '--config', config, ...common, ...more];
}

const filesIn = (out: string) => readdirSync(out).sort();

describe('a run', () => {
  test('of a VAE prints a line per epoch, and writes pictures, history and a model that draws images', async () => {
    const out = join(scratchFolder(), 'run');
    const args = await argsOf('vae', 'plain', '--binarize', '--beta', '0.5', '--epochs', '2', '--out', out);
    const { code, stdout, stderr } = await command(...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^Training on 60 images: cpu \(.+\), seed 1, writing to /);
    expect(lines[1]).toMatch(/^Epoch 1\/2 - loss: \d+\.\d{4} - reconstruction: \d+\.\d{4} - kl: \d+\.\d{4}$/);
    expect(lines.at(-1)).toMatch(/^Done: 2 epochs in .+ Pictures, curves and the model are in /);
    const written = ['checkpoints', 'curves.png', 'history.csv', 'images', 'reconstructions.png', 'run.json'];
    expect(filesIn(out)).toEqual([...written, 'vae.safetensors']);
    expect(filesIn(join(out, 'images'))).toEqual(['samples_1.png', 'samples_2.png']);
    expect(readFileSync(join(out, 'history.csv'), 'utf8')).toMatch(/^epoch,kl,loss,reconstruction\r\n0,/);
    const { latentDim, imageShape } = await VAE.load(join(out, 'vae.safetensors'), { device: 'cpu' });
    expect({ latentDim, imageShape }).toEqual({ latentDim: 3, imageShape: [8, 8, 1] });
    const grid = join(out, 'grid.png');
    expect(await command('generate', '--model', out, '--count', '4', '--seed', '2', '--out', grid)).toMatchObject({
      code: 0,
      stdout: `4 images of seed 2 in ${grid}\n`,
    });
    expect(await command('movie', out, '--out', join(out, 'movie.png'))).toMatchObject({ code: 0, stderr: '' });
    expect(await command('generate', '--model', out, '--class-grid', '--out', grid)).toMatchObject({
      code: 1,
      stderr: 'cuda-gan: --class-grid: the model knows no classes (CUDA_GAN_STATE)\n',
    });
  });

  test('of a VAE with classes takes the labels of the data, and draws every class', async () => {
    const out = scratchFolder();
    const { code, stdout, stderr } = await command(
      ...(await argsOf('cvae', 'labelled', '--epochs', '1', '--json', '--out', out)),
    );
    expect(code).toBe(0);
    expect(stderr).toContain('Epoch 1/1');
    expect(JSON.parse(stdout)).toMatchObject({ model: 'cvae', epochs: 1, batchSize: 20, seed: 1, aborted: false, out });
    const grid = join(out, 'grid.png');
    const drawn = await command('generate', '--model', out, '--class-grid', '--count', '2', '--out', grid);
    expect(drawn).toMatchObject({ code: 0, stdout: expect.stringMatching(/^6 images of seed/) });
  });

  test('of an autoencoder shows reconstructions, and draws no images of its own', async () => {
    const out = scratchFolder();
    expect(await command(...(await argsOf('autoencoder', 'plain', '--epochs', '1', '--out', out)))).toMatchObject({
      code: 0,
      stderr: '',
    });
    expect(filesIn(join(out, 'images'))).toEqual(['samples_1.png']);
    expect((await Autoencoder.load(join(out, 'autoencoder.safetensors'), { device: 'cpu' })).latentDim).toBe(3);
    for (const args of [
      ['generate', '--model', out],
      ['movie', out, '--interpolate'],
    ]) {
      expect(await command(...args, '--out', join(out, 'no.png'))).toMatchObject({
        code: 1,
        stderr: expect.stringContaining(`${out} holds an autoencoder, which makes images of images`),
      });
    }
    expect(existsSync(join(out, 'no.png'))).toBe(false);
  });

  test('in place of another leaves nothing of that, and without --overwrite all of it', async () => {
    const out = scratchFolder();
    await command(...(await argsOf('vae', 'plain', '--epochs', '2', '--out', out)));
    const before = filesIn(out);
    const args = await argsOf('autoencoder', 'plain', '--epochs', '1', '--out', out);
    expect(await command(...args)).toMatchObject({ code: 1, stderr: expect.stringContaining('holds a run already') });
    expect(filesIn(out)).toEqual(before);
    expect(await command(...args, '--overwrite')).toMatchObject({ code: 0, stderr: '' });
    expect(filesIn(out)).toEqual([
      'autoencoder.safetensors',
      'checkpoints',
      'curves.png',
      'history.csv',
      'images',
      'run.json',
    ]);
    expect(filesIn(join(out, 'images'))).toEqual(['samples_1.png']);
  });
});

test('a run that cannot begin in the place of another leaves that as it was', async () => {
  const out = scratchFolder();
  await command(...(await argsOf('vae', 'plain', '--epochs', '1', '--out', out)));
  const before = filesIn(out).map((file) => [
    file,
    statSync(join(out, file)).isFile() ? readFileSync(join(out, file), 'base64') : filesIn(join(out, file)),
  ]);
  const args = await argsOf('vae', 'plain', '--epochs', '1', '--out', out, '--overwrite', '--metrics-interval', '1');
  expect(await command(...args)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('the feature network digits 1 takes'),
  });
  expect(
    filesIn(out).map((file) => [
      file,
      statSync(join(out, file)).isFile() ? readFileSync(join(out, file), 'base64') : filesIn(join(out, file)),
    ]),
  ).toEqual(before);
});

test('a run that is refused leaves no folder', async () => {
  const out = join(scratchFolder(), 'run');
  const args = await argsOf('vae', 'plain', '--epochs', '1', '--out', out, '--metrics-interval', '1');
  expect(await command(...args)).toMatchObject({ code: 1 });
  expect(existsSync(out)).toBe(false);
});

describe('a run that was ended', () => {
  const epochs = ['--epochs', '40', '--checkpoint-interval', '50'];
  const outcomeOf = (out: string) => [
    stateIn(join(out, 'checkpoints')),
    readFileSync(join(out, 'history.csv'), 'utf8'),
    hashOf(readFileSync(join(out, 'images/samples_40.png'))),
  ];
  const whole = (async () => {
    const out = scratchFolder();
    const ended = await command(...(await argsOf('cvae', 'labelled', ...epochs, '--out', out)));
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    return out;
  })();

  testNotOnWindows.each(['SIGINT', 'SIGKILL'] as const)('by %s goes on to its own end', async (signal) => {
    const out = scratchFolder();
    const child = start(...(await argsOf('cvae', 'labelled', ...epochs, '--out', out)));
    const end = ended(child);
    await printed(child, 'Epoch 3/40');
    child.kill(signal);
    const { code } = await end;
    expect(code).toBe(signal === 'SIGINT' ? 130 : null);
    const { code: done, stdout } = await command('train', '--resume', out);
    expect(done).toBe(0);
    expect(stdout).toMatch(/^Going on with 60 images: cpu \(.+\), seed 1, writing to /);
    expect(outcomeOf(out)).toEqual(outcomeOf(await whole));
  });

  test('at its end becomes longer, as if it had been begun so', async () => {
    const [out, longer] = [scratchFolder(), scratchFolder()];
    cpSync(await whole, out, { recursive: true });
    expect(await command('train', '--resume', out, '--epochs', '42')).toMatchObject({ code: 0 });
    const args = await argsOf('cvae', 'labelled', ...epochs, '--epochs', '42', '--out', longer);
    expect(await command(...args)).toMatchObject({ code: 0 });
    expect(outcomeOf(out)).toEqual(outcomeOf(longer));
    expect(await command('train', '--resume', out, '--epochs', '41')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--epochs is 41; allowed are whole numbers from 42'),
    });
  });

  test('keeps its settings', async () => {
    const out = await whole;
    expect(await command('train', '--resume', out, '--steps', '50')).toMatchObject({
      code: 2,
      stderr: 'cuda-gan: --steps is for --model gan, and the model is cvae (CUDA_GAN_VALUE)\n',
    });
    expect(await command('train', '--resume', out, '--batch-size', '5')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--batch-size cannot be changed in a run that is resumed'),
    });
  });
});

describe('mistakes', () => {
  test.each<[string[], string]>([
    [['--model', 'vae', '--steps', '5'], '--steps is for --model gan, and the model is vae'],
    [['--epochs', '5'], '--epochs is for --model vae, autoencoder, cvae, and the model is gan'],
    [['--model', 'autoencoder', '--beta', '2'], '--beta is for --model vae, cvae, and the model is autoencoder'],
    [['--model', 'bert'], "argument 'bert' is invalid. Allowed choices are gan, vae, autoencoder, cvae"],
  ])('%j: %s', async (args, message) => {
    const { code, stdout, stderr } = await command('train', ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  test('data without classes, and images that the networks are not for, leave no folder', async () => {
    const out = join(scratchFolder(), 'run');
    const plain = await command(...(await argsOf('cvae', 'plain', '--out', out)));
    expect(plain).toMatchObject({ code: 1, stderr: expect.stringContaining('--model cvae needs data with classes') });
    const { config } = await files;
    writeFileSync(join(folder, 'wrong.json'), JSON.stringify({ likelihood: 'gaussian' }));
    const wrong = (await argsOf('vae', 'plain', '--out', out)).map((arg) =>
      arg === config ? join(folder, 'wrong.json') : arg,
    );
    expect(await command(...wrong)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("the likelihood 'gaussian' needs a variance"),
    });
    expect(existsSync(out)).toBe(false);
  });
});

// `cuda-gan convert` and `inspect`.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { layers, loadModel, Sequential, saveSafetensors, tensor } from '../../lib/index';
import { scratchFolder } from '../gan/scratch';
import { testNotOnWindows } from '../support/platform';
import { command, ended, start } from './command';

async function savedModel(units = 2): Promise<string> {
  const path = join(scratchFolder(), 'model.safetensors');
  const model = new Sequential({ device: 'cpu', name: 'small' });
  model.add(layers.dense({ units, inputShape: [3] }));
  model.add(layers.dense({ units, activation: 'tanh' }));
  model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
  await model.save(path);
  return path;
}

describe('convert', () => {
  test.each([
    ['a Keras file', 'keras'],
    ['an HDF5 file', 'h5'],
    ['an HDF5 file', 'hdf5'],
    ['an ONNX file', 'onnx'],
    ['a model of TensorFlow.js', 'json'],
    ['a safetensors file', 'safetensors'],
  ])('writes %s, and from that the model again: .%s', async (format, ending) => {
    const from = await savedModel();
    const [to, back] = [join(scratchFolder(), `x.${ending}`), join(scratchFolder(), 'back.safetensors')];
    expect(await command('convert', from, to)).toEqual({
      code: 0,
      stdout: `${to}: ${format}, Sequential "small", 14 parameters\n`,
      stderr: '',
    });
    expect((await command('convert', to, back)).code).toBe(0);
    expect(await (await loadModel(back)).getWeights()).toEqual(await (await loadModel(from)).getWeights());
  });

  test.each(['x.kears', 'x.txt', 'x.keras.bak', '.pkl'])('writes no file called %s', async (name) => {
    const folder = scratchFolder();
    const { code, stderr } = await command('convert', await savedModel(), join(folder, name));
    expect(code).toBe(2);
    expect(stderr).toContain('allowed are names that end in .safetensors, .keras, .h5, .hdf5, .onnx, .json');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('says which file is missing, or holds no model', async () => {
    const text = join(scratchFolder(), 'x.keras');
    writeFileSync(text, 'no model');
    expect(await command('convert', '/nowhere.keras', 'x.onnx')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'cuda-gan: cannot read /nowhere.keras: no such file or folder (CUDA_GAN_FILE)\n',
    });
    expect((await command('convert', text, 'x.onnx')).stderr).toContain(
      `${text} holds no model: it begins with "no model"`,
    );
  });

  testNotOnWindows.each(['SIGINT', 'SIGTERM'] as const)('ended by %s leaves nothing half-written', async (signal) => {
    const from = await savedModel(3000);
    const folder = scratchFolder();
    const to = join(folder, 'x.safetensors');
    writeFileSync(to, 'old');
    const child = start('convert', from, to);
    const end = ended(child);
    const finished = end.then(() => true);
    while (readdirSync(folder).length < 2) {
      const isDone = await Promise.race([
        finished,
        new Promise<false>((resolve) => setTimeout(() => resolve(false), 1)),
      ]);
      if (isDone) break;
    }
    child.kill(signal);
    const { code } = await end;
    expect(readdirSync(folder)).toEqual(['x.safetensors']);
    // On a disk that is fast enough the file may be there already.
    if (code === 130) expect(readFileSync(to, 'utf8')).toBe('old');
    else expect(code).toBe(0);
  });
});

describe('inspect', () => {
  test('shows layers, parameters, who wrote it, and what other formats do not keep', async () => {
    const path = await savedModel();
    const { code, stdout } = await command('inspect', path);
    expect(code).toBe(0);
    expect(stdout).toContain(`${path}: a safetensors file, written by cuda-gan`);
    expect(stdout).toContain('Total params: 14');
    expect(stdout).toMatch(/\.onnx .*its layers/);
  });

  test('shows the tensors of a file without a structure', async () => {
    const path = join(scratchFolder(), 'weights.safetensors');
    await saveSafetensors(path, new Map([['a', tensor([[1, 2, 3]])]]));
    const { stdout } = await command('inspect', path, '--json');
    expect(JSON.parse(stdout)).toEqual({
      format: 'a safetensors file',
      tensors: [{ name: 'a', dtype: 'float32', shape: [1, 3] }],
    });
  });

  test('ends at a file that has no end', async () => {
    const { code, stderr } = await command('inspect', '/dev/zero');
    expect(code).toBe(1);
    expect(stderr).toContain('cannot read /dev/zero: ');
  });
});

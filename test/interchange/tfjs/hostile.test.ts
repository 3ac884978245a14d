// Damaged and hostile files of TensorFlow.js: an error with a code, in bounded time and memory, and nothing half-loaded.
import { mkdir, open, readFile, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { CudaGanError, layers, loadModel, Sequential } from '../../../lib/index';
import { RandomStream } from '../../../lib/random/random-stream';
import { scratchFolder } from '../../gan/scratch';
import { error } from '../../support/errors';
import { type ModelJson, readJson } from './tensorflow';

let folder: string;
let path: string;
let json: ModelJson;
/** Name of the file of weights. */
let shard: string;
beforeEach(async () => {
  folder = join(scratchFolder(), 'model');
  await mkdir(folder);
  path = join(folder, 'model.json');
  const model = new Sequential({ layers: [layers.dense({ units: 2, inputShape: [3] })], device: 'cpu' });
  model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
  await model.save(path);
  json = await readJson(path);
  shard = json.weightsManifest[0]!.paths[0]!;
});

const write = (changes: object) => writeFile(path, JSON.stringify({ ...json, ...changes }));
const refused = (message: string) => error('CUDA_GAN_FILE', message);

async function expectRefused(message: string): Promise<void> {
  await expect(loadModel(path)).rejects.toThrow(refused(message));
}

describe('files of weights', () => {
  const withPaths = (...paths: readonly unknown[]) =>
    write({ weightsManifest: [{ ...json.weightsManifest[0]!, paths }] });

  test.each([
    ['../outside.bin'],
    ['sub/../../outside.bin'],
    ['/etc/passwd'],
    ['https://example.org/weights.bin'],
    ['file:///etc/passwd'],
    ['C:/weights.bin'],
    ['..\\outside.bin'],
    ['a\0b'],
    [''],
  ])('are not looked for at %j', async (name) => {
    await writeFile(join(folder, '..', 'outside.bin'), await readFile(join(folder, shard)));
    await withPaths(name);
    await expectRefused('allowed are files in the folder of model.json');
  });

  test('are not behind a link that leads out of the folder', async () => {
    await writeFile(join(folder, '..', 'outside.bin'), await readFile(join(folder, shard)));
    await symlink('../outside.bin', join(folder, 'link.bin'));
    await withPaths('link.bin');
    await expectRefused('link.bin leads to a file outside of its folder');
    await symlink('..', join(folder, 'up'));
    await withPaths('up/outside.bin');
    await expectRefused('leads to a file outside of its folder');
    await symlink(shard, join(folder, 'within.bin'));
    await withPaths('within.bin');
    await loadModel(path);
  });

  test.each<readonly [unknown, string]>([
    ['none.bin', 'none.bin: no such file'],
    ['.', 'is outside of its folder'],
    [7, 'a path is 7; wanted is a text'],
  ])('are files: not %j', async (name, message) => {
    await withPaths(name);
    await expectRefused(message === 'is outside of its folder' ? 'outside of its folder' : message);
  });

  test('are no folders', async () => {
    await mkdir(join(folder, 'sub'));
    await withPaths('sub');
    await expectRefused('sub is no file');
  });

  test('have the size of what they hold, before anything is read', async () => {
    for (const size of [0, 1, 31, 33, 2 ** 40]) {
      await truncate(join(folder, shard), size);
      await expectRefused(`its weights take 32 bytes, and ${shard} has ${size}`);
    }
    await truncate(join(folder, shard), 32);
    await withPaths(shard, shard);
    await expectRefused(`two parts of weightsManifest are the file "${shard}"`);
    await withPaths();
    await expectRefused('its weights take 32 bytes, and no file has 0');
  });

  test('hold finite numbers', async () => {
    await writeFile(join(folder, shard), new Uint8Array(32).fill(255));
    await expectRefused('element 0 for weight "dense/kernel" is NaN');
  });
});

describe('descriptions of weights', () => {
  const withWeight = (changes: object) => {
    const [group] = json.weightsManifest;
    const [first, ...others] = group!.weights;
    return write({ weightsManifest: [{ ...group, weights: [{ ...first, ...changes }, ...others] }] });
  };

  test.each<readonly [object, string]>([
    [{ shape: [2 ** 31, 2 ** 31] }, 'its shape is [2147483648, 2147483648], more elements than any memory holds'],
    [{ shape: [-3, -2] }, 'its shape is [-3, -2]'],
    [{ shape: [1.5, 4] }, 'its shape is [1.5, 4]'],
    [{ shape: [2, 3] }, 'weight "dense/kernel" has shape [2, 3] in the file; the model wants [3, 2]'],
    [{ shape: 'x' }, 'the shape is "x"; wanted is a list'],
    [{ dtype: 'string' }, 'weight "dense/kernel": its dtype is "string"; supported are float32, int32'],
    [{ dtype: 'int32' }, 'weight "dense/kernel" is int32 in the file; supported is float32'],
    [{ dtype: '__proto__' }, 'its dtype is "__proto__"'],
    [{ name: 'dense/bias' }, 'two weights are called "dense/bias"'],
    [{ name: 'other/kernel' }, 'the file has no weight "dense/kernel" that the model wants'],
    [{ name: null }, 'the name of a weight is null; wanted is a text'],
    [{ quantization: 1 }, 'quantization is 1; wanted is an object'],
    [{ quantization: { dtype: 'int4' } }, 'its quantization.dtype is "int4"; supported are uint8, uint16, float16'],
    [{ quantization: { dtype: 'uint8', scale: null, min: 0 } }, 'its quantization.scale is null'],
  ])('like %j are refused', async (changes, message) => {
    await withWeight(changes);
    await expectRefused(message);
  });

  test.each([null, 7, 'x', [null], [{}], [{ paths: {}, weights: [] }], [{ paths: [], weights: [[]] }]])(
    'are lists of groups, not %j',
    async (weightsManifest) => {
      await write({ weightsManifest });
      await expectRefused('does not fit');
    },
  );
});

describe('model.json', () => {
  test.each<readonly [string, string]>([
    ['{"weightsManifest": []}', 'it is JSON without "modelTopology": no model of TensorFlow.js'],
    ['{"format": "graph-model", "modelTopology": {}}', 'it is a "graph-model"; supported is "layers-model"'],
    [' {"modelTopology": null}', 'modelTopology is null; wanted is an object'],
    ['{"modelTopology": {"class_name": "Sequential"}}', 'wanted is a model of Keras'],
    ['{"modelTopology": {"model_config": []}}', 'wanted is a model of Keras'],
    ['{modelTopology: 1}', 'is not JSON'],
  ])('%s is refused', async (text, message) => {
    await writeFile(path, text);
    await expectRefused(message);
  });

  test('may say of a layer that it is a model, which then has no layers', async () => {
    const text = JSON.stringify(json);
    for (const name of ['Sequential', 'Functional', 'Model']) {
      await writeFile(path, text.replace('"class_name":"Dense"', `"class_name":"${name}"`));
      await expectRefused(`layer "dense" (${name}): layers is undefined; wanted is a list`);
    }
  });

  test('cannot change what all objects are', async () => {
    const text = JSON.stringify(json);
    const poison = '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},';
    for (let at = text.indexOf('{'); at >= 0; at = text.indexOf('{', at + 1)) {
      if (text[at + 1] === '}') continue;
      await writeFile(path, `${text.slice(0, at + 1)}${poison}${text.slice(at + 1)}`);
      await loadModel(path).catch((reason) => expect(reason).toBeInstanceOf(CudaGanError));
    }
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  test('is not read when it is larger than any', async () => {
    const file = await open(path, 'r+');
    await file.truncate(2 ** 40);
    await file.close();
    await expectRefused('has 1099511627776 bytes; at most 67108864 of JSON are read');
  });

  test('may be nested as deep as it likes', async () => {
    const depth = 1e5;
    for (const deep of [
      `${'['.repeat(depth)}${']'.repeat(depth)}`,
      `${'{"layers":'.repeat(depth)}1${'}'.repeat(depth)}`,
    ]) {
      await writeFile(path, JSON.stringify(json).replace('"layers":[', `"layers":[${deep},`));
      await expect(loadModel(path)).rejects.toThrow(expect.objectContaining({ code: 'CUDA_GAN_FILE' }));
    }
    const [open, close] = ['{"class_name":"Sequential","config":{"layers":[', ']}}'];
    await write({ modelTopology: JSON.parse(`${open.repeat(1000)}${close.repeat(1000)}`) });
    await expectRefused('more than 64 models are within others');
  });

  test('that is cut off anywhere, or changed, is an error with a code, or a model', async () => {
    const text = JSON.stringify(json);
    for (let length = 1; length < text.length; length += 13) {
      await writeFile(path, text.slice(0, length));
      await expect(loadModel(path)).rejects.toThrow(expect.objectContaining({ code: 'CUDA_GAN_FILE' }));
    }
    const random = new RandomStream(3, 0);
    const pieces = ['"', '{', '}', '[', ']', ',', ':', '0', '-1', '1e99', 'null', 'true', '_', 'a', '\\u0000'];
    for (let i = 0; i < 400; i++) {
      const at = random.integer(text.length);
      const changed = text.slice(0, at) + pieces[random.integer(pieces.length)]! + text.slice(at + random.integer(4));
      await writeFile(path, changed);
      await loadModel(path).catch((reason) => expect(reason).toBeInstanceOf(CudaGanError));
    }
  });

  test('that does not fit leaves the weights of a model as they were', async () => {
    const model = new Sequential({ layers: [layers.dense({ units: 2, inputShape: [3] })], device: 'cpu' });
    const before = await model.getWeights();
    await writeFile(join(folder, shard), new Uint8Array(new Float32Array(8).fill(Number.NaN).buffer));
    await expect(model.loadWeights(path)).rejects.toThrow(refused('is NaN'));
    await writeFile(join(folder, shard), new Uint8Array(7));
    await expect(model.loadWeights(path)).rejects.toThrow(refused('and'));
    expect(await model.getWeights()).toEqual(before);
  });
});

// `.onnx` files on disk: written by how their names end, read by what they hold.
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { layers, loadModel, Sequential, type Tensor, tensor } from '../../../lib/index';
import { onnxFormat } from '../../../lib/interchange/onnx/onnx-file';
import { scratchFolder } from '../../gan/scratch';
import { error } from '../../support/errors';

const folder = scratchFolder();

const net = () =>
  new Sequential({
    layers: [
      layers.conv2d({ filters: 2, kernelSize: 3, inputShape: [4, 4, 1] }),
      layers.flatten(),
      layers.dense({ units: 1 }),
    ],
    device: 'cpu',
    seed: 1,
  });
const x = tensor(
  Float32Array.from({ length: 32 }, (_, i) => Math.sin(i)),
  [2, 4, 4, 1],
);

test('a model is saved and loads again, whatever the file is called then', async () => {
  const [model, path, other] = [net(), join(folder, 'a.onnx'), join(folder, 'b.bin')];
  await model.save(path);
  copyFileSync(path, other);
  const again = await loadModel(other, { device: 'cpu' });
  const [found, wanted] = [(await again.predict(x)) as Tensor, await model.predict(x)];
  for (const [i, value] of found.data.entries()) expect(value).toBeCloseTo(wanted.data[i]!, 5);
});

test('what was read goes on as a file of the package, layers of ONNX included', async () => {
  const model = await loadModel('test/golden/onnx/conditional.onnx', { device: 'cpu' });
  const path = join(folder, 'conditional.safetensors');
  await model.save(path);
  const again = await loadModel(path, { device: 'cpu' });
  expect(again.getConfig()).toEqual(model.getConfig());
  expect(await again.getWeights()).toEqual(await model.getWeights());
});

test('its weights are for no other model', async () => {
  const [model, path] = [net(), join(folder, 'weights.onnx')];
  await model.save(path);
  await expect(model.loadWeights(path)).rejects.toThrow(error('CUDA_GAN_FILE', 'read it by loadModel'));
});

test('a file says who wrote it', async () => {
  const path = join(folder, 'writer.onnx');
  await net().save(path);
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(await onnxFormat.writer(path)).toBe(`cuda-gan ${version}`);
  expect(await onnxFormat.writer('test/golden/onnx/dcgan.onnx')).toMatch(/^pytorch /);
});

test('a model that cannot be exported says so before anything is written', () => {
  const model = net();
  expect(onnxFormat.lost(model, {})).toHaveLength(1);
  model.compile({ loss: 'meanSquaredError', optimizer: 'sgd' });
  expect(onnxFormat.lost(model, {})).toContain('what compile chose, and the state of the optimizer');
  const shapeless = new Sequential({ layers: [layers.dense({ units: 1 })] });
  expect(() => onnxFormat.lost(shapeless, {})).toThrow(error('CUDA_GAN_STATE', 'has no shapes yet'));
});

test.each([
  ['a file of the package', [0x08, 0x08, 0x12, 0x08, 0x63, 0x75, 0x64, 0x61], true],
  ['one without a producer', [0x08, 0x07, 0x3a, 0x9f, 0x05, 0x0a, 0x10, 0x0a], true],
  ['a safetensors file whose header has such a length', [0x08, 0x08, 0x12, 0, 0, 0, 0, 0, 0x7b], false],
  ['a PNG file', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], false],
  ['nothing', [], false],
])('%s is known by how it begins', (_, head, isOnnx) => {
  expect(onnxFormat.recognizes(Uint8Array.from(head))).toBe(isOnnx);
});

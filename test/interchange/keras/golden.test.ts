// Files that Keras wrote (test/golden/make_keras_files.py) load here and compute what Keras does.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { loadModel, type Model, type Tensor, tensor } from '../../../lib/index';
import { scratchFolder } from '../../gan/scratch';
import { error } from '../../support/errors';
import type { Golden } from '../../support/keras';

const folder = join(__dirname, '../../golden/keras-files');
const expected: Readonly<Record<string, { readonly inputs: Golden[]; readonly outputs: Golden[] }>> = JSON.parse(
  readFileSync(join(folder, 'expected.json'), 'utf8'),
);

/** Twice float32's rounding for each of the at most some hundred terms that an output is a sum of. */
const tolerance = 1e-5;

function inputsOf(model: Model, name: string): Tensor[] {
  return expected[name]!.inputs.map(({ data, shape }, i) =>
    tensor(model.inputDTypes[i] === 'int32' ? Int32Array.from(data) : Float32Array.from(data), shape),
  );
}

async function expectOutputs(model: Model, name: string): Promise<void> {
  const inputs = inputsOf(model, name);
  const predicted = (await model.predict(inputs.length === 1 ? inputs[0]! : inputs)) as unknown;
  const outputs = ('data' in (predicted as object) ? [predicted] : predicted) as Tensor[];
  expect(outputs).toHaveLength(expected[name]!.outputs.length);
  outputs.forEach(({ shape, data }, o) => {
    const wanted = expected[name]!.outputs[o]!;
    expect(shape).toEqual(wanted.shape);
    data.forEach((value, i) => {
      expect(Math.abs(value - wanted.data[i]!)).toBeLessThan(tolerance);
    });
  });
}

const load = async (name: string) => (await loadModel(join(folder, name), { device: 'cpu' })) as Model;

test.each(Object.keys(expected))('%s computes what Keras does', async (name) => {
  await expectOutputs(await load(name), name);
});

test.each(['connected.keras', 'connected.h5', 'stack.keras', 'stack.h5', 'keras2.h5', 'keras1.h5'])(
  '%s saves and loads again to the same bits, in both formats',
  async (name) => {
    const model = await load(name);
    const weights = await model.getWeights();
    for (const ending of ['keras', 'h5', 'safetensors']) {
      const path = join(scratchFolder(), `again.${ending}`);
      await model.save(path);
      const again = (await loadModel(path, { device: 'cpu' })) as Model;
      expect(await again.getWeights()).toEqual(weights);
      expect(again.namedWeights.map(([weight]) => weight)).toEqual(model.namedWeights.map(([weight]) => weight));
      await expectOutputs(again, name);
    }
  },
);

describe('what was compiled', () => {
  test('comes with the file, and the state of the optimizer', async () => {
    const { compiled } = await load('stack.keras');
    expect(compiled!.options).toEqual({
      optimizer: expect.objectContaining({ name: 'adam', beta1: 0.5, epsilon: 1e-7 }),
      loss: 'binaryCrossentropy',
      metrics: ['accuracy'],
    });
    const { optimizer, weights } = compiled!;
    expect(optimizer.learningRate).toBeCloseTo(0.01, 7);
    const state = optimizer.state(new Map(weights.map((weight, i) => [String(i), weight])));
    const updates = state.get('0/updates')!;
    expect(await updates.read(updates.device!)).toEqual(Int32Array.of(1));
    // The frozen layer has none: a convolution, gamma and beta, and two layers with a kernel and a bias.
    expect(weights).toHaveLength(8);
    expect(state.size).toBe(1 + 2 * weights.length);
  });

  test('the moments of Keras 2.9 lie in another order', async () => {
    const { compiled } = await load('keras2.h5');
    expect(compiled!.options).toMatchObject({ loss: 'meanSquaredError', metrics: ['meanAbsoluteError'] });
    const { optimizer, weights } = compiled!;
    const state = optimizer.state(new Map(weights.map((weight, i) => [String(i), weight])));
    const first = async (path: string) => {
      const variable = state.get(path)!;
      return (await variable.read(variable.device!))[0];
    };
    expect(await Promise.all(weights.map((_, i) => first(`${i}/m`)))).toEqual([0, 1, 2, 3, 4]);
    expect(await Promise.all(weights.map((_, i) => first(`${i}/v`)))).toEqual([10, 11, 12, 13, 14]);
    expect(await first('0/updates')).toBe(7);
  });

  test('is left out with compile: false', async () => {
    const model = await loadModel(join(folder, 'stack.keras'), { device: 'cpu', compile: false });
    expect(model.compiled).toBeUndefined();
  });
});

test('weights alone are for a model of the same structure', async () => {
  const path = join(folder, 'stack.weights.h5');
  await expect(loadModel(path)).rejects.toThrow(
    error(
      'CUDA_GAN_FILE',
      `${path} does not fit: it holds weights alone: its attribute model_config, the structure, is missing`,
    ),
  );
  const model = await load('stack.keras');
  const wanted = await model.getWeights();
  await model.setWeights(wanted.map(({ shape, data }) => tensor(new Float32Array(data.length), shape)));
  await model.loadWeights(path);
  expect(await model.getWeights()).toEqual(wanted);
  await expect((await load('connected.keras')).loadWeights(path)).rejects.toThrow(
    error('CUDA_GAN_FILE', 'does not fit'),
  );
});

test('weights alone are written by the name of such a file, and refuse to be for Deeplearning4j', async () => {
  const model = await load('stack.keras');
  const wanted = await model.getWeights();
  const path = join(scratchFolder(), 'again.weights.h5');
  await model.save(path);
  await model.setWeights(wanted.map(({ shape, data }) => tensor(new Float32Array(data.length), shape)));
  await model.loadWeights(path);
  expect(await model.getWeights()).toEqual(wanted);
  await expect(loadModel(path)).rejects.toThrow(error('CUDA_GAN_FILE', 'it holds weights alone'));
  await expect(model.save(path, { for: 'deeplearning4j' })).rejects.toThrow(
    error('CUDA_GAN_VALUE', "is called as weights alone, and Deeplearning4j's importer reads whole models"),
  );
});

test('a file is known by its content, whatever it is called', async () => {
  for (const name of ['stack.keras', 'stack.h5']) {
    const path = join(scratchFolder(), 'model.safetensors');
    writeFileSync(path, readFileSync(join(folder, name)));
    await expectOutputs((await loadModel(path, { device: 'cpu' })) as Model, name);
  }
});

test('a file that is cut off is an error, wherever', async () => {
  for (const name of ['keras2.h5', 'stack.keras']) {
    const bytes = readFileSync(join(folder, name));
    const path = join(scratchFolder(), name);
    for (let length = 0; length < bytes.length; length += 997) {
      writeFileSync(path, bytes.subarray(0, length));
      await expect(loadModel(path)).rejects.toThrow(expect.objectContaining({ code: 'CUDA_GAN_FILE' }));
    }
  }
});

// Functional models as configs and files: made again with the same structure and the same bits, or refused.
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  Functional,
  input,
  Layer,
  type LayerConfig,
  layers,
  loadModel,
  type Model,
  model,
  ops,
  registerClass,
  Sequential,
  saveSafetensors,
  type Tensor,
  tensor,
  type Value,
} from '../../lib/index';
import { scratchFolder } from '../gan/scratch';
import { error } from '../support/errors';
import { junk, onlyCodedErrors } from '../support/junk';
import { contents, normalTensor } from './small-models';

const folder = scratchFolder();
let files = 0;
const newPath = () => join(folder, `${files++}.safetensors`);

class OneHot extends Layer {
  static override readonly className = 'FilesOneHot';

  override call([x]: readonly [Value]): Value {
    return ops.oneHot(ops.reshape(x, [x.shape[0]!]), 3);
  }
}
registerClass(OneHot);

/** Two inputs, one of int32; a shared layer, a nested stack and a nested model in two places; three outputs by name. */
function everything() {
  const [image, label] = [input({ shape: [3], name: 'image' }), input({ shape: [1], dtype: 'int32' })];
  const joined = layers.concatenate().apply([image, new OneHot().apply(label)]);
  const shared = layers.dense({ units: 6, activation: 'tanh' });
  const twice = layers.add().apply([shared.apply(shared.apply(joined)), joined]);
  const stack = new Sequential({
    seed: 2,
    trainable: false,
    layers: [layers.dense({ units: 2 }), layers.batchNormalization()],
  });
  const features = stack.apply(twice, { training: false });
  const [p, q] = [input({ shape: [2] }), input({ shape: [2] })];
  const cell = model({
    inputs: { p, q },
    outputs: {
      sum: layers.add().apply([p, q]),
      gate: layers.dense({ units: 2 }).apply(layers.multiply().apply([p, q])),
    },
    name: 'cell',
    seed: 5,
  });
  const first = cell.apply<{ sum: typeof p; gate: typeof p }>([features, features]);
  const second = cell.apply<{ sum: typeof p; gate: typeof p }>({ p: first.gate, q: first.sum });
  return model({
    inputs: { image, label },
    outputs: {
      features,
      gate: second.gate,
      dropped: layers.dropout({ rate: 0.5 }).apply(second.sum, { training: true }),
    },
    name: 'everything',
    seed: 9,
    pixelRange: [-1, 1],
    device: 'cpu',
  });
}

const data = { image: normalTensor([5, 3]), label: tensor([0, 2, 1, 0, 2]) };

async function answers(made: Model): Promise<Readonly<Record<string, Tensor>>> {
  return (await made.predict(data)) as unknown as Readonly<Record<string, Tensor>>;
}

/** As it is after a file: JSON has no `undefined`. */
const plain = (config: LayerConfig): LayerConfig => JSON.parse(JSON.stringify(config));

test('a model that was saved and loaded has the same structure, weights and predictions', async () => {
  const [made, path] = [everything(), newPath()];
  await made.setWeights(made.weights.map(({ shape }, i) => tensor(normalTensor(shape, i).data.map(Math.abs), shape)));
  await made.save(path);
  const loaded = await loadModel(path, { device: 'cpu' });
  expect(loaded).toBeInstanceOf(Functional);
  expect(plain(loaded.getConfig())).toEqual(plain(made.getConfig()));
  expect(loaded.namedWeights.map(([name]) => name)).toEqual(made.namedWeights.map(([name]) => name));
  expect(await contents(loaded)).toEqual(await contents(made));
  expect(await answers(loaded)).toEqual(await answers(made));
  expect(loaded.trainableWeights).toHaveLength(made.trainableWeights.length);
});

test('a config makes the same structure again, with the weights that it began with', async () => {
  const made = everything();
  const initial = await contents(made);
  await made.setWeights(made.weights.map(({ shape }) => normalTensor(shape)));
  const again = Functional.fromConfig(plain(made.getConfig()));
  expect(await contents(again)).toEqual(initial);
});

test('trains on after a file as it would have', async () => {
  const x = input({ shape: [3] });
  const hidden = layers.dense({ units: 3, activation: 'elu' }).apply(x);
  const made = model({
    inputs: x,
    outputs: layers.dropout({ rate: 0.3 }).apply(layers.add().apply([x, hidden])),
    seed: 1,
  });
  const path = newPath();
  await made.save(path);
  const loaded = await loadModel(path);
  const logs = [];
  for (const one of [made, loaded]) {
    one.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    logs.push(await one.fit(normalTensor([8, 3], 1), normalTensor([8, 3], 2), { epochs: 2 }));
  }
  expect(logs[1]).toEqual(logs[0]);
  expect(await contents(loaded)).toEqual(await contents(made));
});

test('loadModel reads a stack, too; Sequential.load reads nothing else', async () => {
  const [stackPath, path] = [newPath(), newPath()];
  const stack = new Sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })] });
  await stack.save(stackPath);
  expect(await loadModel(stackPath)).toBeInstanceOf(Sequential);
  await everything().save(path);
  await expect(Sequential.load(path)).rejects.toThrow(
    error('CUDA_GAN_FILE', `${path} holds a Functional, not a Sequential`),
  );
  await saveSafetensors(path, new Map(), { model: JSON.stringify({ className: 'ReLU', config: {} }) });
  await expect(loadModel(path)).rejects.toThrow(error('CUDA_GAN_FILE', `${path} holds a ReLU, not a model`));
  await saveSafetensors(path, new Map(), {
    model: JSON.stringify({ className: 'Sequential', config: { layers: [] } }),
  });
  await expect(loadModel(path)).rejects.toThrow(error('CUDA_GAN_FILE', `${path} holds a model without layers`));
});

describe('a config is refused with', () => {
  const entry = (name: string, className: string, inboundNodes: unknown, config = {}) => ({
    className,
    config: { name, ...config },
    inboundNodes,
  });
  const from = (...inputs: unknown[]) => [{ inputs }];
  const x = entry('x', 'InputLayer', [], { shape: [2] });
  const config = (made: readonly unknown[], inputs: unknown = ['x', 0, 0], outputs: unknown = ['a', 0, 0]) => ({
    name: 'net',
    layers: made,
    inputs,
    outputs,
  });

  test.each<[string, object, string]>([
    [
      'a cycle',
      config([x, entry('a', 'Add', from(['x', 0, 0], ['b', 0, 0])), entry('b', 'ReLU', from(['a', 0, 0]))]),
      '"a", "b" cannot be connected: they wait for each other in a cycle',
    ],
    [
      'a layer that is not there',
      config([x, entry('a', 'Add', from(['x', 0, 0], ['c', 0, 0]))]),
      'layer "a" takes from "c", which is no layer of it',
    ],
    ['an output that is not there', config([x, entry('a', 'ReLU', from(['x', 0, 1]))]), '"a" cannot be connected'],
    [
      'a layer of an unknown class',
      config([x, entry('a', 'Swoosh', from(['x', 0, 0]))]),
      'unknown layer "Swoosh"; allowed are Activation, Add, ',
    ],
    ['two layers of one name', config([x, entry('x', 'ReLU', from(['x', 0, 0]))]), 'two layers are called "x"'],
    [
      'an end that is none',
      config([x, entry('a', 'ReLU', from(['x', 0, 0]))], ['x', 0, 0], ['a', 1, 0]),
      'is no tensor',
    ],
    [
      'an input that is not used',
      config(
        [x, entry('a', 'ReLU', from(['x', 0, 0])), entry('y', 'InputLayer', [], { shape: [1] })],
        [
          ['x', 0, 0],
          ['y', 0, 0],
        ],
      ),
      'no output needs the input "y" of [1]',
    ],
    [
      'an input that is not connected',
      config([x, entry('a', 'Add', from(['x', 0, 0], ['y', 0, 0])), entry('y', 'InputLayer', [], { shape: [2] })]),
      'it needs the input "y" of [2]',
    ],
    ['layers without places', config([{ className: 'ReLU', config: {} }]), 'it needs a list of layers, each with'],
    ['no layers', { name: 'net' }, 'it needs a list of layers'],
  ])('%s', (_, wrong, message) => {
    expect(() => Functional.fromConfig(wrong as LayerConfig)).toThrow(error('CUDA_GAN_VALUE', message));
  });

  test('shapes that do not fit', () => {
    const wrong = config([x, entry('a', 'Reshape', from(['x', 0, 0]), { targetShape: [3] })]);
    expect(() => Functional.fromConfig(wrong)).toThrow(
      error('CUDA_GAN_SHAPE', 'a: cannot reshape samples of [2] (2 elements) to [3]'),
    );
  });

  test('junk anywhere: only by errors that have a code', async () => {
    await fc.assert(
      fc.asyncProperty(junk, junk, (value, other) =>
        onlyCodedErrors(() => {
          for (const wrong of [
            value,
            { layers: value, inputs: other, outputs: value },
            config([x, value]),
            config([x, entry('a', 'ReLU', value)], other),
            config([x, entry('a', 'ReLU', [value])]),
            config([x, entry('a', 'ReLU', from(value))]),
            config([x, entry('a', 'ReLU', from(['x', value, other]))]),
            config([x, entry('a', 'ReLU', from(['x', 0, 0]))], value, other),
          ]) {
            try {
              Functional.fromConfig(wrong as LayerConfig);
            } catch (found) {
              if ((found as { name?: unknown }).name !== 'CudaGanError') throw found;
            }
          }
        }),
      ),
    );
  });
});

test('junk given to input, model and apply makes only errors that have a code', async () => {
  const x = () => input({ shape: [2] });
  await fc.assert(
    fc.asyncProperty(junk, junk, async (value, other) => {
      const wrong = value as never;
      const calls = [
        () => input(wrong),
        () => input({ shape: wrong, dtype: other as never }),
        () => model(wrong),
        () => model({ inputs: wrong, outputs: other as never }),
        () => model({ inputs: x(), outputs: wrong }),
        () => layers.dense({ units: 1 }).apply(wrong, other as never),
        () => layers.dense({ units: 1 }).apply(x(), wrong),
        () => layers.add().apply([x(), wrong]),
        () => everything().apply(wrong),
        () => everything().predict(wrong),
        () => everything().predict({ image: wrong, label: other as never }),
        () => everything().predict([wrong, other as never]),
        () => everything().compile({ optimizer: 'sgd', loss: 'meanSquaredError', lossWeights: wrong }),
        () => everything().compile({ optimizer: 'sgd', loss: { features: wrong, gate: other as never } }),
        () => everything().compile({ optimizer: 'sgd', loss: 'meanSquaredError', metrics: { gate: wrong } }),
        () => registerClass(wrong),
        () => loadModel(wrong, other as never),
      ];
      for (const call of calls) await onlyCodedErrors(call);
    }),
    { numRuns: 60 },
  );
});

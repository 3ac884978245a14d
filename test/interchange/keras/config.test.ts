// Configs of Keras: what is written reads back as the same, and what this package has not is an error that names it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { input, Layer, layers, loadModel, type Model, model, ops, Sequential, saveNpz } from '../../../lib/index';
import { kerasLayers } from '../../../lib/interchange/keras/layer-table';
import { readModelConfig } from '../../../lib/interchange/keras/read-config';
import { writeModel } from '../../../lib/interchange/keras/write-config';
import { layerFromConfig } from '../../../lib/layers/registry';
import type { Value } from '../../../lib/program/value';
import { scratchFolder } from '../../gan/scratch';
import { error } from '../../support/errors';
import { layerCases, structureCases } from '../../support/model-cases';

const cases = [...Object.entries(layerCases), ['structure', structureCases] as const].flatMap(([group, builds]) =>
  Object.entries(builds).map(([name, build]) => [`${group}: ${name}`, build] as const),
);

describe.each(['keras3', 'keras2'] as const)('%s', (dialect) => {
  test.each(cases)('%s', (_, build) => {
    const written = JSON.parse(JSON.stringify(writeModel(build(), dialect)));
    const again = layerFromConfig(readModelConfig(written).saved) as Model;
    expect(JSON.parse(JSON.stringify(writeModel(again, dialect)))).toEqual(written);
  });
});

test('every layer of the package is in the table, or is its own', () => {
  const own = ['MinibatchStdDev'];
  const classNames = Object.values(layerCases).flatMap((builds) =>
    Object.values(builds).flatMap((build) => build().layers.map(({ className }) => className)),
  );
  const missing = new Set(classNames.filter((name) => !Object.hasOwn(kerasLayers, name) && name !== 'InputLayer'));
  expect([...missing]).toEqual(own);
});

/** A stack of Keras 3 with one layer. */
function stackOf(className: string, options: object, more: object = {}): unknown {
  const first = { class_name: 'InputLayer', config: { batch_shape: [null, 6, 6, 2], dtype: 'float32', name: 'x' } };
  const layer = { module: 'keras.layers', class_name: className, config: { name: 'it', ...options }, ...more };
  return { class_name: 'Sequential', config: { name: 's', layers: [first, layer] } };
}

const read = (config: unknown) => layerFromConfig(readModelConfig(config).saved);

describe('what is not supported is named, never left out', () => {
  test.each<[string, unknown, string]>([
    [
      'a class',
      stackOf('LSTM', { units: 3 }),
      'layer "it" (LSTM): there is no such layer (of keras.layers); known are Activation, ',
    ],
    ['a name of objects', stackOf('constructor', {}), 'layer "it" (constructor): there is no such layer'],
    [
      'an operation',
      stackOf('Add', {}, { module: 'keras.src.ops.numpy' }),
      'layer "it" (Add): there is no such layer (of keras.src.ops.numpy)',
    ],
    ['an option', stackOf('Dense', { units: 3, sparse: true }), 'unknown option "sparse"'],
    [
      'channels first',
      stackOf('Conv2D', { filters: 1, kernel_size: 3, data_format: 'channels_first' }),
      'layer "it" (Conv2D): data_format is "channels_first"; supported is "channels_last"',
    ],
    [
      'a type',
      stackOf('Dense', { units: 3, dtype: { class_name: 'DTypePolicy', config: { name: 'mixed_float16' } } }),
      'layer "it" (Dense): dtype is "mixed_float16"; supported is "float32"',
    ],
    ['a bound of ReLU', stackOf('ReLU', { max_value: 6 }), 'layer "it" (ReLU): max_value is 6; supported is null'],
    [
      'a mask',
      stackOf('Embedding', { input_dim: 3, output_dim: 2, mask_zero: true }),
      'mask_zero is true; supported is false',
    ],
    ['an activation', stackOf('Dense', { units: 3, activation: 'mish' }), 'unknown activation "mish"'],
    [
      'an initializer',
      stackOf('Dense', { units: 3, kernel_initializer: { class_name: 'Identity', config: {} } }),
      'unknown initializer "identity"',
    ],
    [
      'a regularizer',
      stackOf('Dense', { units: 3, kernel_regularizer: { class_name: 'OrthogonalRegularizer', config: {} } }),
      'unknown regularizer of layers "orthogonalRegularizer"',
    ],
    ['an axis', stackOf('Softmax', { axis: 0 }), 'axis is 0; supported is -1'],
    ['a renormalisation', stackOf('BatchNormalization', { renorm: true }), 'renorm is true; supported is false'],
    ['a mode of Keras 1', stackOf('BatchNormalization', { mode: 1 }), 'mode is 1; supported is 0'],
    [
      'a merge of Keras 1',
      stackOf('Merge', { mode: 'cos' }),
      'mode is "cos"; supported are sum, mul, ave, max, concat',
    ],
    [
      'an input without a size',
      {
        class_name: 'Sequential',
        config: { layers: [{ class_name: 'InputLayer', config: { batch_shape: [null, null, 3] } }] },
      },
      'the shape of a batch is [null,null,3]; all but the first size must be known',
    ],
    [
      'no model',
      { class_name: 'Dense', config: {} },
      'the config is of a Dense; wanted is a Sequential or Functional model',
    ],
    ['no config', 3, 'the config is 3; wanted is a model of Keras'],
    ['layers that are no list', { class_name: 'Sequential', config: { layers: 3 } }, 'layers is 3; wanted is a list'],
    ['a layer that is none', { class_name: 'Sequential', config: { layers: [null] } }, 'a layer is null'],
  ])('%s', (_, config, message) => {
    expect(() => read(config)).toThrow(error('CUDA_GAN_VALUE', message));
  });

  test('an axis that is not the last one', async () => {
    const config = { ...(stackOf('BatchNormalization', { axis: 1 }) as object) };
    const path = join(scratchFolder(), 'a.keras');
    await new Sequential({ layers: [layers.flatten({ inputShape: [2, 2] })] }).save(path);
    expect(readModelConfig(config).expectedAxes).toEqual([{ path: ['s', 'it'], axis: 1 }]);
    expect(readModelConfig(stackOf('BatchNormalization', { axis: [3] })).expectedAxes).toEqual([
      { path: ['s', 'it'], axis: 3 },
    ]);
  });
});

/** A functional model of Keras 3 whose second layer is applied as `node` says. */
function connectedBy(node: unknown): unknown {
  return {
    class_name: 'Functional',
    config: {
      layers: [
        { class_name: 'InputLayer', name: 'x', config: { batch_shape: [null, 2], name: 'x' }, inbound_nodes: [] },
        { class_name: 'Dense', name: 'd', config: { units: 2, name: 'd' }, inbound_nodes: [node] },
      ],
      input_layers: [['x', 0, 0]],
      output_layers: [['d', 0, 0]],
    },
  };
}

const tensorOf = (...history: unknown[]) => ({ class_name: '__keras_tensor__', config: { keras_history: history } });

test.each<[string, unknown, string]>([
  ['a constant', { args: [3], kwargs: {} }, 'layer "d": it is applied to 3; supported are tensors of layers'],
  [
    'a mask',
    { args: [tensorOf('x', 0, 0)], kwargs: { mask: [1] } },
    'it is called with mask = [1], which is not supported',
  ],
  ['a tensor that is none', { args: [tensorOf('x', 0)], kwargs: {} }, 'is no tensor; wanted is [layer, place, output]'],
  [
    'a layer that is not there',
    { args: [tensorOf('y', 0, 0)], kwargs: {} },
    'layer "d" takes from "y", which is no layer of it',
  ],
  [
    'itself',
    { args: [tensorOf('d', 0, 0)], kwargs: {} },
    '"d" cannot be connected: they wait for each other in a cycle',
  ],
])('a place that takes %s is named', (_, node, message) => {
  expect(() => read(connectedBy(node))).toThrow(error('CUDA_GAN_VALUE', message));
});

test('models within models end somewhere', () => {
  let config: unknown = stackOf('Flatten', {});
  for (let i = 0; i < 100; i++) config = { class_name: 'Sequential', config: { layers: [config] } };
  expect(() => read(config)).toThrow(error('CUDA_GAN_VALUE', 'more than 64 models are within others'));
});

class Doubled extends Layer {
  static override readonly className = 'TestDoubled';
  override call([x]: readonly [Value]): Value {
    return ops.add(x, x);
  }
}

describe('layers of the user', () => {
  test('go into files under their names, and come back by customObjects', async () => {
    const x = input({ shape: [3] });
    const made = model({ inputs: x, outputs: new Doubled({ name: 'twice' }).apply(x), device: 'cpu' });
    for (const ending of ['keras', 'h5']) {
      const path = join(scratchFolder(), `a.${ending}`);
      await made.save(path);
      const back = await loadModel(path, { customObjects: { TestDoubled: Doubled } });
      expect(back.getLayer('twice')).toBeInstanceOf(Doubled);
    }
  });

  test('a class of Python under another name', () => {
    const config = stackOf('MyLayer', {}, { module: 'my', registered_name: 'my>MyLayer' });
    expect(readModelConfig(config, { MyLayer: Doubled }).saved.config.layers).toEqual([
      { className: 'TestDoubled', config: { inputShape: [6, 6, 2], name: 'it' } },
    ]);
    expect(() => readModelConfig(config)).toThrow(
      error('CUDA_GAN_VALUE', 'layer "it" (MyLayer): there is no such layer (of my)'),
    );
  });

  test('customObjects are classes of layers', async () => {
    const path = join(scratchFolder(), 'a.keras');
    await new Sequential({ layers: [layers.flatten({ inputShape: [2, 2] })] }).save(path);
    const customObjects = { a: 3 as unknown as typeof Doubled };
    await expect(loadModel(path, { customObjects })).rejects.toThrow(
      error('CUDA_GAN_FILE', '3 is no class that extends Layer'),
    );
  });
});

describe('files that are none', () => {
  test('a ZIP archive of something else', async () => {
    const path = join(scratchFolder(), 'a.npz');
    await saveNpz(path, new Map());
    await expect(loadModel(path)).rejects.toThrow(
      error('CUDA_GAN_FILE', `${path} is no file of Keras 3: it is a ZIP archive without metadata.json, of `),
    );
  });

  test('an option of save that the format has not', async () => {
    const stack = new Sequential({ layers: [layers.flatten({ inputShape: [2, 2] })] });
    const folder = scratchFolder();
    await expect(stack.save(join(folder, 'a.keras'), { for: 'deeplearning4j' })).rejects.toThrow(
      error('CUDA_GAN_VALUE', 'for is "deeplearning4j"; allowed are nothing for a Keras file'),
    );
    await expect(stack.save(join(folder, 'a.h5'), { for: 'caffe' as 'keras' })).rejects.toThrow(
      error('CUDA_GAN_VALUE', 'for is "caffe"; allowed are keras, deeplearning4j'),
    );
  });

  test('text', async () => {
    const path = join(scratchFolder(), 'a.h5');
    writeFileSync(path, 'no model at all');
    await expect(loadModel(path)).rejects.toThrow(error('CUDA_GAN_FILE', path));
  });
});

// Configs of Keras: what is written reads back as the same, and what this package has not is an error that names it.
import { existsSync, writeFileSync } from 'node:fs';
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
      'a model without layers',
      stackOf('Sequential', { units: 3 }),
      'layer "it" (Sequential): layers is undefined; wanted is a list',
    ],
    [
      'a model as a class of layers',
      stackOf('Sequential', { units: 3 }, { registered_name: 'cuda_gan>Sequential' }),
      'layer "it" (Sequential): layers is undefined; wanted is a list',
    ],
    [
      'a model as a class of layers of Keras 2',
      stackOf('cuda_gan>Functional', { units: 3 }),
      'layer "it" (cuda_gan>Functional): there is no such layer',
    ],
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
    [
      'an activation',
      stackOf('Dense', { units: 3, activation: 'mish' }),
      'layer "it" (Dense): unknown activation "mish"; known are linear, relu, leaky_relu, elu, ',
    ],
    [
      'an initializer',
      stackOf('Dense', { units: 3, kernel_initializer: { class_name: 'Identity', config: {} } }),
      'layer "it" (Dense): unknown initializer "Identity"; known are Constant, GlorotNormal, ',
    ],
    [
      'a regularizer',
      stackOf('Dense', { units: 3, kernel_regularizer: { class_name: 'OrthogonalRegularizer', config: {} } }),
      'layer "it" (Dense): unknown regularizer "OrthogonalRegularizer"; known are L1, L1L2, L2',
    ],
    [
      'a constraint',
      stackOf('Dense', { units: 3, kernel_constraint: 'min_max_norm' }),
      'layer "it" (Dense): unknown constraint "min_max_norm"; known are MaxNorm, NonNeg, UnitNorm',
    ],
    [
      'an interpolation',
      stackOf('UpSampling2D', { size: [2, 2], interpolation: 'bicubic' }),
      'layer "it" (UpSampling2D): unknown interpolation "bicubic"',
    ],
    ['an axis of a merge', stackOf('Concatenate', { axis: 0 }), 'layer "it" (Concatenate): axis is 0'],
    [
      'a type of eight bits',
      stackOf('Dense', { units: 3, dtype: { class_name: 'QuantizedDTypePolicy', config: { mode: 'int8' } } }),
      'dtype is {"class_name":"QuantizedDTypePolicy","config":{"mode":"int8"}}; supported is "float32"',
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
      'input "InputLayer": the shape of a batch is [null,null,3]; all but the first size must be known',
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

describe('inputs of embeddings are class numbers, though Keras says float32', () => {
  const input = (name: string) => ({
    class_name: 'InputLayer',
    name,
    config: { batch_shape: [null, 2], dtype: 'float32', name },
    inbound_nodes: [],
  });
  const layer = (className: string, name: string, options: object, from: string) => ({
    class_name: className,
    name,
    config: { name, ...options },
    inbound_nodes: [{ args: [tensorOf(from, 0, 0)], kwargs: {} }],
  });
  const embedding = (from: string) => layer('Embedding', 'e', { input_dim: 3, output_dim: 4 }, from);
  const connected = (objects: readonly object[], output: string) => ({
    layers: objects,
    input_layers: [['x', 0, 0]],
    output_layers: [[output, 0, 0]],
  });
  const inner = connected([input('x'), embedding('x')], 'e');
  const stacked = {
    layers: [
      { class_name: 'Flatten', config: {} },
      { class_name: 'Embedding', config: embedding('').config },
    ],
  };

  test.each<[string, readonly object[], string]>([
    ['straight', [input('x'), embedding('x')], 'e'],
    ['reshaped', [input('x'), layer('Reshape', 'r', { target_shape: [1, 2] }, 'x'), embedding('r')], 'e'],
    ['in a model within', [input('x'), layer('Functional', 'inner', inner, 'x')], 'inner'],
    ['in a stack within', [input('x'), layer('Sequential', 'inner', stacked, 'x')], 'inner'],
  ])('%s', (_, objects, output) => {
    const places =
      output === 'inner' && objects.some((one) => (one as { class_name: string }).class_name === 'Functional');
    const config = { ...connected(objects, output), output_layers: [[output, places ? 1 : 0, 0]] };
    const made = read({ class_name: 'Functional', config }) as Model;
    expect(made.inputDTypes).toEqual(['int32']);
  });
});

test.each([[null], [[null, null]], [{ z: null, a: null }]])('a mask of nothing, %j, is none', (mask) => {
  const node = { args: [tensorOf('x', 0, 0)], kwargs: { mask } };
  expect((read(connectedBy(node)) as Model).outputShapes).toEqual([[2]]);
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

test('the file replaces statistics, whatever their initializers: any known one is taken', () => {
  const normalization = (initializer: unknown) =>
    read(stackOf('BatchNormalization', { moving_variance_initializer: initializer, moving_mean_initializer: 'ones' }));
  expect(normalization({ class_name: 'Zeros', config: {} })).toBeInstanceOf(Sequential);
  expect(() => normalization('identity')).toThrow(
    error('CUDA_GAN_VALUE', 'layer "it" (BatchNormalization): unknown initializer "identity"; known are Constant, '),
  );
});

describe('names with which Keras does not compute are refused', () => {
  const dense = (name: string) => layers.dense({ units: 1, name, inputShape: [2] });
  test.each(['ü x', 'a:0', 'my layer', 'x[1]'])('%s', async (name) => {
    const allowed = `is called "${name}", with which Keras' predict fails; allowed are letters`;
    const inner = new Sequential({ layers: [dense(name)], name: 'inner' });
    for (const made of [
      new Sequential({ layers: [dense(name)] }),
      new Sequential({ layers: [inner, layers.reLU()] }),
      new Sequential({ layers: [dense('a')], name }),
    ]) {
      for (const ending of ['keras', 'h5']) {
        const path = join(scratchFolder(), `a.${ending}`);
        await expect(made.save(path)).rejects.toThrow(error('CUDA_GAN_VALUE', allowed));
        expect(existsSync(path)).toBe(false);
      }
    }
  });

  test('not those of inputs, nor what only looks strange', async () => {
    const x = input({ shape: [2], name: 'ü x' });
    const made = model({ inputs: x, outputs: layers.dense({ units: 1, name: '_a-b.c>d' }).apply(x) });
    await made.save(join(scratchFolder(), 'a.keras'));
  });
});

test('a wrong device is no fault of the file', async () => {
  const path = join(scratchFolder(), 'a.keras');
  await new Sequential({ layers: [layers.flatten({ inputShape: [2, 2] })] }).save(path);
  await expect(loadModel(path, { device: 'gpu' as 'cpu' })).rejects.toThrow(
    error('CUDA_GAN_VALUE', 'unknown device "gpu"; allowed are '),
  );
});

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
    // As files of Keras 2's words call it, and by its whole name.
    for (const [className, name] of [
      ['my>MyLayer', 'MyLayer'],
      ['my>MyLayer', 'my>MyLayer'],
    ] as const) {
      const older = stackOf(className, {});
      expect(readModelConfig(older, { [name]: Doubled }).saved.config.layers).toEqual([
        { className: 'TestDoubled', config: { inputShape: [6, 6, 2], name: 'it' } },
      ]);
    }
    expect(readModelConfig(config, { 'my>MyLayer': Doubled }).saved.config.layers).toHaveLength(1);
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

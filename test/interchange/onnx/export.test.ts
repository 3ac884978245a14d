// Models as ONNX files: what is exported is valid and computes the same in onnxruntime, whatever the batch.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { input, Layer, layers, type Model, model, ops, Sequential } from '../../../lib/index';
import { decodeModel } from '../../../lib/interchange/onnx/decode';
import { exportFusions } from '../../../lib/interchange/onnx/export/fusions';
import { exportOnnx } from '../../../lib/interchange/onnx/export/index';
import { emitters, notExported } from '../../../lib/interchange/onnx/export/ops/index';
import { loadWire } from '../../../lib/interchange/onnx/wire.cjs';
import type { CallOptions } from '../../../lib/layers/layer';
import type { SymbolicTensor } from '../../../lib/layers/symbolic-tensor';
import type { Op } from '../../../lib/program/op';
import type { Value } from '../../../lib/program/value';
import { scratchFolder } from '../../gan/scratch';
import { error } from '../../support/errors';
import { layerCases, ownCases, structureCases } from '../../support/model-cases';
import { type RuntimeResult, runCases, runtimeMissing } from './onnx-runtime';

const folder = scratchFolder();

/** Twice float32's rounding for each of the at most some hundred terms that an output is a sum of. */
const tolerance = 1e-5;

const built = Object.fromEntries(
  [...Object.entries(layerCases), ['own', ownCases] as const, ['structure', structureCases] as const].flatMap(
    ([group, builds]) => Object.entries(builds).map(([name, build]) => [`${group}: ${name}`, build] as const),
  ),
);

test('there is a case for every layer', () => {
  expect(Object.keys(layerCases).sort()).toEqual(Object.keys(layers).sort());
});

test('every op is exported, or has a reason why not', () => {
  const camelCase = (name: string) => name.replace(/-./g, (match) => match[1]!.toUpperCase());
  const names = readdirSync('lib/ops')
    .map((file) => file.replace(/\.ts$/, ''))
    .flatMap((file) => {
      const found: Record<string, Op> = require(join(process.cwd(), 'lib/ops', file));
      return found[`${camelCase(file)}Op`]?.name ?? [];
    });
  const fusions = exportFusions.map(({ op }) => op.name);
  expect([...Object.keys(emitters), ...Object.keys(notExported)].sort()).toEqual([...names, ...fusions].sort());
});

/** The model in a file, as it is written down. */
async function exported(net: Model) {
  const { graph, ...file } = decodeModel(Buffer.concat(await exportOnnx(net)), 'file', loadWire());
  const operators = graph!.node.map(({ opType }) => opType);
  return { ...file, graph: graph!, operators };
}

describe('a file', () => {
  /** Two convolutions, with all between them that works on images in any order of axes. */
  const images = () => {
    const stack = [
      layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same', inputShape: [8, 8, 3] }),
      layers.batchNormalization(),
      layers.leakyReLU(),
      layers.maxPooling2d(),
      layers.upSampling2d(),
      layers.zeroPadding2d(),
      layers.cropping2d({ cropping: 1 }),
      layers.dropout({ rate: 0.5 }),
      layers.groupNormalization({ groups: 2 }),
      layers.activation({ activation: 'softmax' }),
      layers.conv2d({ filters: 2, kernelSize: 3 }),
    ];
    return new Sequential({ layers: stack, name: 'stack', pixelRange: [-1, 1], seed: 1, device: 'cpu' });
  };

  test('says who wrote it, and has inputs and outputs by the names of the model, with a batch of any length', async () => {
    const { producerName, opsetImport, metadataProps, graph } = await exported(images());
    expect(producerName).toBe('cuda-gan');
    expect(opsetImport).toEqual([{ domain: '', version: 17 }]);
    expect(metadataProps).toEqual([{ key: 'cuda-gan.pixelRange', value: '[-1,1]' }]);
    expect(graph.name).toBe('stack');
    expect(graph.input).toEqual([{ name: 'input', elemType: 1, shape: ['batch', 8, 8, 3] }]);
    expect(graph.output).toEqual([{ name: 'conv2d_1', elemType: 1, shape: ['batch', 6, 6, 2] }]);
  });

  test('turns images once on their way in, and once on their way out', async () => {
    const { operators } = await exported(images());
    expect(operators[0]).toBe('Transpose');
    expect(operators.at(-1)).toBe('Transpose');
    expect(operators.filter((name) => name === 'Transpose')).toHaveLength(2);
  });

  test('has weights by their names in the model, biases within the operators, and nothing of dropout', async () => {
    const { graph, operators } = await exported(images());
    expect(graph.initializer.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['conv2d/kernel', 'conv2d/bias', 'batch_normalization/moving_mean', 'conv2d_1/kernel']),
    );
    expect(graph.node[1]!.input.slice(1)).toEqual(['conv2d/kernel', 'conv2d/bias']);
    expect(operators).not.toContain('Dropout');
    expect(graph.node.map(({ name }) => name)).toContain('batch_normalization/BatchNormalization');
  });

  test('has the weights of a layer in two places once', async () => {
    const { graph } = await exported(structureCases['a shared layer']!());
    expect(graph.initializer.map(({ name }) => name)).toEqual(['conv2d/kernel', 'conv2d/bias']);
  });

  test('has a kernel that is normalised as it is used', async () => {
    const { graph } = await exported(layerCases.spectralNormalization.dense!());
    expect(graph.initializer.map(({ name }) => name)).toEqual([
      'spectral_normalization/constant',
      'spectral_normalization/dense/bias',
    ]);
  });

  test('has the operators that runtimes know for what layers are made of', async () => {
    const operatorsOf = async (build: (() => Model) | undefined) => (await exported(build!())).operators;
    expect(await operatorsOf(layerCases.dense.vectors)).toEqual(['Gemm', 'Tanh']);
    expect(await operatorsOf(layerCases.layerNormalization.alone)).toEqual(['LayerNormalization']);
    expect(await operatorsOf(layerCases.globalAveragePooling2d.alone)).toEqual(['ReduceMean']);
    expect(await operatorsOf(layerCases.groupNormalization.between)).toContain('InstanceNormalization');
  });

  test('has the elements of its tensors at multiples of four bytes, where a reader needs no copy of them', async () => {
    for (const units of [1, 3, 20, 127]) {
      const stack = [layers.dense({ units, inputShape: [5], name: 'd'.repeat(units) }), layers.dense({ units: 1 })];
      const net = new Sequential({ layers: stack, device: 'cpu', seed: 1, name: 'n'.repeat(units) });
      const bytes = Uint8Array.from(Buffer.concat(await exportOnnx(net as Model)));
      const { initializer } = decodeModel(bytes, 'file', loadWire()).graph!;
      expect(initializer).toHaveLength(4);
      for (const { raw } of initializer) expect(raw!.byteOffset % 4).toBe(0);
    }
  });

  test('is made of parts that do not copy the weights', async () => {
    const net = new Sequential({ layers: [layers.dense({ units: 1000, inputShape: [100] })], device: 'cpu', seed: 1 });
    const parts = await exportOnnx(net as Model);
    expect(parts.map(({ length }) => length)).toEqual(expect.arrayContaining([400_000, 4000]));
  });
});

describe('errors', () => {
  const vector = () => input({ shape: [4], name: 'x' });
  const connected = (make: (x: SymbolicTensor) => SymbolicTensor) => {
    const x = vector();
    return model({ inputs: x, outputs: make(x), device: 'cpu', seed: 1 }) as unknown as Model;
  };
  const own = (rule: (x: Value, options: CallOptions) => Value) => {
    class Own extends Layer {
      override call([x]: readonly [Value], options: CallOptions): Value {
        return rule(x, options);
      }
    }
    return connected((x) => new Own({ name: 'mine' }).apply(x));
  };

  test('a layer that always trains draws random numbers: it is refused by name', async () => {
    const net = connected((x) => layers.dropout({ rate: 0.5, name: 'drops' }).apply(x, { training: true }));
    await expect(exportOnnx(net)).rejects.toThrow(
      error(
        'CUDA_GAN_VALUE',
        'layer "drops" cannot be exported to ONNX: in inference it calls dropout, which draws random numbers',
      ),
    );
  });

  test('one that normalises by the batch', async () => {
    const net = connected((x) => layers.batchNormalization({ name: 'norm' }).apply(x, { training: true }));
    await expect(exportOnnx(net)).rejects.toThrow(error('CUDA_GAN_VALUE', 'layer "norm" cannot be exported to ONNX'));
  });

  test('one in a model within, by the names of both', async () => {
    const inner = connected((x) => layers.gaussianNoise({ stddev: 1, name: 'noise' }).apply(x, { training: true }));
    inner.name = 'inner';
    await expect(exportOnnx(connected((x) => inner.apply(x)))).rejects.toThrow(
      error('CUDA_GAN_VALUE', 'layer "inner/noise" cannot be exported to ONNX: in inference it calls randomNormal'),
    );
  });

  test('a layer that computes in another way for another number of samples', async () => {
    const message = 'layer "mine" computes in another way for another number of samples';
    const scales = own((x) => ops.affine(x, x.shape[0]!));
    await expect(exportOnnx(scales)).rejects.toThrow(error('CUDA_GAN_VALUE', message));
    const cuts = own((x) => ops.reshape(ops.slice(ops.concat([x, x], 0), [1, 0], [x.shape[0]!, 4]), x.shape));
    await expect(exportOnnx(cuts)).rejects.toThrow(error('CUDA_GAN_VALUE', message));
  });

  test('groups of more samples than can be recorded', async () => {
    const image = input({ shape: [2, 2, 1] });
    const groups = layers.minibatchStdDev({ groupSize: 3001, name: 'groups' });
    const net = model({ inputs: image, outputs: groups.apply(image), device: 'cpu' });
    await expect(exportOnnx(net as unknown as Model)).rejects.toThrow(
      error(
        'CUDA_GAN_VALUE',
        'layer "groups" cannot be exported to ONNX: its groupSize is 3001; supported are those up to 2048',
      ),
    );
  });

  test('a gradient', async () => {
    const net = own((x) => ops.gradients([ops.sum(ops.relu(x))], [x])[0]!);
    await expect(exportOnnx(net)).rejects.toThrow(
      error('CUDA_GAN_VALUE', 'activationGradient, which computes a gradient'),
    );
  });

  test('a model without shapes', async () => {
    const net = new Sequential({ layers: [layers.dense({ units: 1 })], name: 'shapeless' });
    await expect(exportOnnx(net as Model)).rejects.toThrow(
      error('CUDA_GAN_STATE', 'model "shapeless" has no shapes yet'),
    );
  });

  test('weights that are not finite', async () => {
    const net = connected((x) => layers.dense({ units: 1, name: 'dense' }).apply(x));
    await net.weights[0]!.write(Float32Array.of(1, Number.NaN, 1, 1), net.device);
    await expect(exportOnnx(net)).rejects.toThrow(error('CUDA_GAN_DATA', '"dense/kernel" contains NaN at index 1'));
  });
});

const withRuntime = runtimeMissing === undefined ? describe : describe.skip;

withRuntime('in onnxruntime', () => {
  let results: ReadonlyMap<string, RuntimeResult>;
  beforeAll(async () => {
    const models = Object.entries(built).map(([name, build]) => [name, build()] as const);
    results = await runCases(folder, Object.fromEntries(models));
  }, 120_000);

  test.each(Object.keys(built))('%s computes the same', (name) => {
    const { error, difference } = results.get(name)!;
    expect(error).toBeUndefined();
    expect(difference).toBeLessThan(tolerance);
  });
});

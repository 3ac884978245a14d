// ONNX files as models: those of PyTorch predict what PyTorch does, those of the package come back, and what is not read is
// refused by the name of its node.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  input,
  type Layer,
  layers,
  loadModel,
  loadNpz,
  type Model,
  model,
  type Tensor,
  tensor,
} from '../../../lib/index';
import { decodeModel } from '../../../lib/interchange/onnx/decode';
import { exportOnnx } from '../../../lib/interchange/onnx/export/index';
import { importOnnx } from '../../../lib/interchange/onnx/import/index';
import { dataTypes, type NodeProto, type TensorProto } from '../../../lib/interchange/onnx/model-proto';
import { loadWire } from '../../../lib/interchange/onnx/wire.cjs';
import { RandomStream } from '../../../lib/random/random-stream';
import { scratchFolder } from '../../gan/scratch';
import { error } from '../../support/errors';
import { layerCases, randomInputs, randomizeWeights, structureCases } from '../../support/model-cases';
import { attributeOf, floats, integers, node, onnxFile } from './onnx-file';

const folder = scratchFolder();
const golden = (name: string) => join('test/golden/onnx', name);
const read = (name: string) => importOnnx(readFileSync(golden(`${name}.onnx`)), name, 'cpu');

/** Twice float32's rounding for each of the at most some hundred terms that an output is a sum of. */
const tolerance = 1e-5;

type Outputs = Tensor | Readonly<Record<string, Tensor>>;
const isTensor = (outputs: Outputs): outputs is Tensor => 'data' in outputs && 'shape' in outputs;
const listed = (outputs: unknown) =>
  isTensor(outputs as Outputs) ? [outputs as Tensor] : Object.values(outputs as object);

/** The largest difference in units of 1 + |wanted|; Infinity for other shapes. */
function differenceOf(found: Tensor, wanted: Tensor): number {
  if (`${found.shape}` !== `${wanted.shape}`) return Number.POSITIVE_INFINITY;
  return Math.max(
    ...Array.from(found.data, (value, i) => Math.abs(value - wanted.data[i]!) / (1 + Math.abs(wanted.data[i]!))),
  );
}

describe('networks of PyTorch', () => {
  const names = ['dcgan', 'classifier', 'generator', 'residual', 'conditional'];

  test.each(names)('%s predicts what PyTorch does', async (name) => {
    const net = await read(name);
    const arrays = await loadNpz(golden(`${name}.npz`));
    const predicted = await net.predict(net.inputNames.map((key) => arrays.get(`input.${key}`) as Tensor));
    const outputs = isTensor(predicted as Outputs)
      ? new Map([[net.outputNames[0]!, predicted]])
      : new Map(Object.entries(predicted));
    const wanted = [...arrays].filter(([key]) => key.startsWith('output.'));
    expect(outputs.size).toBe(wanted.length);
    for (const [i, [, values]] of wanted.entries()) {
      expect(differenceOf([...outputs.values()][i] as Tensor, values as Tensor)).toBeLessThan(tolerance);
    }
  });

  test('the generator of the DCGAN tutorial is made of layers alone, named after its nodes', async () => {
    const net = await read('dcgan');
    expect(net.inputShapes).toEqual([[1, 1, 10]]);
    expect(net.outputShapes).toEqual([[64, 64, 3]]);
    expect([...new Set(net.layers.map(({ className }) => className))]).toEqual([
      'InputLayer',
      'Conv2DTranspose',
      'BatchNormalization',
      'ReLU',
      'Activation',
    ]);
    expect(net.layers[1]!.name).toBe('0_ConvTranspose');
  });

  test('what is read is saved and loads again, to the bit', async () => {
    const [net, path] = [await read('classifier'), join(folder, 'classifier.safetensors')];
    await net.save(path);
    const again = await loadModel(path, { device: 'cpu' });
    const x = randomInputs(net, 2);
    expect(listed(await again.predict(x))[0].data).toEqual(listed(await net.predict(x))[0].data);
  });

  test('what is read trains: weights move, numbers of the computation do not', async () => {
    const net = await read('classifier');
    net.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const before = await net.getWeights();
    await net.trainOnBatch(randomInputs(net, 4), tensor(new Float32Array(16), [4, 4]));
    const after = await net.getWeights();
    const moved = net.namedWeights.filter((_, i) => differenceOf(after[i]!, before[i]!) > 0).map(([name]) => name);
    const names = net.namedWeights.map(([name]) => name);
    const numbers = names.filter((name) => name.endsWith('/operand'));
    expect(numbers).toHaveLength(4);
    expect(moved).toEqual(names.filter((name) => !numbers.includes(name)));
  });
});

describe('models of the package', () => {
  const cases = [...Object.entries(layerCases), ['structure', structureCases] as const].flatMap(([group, builds]) =>
    Object.entries(builds).map(([name, build]) => [`${group}: ${name}`, build] as const),
  );

  test.each(cases)('%s comes back', async (_, build) => {
    const net = build();
    await randomizeWeights(net);
    const x = randomInputs(net, 4);
    const again = await importOnnx(Buffer.concat(await exportOnnx(net)), 'file', 'cpu');
    expect(again.inputNames).toEqual(net.inputNames);
    const [found, wanted] = [listed(await again.predict(x)), listed(await net.predict(x))];
    expect(found).toHaveLength(wanted.length);
    for (const [i, output] of found.entries()) expect(differenceOf(output, wanted[i])).toBeLessThan(tolerance);
  });

  const sequences = [7, 4] as const;
  const same: Readonly<Record<string, () => Layer>> = {
    'batchNormalization without a scale': () => layers.batchNormalization({ scale: false }),
    'batchNormalization without an offset': () => layers.batchNormalization({ center: false }),
    'batchNormalization of either': () => layers.batchNormalization({ center: false, scale: false }),
    'conv1d, valid': () => layers.conv1d({ filters: 3, kernelSize: 3, strides: 2 }),
    'conv1d, same': () => layers.conv1d({ filters: 4, kernelSize: 2, padding: 'same', groups: 2, useBias: false }),
    'conv1d, causal': () => layers.conv1d({ filters: 3, kernelSize: 3, padding: 'causal', dilationRate: 2 }),
    'dense along the last axis': () => layers.dense({ units: 3 }),
    'dense without a bias': () => layers.dense({ units: 3, useBias: false }),
    layerNormalization: () => layers.layerNormalization(),
    'layerNormalization without a scale': () => layers.layerNormalization({ scale: false }),
    'layerNormalization without an offset': () => layers.layerNormalization({ center: false }),
    'layerNormalization of either': () => layers.layerNormalization({ center: false, scale: false }),
  };

  test.each(Object.entries(same))('%s is the same layer, with the same weights', async (_, make) => {
    const x = input({ shape: sequences, name: 'x' });
    const net = model({ inputs: x, outputs: make().apply(x), device: 'cpu', seed: 1 }) as unknown as Model;
    await requireSameLayer(net);
  });

  test('dot, embedding, minibatchStdDev and activations of a dense layer of images are the same layers, with the same weights', async () => {
    await requireSameLayer(layerCases.dot.vectors!());
    await requireSameLayer(layerCases.embedding.numbers!());
    await requireSameLayer(layerCases.minibatchStdDev.alone!());
    await requireSameLayer(layerCases.minibatchStdDev['groups that divide few batches']!());
    const x = input({ shape: [3, 2, 4] });
    const stack = layers
      .dense({ units: 3, activation: 'softmax' })
      .apply(layers.dense({ units: 5, activation: 'silu' }).apply(x));
    const again = await comeBack(model({ inputs: x, outputs: stack, device: 'cpu', seed: 1 }) as unknown as Model);
    expect(again.layers.map(({ className }) => className)).toEqual([
      'InputLayer',
      'Dense',
      'Activation',
      'Multiply',
      'Dense',
      'Softmax',
    ]);
  });

  async function comeBack(net: Model): Promise<Model> {
    return importOnnx(Buffer.concat(await exportOnnx(net)), 'file', 'cpu');
  }

  /** The last layer of a model, all of whose settings that a graph has must be there, and every bit of its weights. */
  async function requireSameLayer(net: Model): Promise<void> {
    await randomizeWeights(net);
    const again = await comeBack(net);
    const [found, wanted] = [again.layers, net.layers].map((list) => list.map(settingsOf));
    expect(found).toEqual(wanted);
    expect(again.namedWeights.map(([name]) => name)).toEqual(net.namedWeights.map(([name]) => name));
    expect(await again.getWeights()).toEqual(await net.getWeights());
  }

  /** Without what only trains: how weights begin, and how statistics move. */
  function settingsOf(layer: Layer): unknown {
    const { momentum: _momentum, name: _name, ...config } = layer.getConfig() as Record<string, unknown>;
    const kept = Object.entries(config).filter(([name]) => !name.endsWith('Initializer'));
    const rounded = kept.map(([name, value]) => [name, typeof value === 'number' ? Math.fround(value) : value]);
    return [layer.className, layer.name, Object.fromEntries(rounded)];
  }

  test('layers have their names back', async () => {
    const x = input({ shape: [4, 4, 1], name: 'picture' });
    const inner = layers.conv2d({ filters: 2, kernelSize: 3, activation: 'relu', name: 'look' }).apply(x);
    const net = model({
      inputs: x,
      outputs: layers.dense({ units: 1, name: 'judge' }).apply(layers.flatten().apply(inner)),
    });
    const again = await importOnnx(Buffer.concat(await exportOnnx(net as unknown as Model)), 'file', 'cpu');
    expect(again.layers.map(({ name }) => name)).toEqual(['picture', 'look', 'look_Relu', 'flatten', 'judge']);
  });

  test('the range of pixels comes along', async () => {
    const x = input({ shape: [2] });
    const net = model({ inputs: x, outputs: layers.dense({ units: 1 }).apply(x), pixelRange: [-1, 1], device: 'cpu' });
    const again = await importOnnx(Buffer.concat(await exportOnnx(net as unknown as Model)), 'file', 'cpu');
    expect(again.pixelRange).toEqual([-1, 1]);
  });
});

describe('places of samples as samples', () => {
  const inputs = { x: ['batch', 5, 4] };
  const toRows = node('Reshape', ['x', 'rows'], ['places']);
  const back = (from: string) => ({ ...node('Reshape', [from, 'samples'], ['y']), name: 'back' });
  const shapes = [integers('rows', [-1, 4]), integers('samples', [-1, 5, 4])];
  const square = floats(
    'square',
    Array.from({ length: 16 }, (_, i) => i),
    [4, 4],
  );
  const vector = floats('vector', [1, 2, 3, 4]);
  const imported = (nodes: readonly NodeProto[], initializers: readonly TensorProto[] = [], outputs = ['y']) =>
    importOnnx(
      onnxFile({ nodes, inputs, outputs, initializers: [...shapes, square, vector, ...initializers] }),
      'g',
      'cpu',
    );
  const classNames = ({ layers: list }: Model) => list.slice(1).map(({ className }) => className);

  test.each([
    ['Gemm', node('Gemm', ['places', 'square', 'vector'], ['made']), 'Dense'],
    ['MatMul', node('MatMul', ['places', 'square'], ['made']), 'Dense'],
    [
      'BatchNormalization',
      node('BatchNormalization', ['places', ...Array(4).fill('vector')], ['made']),
      'BatchNormalization',
    ],
    ['Softmax', node('Softmax', ['places'], ['made']), 'Softmax'],
    ['Tanh', node('Tanh', ['places'], ['made']), 'Activation'],
    ['Add of itself', node('Add', ['places', 'places'], ['made']), 'Add'],
    ['Mul by a constant', node('Mul', ['places', 'vector'], ['made']), 'OnnxElementwise'],
  ])('%s works on the samples themselves', async (_, made, className) => {
    const net = await imported([toRows, made, back('made')]);
    expect(classNames(net)).toEqual([className]);
    expect(net.outputShapes).toEqual([[5, 4]]);
  });

  test('a linear layer of sequences with a bias behind it, as PyTorch writes it, is one layer', async () => {
    const product = node('MatMul', ['places', 'square'], ['product']);
    const net = await imported([toRows, product, node('Add', ['vector', 'product'], ['made']), back('made')]);
    expect(classNames(net)).toEqual(['Dense']);
    const { data } = (await net.predict(tensor(new Float32Array(20).fill(1), [1, 5, 4]))) as Tensor;
    expect([...data.slice(16)]).toEqual([25, 30, 35, 40]);
  });

  test.each<[string, readonly NodeProto[], readonly TensorProto[], string]>([
    ['an output', [{ ...toRows, output: ['y'] }], [], 'output "y" has the places of samples as its samples'],
    [
      'what works on samples',
      [toRows, node('Concat', ['places', 'places'], ['y'], [attributeOf.int('axis', 1)])],
      [],
      'node "concat" (Concat): input 1 has the places of samples in the place of samples',
    ],
    [
      'a sum with samples',
      [toRows, node('Add', ['places', 'x'], ['y'])],
      [],
      'node "add" (Add): one of its inputs has places of samples in the place of samples, and the other has not',
    ],
    [
      'a constant for each place of a batch of a certain length',
      [toRows, node('Mul', ['places', 'all'], ['made']), back('made')],
      [floats('all', Array(20).fill(2), [5, 4])],
      'node "mul" (Mul): a constant does not stretch',
    ],
    [
      'a shape that takes lengths over',
      [toRows, node('Reshape', ['places', 'same'], ['y'])],
      [integers('same', [0, 2, 2])],
      'node "reshape" (Reshape): a length of its shape is that of places of samples',
    ],
  ])('%s is refused', async (_, nodes, initializers, message) => {
    await expect(imported(nodes, initializers)).rejects.toThrow(error('CUDA_GAN_FILE', message));
  });
});

describe('layers of several nodes', () => {
  const replaced = <Item>(list: readonly Item[], place: number, item: Item) =>
    list.map((other, i) => (i === place ? item : other));
  const inputs = { x: ['batch', 4], z: ['batch', 4] };
  const product = node('Mul', ['x', 'z'], ['product']);
  const sum = (keepdims: number, output: string) =>
    node('ReduceSum', ['product', 'axes'], [output], [attributeOf.int('keepdims', keepdims)]);
  const axes = integers('axes', [-1]);

  test('a product of vectors, whether its sum keeps the dimension or gets it back', async () => {
    const kept = await importOnnx(
      onnxFile({ nodes: [product, sum(1, 'y')], inputs, initializers: [axes] }),
      'g',
      'cpu',
    );
    const again = node('Reshape', ['sum', 'shape'], ['y']);
    const initializers = [axes, integers('shape', [-1, 1])];
    const back = await importOnnx(
      onnxFile({ nodes: [product, sum(0, 'sum'), again], inputs, initializers }),
      'g',
      'cpu',
    );
    for (const net of [kept, back]) {
      expect(net.layers.map(({ className }) => className)).toEqual(['InputLayer', 'InputLayer', 'Dot']);
    }
  });

  test('one that somebody else reads as well is none', async () => {
    const file = onnxFile({ nodes: [product, sum(1, 'y')], inputs, initializers: [axes], outputs: ['y', 'product'] });
    await expect(importOnnx(file, 'g', 'cpu')).rejects.toThrow(
      error('CUDA_GAN_FILE', 'node "reducesum" (ReduceSum): the operator is not read'),
    );
  });

  test('one node, attribute or constant that differs makes groups of samples none that a layer compares', async () => {
    const { graph } = decodeModel(
      Buffer.concat(await exportOnnx(layerCases.minibatchStdDev.alone!())),
      'file',
      loadWire(),
    );
    const { node: nodes, initializer } = graph!;
    const rejected = async (changed: readonly NodeProto[], initializers = initializer) => {
      const file = onnxFile({
        nodes: changed,
        initializers,
        inputs: { x: ['batch', 6, 5, 4] },
        outputs: [graph!.output[0]!.name],
        producer: 'cuda-gan',
      });
      await expect(importOnnx(file, 'g', 'cpu')).rejects.toThrow(error('CUDA_GAN_FILE', 'g: node "minibatch_std_dev/'));
    };
    const last = nodes.length - 1;
    for (const [i, one] of nodes.entries()) {
      await rejected(replaced(nodes, i, { ...one, opType: one.opType === 'Concat' ? 'Max' : `${one.opType}s` }));
      if (one.attribute.length > 0 && i < last) await rejected(replaced(nodes, i, { ...one, attribute: [] }));
    }
    for (const [i, one] of initializer.entries()) {
      const raw = Uint8Array.from(one.raw!);
      raw[0]! ^= 1;
      await rejected(nodes, replaced(initializer, i, { ...one, raw }));
    }
  });
});

describe('axes', () => {
  const turn = node('Transpose', ['x'], ['turned'], [attributeOf.ints('perm', [0, 3, 1, 2])]);
  const relu = (from: string) => node('Relu', [from], ['y']);

  test('images of other programs have their channels first in the file and last in the model', async () => {
    const file = onnxFile({ nodes: [relu('x')], inputs: { x: ['batch', 3, 4, 5] } });
    const net = await importOnnx(file, 'file', 'cpu');
    expect([net.inputShapes, net.outputShapes]).toEqual([[[4, 5, 3]], [[4, 5, 3]]]);
  });

  test('images that are turned at once have their channels last already', async () => {
    const file = onnxFile({ nodes: [turn, relu('turned')], inputs: { x: ['batch', 4, 5, 3] } });
    const net = await importOnnx(file, 'file', 'cpu');
    expect([net.inputShapes, net.outputShapes]).toEqual([[[4, 5, 3]], [[4, 5, 3]]]);
  });

  test('elements are counted in the order of the file', async () => {
    const file = onnxFile({ nodes: [node('Flatten', ['x'], ['y'])], inputs: { x: ['batch', 2, 1, 3] } });
    const net = await importOnnx(file, 'file', 'cpu');
    // Pixel by pixel, each of two channels.
    const { data } = (await net.predict(
      tensor([
        [
          [
            [1, 4],
            [2, 5],
            [3, 6],
          ],
        ],
      ]),
    )) as Tensor;
    expect([...data]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('a shape that could have lengths of 0 and has none is a shape', async () => {
    const reshape = node('Reshape', ['x', 'shape'], ['y'], [attributeOf.int('allowzero', 1)]);
    const made = async (shape: readonly number[]) =>
      importOnnx(onnxFile({ nodes: [reshape], initializers: [integers('shape', shape)] }), 'file', 'cpu');
    expect((await made([-1, 2, 2])).outputShapes).toEqual([[2, 2]]);
    await expect(made([0, 2, 2])).rejects.toThrow(error('CUDA_GAN_FILE', 'a length of its shape is 0, and means that'));
  });

  test('a batch of a fixed length is a batch', async () => {
    const shape = integers('shape', [8, 2, 2]);
    const file = onnxFile({
      nodes: [node('Reshape', ['x', 'shape'], ['y'])],
      initializers: [shape],
      inputs: { x: [8, 4] },
    });
    expect((await importOnnx(file, 'file', 'cpu')).outputShapes).toEqual([[2, 2]]);
  });
});

describe('what is not read', () => {
  const identity = node('Identity', ['x'], ['y']);
  const window = floats('kernel', Array(9).fill(1), [1, 1, 3, 3]);
  const images = { x: ['batch', 1, 4, 4] };
  const graph = { ...attributeOf.int('body', 0), type: 5 };
  const cases: Readonly<Record<string, readonly [file: Parameters<typeof onnxFile>[0], message: string]>> = {
    'an operator': [
      { nodes: [node('Loop', ['x'], ['y'])] },
      'node "loop" (Loop): the operator is not read; those that are: Abs, ',
    ],
    "an operator of somebody's own": [
      { nodes: [{ ...node('Relu', ['x'], ['y']), domain: 'com.example' }] },
      'node "relu" (com.example.Relu): the operator is not read',
    ],
    'an operator of a name that objects have': [
      { nodes: [node('toString', ['x'], ['y'])] },
      'the operator is not read',
    ],
    'an attribute': [
      { nodes: [node('Relu', ['x'], ['y'], [attributeOf.int('slope', 1)])] },
      'node "relu" (Relu): the attribute "slope" is not known',
    ],
    'an attribute of another type': [
      { nodes: [node('Elu', ['x'], ['y'], [attributeOf.int('alpha', 1)])] },
      'node "elu" (Elu): the attribute alpha has type 2, not 1',
    ],
    'a graph within': [{ nodes: [node('If', ['x'], ['y'], [graph])] }, 'node "if" (If): the operator is not read'],
    'a node without a name': [{ nodes: [{ ...node('Loop', ['x'], ['y']), name: '' }] }, 'node that makes "y" (Loop): '],
    'older operators': [{ nodes: [identity], opset: 8 }, 'it has version 8 of the operators; allowed are 9 to 25'],
    'operators of a later time': [{ nodes: [identity], opset: 99 }, 'it has version 99 of the operators'],
    'operators of no version': [{ nodes: [identity], opset: 0 }, 'it names no version of the operators'],
    'a cycle': [
      { nodes: [node('Add', ['x', 'b'], ['a']), node('Relu', ['a'], ['b']), node('Neg', ['b'], ['y'])] },
      'node "add" (Add): nothing before it makes the tensor "b"',
    ],
    'two tensors of one name': [
      { nodes: [node('Relu', ['x'], ['x']), node('Relu', ['x'], ['y'])] },
      'node "relu" (Relu): two tensors are called "x"',
    ],
    'an output that nothing makes': [{ nodes: [], outputs: ['z'] }, 'nothing before it makes the tensor "z"'],
    'an output that is no result': [
      { nodes: [node('Identity', ['c'], ['y'])], initializers: [floats('c', [1])] },
      'output "y" does not depend on the inputs',
    ],
    'an input without a shape': [
      { nodes: [identity], inputs: { x: ['batch', 'width'] } },
      'input "x" has no shape with a batch',
    ],
    'an input of more dimensions than there are': [
      { nodes: [identity], inputs: { x: Array(50_000).fill(1) } },
      'input "x" has 50000 dimensions; allowed are at most 32',
    ],
    'elements in another file': [
      { nodes: [node('Add', ['x', 'c'], ['y'])], initializers: [{ ...floats('c', [1]), external: true }] },
      'tensor "c" has its elements in another file, which is not read',
    ],
    'elements of another type': [
      { nodes: [node('Add', ['x', 'c'], ['y'])], initializers: [{ ...floats('c', [1]), dataType: dataTypes.FLOAT16 }] },
      'tensor "c" is of FLOAT16; allowed are FLOAT, INT32 and INT64',
    ],
    'more elements than there are': [
      { nodes: [node('Add', ['x', 'c'], ['y'])], initializers: [{ ...floats('c', [1, 2]), dims: [2 ** 40, 2] }] },
      `tensor "c" of shape [${2 ** 40}, 2] has 8 bytes, not ${2 ** 43}`,
    ],
    'as many elements as no number says': [
      { nodes: [node('Add', ['x', 'c'], ['y'])], initializers: [{ ...floats('c', [1]), dims: [2 ** 40, 2 ** 40] }] },
      'tensor "c" has shape [',
    ],
    'a convolution along other axes': [
      { nodes: [node('Conv', ['x', 'c'], ['y'])], initializers: [floats('c', [1, 1, 1], [1, 1, 1, 1, 3])] },
      'node "conv" (Conv): the kernel has 5 dimensions; allowed are 3 and 4',
    ],
    'a kernel for other channels': [
      { nodes: [node('Conv', ['x', 'kernel'], ['y'])], initializers: [window], inputs: { x: ['batch', 2, 4, 4] } },
      'node "conv" (Conv): the kernel has 9 elements; wanted is [3, 3, 2, 1]',
    ],
    'windows that are larger than the image': [
      { nodes: [node('Conv', ['x', 'kernel'], ['y'])], initializers: [window], inputs: { x: ['batch', 1, 2, 2] } },
      'node "conv" (Conv): conv: a window of 3 (kernelSize 3',
    ],
    'pads of a maximum that no layer has': [
      {
        nodes: [
          node(
            'MaxPool',
            ['x'],
            ['y'],
            [attributeOf.ints('kernel_shape', [2, 2]), attributeOf.ints('pads', [1, 1, 1, 1])],
          ),
        ],
        inputs: images,
      },
      'node "maxpool" (MaxPool): pads of 1 and 1 rows and 1 and 1 columns are neither none nor those of padding "same"',
    ],
    'a reshape of samples into each other': [
      { nodes: [node('Reshape', ['x', 'shape'], ['y'])], initializers: [integers('shape', [-1, 2])] },
      'node "reshape" (Reshape): it makes [-1, 2] of samples of [4], which stay samples in layers',
    ],
    'a batch that moves': [
      { nodes: [node('Transpose', ['x'], ['y'])] },
      'node "transpose" (Transpose): perm is [1, 0]; allowed are those that leave the batch in front',
    ],
    'padding by what is near': [
      { nodes: [node('Pad', ['x'], ['y'], [attributeOf.text('mode', 'reflect')])], inputs: images },
      'node "pad" (Pad): mode is "reflect" with 0; allowed is constant with 0',
    ],
    'images at other sizes': [
      {
        nodes: [node('Resize', ['x', '', 'scales'], ['y'])],
        initializers: [floats('scales', [1, 1, 1.5, 2])],
        inputs: images,
      },
      'node "resize" (Resize): its factors are [1, 1, 1.5, 2]; allowed are whole ones of height and width',
    ],
    'constants alone': [
      { nodes: [node('Add', ['c', 'c'], ['z']), node('Add', ['x', 'z'], ['y'])], initializers: [floats('c', [1])] },
      'node "add" (Add): all its inputs are constants, which is not read',
    ],
    'more nodes than a network has': [
      {
        nodes: Array.from({ length: 5000 }, (_, i) =>
          node('Relu', [i === 0 ? 'x' : `${i}`], [i === 4999 ? 'y' : `${i + 1}`]),
        ),
      },
      'it has 5000 nodes; allowed are at most 2048',
    ],
  };

  test.each(Object.entries(cases))('%s', async (_, [parts, message]) => {
    await expect(importOnnx(onnxFile(parts), 'g.onnx', 'cpu')).rejects.toThrow(error('CUDA_GAN_FILE', message));
  });

  test('a network of as many nodes as are allowed is connected', async () => {
    const nodes = Array.from({ length: 2048 }, (_, i) =>
      node('Relu', [i === 0 ? 'x' : `${i}`], [i === 2047 ? 'y' : `${i + 1}`]),
    );
    const net = await importOnnx(onnxFile({ nodes }), 'file', 'cpu');
    expect(net.layers).toHaveLength(2049);
  });
});

describe('damaged files', () => {
  const whole = readFileSync(golden('conditional.onnx'));

  test('one that ends anywhere before its end', async () => {
    for (let length = 0; length < whole.length; length++) {
      await expect(importOnnx(whole.subarray(0, length), 'g.onnx', 'cpu')).rejects.toThrow(
        error('CUDA_GAN_FILE', 'g.onnx'),
      );
    }
  });

  test('one of the package that ends anywhere before its end', async () => {
    const own = Buffer.concat(await exportOnnx(layerCases.dense.vectors!()));
    for (let length = 0; length < own.length; length++) {
      await expect(importOnnx(own.subarray(0, length), 'g.onnx', 'cpu')).rejects.toThrow(
        error('CUDA_GAN_FILE', 'g.onnx'),
      );
    }
  });

  test('bytes that were changed: a model or an error with a code', async () => {
    const random = new RandomStream(1, 0);
    for (let i = 0; i < 500; i++) {
      const bytes = Uint8Array.from(whole);
      for (let changes = random.integer(3); changes >= 0; changes--)
        bytes[random.integer(bytes.length)] = random.integer(256);
      const read = importOnnx(bytes, 'g.onnx', 'cpu').then((net) => net.dispose());
      await read.catch((problem: unknown) => expect(problem).toMatchObject({ code: 'CUDA_GAN_FILE' }));
    }
  });

  test.each([
    ['a length beyond the end', [0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f]],
    ['a length of more than 64 bits', [0x3a, ...Array(10).fill(0xff), 0x0f]],
    ['groups within groups', Array(500).fill(0x2b)],
    ['a field of another kind', [0x38, 0x01]],
    ['two graphs', [0x3a, 0x00, 0x3a, 0x00]],
    ['a text', [...Buffer.from('no model')]],
    ['nothing', []],
  ])('%s', async (_, bytes) => {
    await expect(importOnnx(Uint8Array.from(bytes), 'g.onnx', 'cpu')).rejects.toThrow(error('CUDA_GAN_FILE', 'g.onnx'));
  });

  test('more messages than a model has', async () => {
    // Graphs of empty nodes, of two bytes each.
    const count = 2 ** 20;
    const nodes = '\n\0'.repeat(count);
    const head = Buffer.from([0x3a, 0x80, 0x80, 0x80, 0x01]);
    const file = Buffer.concat([head, Buffer.from(nodes, 'latin1')]);
    await expect(importOnnx(file, 'g.onnx', 'cpu')).rejects.toThrow(
      error('CUDA_GAN_FILE', 'g.onnx is no whole ONNX file: it has more than 262144 parts outside of its tensors'),
    );
  });
});

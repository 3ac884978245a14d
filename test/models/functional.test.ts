// Functional models: connections, several inputs and outputs, shared layers, nesting, places that always infer.
import { describe, expect, test } from '@jest/globals';
import {
  type CompileOptions,
  CudaGanError,
  GAN,
  input,
  Layer,
  layers,
  type Model,
  model,
  ops,
  optimizers,
  type Prediction,
  Sequential,
  type SymbolicTensor,
  type SymbolicTensors,
  type Tensor,
  tensor,
  type Value,
} from '../../lib/index';
import { error } from '../support/errors';
import { mismatches, u } from '../support/keras';
import { contents, normalTensor } from './small-models';

/** Bitwise: the same numbers in the same order. */
const dataOf = ({ data }: Tensor) => data;

const printed = (made: Model) => {
  const lines: string[] = [];
  made.summary({ print: (text) => lines.push(text) });
  return lines.join('\n').split('\n');
};

/** Class numbers as vectors of `depth`. */
class OneHot extends Layer {
  static override readonly className = 'TestOneHot';

  override call([x]: readonly [Value]): Value {
    return ops.oneHot(ops.reshape(x, [x.shape[0]!]), 3);
  }
}

describe('a chain of layers', () => {
  test('computes and trains as the same stack, to the bit', async () => {
    const stack = () => [
      layers.dense({ units: 5, activation: 'tanh' }),
      layers.batchNormalization(),
      layers.dropout({ rate: 0.3 }),
      layers.dense({ units: 2 }),
    ];
    const x = input({ shape: [3] });
    const functional = model({
      inputs: x,
      outputs: stack().reduce((tensor, layer) => layer.apply(tensor), x),
      seed: 4,
    });
    const sequential = new Sequential({ layers: stack(), seed: 4 });
    sequential.build([3]);
    const [samples, targets] = [normalTensor([10, 3], 1), normalTensor([10, 2], 2)];
    const histories = [];
    for (const made of [functional, sequential]) {
      made.compile({ optimizer: 'adam', loss: 'meanSquaredError', metrics: ['meanAbsoluteError'] });
      histories.push(await made.fit(samples, targets, { batchSize: 4, epochs: 3, validationSplit: 0.2 }));
    }
    expect(histories[0]).toEqual(histories[1]);
    expect(await contents(functional)).toEqual(await contents(sequential));
    expect(await functional.predict(samples)).toEqual(await sequential.predict(samples));
  });
});

describe('several inputs and outputs', () => {
  const parts = () => {
    const [a, b] = [input({ shape: [3], name: 'a' }), input({ shape: [2], name: 'b' })];
    const joined = layers.concatenate().apply([a, b]);
    const sum = layers.dense({ units: 1, name: 'sum' }).apply(joined);
    const kind = layers.dense({ units: 3, activation: 'softmax', name: 'kind' }).apply(joined);
    return { a, b, sum, kind };
  };
  const data = {
    a: normalTensor([6, 3], 1),
    b: normalTensor([6, 2], 2),
    sum: normalTensor([6, 1], 3),
    kind: tensor([0, 2, 1, 1, 0, 2]),
  };
  const lists = () => {
    const { a, b, sum, kind } = parts();
    return model({ inputs: [a, b], outputs: [sum, kind], seed: 1 });
  };
  const records = () => {
    const { a, b, sum, kind } = parts();
    return model({ inputs: { first: a, second: b }, outputs: { total: sum, kind }, seed: 1 });
  };

  test('come in the form in which the model was given its outputs', async () => {
    const [sum, kind] = await lists().predict([data.a, data.b]);
    expect([sum!.shape, kind!.shape]).toEqual([
      [6, 1],
      [6, 3],
    ]);
    const named = await records().predict([data.a, data.b], { batchSize: 4 });
    expect(Object.keys(named)).toEqual(['total', 'kind']);
    expect([named.total, named.kind]).toEqual(await lists().predict([data.a, data.b], { batchSize: 4 }));
  });

  test('are given as arrays or by name', async () => {
    expect([lists().inputNames, lists().outputNames]).toEqual([
      ['a', 'b'],
      ['sum', 'kind'],
    ]);
    expect(await lists().predict({ b: data.b, a: data.a })).toEqual(await lists().predict([data.a, data.b]));
    expect(await records().predict({ second: data.b, first: data.a })).toEqual(
      await records().predict([data.a, data.b]),
    );
  });

  test('have a loss each, or one for all, and figures of their names', async () => {
    const loss = ['meanSquaredError', 'sparseCategoricalCrossentropy'] as const;
    const fitted = async (made: Model, options: object, y: Tensor[] | Record<string, Tensor>) => {
      made.compile({ optimizer: 'sgd', loss, ...options });
      return (await made.fit([data.a, data.b], y, { batchSize: 3, validationSplit: 1 / 3, epochs: 2 })).history;
    };
    const byOrder = await fitted(lists(), { lossWeights: [1, 0.5], metrics: ['accuracy'] }, [data.sum, data.kind]);
    expect(Object.keys(byOrder)).toEqual(
      ['loss', 'sumLoss', 'kindLoss', 'sumAccuracy', 'kindAccuracy'].concat([
        'valLoss',
        'valSumLoss',
        'valKindLoss',
        'valSumAccuracy',
        'valKindAccuracy',
      ]),
    );
    byOrder.loss!.forEach((total, epoch) => {
      const wanted = byOrder.sumLoss![epoch]! + 0.5 * byOrder.kindLoss![epoch]!;
      expect(Math.abs(total - wanted)).toBeLessThanOrEqual(8 * u * wanted);
    });
    const byName = await fitted(
      records(),
      {
        loss: { kind: loss[1], total: loss[0] },
        lossWeights: { total: 1, kind: 0.5 },
        metrics: { kind: 'accuracy', total: [] },
      },
      { kind: data.kind, total: data.sum },
    );
    expect(Object.keys(byName).filter((name) => !name.startsWith('val'))).toEqual([
      'loss',
      'totalLoss',
      'kindLoss',
      'kindAccuracy',
    ]);
    expect(byName.loss).toEqual(byOrder.loss);
    expect(byName.valKindAccuracy).toEqual(byOrder.valKindAccuracy);
    const made = lists();
    made.compile({ optimizer: 'sgd', loss: 'meanSquaredError', metrics: [['meanAbsoluteError'], []] });
    const logs = await made.testOnBatch([data.a, data.b], { sum: data.sum, kind: normalTensor([6, 3]) });
    expect(Object.keys(logs)).toEqual(['loss', 'sumLoss', 'kindLoss', 'sumMeanAbsoluteError']);
  });

  test.each<[string, (made: Model) => unknown, string]>([
    ['too few', (made) => made.predict(data.a), 'x is only one; wanted is an array of 2, or a record, for a, b'],
    ['too many', (made) => made.predict([data.a, data.b, data.a]), 'x is an array of 3; wanted is an array of 2'],
    [
      'other names',
      (made) => made.predict({ a: data.a, bb: data.b }),
      'x is a record with "bb"; wanted is an array of 2',
    ],
    ['missing names', (made) => made.predict({ a: data.a }), 'x is a record without "b"; wanted is an array of 2'],
    [
      'a loss without its output',
      (made) => made.compile({ optimizer: 'sgd', loss: { sum: 'meanSquaredError' } }),
      'loss is a record without "kind"; wanted is an array of 2',
    ],
    [
      'a loss too many',
      (made) => made.compile({ optimizer: 'sgd', loss: Array(3).fill('meanSquaredError') }),
      'loss is an array of 3; wanted is an array of 2, or a record, for sum, kind',
    ],
    [
      'a weight that is none',
      (made) => made.compile({ optimizer: 'sgd', loss: 'meanSquaredError', lossWeights: [1, Number.NaN] }),
      'a weight of lossWeights is NaN; allowed are finite numbers',
    ],
    [
      'a metric that is a number',
      (made) => made.compile({ optimizer: 'sgd', loss: 'meanSquaredError', metrics: [3 as never] }),
      'a metric is 3; allowed are functions, and the names accuracy, binaryAccuracy',
    ],
    [
      'a name without its array',
      (made) => made.compile({ optimizer: 'sgd', loss: 'meanSquaredError', metrics: 'accuracy' as never }),
      'metrics is "accuracy"; allowed are arrays of names',
    ],
    [
      'a metric twice',
      (made) => made.compile({ optimizer: 'sgd', loss: 'meanSquaredError', metrics: ['accuracy', 'accuracy'] }),
      'two figures would be called "sumAccuracy"',
    ],
  ])('refuse %s', async (_, call, message) => {
    await expect((async () => call(lists()))()).rejects.toThrow(error('CUDA_GAN_VALUE', message));
  });

  test('name the loss or the metric, and the output, where it does not work on the targets', async () => {
    const test = (options: Partial<CompileOptions>) => {
      const made = lists();
      made.compile({ optimizer: 'sgd', loss: 'meanSquaredError', ...options });
      return made.testOnBatch([data.a, data.b], [data.sum, normalTensor([6, 3])]);
    };
    await expect(test({ metrics: [[], ['sparseCategoricalAccuracy']] })).rejects.toThrow(
      error(
        'CUDA_GAN_VALUE',
        'metric sparseCategoricalAccuracy of output "kind": oneHot works on int32, not on float32',
      ),
    );
    const own = (targets: Value, predictions: Value) => ops.mean(ops.concat([targets, predictions], 0), [2]);
    await expect(test({ loss: ['meanSquaredError', own] })).rejects.toThrow(error('CUDA_GAN_SHAPE', 'axes [2]'));
    const joined = (targets: Value, predictions: Value) => ops.reshape(ops.subtract(targets, predictions), [7]);
    await expect(test({ loss: ['meanSquaredError', joined] })).rejects.toThrow(
      error('CUDA_GAN_SHAPE', 'loss of output "kind": cannot reshape [6, 3] (18 elements) to [7] (7)'),
    );
  });

  test('refuse data that does not fit, and name the input', async () => {
    await expect(lists().predict([data.a, data.a])).rejects.toThrow(
      error('CUDA_GAN_SHAPE', 'x "b" has shape [6, 3]; wanted is [n, 2]'),
    );
    await expect(lists().predict([data.a, normalTensor([5, 2])])).rejects.toThrow(
      error('CUDA_GAN_SHAPE', 'x "a" has 6 samples, x "b" has 5: they belong together'),
    );
    const made = lists();
    made.compile({ optimizer: 'sgd', loss: ['meanSquaredError', 'sparseCategoricalCrossentropy'] });
    await expect(made.fit([data.a, data.b], [data.sum, tensor([0, 1, 2, 3, 0, 0])])).rejects.toThrow(
      error('CUDA_GAN_DATA', 'y "kind" contains the class 3 at index 3'),
    );
    await expect(made.fit([data.a, data.b], [normalTensor([5, 1]), data.kind])).rejects.toThrow(
      error('CUDA_GAN_SHAPE', 'x "a" has 6 samples, y "sum" has 5: each x needs its y'),
    );
  });
});

describe('an input of int32', () => {
  const classes = () => {
    const [image, label] = [input({ shape: [3] }), input({ shape: [1], dtype: 'int32' })];
    const joined = layers.concatenate().apply([image, new OneHot().apply(label)]);
    return model({ inputs: { image, label }, outputs: layers.dense({ units: 1 }).apply(joined), seed: 1 });
  };
  const image = normalTensor([5, 3]);

  test.each([2, 5])('stays whole, in batches of %d', async (batchSize) => {
    const label = Int32Array.of(0, 1, 2, 1, 0);
    const made = classes();
    const [kernel, bias] = await contents(made);
    const { data } = await made.predict({ image, label: tensor(label, [5, 1]) }, { batchSize });
    data.forEach((found, i) => {
      const inputs = image.data.subarray(3 * i, 3 * i + 3);
      const wanted = inputs.reduce((sum, x, j) => sum + x * kernel![j]!, bias![0]! + kernel![3 + label[i]!]!);
      expect(Math.abs(found - wanted)).toBeLessThanOrEqual(16 * u);
    });
  });

  test('takes whole floats and bytes, and nothing else', async () => {
    const predict = (label: Tensor) => classes().predict({ image, label });
    const wanted = await predict(tensor(Int32Array.of(0, 1, 2, 1, 0), [5, 1]));
    expect(await predict(tensor([0, 1, 2, 1, 0]))).toEqual(wanted);
    expect(await predict(tensor(Uint8Array.of(0, 1, 2, 1, 0)))).toEqual(wanted);
    await expect(predict(tensor([0, 1, 0.5, 1, 0]))).rejects.toThrow(
      error('CUDA_GAN_DATA', 'x "label" contains 0.5 at index 2; wanted are whole numbers of int32'),
    );
  });

  test('is no output', () => {
    const label = input({ shape: [1], dtype: 'int32', name: 'label' });
    expect(() => model({ inputs: label, outputs: label, name: 'net' })).toThrow(
      error('CUDA_GAN_VALUE', 'model "net": "label" of [1] is int32; outputs must be float32'),
    );
  });
});

test('embeddings take whole numbers, stacked or connected', async () => {
  const rows = Float32Array.of(0, 1, 10, 11, 20, 21);
  const embedding = () =>
    layers.embedding({
      inputDim: 3,
      outputDim: 2,
      embeddingsInitializer: { name: 'own', config: {}, create: () => rows },
    });
  const digit = input({ shape: [], dtype: 'int32' });
  const connected = model({ inputs: digit, outputs: embedding().apply(digit) });
  expect(await connected.predict(tensor(Int32Array.of(2, 0)))).toEqual(
    tensor([
      [20, 21],
      [0, 1],
    ]),
  );
  const stack = new Sequential({ layers: [embedding(), layers.flatten(), layers.dense({ units: 1 })] });
  stack.build([2]);
  expect((await stack.predict(tensor([[2, 0]]))).shape).toEqual([1, 1]);
  await expect(stack.predict(tensor([[0.5, 0]]))).rejects.toThrow(
    error('CUDA_GAN_DATA', 'x contains 0.5 at index 0; wanted are whole numbers of int32'),
  );
});

describe('numbers outside an embedding', () => {
  const embedding = (inputDim: number) => layers.embedding({ inputDim, outputDim: 2 });
  const word = () => input({ shape: [2], dtype: 'int32', name: 'word' });
  const judged = (inputs: SymbolicTensors, embedded: SymbolicTensor) =>
    model({ inputs, outputs: layers.dense({ units: 1 }).apply(layers.flatten().apply(embedded)) });
  const single = (layer: Layer) => {
    const inputs = word();
    return judged(inputs, layer.apply(inputs));
  };
  const models: readonly (readonly [string, () => Model<Prediction>, number])[] = [
    ['a stack', () => new Sequential({ layers: [embedding(4), layers.flatten(), layers.dense({ units: 1 })] }), 3],
    ['a functional model', () => single(embedding(4)), 3],
    ['a model within', () => single(new Sequential({ layers: [embedding(4)] })), 3],
    ['a wrapper', () => single(layers.spectralNormalization({ layer: embedding(4) })), 3],
    [
      'two embeddings',
      () => {
        const inputs = word();
        return judged(inputs, layers.add().apply([embedding(4).apply(inputs), embedding(3).apply(inputs)]));
      },
      2,
    ],
  ];
  const data = (values: number[], type: typeof Int32Array | typeof Float32Array = Int32Array) =>
    tensor(type.from(values), [2, 2]);
  const y = tensor([[0], [1]]);

  test.each(models)('of %s are an error in every call', async (_, made, last) => {
    const net = made();
    net.build([2]);
    net.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const good = data([0, 1, last, 0]);
    for (const wrong of [-1, last + 1]) {
      for (const type of [Int32Array, Float32Array]) {
        const x = data([0, 1, last, wrong], type);
        for (const call of [
          () => net.predict(x),
          () => net.predict(x, { batchSize: 1 }),
          () => net.fit(x, y),
          () => net.fit(good, y, { validationData: [x, y] }),
          () => net.evaluate(x, y),
          () => net.trainOnBatch(x, y),
          () => net.testOnBatch(x, y),
        ]) {
          const wanted = `x contains the number ${wrong} at index 3; the model's embedding has numbers 0 to ${last}`;
          await expect(call()).rejects.toThrow(error('CUDA_GAN_DATA', wanted));
        }
      }
    }
    expect((await net.predict(good)).data.every(Number.isFinite)).toBe(true);
  });

  test('name the input where there are several', async () => {
    const [inputs, other] = [word(), input({ shape: [4], name: 'other' })];
    const embedded = layers.flatten().apply(embedding(4).apply(inputs));
    const net = judged([inputs, other], layers.add().apply([embedded, other]));
    await expect(net.predict({ word: data([0, 9, 0, 0]), other: normalTensor([2, 4]) })).rejects.toThrow(
      error('CUDA_GAN_DATA', 'x "word" contains the number 9 at index 1'),
    );
  });

  test('that a layer makes become NaN', async () => {
    class Same extends Layer {
      override call([numbers]: readonly [Value]): Value {
        return ops.reshape(numbers, numbers.shape);
      }
    }
    const inputs = word();
    const net = judged(inputs, embedding(4).apply(new Same().apply(inputs)));
    const { data: found } = await net.predict(data([0, 9, 0, 1]));
    expect(Array.from(found, Number.isNaN)).toEqual([true, false]);
  });
});

test('an input may be an output as it is, and one tensor two outputs', async () => {
  const x = input({ shape: [2], name: 'x' });
  const y = layers.dense({ units: 2, kernelInitializer: 'ones', name: 'y' }).apply(x);
  const made = model({ inputs: x, outputs: [x, y, y] });
  expect(made.outputNames).toEqual(['x', 'y', 'y_1']);
  const predictions = await made.predict(tensor([[1, 2]]));
  expect(predictions.map(dataOf)).toEqual([Float32Array.of(1, 2), Float32Array.of(3, 3), Float32Array.of(3, 3)]);
});

test('bytes become the pixelRange for every input, of a nested model only the outer one counts', async () => {
  const [a, b] = [input({ shape: [1] }), input({ shape: [1] })];
  const made = model({ inputs: [a, b], outputs: layers.add().apply([a, b]), pixelRange: [-1, 1] });
  const bytes = tensor(Uint8Array.of(0, 255), [2, 1]);
  const { data } = await made.predict([bytes, bytes]);
  expect(mismatches(data, [-2, 2], () => 4 * 2 * u)).toEqual([]);
});

describe('a shared layer', () => {
  test('has its weights once, and adds the gradients of its places up', async () => {
    const [a, b] = [input({ shape: [3] }), input({ shape: [3] })];
    const shared = layers.dense({ units: 2, activation: 'tanh', name: 'shared' });
    const out = layers
      .dense({ units: 1, name: 'out' })
      .apply(layers.multiply().apply([shared.apply(a), shared.apply(b)]));
    const made = model({ inputs: [a, b], outputs: out, seed: 2, device: 'reference' });
    expect(made.namedWeights.map(([name]) => name)).toEqual(['shared/kernel', 'shared/bias', 'out/kernel', 'out/bias']);

    const x = [normalTensor([7, 3], 1), normalTensor([7, 3], 2)];
    const y = normalTensor([7, 1], 3);
    const start = await made.getWeights();
    // One step of SGD with rate 1 moves each weight by its gradient; the loss itself gives central differences.
    const loss = async (weights: typeof start) => {
      await made.setWeights(weights);
      return (await made.testOnBatch(x, y)).loss!;
    };
    made.compile({ optimizer: optimizers.sgd({ learningRate: 1 }), loss: 'meanSquaredError' });
    await made.trainOnBatch(x, y);
    const after = await made.getWeights();
    const step = 2 ** -7;
    for (const [w, { data, shape }] of start.entries()) {
      for (let i = 0; i < data.length; i++) {
        const gradient = data[i]! - after[w]!.data[i]!;
        const moved = (by: number) => {
          const copy = Float32Array.from(data);
          copy[i]! += by;
          return loss(start.map((weight, j) => (j === w ? { shape, data: copy } : weight)));
        };
        const difference = ((await moved(step)) - (await moved(-step))) / (2 * step);
        // Losses are rounded to float32; the third derivatives of this net are below 100.
        expect(Math.abs(gradient - difference)).toBeLessThanOrEqual((100 * step ** 2) / 6 + (8 * u) / step);
      }
    }
  });

  test('may see samples of several shapes, where its weights allow', async () => {
    const [small, large] = [input({ shape: [4, 4, 1] }), input({ shape: [8, 6, 1] })];
    const conv = layers.conv2d({ filters: 2, kernelSize: 3, padding: 'same', strides: 2, name: 'conv' });
    const pooled = [small, large].map((x) => layers.globalAveragePooling2d().apply(conv.apply(x)));
    const made = model({ inputs: [small, large], outputs: layers.add().apply(pooled) });
    expect(made.countParams()).toBe(20);
    const { shape } = await made.predict([normalTensor([3, 4, 4, 1]), normalTensor([3, 8, 6, 1])]);
    expect(shape).toEqual([3, 2]);
    expect(() => conv.apply(input({ shape: [4, 4, 3] }))).toThrow(
      error('CUDA_GAN_SHAPE', 'conv: its weight "kernel" has shape [3, 3, 1, 2], but these samples need [3, 3, 3, 2]'),
    );
    // What failed has changed nothing.
    expect(made.countParams()).toBe(20);
  });

  test('of two models is not disposed of by one while the other trains', async () => {
    const x = input({ shape: [3] });
    const code = layers.dense({ units: 2 }).apply(x);
    const [one, other] = [1, 2].map((seed) =>
      model({ inputs: x, outputs: layers.dense({ units: 1 }).apply(code), seed, name: `m${seed}` }),
    );
    one!.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    const training = one!.fit(normalTensor([4, 3]), normalTensor([4, 1]));
    expect(() => other!.dispose()).toThrow(error('CUDA_GAN_BUSY', 'model "m2" is in training'));
    await training;
    other!.dispose();
  });

  test('of two models trains in both', async () => {
    const encoder = layers.dense({ units: 2, name: 'encoder' });
    const x = input({ shape: [3] });
    const code = encoder.apply(x);
    const [one, other] = [1, 2].map((seed) =>
      model({ inputs: x, outputs: layers.dense({ units: 1 }).apply(code), seed }),
    );
    one!.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    const before = await contents(other!);
    await one!.trainOnBatch(normalTensor([4, 3]), normalTensor([4, 1]));
    const after = await contents(other!);
    expect(after[0]).not.toEqual(before[0]);
    expect(after[2]).toEqual(before[2]);
    expect((await contents(one!))[0]).toEqual(after[0]);
  });
});

describe('models as layers', () => {
  test('of several inputs and outputs, in several places, with names for both', async () => {
    const [p, q] = [input({ shape: [2] }), input({ shape: [2] })];
    const cell = model({
      inputs: { p, q },
      outputs: { sum: layers.add().apply([p, q]), gate: layers.dense({ units: 2, activation: 'sigmoid' }).apply(p) },
      name: 'cell',
      seed: 1,
    });
    type Ends = { sum: SymbolicTensor; gate: SymbolicTensor };
    const x = input({ shape: [2] });
    const first = cell.apply<Ends>({ q: x, p: x });
    const second = cell.apply<Ends>([first.sum, first.gate]);
    const made = model({ inputs: x, outputs: [second.sum, second.gate] });
    expect(made.layers.map(({ name }) => name)).toEqual(['input_layer', 'cell']);
    const samples = normalTensor([4, 2]);
    const one = await cell.predict([samples, samples]);
    const two = await cell.predict([one.sum, one.gate]);
    expect(await made.predict(samples)).toEqual([two.sum, two.gate]);
  });

  test('may be stacked', async () => {
    const x = input({ shape: [3] });
    const inner = model({
      inputs: x,
      outputs: layers.add().apply([x, layers.dense({ units: 3 }).apply(x)]),
      name: 'inner',
    });
    const stack = new Sequential({ layers: [inner, layers.dense({ units: 1 })], seed: 1 });
    expect([stack.inputShape, stack.outputShape]).toEqual([[3], [1]]);
    expect(stack.namedWeights.map(([name]) => name)).toEqual([
      'inner/dense/kernel',
      'inner/dense/bias',
      'dense/kernel',
      'dense/bias',
    ]);
    expect((await stack.predict(normalTensor([4, 3]))).shape).toEqual([4, 1]);
  });

  test('keep their layers once they are connected', () => {
    const part = new Sequential({ name: 'part', layers: [layers.dense({ units: 2 })] });
    part.apply(input({ shape: [3] }));
    expect(() => part.add(layers.reLU())).toThrow(
      error('CUDA_GAN_STATE', 'model "part" is part of a graph of layers already: add layers to it before'),
    );
  });

  test('share weights with their layers elsewhere, which count once', () => {
    const hidden = layers.dense({ units: 3, name: 'hidden' });
    const x = input({ shape: [3] });
    const inner = model({ inputs: x, outputs: hidden.apply(x), name: 'inner' });
    const outer = model({ inputs: x, outputs: layers.add().apply([inner.apply(x), hidden.apply(x)]) });
    expect(outer.namedWeights.map(([name]) => name)).toEqual(['inner/hidden/kernel', 'inner/hidden/bias']);
    expect(outer.trainableWeights).toHaveLength(2);
    expect(outer.countParams()).toBe(12);
  });
});

describe('a place with a mode of its own', () => {
  const samples = normalTensor([8, 3]);

  test('infers while the rest trains: a batch normalisation keeps its statistics, and its weights train', async () => {
    const x = input({ shape: [3] });
    const base = new Sequential({
      name: 'base',
      layers: [layers.dense({ units: 3, biasInitializer: 'ones' }), layers.batchNormalization()],
    });
    const head = layers.batchNormalization({ name: 'head' });
    const made = model({ inputs: x, outputs: head.apply(base.apply(x, { training: false })), seed: 1 });
    made.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    const before = await contents(made);
    await made.trainOnBatch(samples, normalTensor([8, 3], 2));
    const moved = (await contents(made)).map((data, i) => data.some((value, j) => value !== before[i]![j]));
    const names = made.namedWeights.map(([name]) => name);
    expect(names.filter((_, i) => !moved[i])).toEqual([
      'base/batch_normalization/moving_mean',
      'base/batch_normalization/moving_variance',
    ]);
  });

  test('or trains while the rest infers: a dropout that always drops', async () => {
    const x = input({ shape: [3] });
    const made = model({ inputs: x, outputs: layers.dropout({ rate: 0.5 }).apply(x, { training: true }) });
    const { data } = await made.predict(tensor(new Float32Array(300).fill(1), [100, 3]), { batchSize: 100 });
    expect(new Set(data)).toEqual(new Set([0, 2]));
  });

  test('is true or false', () => {
    const x = input({ shape: [3] });
    expect(() => layers.reLU({ name: 'r' }).apply(x, { training: 1 as never })).toThrow(
      error('CUDA_GAN_VALUE', 'training is 1; allowed are true and false'),
    );
    expect(() => layers.reLU({ name: 'r' }).apply(x, { train: true } as never)).toThrow(
      error('CUDA_GAN_VALUE', 'r.apply: unknown option "train"; did you mean "training"?'),
    );
  });
});

test('what is frozen stays as it is', async () => {
  const x = input({ shape: [3] });
  const made = model({
    inputs: x,
    outputs: layers.dense({ units: 1 }).apply(layers.dense({ units: 2, trainable: false }).apply(x)),
  });
  made.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
  const before = await contents(made);
  await made.fit(normalTensor([8, 3]), normalTensor([8, 1]));
  const after = await contents(made);
  expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
  expect(after[2]).not.toEqual(before[2]);
});

describe('a GAN', () => {
  test('of functional networks trains and generates', async () => {
    const noise = input({ shape: [4] });
    const hidden = layers.dense({ units: 8, activation: 'relu' }).apply(noise);
    const around = layers.concatenate().apply([noise, hidden]);
    const pixels = layers.dense({ units: 9, activation: 'tanh' }).apply(around);
    const generator = model({
      inputs: noise,
      outputs: layers.reshape({ targetShape: [3, 3, 1] }).apply(pixels),
      name: 'generator',
      seed: 1,
    });
    const image = input({ shape: [3, 3, 1] });
    const flat = layers.flatten().apply(image);
    const judged = layers.add().apply([flat, layers.dense({ units: 9, activation: 'relu' }).apply(flat)]);
    const discriminator = model({
      inputs: image,
      outputs: layers.dense({ units: 1, activation: 'sigmoid' }).apply(judged),
      name: 'discriminator',
      seed: 2,
    });
    const gan = new GAN({ generator, discriminator, seed: 3 });
    expect([gan.latentDim, gan.imageShape, discriminator.pixelRange]).toEqual([4, [3, 3, 1], [-1, 1]]);
    const history = await gan.train(tensor(new Uint8Array(20 * 9).fill(200), [20, 3, 3, 1]), {
      steps: 5,
      batchSize: 8,
    });
    expect(history.steps).toBe(5);
    expect((await gan.generate(2)).shape).toEqual([2, 3, 3, 1]);
  });
});

describe('summary', () => {
  test('says what each layer is connected to, for a shared one in all its places', () => {
    const [left, right] = [input({ shape: [4], name: 'left' }), input({ shape: [4], name: 'right' })];
    const shared = layers.dense({ units: 3, name: 'shared' });
    const made = model({
      inputs: [left, right],
      outputs: layers.concatenate().apply([shared.apply(left), shared.apply(right)]),
      name: 'pair',
    });
    expect(printed(made)).toEqual([
      'Model: "pair"',
      '──────────────────────────────────────────────────────────────',
      'Layer (type)               Output Shape  Param #  Connected to',
      '══════════════════════════════════════════════════════════════',
      'left (InputLayer)          (None, 4)           0  -',
      'shared (Dense)             (None, 3)          15  left[0][0]',
      '                                                  right[0][0]',
      'right (InputLayer)         (None, 4)           0  -',
      'concatenate (Concatenate)  (None, 6)           0  shared[0][0]',
      '                                                  shared[1][0]',
      '──────────────────────────────────────────────────────────────',
      'Total params: 15',
      'Trainable params: 15',
      'Non-trainable params: 0',
    ]);
  });
});

describe('errors', () => {
  const dense = (name?: string) => layers.dense({ units: 2, name });

  test('an output that needs an input that is not given', () => {
    const [a, b] = [input({ shape: [2], name: 'a' }), input({ shape: [2], name: 'b' })];
    const out = layers.add({ name: 'out' }).apply([a, dense().apply(b)]);
    expect(() => model({ inputs: a, outputs: out, name: 'net' })).toThrow(
      error(
        'CUDA_GAN_VALUE',
        'model "net": "out" of [2] is not connected to the given inputs alone: it needs the input "b" of [2]',
      ),
    );
  });

  test('an input that is not needed, or given twice, or made by a layer', () => {
    const [a, b] = [input({ shape: [2], name: 'a' }), input({ shape: [3], name: 'b' })];
    const out = dense('out').apply(a);
    expect(() => model({ inputs: [a, b], outputs: out, name: 'net' })).toThrow(
      error('CUDA_GAN_VALUE', 'model "net": no output needs the input "b" of [3]'),
    );
    expect(() => model({ inputs: [a, a], outputs: out, name: 'net' })).toThrow(
      error('CUDA_GAN_VALUE', 'model "net": "a" of [2] is given twice as an input'),
    );
    expect(() => model({ inputs: out, outputs: dense().apply(out), name: 'net' })).toThrow(
      error('CUDA_GAN_VALUE', 'model "net": "out" of [2] cannot be an input: it must come from input()'),
    );
  });

  test('two layers of one name', () => {
    const x = input({ shape: [2] });
    const out = dense('same').apply(dense('same').apply(x));
    expect(() => model({ inputs: x, outputs: out, name: 'net' })).toThrow(
      error('CUDA_GAN_VALUE', 'model "net" already has a layer named "same"'),
    );
  });

  test('a layer that cannot take what it is applied to', () => {
    const x = input({ shape: [2, 2] });
    expect(() => layers.reshape({ targetShape: [5], name: 'image' }).apply(x)).toThrow(
      error('CUDA_GAN_SHAPE', 'image: cannot reshape samples of [2, 2] (4 elements) to [5]'),
    );
    const used = dense('used');
    used.apply(input({ shape: [3] }));
    expect(() => used.apply(x)).toThrow(
      error('CUDA_GAN_SHAPE', 'used: its weight "kernel" has shape [3, 2], but these samples need [2, 2]'),
    );
  });

  test('a model that takes other inputs', () => {
    const [a, b] = [input({ shape: [2], name: 'a' }), input({ shape: [3], name: 'b' })];
    const inner = model({ inputs: [a, b], outputs: layers.concatenate().apply([a, b]), name: 'inner' });
    expect(() => inner.apply(a)).toThrow(
      error('CUDA_GAN_VALUE', 'inner: model "inner" takes 2 inputs (a, b), found 1'),
    );
    expect(() => inner.apply([b, a])).toThrow(
      error('CUDA_GAN_SHAPE', 'inner: model "inner" is built for samples of [2] and [3], not of [3] and [2]'),
    );
    expect(() => inner.apply({ a, c: b })).toThrow(error('CUDA_GAN_VALUE', 'is a record with "c"'));
    expect(() => new Sequential({ layers: [inner] })).toThrow(error('CUDA_GAN_STATE', 'layer "inner" has 2 inputs'));
  });

  test('what is no symbolic tensor', () => {
    for (const wrong of [undefined, 3, 'x', normalTensor([2, 2]), [null], {}]) {
      expect(() => dense('d').apply(wrong as never)).toThrow(error('CUDA_GAN_VALUE', 'layer "d" was applied to '));
      expect(() => model({ inputs: wrong as never, outputs: wrong as never })).toThrow(CudaGanError);
    }
    expect(() => model({ inputs: [], outputs: [] })).toThrow(
      error('CUDA_GAN_VALUE', 'a model needs at least one of its inputs'),
    );
    expect(() => input({ shape: [2] }).node.layer.apply(input({ shape: [2] }))).toThrow(
      error('CUDA_GAN_VALUE', 'input "input_layer" takes no other tensors'),
    );
  });

  test('a layer that hands over a value of another graph', () => {
    let earlier: Value | undefined;
    class Remember extends Layer {
      override call([x]: readonly [Value]): Value {
        earlier ??= x;
        return earlier;
      }
    }
    class Mix extends Layer {
      override call([x]: readonly [Value]): Value {
        earlier ??= x;
        return ops.add(x, earlier);
      }
    }
    const remember = new Remember({ name: 'r' });
    expect(() => remember.apply(input({ shape: [2] }))).toThrow(
      error('CUDA_GAN_VALUE', 'r: layer "r" returned a Value of another graph'),
    );
    earlier = undefined;
    const mix = new Mix({ name: 'm' });
    expect(() => mix.apply(input({ shape: [2] }))).toThrow(
      error('CUDA_GAN_VALUE', 'm: add was given values of two graphs'),
    );
  });

  test('a layer of that name', () => {
    const x = input({ shape: [2], name: 'x' });
    expect(() => model({ inputs: x, outputs: dense('y').apply(x), name: 'net' }).getLayer('z')).toThrow(
      error('CUDA_GAN_VALUE', 'a layer of model "net" is "z"; allowed are x, y'),
    );
  });
});

test('other outputs of the same inputs make another model of the same layers', async () => {
  const x = input({ shape: [3] });
  const hidden = layers.dense({ units: 2, name: 'hidden' }).apply(x);
  const whole = model({ inputs: x, outputs: layers.dense({ units: 1 }).apply(hidden), seed: 1 });
  const features = model({ inputs: whole.inputs, outputs: hidden });
  expect(features.weights).toEqual(whole.weights.slice(0, 2));
  expect((await features.predict(normalTensor([4, 3]))).shape).toEqual([4, 2]);
});

// Data that does not fit a model, and models that are not ready for data.
import { deserialize, serialize } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import { type CompileOptions, layers, ops, Sequential, type Tensor, type TypedArray, tensor } from '../../lib/index';
import { error } from '../support/errors';
import { classifier, linearModel, normalTensor } from './small-models';

const [x, y] = [normalTensor([4, 2]), normalTensor([4, 1])];

function withNumber(value: number): Tensor {
  const data = new Float32Array(8);
  data[5] = value;
  return tensor(data, [4, 2]);
}

describe.each<[string, (model: Sequential, x: Tensor, y: Tensor) => Promise<unknown>]>([
  ['fit', (model, ...data) => model.fit(...data, { batchSize: 1 })],
  ['evaluate', (model, ...data) => model.evaluate(...data)],
  ['trainOnBatch', (model, ...data) => model.trainOnBatch(...data)],
  ['testOnBatch', (model, ...data) => model.testOnBatch(...data)],
  ['validationData', (model, ...data) => model.fit(x, y, { batchSize: 1, validationData: data })],
])('%s rejects', (_, call) => {
  test.each<[string, Tensor, Tensor, 'CUDA_GAN_SHAPE' | 'CUDA_GAN_DATA', string]>([
    ['samples of another shape', normalTensor([4, 3]), y, 'CUDA_GAN_SHAPE', 'x has shape [4, 3]; wanted is [n, 2]'],
    ['a sample that is no row', normalTensor([2]), y, 'CUDA_GAN_SHAPE', 'x has shape [2]; wanted is [n, 2]'],
    ['targets of another shape', x, normalTensor([4, 2]), 'CUDA_GAN_SHAPE', 'y has shape [4, 2]; wanted is [n, 1]'],
    ['fewer targets', x, normalTensor([3, 1]), 'CUDA_GAN_SHAPE', 'x has 4 samples, y has 3: each x needs its y'],
    ['no samples', normalTensor([0, 2]), normalTensor([0, 1]), 'CUDA_GAN_DATA', 'x has no samples'],
    ['NaN', withNumber(Number.NaN), y, 'CUDA_GAN_DATA', 'x contains NaN in sample 2; all numbers must be finite'],
    ['Infinity', withNumber(Number.POSITIVE_INFINITY), y, 'CUDA_GAN_DATA', 'x contains Infinity in sample 2'],
    [
      'targets of NaN',
      x,
      tensor(Float32Array.of(0, Number.NaN, 0, 0), [4]),
      'CUDA_GAN_DATA',
      'y contains NaN in sample 1',
    ],
    [
      'more elements than its shape',
      { shape: [3, 2], data: x.data },
      y,
      'CUDA_GAN_SHAPE',
      'shape [3, 2] holds 6 elements',
    ],
    ['what is no tensor', [1, 2] as unknown as Tensor, y, 'CUDA_GAN_DATA', 'x is not a tensor; make one by tensor('],
    [
      'BigInt',
      { shape: [4, 2], data: new BigInt64Array(8) } as unknown as Tensor,
      y,
      'CUDA_GAN_DATA',
      'data is a BigInt64Array',
    ],
    ['a shape that is none', { ...x, shape: [4n, 2n] } as unknown as Tensor, y, 'CUDA_GAN_SHAPE', 'shape is [4n, 2n]'],
  ])('%s', async (_, wrongX, wrongY, code, message) => {
    await expect(call(linearModel(), wrongX, wrongY)).rejects.toThrow(error(code, message));
  });
});

test.each<[CompileOptions['loss'], number]>([
  ['binaryCrossentropy', 255],
  ['binaryCrossentropy', -1],
  ['categoricalCrossentropy', 5],
  [{ name: 'binaryCrossentropy', fromLogits: true }, 2],
])('%j rejects the target %d, which is no probability', async (loss, target) => {
  const model = linearModel();
  model.compile({ optimizer: 'sgd', loss });
  const lossName = typeof loss === 'string' ? loss : (loss as { name: string }).name;
  const targets = tensor(Float32Array.of(0, 1, target, 1), [4, 1]);
  await expect(model.fit(x, targets)).rejects.toThrow(
    error(
      'CUDA_GAN_DATA',
      `y contains ${target} in sample 2; ${lossName} takes probabilities, from 0 to 1, as targets`,
    ),
  );
  await model.fit(x, tensor(Float32Array.of(0, 1, 0.5, 1 + 1e-6), [4, 1]), { verbose: 0 });
});

test('predict rejects samples of another shape, and NaN', async () => {
  await expect(linearModel().predict(normalTensor([4, 3]))).rejects.toThrow(
    error('CUDA_GAN_SHAPE', 'x has shape [4, 3]; wanted is [n, 2]'),
  );
  await expect(linearModel().predict(withNumber(Number.NaN))).rejects.toThrow(error('CUDA_GAN_DATA', 'x contains NaN'));
});

test('a last axis of length 1 may be missing, of samples and of targets', async () => {
  const model = () => {
    const made = new Sequential({
      layers: [layers.flatten({ inputShape: [3, 2, 1] }), layers.dense({ units: 1 })],
      seed: 1,
    });
    made.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    return made;
  };
  const images = normalTensor([4, 3, 2, 1]);
  const withoutAxis = tensor(images.data, [4, 3, 2]);
  expect(await model().predict(withoutAxis)).toEqual(await model().predict(images));
  expect(await model().fit(withoutAxis, tensor(y.data, [4]), { batchSize: 4 })).toEqual(
    await model().fit(images, y, { batchSize: 4 }),
  );
  await expect(model().predict(tensor(images.data, [4, 6]))).rejects.toThrow(
    error('CUDA_GAN_SHAPE', 'x has shape [4, 6]; wanted is [n, 3, 2, 1]'),
  );
});

describe.each<[string, <Data extends TypedArray>(data: Data) => Data]>([
  ['a vm context', (data) => Object.assign(runInNewContext(`new ${data.constructor.name}(${data.length})`), data)],
  ['structuredClone', (data) => structuredClone(data)],
  ['v8.deserialize', (data) => deserialize(serialize(data))],
])('typed arrays of %s', (_, foreign) => {
  const abroad = ({ shape, data }: Tensor): Tensor => ({ shape, data: foreign(data) });

  test('train and predict as others do', async () => {
    const [samples, labels] = [normalTensor([4, 6]), tensor(Int32Array.of(0, 2, 1, 1), [4])];
    const [model, other] = [await classifier(), await classifier()];
    expect(await model.trainOnBatch(abroad(samples), abroad(labels))).toEqual(
      await other.trainOnBatch(samples, labels),
    );
    expect(await model.predict(abroad(samples))).toEqual(await other.predict(samples));
  });

  test('are held to be finite', async () => {
    await expect(linearModel().predict(abroad(withNumber(Number.NaN)))).rejects.toThrow(
      error('CUDA_GAN_DATA', 'x contains NaN in sample 2'),
    );
  });
});

test('arrays over shared memory, and what tensor() converts, train as others do', async () => {
  const shared = (data: Float32Array) => {
    const array = new Float32Array(new SharedArrayBuffer(data.byteLength));
    array.set(data);
    return array;
  };
  const [samples, targets] = [normalTensor([4, 2]), normalTensor([4, 1])];
  const wanted = await linearModel().fit(samples, targets, { batchSize: 4 });
  for (const convert of [shared, (data: Float32Array) => Float64Array.from(data) as unknown as Float32Array]) {
    const [givenX, givenY] = [samples, targets].map(({ shape, data }) => ({ shape, data: convert(data) }));
    expect(await linearModel().fit(givenX!, givenY!, { batchSize: 4 })).toEqual(wanted);
    expect(await linearModel().predict(givenX!)).toEqual(await linearModel().predict(samples));
  }
});

test('targets of single numbers may be a vector', async () => {
  const vector = tensor(y.data, [4]);
  expect(await linearModel().fit(x, vector, { batchSize: 4 })).toEqual(await linearModel().fit(x, y, { batchSize: 4 }));
});

describe('class numbers', () => {
  const samples = normalTensor([4, 6]);

  test.each([3, -1, 0.5, Number.NaN])('outside the classes of the output, such as %d', async (label) => {
    const model = await classifier();
    await expect(model.trainOnBatch(samples, tensor(Float32Array.of(0, 2, label, 1), [4]))).rejects.toThrow(
      error('CUDA_GAN_DATA', `y contains the class ${label} at index 2; the model's output has classes 0 to 2`),
    );
  });

  test('as whole floats', async () => {
    const [model, other] = [await classifier(), await classifier()];
    expect(await model.trainOnBatch(samples, tensor([0, 2, 1, 1]))).toEqual(
      await other.trainOnBatch(samples, tensor(Int32Array.of(0, 2, 1, 1), [4])),
    );
  });

  test('as distributions', async () => {
    const model = await classifier();
    await expect(model.trainOnBatch(samples, tensor(new Int32Array(12), [4, 3]))).rejects.toThrow(
      error('CUDA_GAN_SHAPE', 'y has shape [4, 3]; wanted is [n]'),
    );
  });
});

describe('before compile', () => {
  const model = () => new Sequential({ name: 'net', layers: [layers.dense({ units: 1, inputShape: [2] })] });

  test('the model predicts', async () => {
    expect((await model().predict(x)).shape).toEqual([4, 1]);
  });

  test.each(['fit', 'evaluate', 'trainOnBatch', 'testOnBatch'] as const)('%s is an error', async (method) => {
    await expect(model()[method](x, y)).rejects.toThrow(
      error('CUDA_GAN_STATE', `model "net" must be compiled before ${method}: call compile`),
    );
  });
});

describe('compile rejects', () => {
  const compile = (options: object) => () => linearModel().compile(options as CompileOptions);
  const valid: CompileOptions = { optimizer: 'sgd', loss: 'meanSquaredError' };

  test.each([
    ['optimizer', { ...valid, optimizer: 'lion' }, 'unknown optimizer "lion"; allowed are adagrad, adam, adamW'],
    ['loss', { ...valid, loss: 'dice' }, 'unknown loss "dice"; allowed are binaryCrossentropy'],
    ['missing loss', { optimizer: 'sgd' }, 'unknown loss undefined; allowed are binaryCrossentropy'],
    ['metric', { ...valid, metrics: ['aucs'] }, 'unknown metric "aucs"; allowed are accuracy'],
  ])('an unknown %s, and lists those there are', (_, options, message) => {
    expect(compile(options)).toThrow(error('CUDA_GAN_VALUE', message));
  });

  test('nothing else, but a loss that returns no Value fails in fit', async () => {
    const model = linearModel();
    model.compile({ ...valid, loss: (() => 1) as unknown as CompileOptions['loss'] });
    await expect(model.fit(x, y, { batchSize: 4 })).rejects.toThrow(
      error('CUDA_GAN_VALUE', 'the loss returned 1; wanted is a Value'),
    );
  });

  test('nothing else, but a loss that is neither a scalar nor of samples fails in fit', async () => {
    const model = linearModel();
    model.compile({ ...valid, loss: (_, predictions) => ops.reshape(predictions, [1, 4]) });
    await expect(model.fit(x, y, { batchSize: 4 })).rejects.toThrow(
      error('CUDA_GAN_SHAPE', 'the loss must be a scalar, or one for each sample, [4, ..]; found shape [1, 4]'),
    );
  });
});

test('a loss may be one for each sample, of which the mean is taken', async () => {
  const [own, known] = [linearModel(), linearModel()];
  own.compile({ optimizer: 'sgd', loss: (targets, predictions) => ops.square(ops.subtract(predictions, targets)) });
  known.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  expect(await own.evaluate(x, y)).toEqual(await known.evaluate(x, y));
});

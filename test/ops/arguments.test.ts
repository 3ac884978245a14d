// What callers may hand to ops by mistake is refused where the op is recorded, by the name that they call it by.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ops, type Value } from '../../lib/index';
import { Graph } from '../../lib/program/graph';
import { Variable } from '../../lib/program/variable';
import type { DType, Shape } from '../../lib/tensor';
import { error } from '../support/errors';
import { junk, onlyCodedErrors } from '../support/junk';

const graph = new Graph();
const value = (shape: Shape, dtype: DType = 'float32') => graph.read(new Variable({ name: 'v', shape, dtype }));
const [x, images, kernel] = [value([2, 3]), value([1, 6, 4, 2]), value([3, 3, 2, 1])];
const [labels, row] = [value([2], 'int32'), value([3])];
// biome-ignore lint/suspicious/noExplicitAny: mistakes have any type
const untyped: Readonly<Record<string, (...given: any[]) => unknown>> = ops as never;

describe('what is no Value', () => {
  test.each([
    ['multiply', [x, 2], 'input 2 of multiply is 2'],
    ['add', [undefined, x], 'input 1 of add is undefined'],
    ['exp', ['x'], 'input 1 of exp is "x"'],
    ['cos', [3], 'input 1 of cos is 3'],
    ['cast', [3], 'input 1 of cast is 3'],
    ['lerp', [x, x, 0.5], 'input 3 of lerp is 0.5'],
    ['reverse', [3], 'input 1 of reverse is 3'],
    ['translate2d', [images, [1, 2]], 'input 2 of translate2d is [1, 2]'],
    ['relu', [3], 'input 1 of relu is 3'],
    ['leakyRelu', [3, 0.2], 'input 1 of leakyRelu is 3'],
    ['tanh', [null], 'input 1 of tanh is null'],
    ['sum', [3], 'input 1 of sum is 3'],
    ['mean', [[x]], 'input 1 of mean is [an object]'],
    ['square', [3], 'input 1 of square is 3'],
    ['negate', [3], 'input 1 of negate is 3'],
    ['reshape', [3, [1]], 'input 1 of reshape is 3'],
    ['broadcastTo', [3, [1]], 'input 1 of broadcastTo is 3'],
    ['transpose', [3], 'input 1 of transpose is 3'],
    ['dropout', [3, 0.5], 'input 1 of dropout is 3'],
    ['conv2d', [images, 3], 'input 2 of conv2d is 3'],
    ['conv2dTranspose', [3, kernel], 'input 1 of conv2dTranspose is 3'],
    ['maxPool2d', [3], 'input 1 of maxPool2d is 3'],
    ['averagePool2d', [3], 'input 1 of averagePool2d is 3'],
    ['resize2d', [3, 2], 'input 1 of resize2d is 3'],
    ['concat', [[x, 3], 0], 'input 2 of concat is 3'],
    ['concat', [x, x], 'concat: inputs is an object; allowed are arrays of Values'],
    ['gradients', [x, [x]], 'gradients: outputs is an object; allowed are arrays of Values'],
    ['gradients', [[x], x], 'gradients: wrt is an object; allowed are arrays of Values'],
    ['gradients', [[x], [3]], 'input 1 of gradients: wrt is 3'],
    ['fill', [x, [2], 1], 'the graph of fill is an object; allowed are graphs: a Value x is part of x.graph'],
    ['randomNormal', [x, [2]], 'the graph of randomNormal is an object'],
    ['randomUniform', [undefined, [2]], 'the graph of randomUniform is undefined'],
    ['randomIntegers', [3, [2], 5], 'the graph of randomIntegers is 3'],
  ] as const)('%s(%p)', (name, given, message) => {
    expect(() => untyped[name]!(...given)).toThrow(error('CUDA_GAN_VALUE', message));
  });
});

describe('settings', () => {
  test.each([
    ['affine', [x, Number.NaN], 'affine: scale is NaN; allowed are finite numbers'],
    ['affine', [x, 1, '2'], 'affine: offset is "2"; allowed are finite numbers'],
    ['leakyRelu', [x, -0.1], 'leakyRelu: negativeSlope is -0.1; allowed are finite numbers from 0 on'],
    ['elu', [x, 0], 'elu: alpha is 0; allowed are finite numbers above 0'],
    ['batchNorm', [x, row, row, -1], 'batchNorm: epsilon is -1; allowed are finite numbers above 0'],
    ['normalize', [x, row, row, row, row, undefined], 'normalize: epsilon is undefined'],
    ['dropout', [x, 1], 'dropout: rate is 1; allowed are numbers from 0 to below 1'],
    ['dropout', [x, Number.NaN], 'dropout: rate is NaN'],
    ['movingAverage', [x, x, 1.5], 'movingAverage: momentum is 1.5; allowed are numbers from 0 to below 1'],
    ['slice', [x, [0, 0.5], [1, 1]], 'slice: begin[1] is 0.5; allowed are whole numbers from 0 on'],
    ['slice', [x, [-1, 0], [1, 1]], 'slice: begin[0] is -1; allowed are whole numbers from 0 on'],
    ['slice', [x, [0, 0], 2], 'slice: size is 2; allowed are arrays'],
    ['pad', [x, [0, 1.5], [0, 0]], 'pad: before[1] is 1.5; allowed are whole numbers from 0 on'],
    ['pad', [x, [0, 0], [0, Number.NaN]], 'pad: after[1] is NaN'],
    ['pad', [x, 1, 1], 'pad: before is 1; allowed are arrays'],
    ['reshape', [x, [-2, -3]], 'reshape: shape[0] is -2; allowed are whole numbers from 0 on'],
    ['reshape', [x, [0.5, 12]], 'reshape: shape[0] is 0.5'],
    ['reshape', [x, 6], 'reshape: shape is 6; allowed are arrays'],
    ['broadcastTo', [x, [1.5, 2, 3]], 'broadcastTo: shape[0] is 1.5'],
    ['transpose', [x, 1], 'transpose: permutation is 1; allowed are arrays'],
    ['sum', [x, 'all'], 'sum: axes is "all"; allowed are arrays'],
    ['fill', [graph, [2.5], 1], 'fill: shape[0] is 2.5'],
    ['fill', [graph, [2], undefined], 'fill: value is undefined; allowed are finite numbers'],
    ['randomNormal', [graph, 3], 'randomNormal: shape is 3; allowed are arrays'],
    ['randomNormal', [graph, [2], 0, -1], 'randomNormal: deviation is -1; allowed are finite numbers from 0 on'],
    ['randomUniform', [graph, [2], 0, Number.NaN], 'randomUniform: high is NaN; allowed are finite numbers'],
    ['randomUniform', [graph, [2], 1, 0], 'randomUniform: high is 0; allowed are numbers from low on, 1'],
    [
      'randomIntegers',
      [graph, [2], 2.5],
      'randomIntegers: limit is 2.5; allowed are whole numbers from 1 to 2147483648',
    ],
    [
      'randomIntegers',
      [graph, [2], 5, { low: 5 }],
      'randomIntegers: limit is 5; allowed are whole numbers from 6 to 2147483648',
    ],
    [
      'randomIntegers',
      [graph, [2], 2 ** 31, { low: -1 }],
      'randomIntegers: limit is 2147483648; allowed are whole numbers from 0 to 2147483647',
    ],
    ['randomIntegers', [graph, [2], 5, { low: 0.5 }], 'randomIntegers: low is 0.5; allowed are whole numbers from -'],
    ['randomIntegers', [graph, [2], 5, -5], 'randomIntegers: options is -5; allowed are objects with low'],
    ['reverse', [x, 'all'], 'reverse: axes is "all"; allowed are arrays'],
    ['oneHot', [labels, 0], 'oneHot: classes is 0; allowed are whole numbers from 1 on'],
    ['oneHot', [labels, 2.5], 'oneHot: classes is 2.5'],
    ['scatterAdd', [x, labels, -1], 'scatterAdd: rows is -1; allowed are whole numbers from 1 on'],
    ['gather', [x, labels, { scale: Number.NaN }], 'gather: scale is NaN; allowed are finite numbers'],
    ['gather', [x, labels, { scales: 2 }], 'gather: unknown option "scales"; did you mean "scale"?'],
    ['matmul', [x, x, { transposeb: true }], 'matmul: unknown option "transposeb"; did you mean "transposeB"?'],
    ['matmul', [x, x, { transposeB: 1 }], 'matmul: transposeB is 1; allowed are true and false'],
    ['conv2d', [images, kernel, { strides: 0 }], 'conv2d: strides is 0; allowed are whole numbers from 1 to 16777216'],
    ['conv2d', [images, kernel, { dilationRate: 2 }], 'conv2d: unknown option "dilationRate"'],
    ['conv2d', [images, kernel, { padding: 'full' }], 'unknown padding "full"; allowed are valid, same'],
    ['conv2dTranspose', [images, value([3, 3, 1, 2]), { strides: [1, 0] }], 'conv2dTranspose: strides[1] is 0'],
    [
      'maxPool2d',
      [images, { windowSize: 1.5 }],
      'maxPool2d: windowSize is 1.5; allowed are whole numbers from 1 to 16777216',
    ],
    [
      'averagePool2d',
      [images, { windowSize: [2] }],
      'averagePool2d: windowSize is [2]; allowed are whole numbers from 1',
    ],
    ['maxPool2d', [images, { poolSize: 2 }], 'maxPool2d: unknown option "poolSize"'],
    ['resize2d', [images, [2, -1]], 'resize2d: size[1] is -1; allowed are whole numbers from 1 to 16777216'],
    ['averagePool2d', [images, { windowSize: 2 ** 32 + 1 }], 'averagePool2d: windowSize is 4294967297; allowed are'],
    ['maxPool2d', [images, { strides: [1, 2 ** 24 + 1] }], 'maxPool2d: strides[1] is 16777217; allowed are'],
    ['conv2d', [images, kernel, { dilations: 2 ** 31 }], 'conv2d: dilations is 2147483648; allowed are'],
    ['gradients', [[x], [x], { seeds: [] }], 'gradients: seeds is []; allowed are arrays of 1'],
    ['gradients', [[x], [x], { seed: [x] }], 'gradients: unknown option "seed"; did you mean "seeds"?'],
  ] as const)('%s(%p)', (name, given, message) => {
    expect(() => untyped[name]!(...given)).toThrow(error('CUDA_GAN_VALUE', message));
  });

  test.each([
    ['sum', [x, 2], 'sum: axes [2] do not fit a tensor of 2 dimensions'],
    ['mean', [x, [0, 0]], 'mean: axes [0, 0] do not fit a tensor of 2 dimensions'],
    ['concat', [[x, x], 0.5], 'concat: axes [0.5] do not fit'],
    ['slice', [x, [0, 0], [3, 3]], 'slice of [3, 3] at [0, 0] does not fit in [2, 3]'],
    [
      'conv2dTranspose',
      [images, kernel],
      'conv2dTranspose: the kernel [3, 3, 2, 1] does not take the channels of x [1, 6, 4, 2]',
    ],
    ['conv2dTranspose', [images, value([3, 3, 1, 2]), { groups: 3 }], '3 groups do not divide 2 output channels'],
    ['reverse', [x, 2], 'reverse: axes [2] do not fit a tensor of 2 dimensions'],
    ['translate2d', [x, value([2, 2], 'int32')], 'translate2d needs 4 dimensions, found [2, 3]'],
    [
      'translate2d',
      [images, value([2], 'int32')],
      'translate2d needs offsets [1, 2] for images [1, 6, 4, 2], found [2]',
    ],
    ['translate2d', [images, value([3, 2], 'int32')], 'translate2d needs offsets [1, 2] for images [1, 6, 4, 2]'],
    ['lerp', [x, row, value([])], 'lerp needs equal shapes, found [2, 3] and [3]'],
    ['lerp', [x, x, row], 'lerp: weight needs 0 dimensions, found [3]'],
    ['softmax', [value([])], 'softmax needs at least 1 dimension, found []'],
    ['scatterAdd', [value([3, 2]), labels, 4], 'scatterAdd needs an index for each row, found [2] for [3, 2]'],
    ['gradients', [[x], [x], { seeds: [row] }], 'gradients: seeds needs equal shapes, found [2, 3] and [3]'],
    [
      'conv2d',
      [images, kernel, { dilations: [1, 2] }],
      'conv2d: a window of 5 (kernel 3, dilations 2) does not fit into 4 columns with padding "valid"',
    ],
    [
      'resize2d',
      [value([1, 64, 4, 2]), [2 ** 24, 2]],
      'resize2d: 64 rows are too many to be resized to 16777216; allowed are such of which twice the product',
    ],
    [
      'conv2d',
      [images, value([99, 1, 2, 1]), { dilations: [2 ** 24, 1], padding: 'same' }],
      'conv2d: a window of 99, 16777216 apart, spans 1644167169 places; allowed are 1073741824',
    ],
    [
      'conv2dTranspose',
      [images, value([1, 99, 1, 2]), { dilations: [1, 2 ** 24], padding: 'same' }],
      'conv2dTranspose: a window of 99, 16777216 apart, spans 1644167169 places; allowed are 1073741824',
    ],
    [
      'maxPool2d',
      [images, { windowSize: 7 }],
      'maxPool2d: a window of 7 (windowSize 7) does not fit into 6 rows with padding "valid"',
    ],
  ] as const)('%s(%p), which does not fit', (name, given, message) => {
    expect(() => untyped[name]!(...given)).toThrow(error('CUDA_GAN_SHAPE', message));
  });

  test('of layers around an op: the message names them', () => {
    const record = () => graph.scope('outer', () => graph.scope('inner', () => ops.dropout(x, 2)));
    expect(record).toThrow('outer > inner: dropout: rate is 2; allowed are numbers from 0 to below 1');
  });
});

test('a single axis may be given as a number', () => {
  expect([ops.sum(x, 1).shape, ops.mean(x, -2).shape]).toEqual([[2], [3]]);
});

test.each([
  ['movingAverage', (variable: Value) => ops.movingAverage(variable, x, 0.5)],
  ['lerp', (variable: Value) => ops.lerp(variable, x, ops.fill(graph, [], 0.5))],
] as const)('%s moves weights only, as they are now', (name, move) => {
  const record = (variable: Value) => () => move(variable);
  const wanted = error('CUDA_GAN_VALUE', `${name} updates the current content of a weight: what weight() gives`);
  expect(record(ops.exp(x))).toThrow(wanted);
  const weight = value([2, 3]);
  expect(record(weight)).not.toThrow();
  expect(record(weight)).toThrow(wanted);
});

test.each(Object.keys(ops))('%s answers junk with nothing but errors that have a code', async (name) => {
  const argument = fc.oneof(fc.constantFrom(graph, x, images, kernel, labels, row, [x, x], [2, 3]), junk);
  await fc.assert(
    fc.asyncProperty(fc.array(argument, { maxLength: 6 }), (given) => onlyCodedErrors(() => untyped[name]!(...given))),
    { numRuns: 300 },
  );
});

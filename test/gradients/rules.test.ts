// What gradients() promises besides the rules of the ops.
import { describe, expect, test } from '@jest/globals';
import { argMax } from '../../lib/ops/arg-max';
import { assign } from '../../lib/ops/assign';
import { add, equal, greater, multiply } from '../../lib/ops/binary';
import { gather } from '../../lib/ops/gather';
import { gradients } from '../../lib/ops/gradients';
import { oneHot } from '../../lib/ops/one-hot';
import { square } from '../../lib/ops/square';
import { sum } from '../../lib/ops/sum';
import { floor, sign } from '../../lib/ops/unary';
import { Graph } from '../../lib/program/graph';
import { Variable } from '../../lib/program/variable';
import { type Build, runExact } from '../support/run';

const x = { shape: [3], data: Float32Array.of(1, -2, 4) };
const y = { shape: [3], data: Float32Array.of(5, 0.5, -1) };

async function results(build: Build, inputs = [x, y]): Promise<number[][]> {
  return (await runExact(inputs, build)).map((result) => [...result]);
}

describe('gradients', () => {
  test('have one value per variable asked for, of its shape', async () => {
    const found = await results(([a, b]) => gradients([sum(multiply(a!, b!))], [a!, b!]));
    expect(found).toEqual([[...y.data], [...x.data]]);
  });

  test('of an output that is no scalar are those of its sum', async () => {
    expect(await results(([a, b]) => gradients([multiply(a!, b!)], [a!]))).toEqual([[...y.data]]);
  });

  test('of several outputs are added up', async () => {
    const found = await results(([a, b]) => gradients([square(a!), multiply(a!, b!)], [a!]));
    expect(found).toEqual([[2 + 5, -4 + 0.5, 8 - 1]]);
  });

  test('scale with the seeds, and an output without one does not count', async () => {
    const found = await results(([a, b]) => gradients([square(a!), multiply(a!, b!)], [a!], { seeds: [b, undefined] }));
    expect(found).toEqual([[10, -2, -8]]);
  });

  test('follow every path on which a value is used', async () => {
    const found = await results(([a]) => {
      const twice = add(a!, a!);
      return gradients([multiply(twice, add(twice, a!))], [a!]);
    });
    expect(found).toEqual([[12, -24, 48]]);
  });

  test('reach values within the graph, and what these are computed from', async () => {
    const found = await results(([a]) => {
      const middle = square(a!);
      return gradients([square(middle)], [middle, a!]);
    });
    expect(found).toEqual([
      [2, 8, 32],
      [4, -32, 256],
    ]);
  });

  test('of an output with respect to itself are the seed', async () => {
    expect(await results(([a]) => gradients([a!], [a!]))).toEqual([[1, 1, 1]]);
  });

  test('can be taken a third time', async () => {
    const found = await results(([a]) => {
      const fourthPower = square(square(a!));
      const [first] = gradients([fourthPower], [a!]);
      const [second] = gradients([first!], [a!]);
      return gradients([second!], [a!]);
    });
    expect(found).toEqual([[24, -48, 96]]);
  });

  test('are zeros where nothing flows', async () => {
    expect(await results(([a, b]) => gradients([sum(a!)], [b!]))).toEqual([[0, 0, 0]]);
  });

  test.each([
    ['sign', ([a]) => sign(a!)],
    ['floor', ([a]) => floor(a!)],
    ['greater', ([a, b]) => greater(a!, b!)],
    ['equal', ([a, b]) => equal(a!, b!)],
    ['argMax', ([a]) => argMax(a!)],
  ] as [string, (...parameters: Parameters<Build>) => ReturnType<typeof sign>][])(
    'are zeros through %s, which is flat',
    async (_, flat) => {
      const found = await results(([a, b], graph) => gradients([flat([a!, b!], graph)], [a!, b!]));
      expect(found).toEqual([
        [0, 0, 0],
        [0, 0, 0],
      ]);
    },
  );

  test('leave out the other inputs of an op', async () => {
    const indices = { shape: [2], data: Int32Array.of(2, 2) };
    const found = await runExact([x, indices], ([a, i]) => gradients([gather(a!, i!)], [a!]));
    expect([...found[0]!]).toEqual([0, 0, 2]);
  });
});

test('an op without a gradient is an error that names it', () => {
  const graph = new Graph();
  const labels = graph.read(new Variable({ name: 'labels', shape: [4], dtype: 'int32' }));
  expect(() => gradients([oneHot(labels, 3)], [labels])).toThrow(
    expect.objectContaining({ code: 'CUDA_GAN_VALUE', message: 'oneHot has no gradient' }),
  );
});

test('an op without a gradient is no obstacle off the path', async () => {
  const labels = { shape: [3], data: Int32Array.of(0, 2, 1) };
  const found = await runExact([labels, x], ([l, a]) => gradients([multiply(oneHot(l!, 3), a!)], [a!]));
  expect([...found[0]!]).toEqual([1, 1, 1]);
});

describe('the content of a variable', () => {
  test('is where gradients stop: they do not flow into the update before', async () => {
    const found = await results(([a, b]) => {
      const content = assign(b!, square(a!));
      return gradients([square(content)], [a!, content]);
    });
    expect(found).toEqual([
      [0, 0, 0],
      [2, 8, 32],
    ]);
  });

  test('before its update is another value than the content after it', () => {
    const graph = new Graph();
    const variable = new Variable({ name: 'v', shape: [] });
    const before = graph.read(variable);
    const after = assign(before, square(before));
    expect(graph.read(variable)).toBe(after);
    expect(after).not.toBe(before);
  });
});

// Every op says which element types it works on, and refuses the others.
import { describe, expect, test } from '@jest/globals';
import { Graph } from '../../lib/program/graph';
import type { Node } from '../../lib/program/value';
import { Variable } from '../../lib/program/variable';
import { type DType, dtypeOf } from '../../lib/tensor';
import { error } from '../support/errors';
import { imageCases } from '../support/image-cases';
import { type Case, Inputs, opCases } from '../support/op-cases';

/** Inputs that may have any element type. */
const any: Readonly<Record<string, readonly number[]>> = { gather: [0], reshape: [0] };

/** The node of the op that a case is about. */
function nodeOf(op: string, make: Case): Node {
  const graph = new Graph();
  const { inputs, build } = make({ a: 3, b: 4, c: 5, seed: 1 }, new Inputs(1));
  const values = inputs.map(({ shape, data }, i) =>
    graph.read(new Variable({ name: `input ${i}`, shape, dtype: dtypeOf(data) })),
  );
  build(values, graph);
  return graph.nodes.find((node) => node.op.name === op)!;
}

const cases = Object.entries({ ...opCases, ...imageCases }).map(([name, make]) => [name, make] as const);

test.each(cases)('%s', (name, make) => {
  const [op] = name.split(':') as [string];
  const { op: rule, inputs, attributes } = nodeOf(op, make);
  const types = inputs.map(({ shape, dtype }) => ({ shape, dtype }));
  const wrong = inputs.flatMap(({ dtype }, i) =>
    (['float32', 'int32', 'uint8'] as const)
      .filter((other) => other !== dtype && !any[op]?.includes(i))
      .map((other) => [i, other] as const),
  );
  expect(() => rule.infer(types, attributes)).not.toThrow();
  for (const [i, dtype] of wrong) {
    const given = types.map((type, j) => (i === j ? { ...type, dtype } : type));
    expect(() => rule.infer(given, attributes)).toThrow(error('CUDA_GAN_VALUE', 'works on '));
  }
});

describe('ops of any element type', () => {
  test.each<[string, DType, DType]>([
    ['reshape', 'uint8', 'uint8'],
    ['reshape', 'int32', 'int32'],
    ['gather', 'uint8', 'float32'],
    ['gather', 'int32', 'int32'],
  ])('%s makes of %s %s', (op, dtype, wanted) => {
    const { op: rule, inputs, attributes } = nodeOf(op, opCases[op]!);
    const [x, ...others] = inputs;
    const [y] = rule.infer([{ shape: x!.shape, dtype }, ...others], attributes);
    expect(y!.dtype).toBe(wanted);
  });
});

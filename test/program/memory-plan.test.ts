// Where intermediates are placed in the arena.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cudaFusions } from '../../lib/devices/fusions';
import { batchNorm } from '../../lib/ops/batch-norm';
import { add } from '../../lib/ops/binary';
import { broadcastTo } from '../../lib/ops/broadcast-to';
import { fill } from '../../lib/ops/fill';
import { movingAverage } from '../../lib/ops/moving-average';
import { reshape } from '../../lib/ops/reshape';
import { sum } from '../../lib/ops/sum';
import { exp } from '../../lib/ops/unary';
import { Graph } from '../../lib/program/graph';
import { buildProgram, type Program } from '../../lib/program/program';
import type { Value } from '../../lib/program/value';
import { Variable } from '../../lib/program/variable';
import { bytesOf } from '../../lib/tensor';

interface Region {
  readonly begin: number;
  readonly end: number;
  /** First and last instruction that touches it; an output is touched by the end of the step. */
  readonly first: number;
  readonly last: number;
}

/** The parts of the arena. An alias, which no instruction writes, is part of the tensor that was last written there. */
function regionsOf({ tensors, instructions, outputs }: Program): Region[] {
  const regions = new Map<number, Region>();
  const lastAt = new Map<number, number>();
  const touch = (tensor: number, time: number) => {
    const { place } = tensors[tensor]!;
    if (place.kind === 'variable') return;
    const root = regions.has(tensor) ? tensor : lastAt.get(place.offset)!;
    regions.set(root, { ...regions.get(root)!, last: time });
  };
  instructions.forEach((instruction, time) => {
    for (const input of instruction.inputs) touch(input, time);
    for (const output of instruction.outputs) {
      const tensor = tensors[output]!;
      if (tensor.place.kind === 'variable') continue;
      const { offset } = tensor.place;
      regions.set(output, { begin: offset, end: offset + bytesOf(tensor), first: time, last: time });
      lastAt.set(offset, output);
    }
  });
  for (const { tensor } of outputs) touch(tensor, instructions.length);
  return [...regions.values()];
}

const overlap = (a: Region, b: Region) => a.begin < b.end && b.begin < a.end && a.first <= b.last && b.first <= a.last;

/** A random graph: every op takes values that earlier ones made. */
const choices = fc.array(
  fc.record({ op: fc.nat({ max: 5 }), a: fc.nat(), b: fc.nat(), rows: fc.integer({ min: 1, max: 40 }) }),
  { minLength: 1, maxLength: 40 },
);

function randomGraph(
  ops: readonly { op: number; a: number; b: number; rows: number }[],
  outputs: readonly number[],
): Graph {
  const graph = new Graph();
  const channels = 5;
  const gamma = graph.read(new Variable({ name: 'gamma', shape: [channels] }));
  const average = new Variable({ name: 'average', shape: [channels] });
  const values: Value[] = [
    graph.read(new Variable({ name: 'x', shape: [3, channels] })),
    fill(graph, [2, channels], 1),
  ];
  for (const { op, a, b, rows } of ops) {
    const [x, y] = [values[a % values.length]!, values[b % values.length]!];
    const wide = (value: Value, count: number) => broadcastTo(sum(value, [0]), [count, channels]);
    switch (op) {
      case 0:
        values.push(exp(x));
        break;
      case 1:
        values.push(add(wide(x, rows), wide(y, rows)));
        break;
      case 2:
        values.push(reshape(reshape(x, [channels, x.shape[0]!]), x.shape));
        break;
      case 3: {
        const { y: normal, mean } = batchNorm(x, gamma, gamma, 1e-3);
        movingAverage(graph.read(average), mean, 0.9);
        values.push(normal);
        break;
      }
      case 4:
        values.push(wide(x, rows));
        break;
      default:
        values.push(add(x, x));
    }
  }
  outputs.forEach((output, i) => {
    graph.output(String(i), values[output % values.length]!);
  });
  return graph;
}

describe('the memory plan of any graph', () => {
  const graphs = fc.tuple(choices, fc.array(fc.nat(), { maxLength: 4 }));

  test('never places two tensors that are alive together on the same bytes', () => {
    fc.assert(
      fc.property(graphs, fc.boolean(), ([ops, outputs], fusion) => {
        const regions = regionsOf(buildProgram(randomGraph(ops, outputs), fusion ? { fusions: cudaFusions } : {}));
        regions.forEach((region, i) => {
          expect(regions.slice(i + 1).find((other) => overlap(region, other))).toBeUndefined();
        });
      }),
      { numRuns: 200 },
    );
  });

  test('keeps every tensor within the arena and at a multiple of 64 bytes', () => {
    fc.assert(
      fc.property(graphs, ([ops, outputs]) => {
        const program = buildProgram(randomGraph(ops, outputs));
        for (const { begin, end } of regionsOf(program)) {
          expect(begin % 64).toBe(0);
          expect(end).toBeLessThanOrEqual(program.arenaBytes);
        }
      }),
      { numRuns: 100 },
    );
  });
});

test('a chain of ops needs room for two tensors, however long it is', () => {
  const graph = new Graph();
  let value = graph.read(new Variable({ name: 'x', shape: [16] }));
  for (let i = 0; i < 20; i++) value = exp(value);
  graph.output('y', value);
  expect(buildProgram(graph).arenaBytes).toBe(2 * 16 * 4);
});

test('an output keeps its bytes to the end of the step', () => {
  const graph = new Graph();
  const x = graph.read(new Variable({ name: 'x', shape: [16] }));
  const first = exp(x);
  graph.output('first', first);
  graph.output('last', exp(exp(exp(first))));
  const { tensors, outputs, instructions } = buildProgram(graph);
  const placeOf = (tensor: number) => tensors[tensor]!.place;
  const later = instructions.slice(1).flatMap((instruction) => instruction.outputs.map(placeOf));
  expect(later).not.toContainEqual(placeOf(outputs[0]!.tensor));
});

test('the new content of a variable takes no room in the arena', () => {
  const graph = new Graph();
  const [v, x] = ['v', 'x'].map((name) => graph.read(new Variable({ name, shape: [1000] })));
  movingAverage(v!, x!, 0.9);
  expect(buildProgram(graph).arenaBytes).toBe(0);
});

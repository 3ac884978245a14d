// A program as data: aliases, versions of variables, names, messages.
import { describe, expect, test } from '@jest/globals';
import { ReferenceDevice } from '../../lib/devices/reference/device';
import { CudaGanError } from '../../lib/errors';
import { assign } from '../../lib/ops/assign';
import { add } from '../../lib/ops/binary';
import { gradients } from '../../lib/ops/gradients';
import { matmul } from '../../lib/ops/matmul';
import { randomNormal } from '../../lib/ops/random-normal';
import { reshape } from '../../lib/ops/reshape';
import { sgd } from '../../lib/ops/sgd';
import { square } from '../../lib/ops/square';
import { mean, sum } from '../../lib/ops/sum';
import { exp } from '../../lib/ops/unary';
import { Graph } from '../../lib/program/graph';
import { buildProgram, type Program } from '../../lib/program/program';
import { Variable } from '../../lib/program/variable';

const variable = (name: string, shape: readonly number[]) =>
  new Variable({
    name,
    shape,
    initial: () => Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i),
  });

async function outputsOf(program: Program, steps = 1): Promise<Record<string, number[]>> {
  const { outputs } = await new ReferenceDevice().compile(program).run(steps);
  return Object.fromEntries([...outputs].map(([name, values]) => [name, [...values]]));
}

describe('reshape', () => {
  test('is no instruction: the result is the same memory under another shape', () => {
    const graph = new Graph();
    const y = exp(graph.read(variable('x', [2, 3])));
    graph.output('y', y);
    graph.output('flat', reshape(y, [6]));
    const { instructions, tensors, outputs } = buildProgram(graph);
    const [first, flat] = outputs.map(({ tensor }) => tensors[tensor]!);
    expect(instructions.map(({ op }) => op)).toEqual(['unary']);
    expect(flat).toEqual({ ...first, shape: [6] });
  });

  test('of a reshape of a variable is the variable', async () => {
    const graph = new Graph();
    graph.output('y', reshape(reshape(graph.read(variable('x', [2, 3])), [6, 1]), [3, 2]));
    const program = buildProgram(graph);
    expect(program.instructions).toEqual([]);
    expect(await outputsOf(program)).toEqual({ y: [0, 1, 2, 3, 4, 5] });
  });

  test('to the shape that is there already is the value itself', () => {
    const x = new Graph().read(variable('x', [2, 3]));
    expect(reshape(x, [2, 3])).toBe(x);
  });
});

describe('the content of a variable', () => {
  test('can be read before and after its update, in this order', async () => {
    const graph = new Graph();
    const v = variable('v', [2]);
    graph.output('before', exp(graph.read(v)));
    assign(graph.read(v), square(add(graph.read(v), graph.read(v))));
    graph.output('after', add(graph.read(v), graph.read(v)));
    expect(await outputsOf(buildProgram(graph))).toEqual({ before: [1, Math.fround(Math.E)], after: [0, 8] });
  });

  test('is lost by an update: reading it afterwards is an error that names the variable', () => {
    const graph = new Graph();
    const v = graph.read(variable('counter', [2]));
    assign(v, exp(v));
    graph.output('y', exp(v));
    expect(() => buildProgram(graph)).toThrow(
      expect.objectContaining({
        code: 'CUDA_GAN_VALUE',
        message: 'exp reads "counter" as it was before its update: read it again after that, by weight()',
      }),
    );
  });

  test('is lost for its aliases too', () => {
    const graph = new Graph();
    const v = graph.read(variable('v', [2]));
    const alias = reshape(v, [1, 2]);
    assign(v, exp(v));
    graph.output('y', exp(alias));
    expect(() => buildProgram(graph)).toThrow('exp reads "v" as it was before its update');
  });

  test('from before an update cannot be an output', () => {
    const graph = new Graph();
    const v = graph.read(variable('v', [2]));
    graph.output('v', v);
    assign(v, exp(v));
    expect(() => buildProgram(graph)).toThrow('an output reads "v" as it was before its update');
  });

  test('is updated once per version', () => {
    const graph = new Graph();
    const v = graph.read(variable('v', [2]));
    assign(v, exp(v));
    expect(() => assign(v, exp(v))).toThrow('assign updates the current content of a weight');
  });

  test('is the only thing that can be updated', () => {
    const graph = new Graph();
    const x = exp(graph.read(variable('x', [2])));
    expect(() => assign(x, x)).toThrow(expect.objectContaining({ code: 'CUDA_GAN_VALUE' }));
  });
});

describe('errors while a graph is recorded', () => {
  const mismatched = (graph: Graph) =>
    matmul(graph.read(variable('x', [32, 784])), graph.read(variable('k', [100, 512])));

  test('name both shapes', () => {
    expect(() => mismatched(new Graph())).toThrow(
      expect.objectContaining({
        code: 'CUDA_GAN_SHAPE',
        message: 'matmul cannot multiply [32, 784] by [100, 512]',
      }),
    );
  });

  test('name the layers that were being recorded, the outermost first', () => {
    const graph = new Graph();
    const record = () => graph.scope('generator', () => graph.scope('dense_2', () => mismatched(graph)));
    expect(record).toThrow('generator > dense_2: matmul cannot multiply [32, 784] by [100, 512]');
    expect(record).toThrow(CudaGanError);
  });

  test('name no layer that was left before', () => {
    const graph = new Graph();
    expect(() => graph.scope('dense_1', () => mismatched(graph))).toThrow('dense_1: ');
    expect(() => mismatched(graph)).toThrow(/^matmul/);
  });

  test('include an output name that is taken', () => {
    const graph = new Graph();
    const x = graph.read(variable('x', [2]));
    graph.output('loss', x);
    expect(() => graph.output('loss', exp(x))).toThrow(
      expect.objectContaining({ code: 'CUDA_GAN_VALUE', message: 'the graph already has an output "loss"' }),
    );
  });
});

describe('a program', () => {
  /** A step of training, with random input. */
  function training(): Graph {
    const graph = new Graph(3);
    const [kernel, velocity] = [variable('kernel', [3, 2]), variable('velocity', [3, 2])];
    const loss = mean(square(matmul(randomNormal(graph, [4, 3]), graph.read(kernel))));
    const [gradient] = gradients([loss], [graph.read(kernel)]);
    const learningRate = new Variable({ name: 'lr', shape: [], initial: () => Float32Array.of(0.1) });
    const values = { p: graph.read(kernel), velocity: graph.read(velocity), learningRate: graph.read(learningRate) };
    sgd({ ...values, gradient: gradient! }, { momentum: 0.9, nesterov: true });
    graph.output('loss', loss);
    graph.output('total', sum(graph.read(kernel)));
    return graph;
  }

  test('is plain data beside its variables: it runs the same after a round trip through JSON', async () => {
    const { variables, ...data } = buildProgram(training());
    const copy: Omit<Program, 'variables'> = JSON.parse(JSON.stringify(data));
    expect(copy).toEqual(data);
    const wanted = await outputsOf(buildProgram(training()), 3);
    expect(wanted.loss).toHaveLength(3);
    expect(await outputsOf({ ...copy, variables }, 3)).toEqual(wanted);
  });

  test('is the same whenever it is built from the same graph', () => {
    const graph = training();
    expect(buildProgram(graph)).toEqual(buildProgram(graph));
  });

  test('lists every variable once', () => {
    const names = buildProgram(training()).variables.map(({ name }) => name);
    expect(names.sort()).toEqual(['kernel', 'lr', 'velocity']);
  });
});

// What becomes of ops whose results nobody uses.
import { expect, test } from '@jest/globals';
import { increment } from '../../lib/ops/increment';
import { movingAverage } from '../../lib/ops/moving-average';
import { square } from '../../lib/ops/square';
import { exp, log } from '../../lib/ops/unary';
import { Graph } from '../../lib/program/graph';
import { buildProgram, updatedVariables } from '../../lib/program/program';
import { Variable } from '../../lib/program/variable';

const opsOf = (graph: Graph) => buildProgram(graph).instructions.map(({ op }) => op);
const variable = (name: string) => new Variable({ name, shape: [4] });

test('an op that leads to no output is dropped, with all that only it needs', () => {
  const graph = new Graph();
  const x = graph.read(variable('x'));
  const shared = exp(x);
  log(square(shared));
  graph.output('y', shared);
  expect(opsOf(graph)).toEqual(['unary']);
});

test('a variable that only dropped ops read is no part of the program', () => {
  const graph = new Graph();
  exp(graph.read(variable('unused')));
  graph.output('y', exp(graph.read(variable('used'))));
  expect(buildProgram(graph).variables.map(({ name }) => name)).toEqual(['used']);
});

test('updates stay, with what they need, though nothing reads them', () => {
  const graph = new Graph();
  movingAverage(graph.read(variable('average')), exp(graph.read(variable('x'))), 0.9);
  increment(graph.read(new Variable({ name: 'counter', shape: [], dtype: 'int32' })));
  expect(opsOf(graph)).toEqual(['unary', 'movingAverage', 'increment']);
});

test('a program knows the variables that it changes', () => {
  const graph = new Graph();
  const [average, x] = [variable('average'), variable('x')];
  movingAverage(graph.read(average), graph.read(x), 0.9);
  expect(updatedVariables(buildProgram(graph))).toEqual([average]);
});

test('a graph without outputs and updates is an empty program', () => {
  const graph = new Graph();
  exp(graph.read(variable('x')));
  expect(buildProgram(graph)).toEqual({ tensors: [], instructions: [], variables: [], outputs: [], arenaBytes: 0 });
});

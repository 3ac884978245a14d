// Small programs that the tests of devices run.

import { assign } from '../../lib/ops/assign';
import { add } from '../../lib/ops/binary';
import { fill } from '../../lib/ops/fill';
import { increment } from '../../lib/ops/increment';
import { Graph } from '../../lib/program/graph';
import { buildProgram, type Program } from '../../lib/program/program';
import { Variable } from '../../lib/program/variable';

/** Counts its steps in a variable, and has no outputs: any number of steps needs no memory. */
export function counting(): { program: Program; counter: Variable } {
  const graph = new Graph();
  const counter = new Variable({ name: 'counter', shape: [], dtype: 'int32' });
  increment(graph.read(counter));
  return { program: buildProgram(graph), counter };
}

/** Adds 1 to a variable in every step, and puts it out afterwards. */
export function adding(initial = 0): { program: Program; sum: Variable } {
  const graph = new Graph();
  const sum = new Variable({ name: 'sum', shape: [1], initial: () => Float32Array.of(initial) });
  assign(graph.read(sum), add(graph.read(sum), fill(graph, [1], 1)));
  graph.output('sum', graph.read(sum));
  return { program: buildProgram(graph), sum };
}

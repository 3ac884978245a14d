// What the random numbers of a program depend on: its seed, the op's stream and the step, and nothing else.
import { describe, expect, test } from '@jest/globals';
import { ReferenceDevice } from '../../lib/devices/reference/device';
import { createDevice } from '../../lib/devices/select';
import { dropout } from '../../lib/ops/dropout';
import { fill } from '../../lib/ops/fill';
import { randomIntegers } from '../../lib/ops/random-integers';
import { randomNormal } from '../../lib/ops/random-normal';
import { randomUniform } from '../../lib/ops/random-uniform';
import { Graph } from '../../lib/program/graph';
import { buildProgram } from '../../lib/program/program';
import { cudaDevices } from '../support/devices';

function randomGraph(seed: number): Graph {
  const graph = new Graph(seed);
  graph.output('normal', randomNormal(graph, [70]));
  graph.output('again', randomNormal(graph, [70]));
  graph.output('uniform', randomUniform(graph, [7, 11], -1, 1));
  graph.output('integers', randomIntegers(graph, [33], 1000));
  graph.output('dropout', dropout(fill(graph, [50], 1), 0.5));
  return graph;
}

describe.each([
  { label: 'reference', device: new ReferenceDevice() },
  { label: 'cpu', device: createDevice('cpu', { threads: 2 }) },
  ...cudaDevices(),
])('on $label', ({ device }) => {
  const numbers = async (seed: number, firstStep = 0, steps = 1) =>
    (await device.compile(buildProgram(randomGraph(seed))).run(steps, { firstStep })).outputs;

  test('the same seed gives the same numbers, to the bit', async () => {
    expect(await numbers(1)).toEqual(await numbers(1));
  });

  test.each(['normal', 'uniform', 'integers', 'dropout'])(
    'another seed or step gives other numbers: %s',
    async (name) => {
      const wanted = (await numbers(1)).get(name);
      expect((await numbers(2)).get(name)).not.toEqual(wanted);
      expect((await numbers(1, 1)).get(name)).not.toEqual(wanted);
      expect((await numbers(1, 2 ** 32)).get(name)).not.toEqual(wanted);
    },
  );

  test('every op draws from a stream of its own', async () => {
    const found = await numbers(1);
    expect(found.get('again')).not.toEqual(found.get('normal'));
  });

  test('a run that goes on at a step has the numbers that one run would have had', async () => {
    const [whole, first, second] = [await numbers(3, 0, 10), await numbers(3, 0, 4), await numbers(3, 4, 6)];
    for (const [name, wanted] of whole) expect([...first.get(name)!, ...second.get(name)!]).toEqual([...wanted]);
  });
});

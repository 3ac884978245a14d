// Fusions of the cuda device: each is found where it belongs, and a GAN trains with it to the same bits as without.
import { describe, expect, test } from '@jest/globals';
import { openCuda } from '../../lib/devices/cuda';
import { denseLossGradient } from '../../lib/devices/fusions/dense-loss-gradient';
import { elementSteps } from '../../lib/devices/fusions/element-steps';
import { GAN, type GanOptions, objectives, tensor } from '../../lib/index';
import { multiply } from '../../lib/ops/binary';
import { matmul } from '../../lib/ops/matmul';
import { reshape } from '../../lib/ops/reshape';
import { mean, sum } from '../../lib/ops/sum';
import { abs, exp, sin } from '../../lib/ops/unary';
import type { Fusion } from '../../lib/program/fuse';
import { Graph } from '../../lib/program/graph';
import { buildProgram } from '../../lib/program/program';
import type { Value } from '../../lib/program/value';
import { Variable } from '../../lib/program/variable';
import { emulatedAddon } from '../support/devices';

const addon = emulatedAddon();
const onEmulator = addon === undefined ? describe.skip : describe;

/** How often a fusion is found in a step, and what two steps come to, with and without it. */
async function trained(objective: GanOptions['objective'], fusion: Fusion, fused: boolean) {
  const device = openCuda(0, 'float32', addon);
  const { name } = fusion.op;
  const fusions = device.fusions.filter(({ op }) => fused || op.name !== name);
  Object.assign(device, { fusions });
  const compile = device.compile.bind(device);
  let count = 0;
  device.compile = (program) => {
    count = Math.max(count, program.instructions.filter(({ op }) => op === name).length);
    return compile(program);
  };
  const networks = { name: 'mlp', width: 1 / 32 } as const;
  const gan = new GAN({ networks, objective, imageShape: [4, 4, 1], latentDim: 5, seed: 3, device });
  const pixels = Uint8Array.from({ length: 20 * 16 }, (_, i) => (i * 7919) % 256);
  const { dLoss, dAccuracy, gLoss } = await gan.train(tensor(pixels, [20, 4, 4, 1]), { steps: 2, batchSize: 6 });
  const weights = [gan.generator, gan.discriminator].flatMap((model) => model.weights);
  const contents = await Promise.all(weights.map((weight) => weight.read(device)));
  return { count, result: { dLoss, dAccuracy, gLoss, contents } };
}

async function expectSameBits(objective: GanOptions['objective'], fusion: Fusion, count: number) {
  const [fused, apart] = [await trained(objective, fusion, true), await trained(objective, fusion, false)];
  expect([fused.count, apart.count]).toEqual([count, 0]);
  expect(fused.result).toEqual(apart.result);
}

/** An op that is no step of others, and reads the eight numbers. */
const product = (x: Value) => matmul(reshape(x, [1, 8]), reshape(x, [8, 1]));

/** The ops of the program for the cuda device of what `record` makes of eight numbers. */
function opsOf(record: (graph: Graph, x: Value) => void): string[] {
  const graph = new Graph();
  record(graph, graph.read(new Variable({ name: 'x', shape: [8] })));
  const { fusions } = openCuda(0, 'float32', addon);
  return buildProgram(graph, { fusions }).instructions.map(({ op }) => op);
}

onEmulator('on the emulator (skipped where it is not built, on a machine with a GPU)', () => {
  describe('the head of a discriminator with the gradient of its objective', () => {
    test.each([
      ['nonSaturating', objectives.nonSaturating({ labelSmoothing: 0.1 }), 3],
      ['minimax', objectives.minimax(), 3],
      ['leastSquares', objectives.leastSquares(), 3],
      // Its generator's gradient is a constant.
      ['hinge', objectives.hinge(), 2],
      // Two logits in one expression.
      ['relativisticPaired', objectives.relativisticPaired(), 0],
    ] as const)('%s', (_, objective, heads) => expectSameBits(objective, denseLossGradient, heads));
  });

  describe('the figures of a step', () => {
    test.each([
      // Of each player's loss and the accuracy.
      ['nonSaturating', objectives.nonSaturating({ labelSmoothing: 0.1 }), 3],
      ['minimax', objectives.minimax(), 3],
      ['leastSquares', objectives.leastSquares(), 3],
      // And what the losses of real and generated images share with their gradients.
      ['hinge', objectives.hinge(), 5],
      ['wasserstein', objectives.wasserstein(), 3],
      // And what leads to the gradients of both logits.
      ['relativisticPaired', objectives.relativisticPaired(), 8],
    ] as const)('%s', (_, objective, count) => expectSameBits(objective, elementSteps, count));
  });

  describe('ops on few elements are steps of one', () => {
    test('that lead to results only', () => {
      expect(opsOf((graph, x) => graph.output('y', mean(exp(abs(x)))))).toEqual(['elementSteps']);
      const ops = opsOf((graph, x) => {
        const y = exp(abs(x));
        graph.output('y', mean(y));
        graph.output('z', product(y));
      });
      // What a product reads is made of two as well, and is no figure.
      expect(ops).toEqual(['elementSteps', 'elementSteps', 'matmul']);
    });

    test('that are parts of an expression which nobody else reads', () => {
      const expression = (x: Value, y: Value) => multiply(exp(y), sin(multiply(x, y)));
      expect(opsOf((graph, x) => graph.output('y', product(expression(x, abs(x)))))).toEqual([
        'elementSteps',
        'matmul',
      ]);
      const ops = opsOf((graph, x) => {
        const y = abs(x);
        graph.output('y', product(expression(x, y)));
        graph.output('z', product(y));
      });
      expect(ops).toEqual(['unary', 'elementSteps', 'matmul', 'matmul']);
    });

    test('of which a sum of all is one', () => {
      expect(opsOf((graph, x) => graph.output('y', exp(sum(reshape(x, [2, 4]), 0))))).not.toContain('elementSteps');
      expect(opsOf((graph, x) => graph.output('y', exp(sum(reshape(x, [2, 4])))))).toContain('elementSteps');
    });

    test('but neither on many, nor one alone', () => {
      const ofMany = opsOf((graph) => {
        const x = graph.read(new Variable({ name: 'x', shape: [2000] }));
        graph.output('y', sum(exp(x)));
      });
      expect(ofMany).toEqual(['unary', 'sum']);
      expect(opsOf((graph, x) => graph.output('y', exp(x)))).toEqual(['unary']);
    });
  });
});

// Fusions of the cuda device: each is found where it belongs, and a GAN trains with it to the same bits as without.
import { describe, expect, test } from '@jest/globals';
import { openCuda } from '../../lib/devices/cuda';
import { denseLossGradient } from '../../lib/devices/fusions/dense-loss-gradient';
import { figures } from '../../lib/devices/fusions/figures';
import { GAN, type GanOptions, objectives, tensor } from '../../lib/index';
import { reshape } from '../../lib/ops/reshape';
import { mean, sum } from '../../lib/ops/sum';
import { abs, exp } from '../../lib/ops/unary';
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
  const device = openCuda('float32', addon);
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

/** The ops of the program for the cuda device of what `record` makes of eight numbers. */
function opsOf(record: (graph: Graph, x: Value) => void): string[] {
  const graph = new Graph();
  record(graph, graph.read(new Variable({ name: 'x', shape: [8] })));
  const { fusions } = openCuda('float32', addon);
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
      ['hinge', objectives.hinge(), 3],
      ['wasserstein', objectives.wasserstein(), 3],
      ['relativisticPaired', objectives.relativisticPaired(), 3],
    ] as const)('%s', (_, objective, count) => expectSameBits(objective, figures, count));

    test('are ops that lead to results only', () => {
      const apart = opsOf((graph, x) => {
        const y = exp(abs(x));
        graph.output('y', mean(y));
        // It leads to a product, so what it is made of is no figure.
        graph.output('z', reshape(y, [8, 1]));
      });
      expect(apart).toContain('figures');
      expect(apart).toContain('unary');
      expect(opsOf((graph, x) => graph.output('y', mean(exp(abs(x)))))).toEqual(['figures']);
    });

    test('are those of few numbers, of which a sum is one', () => {
      expect(opsOf((graph, x) => graph.output('y', exp(sum(reshape(x, [2, 4]), 0))))).not.toContain('figures');
      const long = opsOf((graph) => {
        const x = graph.read(new Variable({ name: 'x', shape: [2000] }));
        graph.output('y', sum(exp(x)));
      });
      expect(long).not.toContain('figures');
    });

    test('that are one op alone stay that op', () => {
      expect(opsOf((graph, x) => graph.output('y', exp(x)))).toEqual(['unary']);
    });
  });
});

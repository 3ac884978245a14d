// The head of a discriminator on the cuda device: fused with the gradient of its objective, and to the same bits as without.
import { describe, expect, test } from '@jest/globals';
import { openCuda } from '../../lib/devices/cuda';
import { denseLossGradient } from '../../lib/devices/fusions/dense-loss-gradient';
import { GAN, type GanOptions, objectives, tensor } from '../../lib/index';
import { emulatedAddon } from '../support/devices';

const addon = emulatedAddon();
const onEmulator = addon === undefined ? describe.skip : describe;
const name = denseLossGradient.op.name;

/** How many fused heads a step has, and what two steps come to, with and without that fusion. */
async function trained(objective: GanOptions['objective'], fused: boolean) {
  const device = openCuda(0, 'float32', addon);
  const fusions = device.fusions.filter(({ op }) => fused || op.name !== name);
  Object.assign(device, { fusions });
  const compile = device.compile.bind(device);
  let heads = 0;
  device.compile = (program) => {
    heads = Math.max(heads, program.instructions.filter(({ op }) => op === name).length);
    return compile(program);
  };
  const networks = { name: 'mlp', width: 1 / 32 } as const;
  const gan = new GAN({ networks, objective, imageShape: [4, 4, 1], latentDim: 5, seed: 3, device });
  const pixels = Uint8Array.from({ length: 20 * 16 }, (_, i) => (i * 7919) % 256);
  const { dLoss, dAccuracy, gLoss } = await gan.train(tensor(pixels, [20, 4, 4, 1]), { steps: 2, batchSize: 6 });
  const weights = [gan.generator, gan.discriminator].flatMap((model) => model.weights);
  const contents = await Promise.all(weights.map((weight) => weight.read(device)));
  return { heads, result: { dLoss, dAccuracy, gLoss, contents } };
}

onEmulator('on the emulator (skipped where it is not built, on a machine with a GPU)', () => {
  test.each([
    ['nonSaturating', objectives.nonSaturating({ labelSmoothing: 0.1 }), 3],
    ['minimax', objectives.minimax(), 3],
    ['leastSquares', objectives.leastSquares(), 3],
    // Its generator's gradient is a constant.
    ['hinge', objectives.hinge(), 2],
    // Two logits in one expression.
    ['relativisticPaired', objectives.relativisticPaired(), 0],
  ] as const)('%s trains to the same bits', async (_, objective, heads) => {
    const fused = await trained(objective, true);
    const apart = await trained(objective, false);
    expect([fused.heads, apart.heads]).toEqual([heads, 0]);
    expect(fused.result).toEqual(apart.result);
  });
});

// During the generator's update the discriminator is frozen: it normalises by the batch as ever, and nothing of it moves.
import { expect, jest, test } from '@jest/globals';
import { recordStep } from '../../lib/gan/step';
import { GAN, layers, optimizers, Sequential } from '../../lib/index';
import type { Variable } from '../../lib/program/variable';
import { latentDim, smallImages, weightsOf } from './small-gan';
import { stepParts, wholeStep } from './step-parts';

const imageShape = [4, 4, 1];
const options = { steps: 3, batchSize: 8 };

/** A GAN with batch normalisation in both networks, as DCGANs have it. */
function normalizedGan({ discriminatorTrainable = true } = {}): GAN {
  const generator = new Sequential({
    layers: [
      layers.dense({ units: 8, inputShape: [latentDim] }),
      layers.batchNormalization(),
      layers.dense({ units: 16, activation: 'tanh' }),
      layers.reshape({ targetShape: imageShape }),
    ],
    seed: 1,
  });
  const discriminator = new Sequential({
    layers: [
      layers.flatten({ inputShape: imageShape }),
      layers.dense({ units: 8 }),
      layers.batchNormalization({ momentum: 0.5 }),
      layers.leakyReLU(),
      layers.dense({ units: 1, activation: 'sigmoid' }),
    ],
    trainable: discriminatorTrainable,
    seed: 2,
  });
  const sgd = () => optimizers.sgd({ learningRate: 0.1 });
  return new GAN({ generator, discriminator, generatorOptimizer: sgd(), discriminatorOptimizer: sgd(), seed: 3 });
}

const statistics = [4, 5]; // moving mean and variance, behind kernel, bias, gamma and beta

test('a discriminator that trains moves its statistics by its own updates, and a frozen one not by a bit', async () => {
  for (const discriminatorTrainable of [true, false]) {
    const gan = normalizedGan({ discriminatorTrainable });
    const before = (await weightsOf(gan)).discriminator;
    await gan.train(smallImages(), options);
    const { discriminator } = await weightsOf(gan);
    for (const i of discriminator.keys()) {
      if (discriminatorTrainable) expect(discriminator[i]).not.toEqual(before[i]);
      else expect(discriminator[i]).toEqual(before[i]);
    }
  }
});

test('the generator learns from batch statistics: what the moving ones are makes no difference to it', async () => {
  const trained = async (statistic: number) => {
    const gan = normalizedGan({ discriminatorTrainable: false });
    const weights = await gan.discriminator.getWeights();
    for (const i of statistics) weights[i]!.data.fill(statistic);
    await gan.discriminator.setWeights(weights);
    await gan.train(smallImages(), options);
    return (await weightsOf(gan)).generator;
  };
  expect(await trained(100)).toEqual(await trained(1));
});

test('a step moves the statistics twice, with the two updates of the discriminator, and not with the generator', () => {
  const { generator, discriminator } = normalizedGan();
  const parts = stepParts({
    generator: { model: generator, optimizer: optimizers.sgd() },
    discriminator: { model: discriminator, optimizer: optimizers.sgd() },
  });
  const graph = recordStep(parts, wholeStep);
  const moved = graph.nodes.filter(({ op }) => op.name === 'movingAverage').map(({ outputs }) => outputs[0]!.variable!);
  const times = (variable: Variable) => moved.filter((other) => other === variable).length;
  expect(statistics.map((i) => times(discriminator.weights[i]!))).toEqual([2, 2]);
  expect(statistics.map((i) => times(generator.weights[i]!))).toEqual([1, 1]);
});

test('a network with nothing that trains is said once', async () => {
  const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  try {
    const gan = normalizedGan({ discriminatorTrainable: false });
    await gan.train(smallImages(), options);
    await gan.train(smallImages(), options);
    expect(warned.mock.calls).toEqual([
      [
        'the discriminator has nothing that trains: it stays as it is in this training',
        { type: 'CudaGanWarning', code: 'CUDA_GAN_TRAINABLE' },
      ],
    ]);
  } finally {
    warned.mockRestore();
  }
});

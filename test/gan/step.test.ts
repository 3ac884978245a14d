// Who moves in a training step, and who must not.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { StepParts } from '../../lib/gan/step';
import { StepPrograms } from '../../lib/gan/step-programs';
import { StepRunner } from '../../lib/gan/step-runner';
import { createDevice, optimizers } from '../../lib/index';
import type { Model, Prediction } from '../../lib/models/model';
import { smallDiscriminator, smallGenerator } from './small-gan';
import { stepParts } from './step-parts';

const device = createDevice('cpu');

function newParts(): StepParts {
  const player = (model: Model<Prediction>) => {
    model.device = device;
    return { model, optimizer: optimizers.adam({ learningRate: 0.01, beta1: 0.5 }) };
  };
  return stepParts({ generator: player(smallGenerator(1)), discriminator: player(smallDiscriminator(1)) });
}

type Kind = 'training' | 'pretraining';

function newRunner(parts: StepParts, kind: Kind, firstStep: number): StepRunner {
  return new StepRunner(new StepPrograms(parts, device, { pretraining: kind === 'pretraining' }), device, firstStep);
}

async function runSteps(parts: StepParts, kind: Kind, firstStep: number, steps: number) {
  const runner = newRunner(parts, kind, firstStep);
  await runner.run(steps);
  runner.dispose();
}

async function weightsOf(model: Model<Prediction>, kind: 'all' | 'moving' = 'all') {
  const weights = model.namedWeights.filter(([name]) => kind === 'all' || name.includes('moving'));
  return Promise.all(weights.map(async ([name, weight]) => [name, await weight.read(device)] as const));
}

let parts: StepParts;
beforeEach(async () => {
  parts = newParts();
  await runSteps(parts, 'training', 0, 5);
});
afterEach(() => {
  for (const { model, optimizer } of [parts.generator, parts.discriminator]) {
    model.dispose();
    optimizer.dispose();
  }
  parts.images.dispose();
});

describe("the generator's update", () => {
  test('leaves the discriminator as it is, bit for bit', async () => {
    const other = newParts();
    await runSteps(other, 'training', 0, 5);
    await runSteps(parts, 'training', 5, 1);
    await runSteps(other, 'pretraining', 5, 1);
    expect(await weightsOf(parts.discriminator.model)).toEqual(await weightsOf(other.discriminator.model));
  });

  test('moves every weight of the generator, the moving statistics included', async () => {
    const before = await weightsOf(parts.generator.model);
    await runSteps(parts, 'training', 5, 1);
    const after = await weightsOf(parts.generator.model);
    expect(before.filter(([, data], i) => data.every((value, j) => value === after[i]![1][j]))).toEqual([]);
  });
});

describe("the discriminator's updates", () => {
  test('leave the generator as it is: its fakes are made in inference mode', async () => {
    const before = await weightsOf(parts.generator.model);
    await runSteps(parts, 'pretraining', 5, 3);
    expect(await weightsOf(parts.generator.model)).toEqual(before);
  });

  test('judge fakes by the moving statistics', async () => {
    const [first, second] = [newParts(), newParts()];
    const moving = second.generator.model.namedWeights.filter(([name]) => name.includes('moving_mean'));
    for (const [, weight] of moving) await weight.write(new Float32Array(weight.size).fill(3), device);
    const losses = await Promise.all(
      [first, second].map(async (one) => {
        const runner = newRunner(one, 'pretraining', 0);
        const { outputs } = await runner.run(1);
        runner.dispose();
        return outputs.get('dLoss')![0];
      }),
    );
    expect(losses[0]).not.toBe(losses[1]);
  });

  test('move every weight of the discriminator', async () => {
    const before = await weightsOf(parts.discriminator.model);
    await runSteps(parts, 'pretraining', 5, 1);
    const after = await weightsOf(parts.discriminator.model);
    expect(before.filter(([, data], i) => data.every((value, j) => value === after[i]![1][j]))).toEqual([]);
  });
});

test('each player has its own optimizer state: the discriminator counts two updates a step, the generator one', async () => {
  const updates = ({ optimizer }: StepParts['generator']) => optimizer.variables()[0]!.read(device);
  expect([...(await updates(parts.discriminator))]).toEqual([10]);
  expect([...(await updates(parts.generator))]).toEqual([5]);
  await runSteps(parts, 'pretraining', 5, 3);
  expect([...(await updates(parts.discriminator))]).toEqual([16]);
  expect([...(await updates(parts.generator))]).toEqual([5]);
});

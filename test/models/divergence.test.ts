// A loss or weight that is no number any more: an error that says so, and a model in its last finite state.
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { layers, optimizers, Sequential, tensor } from '../../lib/index';
import { scratchFolder } from '../gan/scratch';
import { error } from '../support/errors';
import { contents, linearModel, normalTensor } from './small-models';

const [x, y] = [normalTensor([12, 2], 1), normalTensor([12, 1], 2)];

const loadable = async (model: Sequential) => {
  const path = join(scratchFolder(), 'model.safetensors');
  await model.save(path);
  return contents(await Sequential.load(path));
};

describe('fit', () => {
  test('names epoch and batch, and goes back to the last finite state, which can be saved', async () => {
    const model = linearModel({ learningRate: 1e30 });
    const before = await contents(model);
    await expect(model.fit(x, y, { batchSize: 4, epochs: 5 })).rejects.toThrow(
      expect.objectContaining({
        code: 'CUDA_GAN_DIVERGED',
        message: expect.stringMatching(
          /^the loss became (NaN|Infinity) in epoch 0, batch [12]; model and optimizer are back as they were [12] updates? earlier\. A lower learning rate/,
        ),
      }),
    );
    expect(await contents(model)).toEqual(before);
    expect(await loadable(model)).toEqual(before);
  });

  test('does so too when only the last update breaks the weights, which no loss shows', async () => {
    // The first gradient is of the order of 1, so a rate of 3e38 makes weights that float32 cannot hold.
    const model = linearModel({ learningRate: 3e38 });
    const big = tensor(
      Float32Array.from(x.data, (value) => 10 * value),
      x.shape,
    );
    const before = await contents(model);
    await expect(model.fit(big, y, { batchSize: 12 })).rejects.toThrow(
      error(
        'CUDA_GAN_DIVERGED',
        'a weight became NaN or infinite; model and optimizer are back as they were 1 update earlier',
      ),
    );
    expect(await contents(model)).toEqual(before);
  });

  test('leaves a model that trains on once its learning rate is sound, with a sound optimizer', async () => {
    const optimizer = optimizers.adam({ learningRate: 1e38 });
    const model = linearModel();
    model.compile({ optimizer, loss: 'meanSquaredError' });
    await expect(model.fit(x, y, { batchSize: 1, epochs: 3 })).rejects.toThrow(error('CUDA_GAN_DIVERGED', 'became'));
    optimizer.learningRate = 0.01;
    const { history } = await model.fit(x, y, { epochs: 20 });
    expect(history.loss!.every(Number.isFinite)).toBe(true);
  });

  test('counts the updates that were done, also after a training that was stopped', async () => {
    const model = linearModel();
    const controller = new AbortController();
    const onBatchEnd = (batch: number) => {
      if (batch === 2) controller.abort();
    };
    const many = [normalTensor([300, 2], 1), normalTensor([300, 1], 2)] as const;
    await model.fit(...many, { batchSize: 1, signal: controller.signal, callbacks: { onBatchEnd } });
    const tooLarge = tensor(new Float32Array(24).fill(3e38), [12, 2]);
    for (const call of [() => model.trainOnBatch(tooLarge, y), () => model.fit(tooLarge, y)]) {
      const failure = await call().catch((reason: Error) => reason.message);
      const [, updates] = /back as they were (before|\d+)/.exec(String(failure))!;
      expect(updates === 'before' ? 0 : Number(updates)).toBeLessThanOrEqual(4);
    }
  });

  test('does not go back beyond what was set since the last copy', async () => {
    const optimizer = optimizers.sgd({ learningRate: 0.01 });
    const model = linearModel();
    model.compile({ optimizer, loss: 'meanSquaredError' });
    await model.fit(x, y);
    const set = [normalTensor([2, 1], 5), normalTensor([1], 6)];
    await model.setWeights(set);
    optimizer.learningRate = 1e30;
    await expect(model.fit(x, y, { epochs: 5 })).rejects.toThrow(error('CUDA_GAN_DIVERGED', 'the loss became'));
    expect(await contents(model)).toEqual(set.map(({ data }) => data));
  });
});

describe('trainOnBatch', () => {
  const tooLarge = tensor(new Float32Array(24).fill(3e38), [12, 2]);

  test('does not go back beyond what another model has trained since', async () => {
    const part = linearModel();
    await part.trainOnBatch(x, y);
    const whole = new Sequential({ layers: [part, layers.activation({ activation: 'linear' })] });
    whole.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    await whole.fit(x, y, { epochs: 3 });
    const trained = await contents(part);
    await expect(part.trainOnBatch(tooLarge, y)).rejects.toThrow(error('CUDA_GAN_DIVERGED', 'the loss became'));
    expect(await contents(part)).toEqual(trained);
  });

  test('does not go back beyond what was set between calls that nobody waited for', async () => {
    const model = linearModel();
    const set = [normalTensor([2, 1], 5), normalTensor([1], 6)];
    const calls = [model.trainOnBatch(x, y), model.setWeights(set), model.trainOnBatch(tooLarge, y)];
    expect((await Promise.allSettled(calls)).map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
    ]);
    expect(await contents(model)).toEqual(set.map(({ data }) => data));
  });

  test('goes back to the last finite state', async () => {
    const model = linearModel({ learningRate: 1e30 });
    const before = await contents(model);
    await model.trainOnBatch(x, y);
    await expect(model.trainOnBatch(x, y)).rejects.toThrow(
      expect.objectContaining({
        code: 'CUDA_GAN_DIVERGED',
        message: expect.stringMatching(
          /^the loss became (NaN|Infinity); model and optimizer are back as they were 1 update earlier\./,
        ),
      }),
    );
    expect(await contents(model)).toEqual(before);
    expect(await loadable(model)).toEqual(before);
  });

  test('does so for calls that do not wait for each other, each of which fails', async () => {
    const model = linearModel({ learningRate: 1e30 });
    const before = await contents(model);
    const calls = await Promise.allSettled(Array.from({ length: 5 }, () => model.trainOnBatch(x, y)));
    expect(calls.map(({ status }) => status)).toEqual(['fulfilled', ...Array(4).fill('rejected')]);
    expect(await contents(model)).toEqual(before);
  });
});

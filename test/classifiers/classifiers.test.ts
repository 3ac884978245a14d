// Classifiers by name: their networks, what they are trained by, and that they learn.
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { toClassifier } from '../../lib/classifiers/by-name';
import { classifiers, loadModel } from '../../lib/index';
import { scratchFolder } from '../gan/scratch';
import { error } from '../support/errors';
import { classes, side, smallImages } from './small-images';

const { images, labels } = smallImages(180);
const test_ = smallImages(60, 2);
const small = {
  samples: 180,
  imageShape: [side, side, 1],
  classes,
  width: 1 / 8,
  batchSize: 20,
  seed: 1,
  device: 'cpu',
} as const;

describe.each(['mlp', 'cnn'] as const)('%s', (name) => {
  test('learns classes, and is saved as any model', async () => {
    const { model, ...training } = classifiers[name]({ ...small, width: 1 / 4, translation: 0, epochs: 8 });
    expect(training).toEqual({ epochs: 8, batchSize: 20 });
    const { history } = await model.fit(images, labels, training);
    expect(Object.keys(history)).toEqual(['loss', 'accuracy']);
    const { accuracy } = await model.evaluate(test_.images, test_.labels);
    expect(accuracy).toBeGreaterThan(0.9);
    const path = join(scratchFolder(), 'classifier.safetensors');
    await model.save(path);
    const loaded = await loadModel(path, { device: 'cpu' });
    expect(await loaded.predict(test_.images)).toEqual(await model.predict(test_.images));
  });

  test('has the same weights for the same seed, and the same training', async () => {
    const trained = async () => {
      const { model, ...training } = classifiers[name]({ ...small, epochs: 1 });
      await model.fit(images, labels, training);
      return model.getWeights();
    };
    expect(await trained()).toEqual(await trained());
  });

  test('has networks for images and classes of other numbers', async () => {
    for (const imageShape of [
      [28, 28, 1],
      [32, 48, 3],
      [5, 9, 2],
    ]) {
      const { model } = classifiers[name]({ samples: 100, imageShape, classes: 7, width: 1 / 16 });
      expect(model.inputShapes).toEqual([imageShape]);
      expect(model.outputShapes).toEqual([[7]]);
    }
  });

  test('moves images in training where that is wanted', () => {
    const first = (translation: number) =>
      classifiers[name]({ ...small, translation }).model.layers.find((layer) => layer.name.startsWith('random'));
    expect(first(0.25)!.getConfig()).toMatchObject({ heightFactor: 0.25, widthFactor: 0.25 });
    expect(first(0)).toBeUndefined();
  });

  test('is trained at a rate that has fallen to 0 when all epochs are done', async () => {
    const { model, ...training } = classifiers[name]({ ...small, epochs: 2, samples: 20, batchSize: 10 });
    const rows = smallImages(20);
    const trained = async (epochs: number) => {
      await model.fit(rows.images, rows.labels, { ...training, epochs });
      return (await model.getWeights()).at(-1);
    };
    const whole = await trained(2);
    // Moving statistics aside, nothing moves any more.
    expect(await trained(1)).toEqual(whole);
  });
});

describe('refused are', () => {
  test.each<[string, object, string]>([
    ['CUDA_GAN_VALUE', { samples: undefined }, 'samples is undefined; allowed are whole numbers from 1 on'],
    ['CUDA_GAN_VALUE', { classes: 1 }, 'classes is 1; allowed are whole numbers from 2 on'],
    ['CUDA_GAN_VALUE', { dropout: 1 }, 'dropout is 1; allowed are numbers from 0 to below 1'],
    ['CUDA_GAN_VALUE', { translation: 2 }, 'translation is 2; allowed are numbers from 0 to 1'],
    ['CUDA_GAN_VALUE', { epoch: 2 }, 'classifiers.cnn: unknown option "epoch"; did you mean "epochs"?'],
    ['CUDA_GAN_SHAPE', { imageShape: [28, 28] }, 'imageShape is [28, 28]; wanted is [height, width, channels]'],
    [
      'CUDA_GAN_SHAPE',
      { imageShape: [3, 28, 1] },
      'classifiers.cnn is for images of 4 pixels a side and more, found [3, 28, 1]',
    ],
  ])('%s for %j', (code, options, message) => {
    expect(() => classifiers.cnn({ ...small, ...options })).toThrow(error(code as 'CUDA_GAN_VALUE', message));
  });

  test('an unknown name', () => {
    expect(() => toClassifier('rnn' as 'mlp', small)).toThrow(
      error('CUDA_GAN_VALUE', 'unknown classifier "rnn"; allowed are mlp, cnn'),
    );
  });
});

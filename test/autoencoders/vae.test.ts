// What a variational autoencoder does, but for its numbers, which pytorch.test.ts and log-likelihood.test.ts are about.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { input, layers, model, Sequential, tensor, VAE, type VaeOptions } from '../../lib/index';
import { expectError } from '../gan/rejects';
import { scratchFolder } from '../gan/scratch';
import { copiesAtCheckpoints, stateIn } from '../support/checkpoint-copies';
import { cudaDevices, sharingCpu } from '../support/devices';
import { error } from '../support/errors';
import { smallAutoencoder, smallImages, smallVae } from './small';

const { images, labels } = smallImages();

/** Networks of one's own: a mean and a log variance of two latents. */
function ownEncoder({ latentDim = 2, imageShape = [4, 4, 1], outputs = 2 } = {}) {
  const image = input({ shape: imageShape });
  const features = layers.flatten().apply(image);
  const heads = Array.from({ length: outputs }, () => layers.dense({ units: latentDim }).apply(features));
  return model({ inputs: image, outputs: heads.length === 1 ? heads[0]! : heads });
}

function ownDecoder({ latentDim = 2, activation = 'sigmoid' as 'sigmoid' | 'linear' } = {}) {
  return new Sequential({
    layers: [
      layers.dense({ units: 16, activation, inputShape: [latentDim] }),
      layers.reshape({ targetShape: [4, 4, 1] }),
    ],
  });
}

describe('fit', () => {
  test('makes the bound better, and has its two terms in the history, of validation data too', async () => {
    const vae = smallVae();
    const options = { epochs: 60, batchSize: 4, validationSplit: 0.25 };
    const { history } = await vae.fit(images, options);
    const names = ['loss', 'reconstruction', 'kl', 'valLoss', 'valReconstruction', 'valKl'];
    expect(Object.keys(history)).toEqual(names);
    expect(history.loss!.at(-1)).toBeLessThan(history.loss![0]!);
    for (const i of [0, 59]) expect(history.loss![i]).toBeCloseTo(history.reconstruction![i]! + history.kl![i]!, 4);
  });

  test.each(['mlp', 'cnn'] as const)('of %s learns by heart what two images are like', async (name) => {
    const vae = smallVae({ networks: { name, width: 0.2 }, optimizer: { name: 'adam', learningRate: 0.01 } });
    const half = Float32Array.from({ length: 32 }, (_, i) => Number(i % 16 < 8 === i < 16));
    const two = tensor(half, [2, 4, 4, 1]);
    await vae.fit(two, { epochs: 300, batchSize: 2 });
    const { data } = await vae.reconstruct(two);
    const furthest = Math.max(...Array.from(data, (pixel, i) => Math.abs(pixel - half[i]!)));
    expect(furthest).toBeLessThan(0.25);
  });

  test('bytes are 0 to 1', async () => {
    const [ofBytes, ofFloats] = [smallVae(), smallVae()];
    const floats = tensor(
      Float32Array.from(images.data, (byte) => byte / 255),
      images.shape,
    );
    const found = await ofBytes.fit(images, { epochs: 2, batchSize: 5 });
    const wanted = await ofFloats.fit(floats, { epochs: 2, batchSize: 5 });
    // A byte times 1/255 in float32 is rounded once more.
    wanted.history.loss!.forEach((loss, i) => {
      expect(found.history.loss![i]).toBeCloseTo(loss, 4);
    });
  });

  test('is resumed to its own bits, the warm-up included, killed after any checkpoint', async () => {
    const options = { epochs: 3, batchSize: 5, validationSplit: 0.2 };
    const settings = { warmupSteps: 4, beta: 2, binarize: true, samples: 2 };
    for (const { device } of [{ device: sharingCpu(2) }, ...cudaDevices()]) {
      const folder = scratchFolder();
      const whole = smallVae({ ...settings, device });
      let history: unknown;
      const copies = await copiesAtCheckpoints(folder, async () => {
        history = await whole.fit(images, { ...options, checkpointDir: folder, checkpointInterval: 2 });
      });
      expect(copies.size).toBeGreaterThan(2);
      for (const copy of copies.values()) {
        const resumed = smallVae({ ...settings, device });
        expect(await resumed.fit(images, { resume: copy })).toEqual(history);
        expect(stateIn(copy)).toBe(stateIn(folder));
      }
    }
  });

  test('the KL term counts nothing at first, and all in use', async () => {
    const vae = smallVae({ warmupSteps: 100 });
    const { history } = await vae.fit(images, { epochs: 1, batchSize: 12, validationSplit: 0.5 });
    expect(history.loss![0]).toBeCloseTo(history.reconstruction![0]!, 5);
    expect(history.valLoss![0]).toBeCloseTo(history.valReconstruction![0]! + history.valKl![0]!, 5);
  });

  test('moves only what is trainable', async () => {
    const vae = smallVae();
    vae.encoder.trainable = false;
    vae.model.compile({ optimizer: 'adam', loss: (_, figures) => figures });
    const weights = async () => (await vae.encoder.getWeights()).map(({ data }) => data);
    const before = await weights();
    await vae.fit(images, { batchSize: 6 });
    expect(await weights()).toEqual(before);
  });
});

describe('in use', () => {
  test('reconstructs by the mean, and walks between images through latents', async () => {
    const vae = smallVae();
    const { mean, logVariance } = await vae.encode(images);
    expect([mean.shape, logVariance.shape]).toEqual([
      [12, 3],
      [12, 3],
    ]);
    const made = await vae.reconstruct(images);
    expect(await vae.decode(mean)).toEqual(made);
    const walk = await vae.interpolate(images, { steps: 3 });
    expect(walk.shape).toEqual([34, 4, 4, 1]);
    for (const stop of [0, 5, 11]) {
      expect(walk.data.slice(stop * 3 * 16, stop * 3 * 16 + 16)).toEqual(made.data.slice(stop * 16, stop * 16 + 16));
    }
  });

  test('samples follow from the seed', async () => {
    const vae = smallVae();
    const [first, second] = [await vae.sample(4), await vae.sample(4)];
    expect(first).toEqual(await vae.sample(4, { seed: 0 }));
    expect(second).toEqual(await smallVae().sample(4, { seed: 1 }));
    expect(second.data).not.toEqual(first.data);
  });

  test('is given classes where it is made for some', async () => {
    const vae = smallVae({ classes: 3 });
    expect([vae.classes, smallVae().classes]).toEqual([3, undefined]);
    await vae.fit({ images, labels }, { batchSize: 4, validationData: { images, labels } });
    const { mean } = await vae.encode({ images, labels });
    const inTurn = await vae.decode(mean);
    expect(await vae.decode(mean, { labels })).toEqual(inTurn);
    expect((await vae.decode(mean, { class: 1 })).data).not.toEqual(inTurn.data);
    expect(await vae.sample(3, { seed: 2 })).toEqual(await vae.sample(3, { seed: 2, labels: [0, 1, 2] }));
    const walk = await vae.interpolate({ images, labels }, { steps: 1 });
    expect(walk).toEqual(await vae.reconstruct({ images, labels }));
  });

  test('is a source of images as a GAN is: of noise that is given or drawn, class by class', async () => {
    const vae = smallVae({ classes: 3 });
    const noise = await vae.noise(4, { seed: 3 });
    expect(noise.shape).toEqual([4, 3]);
    expect(await vae.generate(4, { noise })).toEqual(await vae.sample(4, { seed: 3 }));
    expect(await vae.generate(4, { noise })).toEqual(await vae.decode(noise));
    const { images: grid, rows, columns } = await vae.classGrid({ columns: 2, seed: 1 });
    expect([rows, columns, grid.shape]).toEqual([3, 2, [6, 4, 4, 1]]);
    const row = await vae.noise(2, { seed: 1 });
    const ofClass = (label: number) => grid.data.slice(2 * label * 16, 2 * (label + 1) * 16);
    for (const label of [0, 1, 2]) expect(ofClass(label)).toEqual((await vae.decode(row, { class: label })).data);
    expect([vae.takesLabels, smallVae().takesLabels, vae.pixelRange]).toEqual([true, false, [0, 1]]);
    await expect(smallVae().classGrid()).rejects.toThrow(
      error(
        'CUDA_GAN_STATE',
        'vae.classGrid: the networks are given no classes; the option classes makes some that are',
      ),
    );
  });

  test('classifies by what images of a class are like', async () => {
    const vae = smallVae({ classes: 2, optimizer: { name: 'adam', learningRate: 0.01 } });
    // Of class 0 the upper half is bright, of class 1 the lower half; one of four pixels is wrong.
    const pixels = Uint8Array.from({ length: 40 * 16 }, (_, i) => {
      const bright = i % 16 < 8 === Math.floor(i / 16) % 2 < 1;
      return bright === (i * 7919) % 4 > 0 ? 255 : 0;
    });
    const data = {
      images: tensor(pixels, [40, 4, 4, 1]),
      labels: tensor(
        Int32Array.from({ length: 40 }, (_, i) => i % 2),
        [40],
      ),
    };
    await vae.fit(data, { epochs: 60, batchSize: 10 });
    expect((await vae.classify(data.images)).data).toEqual(data.labels.data);
    expect(await vae.accuracy(data)).toBe(1);
  });

  test('networks of one’s own do as well', async () => {
    const vae = new VAE({ encoder: ownEncoder(), decoder: ownDecoder(), device: 'cpu', seed: 1 });
    expect([vae.imageShape, vae.latentDim]).toEqual([[4, 4, 1], 2]);
    await vae.fit(images, { batchSize: 5 });
    expect((await vae.sample(2)).shape).toEqual([2, 4, 4, 1]);
    vae.dispose();
  });
});

describe('files', () => {
  test('are called as what they are', async () => {
    const path = join(scratchFolder(), 'vae.keras');
    await expect(smallVae({}).save(path)).rejects.toThrow(
      error('CUDA_GAN_VALUE', 'but what is written is a safetensors file; allowed are names that end in .safetensors'),
    );
    expect(existsSync(path)).toBe(false);
  });

  test.each<VaeOptions>([
    { warmupSteps: 4, beta: 0.5 },
    { classes: 3, samples: 2 },
    { likelihood: 'gaussian', variance: 0.25, networks: { name: 'cnn', width: 0.1 } },
  ])('%j is loaded as it was', async (options) => {
    const vae = smallVae(options);
    const data = { images, labels };
    await vae.fit(data, { epochs: 2, batchSize: 5 });
    const path = join(scratchFolder(), 'vae.safetensors');
    await vae.save(path);
    const loaded = await VAE.load(path, { device: 'cpu' });
    expect(loaded.model.getConfig()).toEqual(vae.model.getConfig());
    expect(await loaded.model.getWeights()).toEqual(await vae.model.getWeights());
    expect(await loaded.sample(3, { seed: 5 })).toEqual(await vae.sample(3, { seed: 5 }));
    await loaded.fit(data, { batchSize: 5 });
  });

  test('of another kind are refused', async () => {
    const folder = scratchFolder();
    const [others, stack, nothing] = ['other', 'stack', 'nothing'].map((name) => join(folder, `${name}.safetensors`));
    await smallAutoencoder().save(others!);
    await ownDecoder().save(stack!);
    writeFileSync(nothing!, 'nothing');
    const reason = 'of another kind, not what save of a VAE wrote';
    await expectError(() => VAE.load(others!), 'CUDA_GAN_FILE', `${others} holds a Functional ${reason}`);
    await expectError(() => VAE.load(stack!), 'CUDA_GAN_FILE', `${stack} holds a Sequential ${reason}`);
    await expectError(() => VAE.load(nothing!), 'CUDA_GAN_FILE', /nothing/);
    await expectError(() => VAE.load(join(folder, 'missing.safetensors')), 'CUDA_GAN_FILE', /missing/);
  });
});

describe('says what is wrong:', () => {
  const own = (encoder = ownEncoder(), decoder = ownDecoder()): VaeOptions => ({ encoder, decoder, device: 'cpu' });
  const signed = ownEncoder();
  signed.pixelRange = [-1, 1];
  const labelled = smallVae({ classes: 3 });

  test.each<[VaeOptions, 'SHAPE' | 'VALUE', string]>([
    [own(ownEncoder({ latentDim: 3 })), 'SHAPE', 'the encoder gives latents of [3], but the decoder takes [2]'],
    [
      own(ownEncoder({ outputs: 1 })),
      'SHAPE',
      'the encoder has 1 output (dense); wanted are two: the mean of the latent vector and its log variance',
    ],
    [
      own(ownEncoder({ imageShape: [2, 2, 4] })),
      'SHAPE',
      'the encoder takes images of [2, 2, 4], but the decoder makes [4, 4, 1]',
    ],
    [
      own(labelled.encoder as never, smallVae().decoder as never),
      'SHAPE',
      'the encoder is given classes as a second input, but the decoder is not: give them to both, or to none',
    ],
    [{ ...own(), latentDim: 3 }, 'SHAPE', 'latentDim is 3, but the networks have latents of 2'],
    [
      { ...own(), imageShape: [28, 28, 1] },
      'SHAPE',
      'imageShape is [28, 28, 1], but the networks have images of [4, 4, 1]',
    ],
    [{ ...own(), classes: 3 }, 'VALUE', 'classes is for networks that are made here, and both are given; leave it out'],
    [{ encoder: ownEncoder() }, 'VALUE', 'encoder is given without decoder: give both, or neither'],
    [own(signed), 'VALUE', "the encoder's pixelRange is [-1, 1]; pixels of 0 and 1, and what is between, need [0, 1]"],
    [{ likelihood: 'gaussian' }, 'VALUE', "the likelihood 'gaussian' needs a variance, that of the noise of a pixel"],
    [
      { variance: 1 },
      'VALUE',
      "variance is for the likelihood 'gaussian', and likelihood is 'bernoulli': leave one of them out",
    ],
    [
      { likelihood: 'gaussian', variance: 1, binarize: true },
      'VALUE',
      "binarize is for the likelihood 'bernoulli', and likelihood is 'gaussian': leave one of them out",
    ],
    [{ likelihood: 'gaussian', variance: 0 }, 'VALUE', 'variance is 0; allowed are finite numbers above 0'],
    [{ beta: -1 }, 'VALUE', 'beta is -1; allowed are finite numbers from 0 on'],
    [{ samples: 0 }, 'VALUE', 'samples is 0; allowed are whole numbers from 1 to 65536'],
    [{ warmupSteps: 0.5 }, 'VALUE', 'warmupSteps is 0.5; allowed are whole numbers from 0 to 16777216'],
    [{ likelihood: 'laplace' as never }, 'VALUE', 'unknown likelihood "laplace"; allowed are bernoulli, gaussian'],
    [{ networks: 'dcgan' as never }, 'VALUE', 'unknown networks "dcgan"; allowed are mlp, cnn'],
    [
      { networks: 'cnn', imageShape: [6, 6, 1] },
      'SHAPE',
      'cnn has no networks for images of [6, 6, 1]; there are some for [height, width, channels], height and width multiples of 4',
    ],
    [
      { optimiser: 'adam' } as never,
      'VALUE',
      /^new VAE: unknown option "optimiser"; did you mean "optimizer"\?/ as never,
    ],
  ])('%#: of options', async (options, code, message) => {
    await expectError(() => new VAE({ device: 'cpu', ...options }), `CUDA_GAN_${code}`, message);
  });

  test('a decoder without probabilities', async () => {
    await expectError(
      () => new VAE(own(ownEncoder(), ownDecoder({ activation: 'linear' }))),
      'CUDA_GAN_VALUE',
      /the decoder ends in no sigmoid, and the likelihood 'bernoulli' needs probabilities; give it one, or choose 'gaussian'$/,
    );
  });

  test('labels that are missing, or of no class', async () => {
    await expectError(
      () => labelled.fit(images),
      'CUDA_GAN_DATA',
      'the networks know 3 classes, but images come without labels: data sets have both, { images, labels }',
    );
    const wrong = tensor(
      Int32Array.from(labels.data, (label) => label + 1),
      [12],
    );
    await expectError(
      () => labelled.reconstruct({ images, labels: wrong }),
      'CUDA_GAN_DATA',
      'labels contains 3 at index 2; the networks know the classes 0 to 2',
    );
    await expectError(
      () => labelled.sample(1, { class: 3 }),
      'CUDA_GAN_VALUE',
      'class is 3; allowed are whole numbers from 0 to 2',
    );
    await expectError(
      () => smallVae().sample(1, { class: 0 }),
      'CUDA_GAN_VALUE',
      'vae.sample: class is given, but the decoder knows no classes: it has no input for them',
    );
    await expectError(
      () => smallVae().classify(images),
      'CUDA_GAN_STATE',
      'this VAE does not classify: the networks are given no classes; the option classes makes some that are',
    );
  });

  test('data that does not fit', async () => {
    const vae = smallVae();
    const latents = tensor(new Float32Array(4), [2, 2]);
    await expectError(() => vae.decode(latents), 'CUDA_GAN_SHAPE', 'latents has shape [2, 2]; wanted is [n, 3]');
    await expectError(
      () => vae.decode(labels as never),
      'CUDA_GAN_DATA',
      'latents holds int32; wanted is a Float32Array',
    );
    const dark = tensor(new Float32Array(16).fill(-1), [1, 4, 4, 1]);
    await expectError(
      () => vae.fit(dark),
      'CUDA_GAN_DATA',
      'images contains -1 at index 0; pixels must be from 0 to 1, or bytes',
    );
    await expectError(() => vae.encode(latents), 'CUDA_GAN_SHAPE', 'images has shape [2, 2]; wanted is [n, 4, 4, 1]');
    await expectError(
      () => vae.fit(images, { sampleWeight: labels } as never),
      'CUDA_GAN_VALUE',
      /^vae.fit: unknown option "sampleWeight"; allowed are epochs, /,
    );
  });
});

// Whatever an autoencoder is given, what comes out is a result or an error with a code.
import { test } from '@jest/globals';
import fc from 'fast-check';
import { Autoencoder, type AutoencoderOptions, VAE, type VaeOptions } from '../../lib/index';
import { junk as anything, junkOptions, onlyCodedErrors } from '../support/junk';
import { smallAutoencoder, smallImages, smallVae } from './small';

/** Sizes between these are right, and would take more time and memory than a test has. */
const junk = anything.filter((value) => !(typeof value === 'number' && value > 64 && value < 2 ** 31));

const narrow = {
  networks: { name: 'mlp', width: 1 / 64 },
  imageShape: [4, 4, 1],
  latentDim: 4,
  device: 'cpu',
} as const;
const data = smallImages();

/** Options of which some are junk. */
function options(valid: object): fc.Arbitrary<object> {
  const isSmall = (value: unknown) => !(typeof value === 'number' && value > 64 && value < 2 ** 31);
  return junkOptions(valid).filter(
    (found) => typeof found !== 'object' || found === null || Object.values(found).every(isSmall),
  ) as fc.Arbitrary<object>;
}

test('new VAE and new Autoencoder', async () => {
  const common = { ...narrow, optimizer: 'sgd', seed: 1, threads: 1, precision: 'float32' };
  const ofVae = {
    classes: 3,
    likelihood: 'bernoulli',
    variance: 1,
    beta: 1,
    warmupSteps: 2,
    samples: 2,
    binarize: true,
  };
  const ofAutoencoder = { loss: 'meanSquaredError', noise: { name: 'masking', rate: 0.5 } };
  const { encoder, decoder } = smallVae();
  await fc.assert(
    fc.asyncProperty(
      options({ ...common, ...ofVae, encoder, decoder }),
      options({ ...common, ...ofAutoencoder, encoder, decoder }),
      async (vae, autoencoder) => {
        await onlyCodedErrors(() => new VAE(vae as VaeOptions));
        await onlyCodedErrors(() => new VAE({ ...narrow, ...(vae as VaeOptions) }));
        await onlyCodedErrors(() => new Autoencoder(autoencoder as AutoencoderOptions));
        await onlyCodedErrors(() => new Autoencoder({ ...narrow, ...(autoencoder as AutoencoderOptions) }));
      },
    ),
  );
});

test('fit and evaluate', async () => {
  const signal = AbortSignal.abort();
  const valid = { epochs: 1, initialEpoch: 0, batchSize: 6, validationSplit: 0.5, validationData: data, shuffle: true };
  const [vae, autoencoder] = [smallVae({ classes: 3 }), smallAutoencoder()];
  await fc.assert(
    fc.asyncProperty(options({ ...valid, callbacks: [], verbose: 0 }), junk, async (given, images) => {
      await onlyCodedErrors(() => vae.fit(data, { ...given, signal }));
      await onlyCodedErrors(() => vae.fit(images as never, { signal }));
      await onlyCodedErrors(() => vae.evaluate(data, given as never));
      await onlyCodedErrors(() => autoencoder.fit(data, { ...given, signal }));
      await onlyCodedErrors(() => autoencoder.evaluate(images as never));
    }),
  );
});

test('methods', async () => {
  const [vae, labelled, autoencoder] = [smallVae(), smallVae({ classes: 3 }), smallAutoencoder()];
  const images = fc.oneof(junk, fc.record({ images: fc.oneof(fc.constant(data.images), junk), labels: junk }));
  const valid = { seed: 1, samples: 2, binarizeSeed: 1, truncation: 1, labels: [0, 1], class: 1, steps: 2, loop: true };
  await fc.assert(
    fc.asyncProperty(images, junk, options(valid), async (given, value, found) => {
      for (const made of [vae, labelled]) {
        await onlyCodedErrors(() => made.encode(given as never));
        await onlyCodedErrors(() => made.decode(given as never, found));
        await onlyCodedErrors(() => made.reconstruct(given as never));
        await onlyCodedErrors(() => made.interpolate(data, found));
        await onlyCodedErrors(() => made.sample(value as never, found));
        await onlyCodedErrors(() => made.sample(2, found));
        await onlyCodedErrors(() => made.generate(value as never, { noise: given as never, ...found }));
        await onlyCodedErrors(() => made.noise(value as never, found));
        await onlyCodedErrors(() => made.classGrid({ noise: given as never, ...found }));
        await onlyCodedErrors(() => made.logLikelihood(data, { samples: 2, ...found }));
        await onlyCodedErrors(() => made.logLikelihood(given as never, { samples: 2 }));
        await onlyCodedErrors(() => made.classify(given as never));
        await onlyCodedErrors(() => made.accuracy(given as never, found));
        if (typeof value !== 'string') await onlyCodedErrors(() => made.save(value as never));
      }
      await onlyCodedErrors(() => autoencoder.encode(given as never));
      await onlyCodedErrors(() => autoencoder.decode(given as never));
      await onlyCodedErrors(() => autoencoder.interpolate(given as never, found));
      await onlyCodedErrors(() => VAE.load(value as never, found));
      await onlyCodedErrors(() => Autoencoder.load(value as never, found));
    }),
  );
});

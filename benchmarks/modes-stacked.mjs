// Trains the preset r3gan, its networks at half their width, on Stacked MNIST, and counts the modes of 26000 samples by a
// classifier of digits that it trains first. Prints { modes, kl, steps, batch, seconds, classifierAccuracy } as JSON.
// Usage: node modes-stacked.mjs <threads> [steps] [seed]
import { datasets, GAN, layers, Sequential } from 'cuda-gan';

const [threads, steps = 14000, seed = 1] = process.argv.slice(2).map(Number);
const batchSize = 64;

/** Digits of -1 to 1, as the generator's. */
const scaled = ({ shape, data }) => ({ shape, data: Float32Array.from(data, (byte) => byte / 127.5 - 1) });

async function classifierOfDigits() {
  const classifier = new Sequential({
    layers: [
      layers.conv2d({ filters: 32, kernelSize: 3, activation: 'relu', inputShape: [28, 28, 1] }),
      layers.maxPooling2d(),
      layers.conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
      layers.maxPooling2d(),
      layers.flatten(),
      layers.dropout({ rate: 0.5 }),
      layers.dense({ units: 10, activation: 'softmax' }),
    ],
    seed: 1,
    device: 'cpu',
  });
  classifier.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  const [train, test] = [await datasets.mnist(), await datasets.mnist({ split: 'test' })];
  await classifier.fit(scaled(train.images), train.labels, { epochs: 4, batchSize: 128 });
  const { accuracy } = await classifier.evaluate(scaled(test.images), test.labels);
  return { classifier, accuracy };
}

const { classifier, accuracy } = await classifierOfDigits();
const { images } = await datasets.stackedMnist();
const gan = new GAN({
  preset: 'r3gan',
  networks: {
    name: 'dcgan',
    width: 0.5,
    generator: { normalization: 'none' },
    discriminator: { normalization: 'none' },
  },
  imageShape: [28, 28, 3],
  latentDim: 64,
  seed,
  device: 'cpu',
  threads,
});
const start = performance.now();
await gan.train(images, { steps, batchSize, sampleInterval: steps });
const seconds = Math.round((performance.now() - start) / 1000);
const { modes, kl } = await datasets.stackedModeCoverage(await gan.generate(26000, { seed: 1 }), classifier);
console.log(JSON.stringify({ modes, kl, steps, batch: batchSize, seconds, classifierAccuracy: accuracy }));

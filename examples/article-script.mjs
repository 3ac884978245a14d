// The article's Keras script, line by line: models, compile, a frozen discriminator in a combined model, trainOnBatch.
// What trains is fixed by compile, so `discriminator.trainable = false` freezes it in the combined model alone.
// `GAN.train` computes the same step at once on the device, and several times as fast (train-gan.mjs).
// Run: node examples/article-script.mjs [epochs] [folder]   (2000 epochs unless told; writes runs/article-script)
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { datasets, layers, optimizers, Sequential, saveGrid, tensor } from 'cuda-gan';

const imgShape = [28, 28, 1];
const latentDim = 100;

export class ArticleGAN {
  constructor() {
    const optimizer = optimizers.adam({ learningRate: 0.0002, beta1: 0.5 });

    // Build and compile the discriminator
    this.discriminator = this.buildDiscriminator();
    this.discriminator.compile({ loss: 'binaryCrossentropy', optimizer, metrics: ['accuracy'] });

    // Build and compile the generator
    this.generator = this.buildGenerator();
    this.generator.compile({ loss: 'binaryCrossentropy', optimizer });

    // The generator takes noise as input and generates images; for the combined model only the generator trains
    this.discriminator.trainable = false;

    // The combined model: noise => generated images => their validity
    this.combined = new Sequential({ layers: [this.generator, this.discriminator] });
    this.combined.compile({ loss: 'binaryCrossentropy', optimizer });
  }

  buildGenerator() {
    const model = new Sequential();
    model.add(layers.dense({ units: 256, inputShape: [latentDim] }));
    model.add(layers.leakyReLU({ alpha: 0.2 }));
    model.add(layers.batchNormalization({ momentum: 0.8 }));
    model.add(layers.dense({ units: 512 }));
    model.add(layers.leakyReLU({ alpha: 0.2 }));
    model.add(layers.batchNormalization({ momentum: 0.8 }));
    model.add(layers.dense({ units: 1024 }));
    model.add(layers.leakyReLU({ alpha: 0.2 }));
    model.add(layers.batchNormalization({ momentum: 0.8 }));
    model.add(layers.dense({ units: 28 * 28, activation: 'tanh' }));
    model.add(layers.reshape({ targetShape: imgShape }));
    return model;
  }

  buildDiscriminator() {
    const model = new Sequential();
    model.add(layers.flatten({ inputShape: imgShape }));
    model.add(layers.dense({ units: 512 }));
    model.add(layers.leakyReLU({ alpha: 0.2 }));
    model.add(layers.dense({ units: 256 }));
    model.add(layers.leakyReLU({ alpha: 0.2 }));
    model.add(layers.dense({ units: 1, activation: 'sigmoid' }));
    return model;
  }

  async train({ epochs, batchSize = 128, saveInterval = 50, folder }) {
    // Load the dataset, and rescale it to -1 to 1
    const { images } = await datasets.mnist();
    const xTrain = new Float32Array(images.data).map((pixel) => (pixel - 127.5) / 127.5);
    const halfBatch = batchSize / 2;

    for (let epoch = 0; epoch < epochs; epoch++) {
      // Train the discriminator: half a batch of real images, drawn at random, and half a batch of generated ones
      const imgs = randomRows(xTrain, images.shape[0], halfBatch);
      const genImgs = await this.generator.predict(noise(halfBatch), { batchSize: halfBatch });
      const dLossReal = await this.discriminator.trainOnBatch(imgs, filled(halfBatch, 1));
      const dLossFake = await this.discriminator.trainOnBatch(genImgs, filled(halfBatch, 0));
      const dLoss = (dLossReal.loss + dLossFake.loss) / 2;
      const accuracy = (dLossReal.accuracy + dLossFake.accuracy) / 2;

      // Train the generator: it wants the discriminator to label its images as valid
      const gLoss = (await this.combined.trainOnBatch(noise(batchSize), filled(batchSize, 1))).loss;

      // Print the progress, and save generated images now and then
      if (epoch % saveInterval === 0) {
        const percent = (100 * accuracy).toFixed(2);
        console.log(`${epoch} [D loss: ${dLoss.toFixed(6)}, acc.: ${percent}%] [G loss: ${gLoss.toFixed(6)}]`);
        await this.saveImgs(epoch, folder);
      }
    }
  }

  async saveImgs(epoch, folder) {
    mkdirSync(folder, { recursive: true });
    await saveGrid(`${folder}/mnist_${epoch}.png`, await this.generator.predict(noise(25)));
  }
}

/** `count` rows of 784 numbers out of `rows`, with replacement. */
function randomRows(data, rows, count) {
  const drawn = new Float32Array(count * 784);
  for (let i = 0; i < count; i++) {
    const row = Math.floor(rows * Math.random());
    drawn.set(data.subarray(784 * row, 784 * (row + 1)), 784 * i);
  }
  return tensor(drawn, [count, ...imgShape]);
}

/** Standard normal numbers, by Box and Muller. */
function noise(count) {
  const normal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
  return tensor(Float32Array.from({ length: count * latentDim }, normal), [count, latentDim]);
}

const filled = (count, value) => tensor(new Float32Array(count).fill(value), [count, 1]);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [epochs = 2000, folder = 'runs/article-script'] = process.argv.slice(2);
  await new ArticleGAN().train({ epochs: Number(epochs), batchSize: 32, saveInterval: 200, folder });
}

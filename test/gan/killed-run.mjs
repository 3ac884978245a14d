// Begins a run, or resumes it when its folder holds a checkpoint, and says on standard output when it is done. Made to be
// killed. Usage: node killed-run.mjs <folder> <device> <steps> [checkpointInterval]
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { GAN, input, layers, metrics, model, optimizers, Sequential, tensor } from '../../dist/esm/index.mjs';

const [outDir, device, steps, interval] = process.argv.slice(2);
const imageShape = [4, 4, 1];

/** With dropout and batch normalisation in both. */
function newGan() {
  const generator = new Sequential({
    layers: [
      layers.dense({ units: 6, inputShape: [4] }),
      layers.batchNormalization({ momentum: 0.8 }),
      layers.leakyReLU(),
      layers.dropout({ rate: 0.25 }),
      layers.dense({ units: 16, activation: 'tanh' }),
      layers.reshape({ targetShape: imageShape }),
    ],
    seed: 1,
  });
  const discriminator = new Sequential({
    layers: [
      layers.flatten({ inputShape: imageShape }),
      layers.dense({ units: 8 }),
      layers.batchNormalization(),
      layers.dropout({ rate: 0.5 }),
      layers.dense({ units: 1, activation: 'sigmoid' }),
    ],
    seed: 2,
  });
  const discriminatorOptimizer = optimizers.rmsprop({ learningRate: 0.001 });
  return new GAN({ generator, discriminator, discriminatorOptimizer, seed: 3, device });
}

/** For images of this size. */
function newNetwork() {
  const image = input({ shape: imageShape });
  const features = layers.dense({ units: 3, activation: 'tanh' }).apply(layers.flatten().apply(image));
  const made = model({ inputs: image, outputs: { features }, seed: 4, device });
  return new metrics.FeatureNetwork(made, { name: 'small', version: '1' });
}

const pixels = Uint8Array.from({ length: 12 * 16 }, (_, i) => (i * 7919) % 251);
const images = tensor(pixels, [12, ...imageShape]);
const checkpoints = join(outDir, 'checkpoints');
const begun = existsSync(checkpoints) && readdirSync(checkpoints).some((name) => /^checkpoint-/.test(name));
if (begun) {
  await GAN.resume(outDir, images, { metricsNetwork: newNetwork() });
} else {
  await newGan().train(images, {
    steps: Number(steps),
    pretrainSteps: 10,
    batchSize: 8,
    sampleInterval: 37,
    metricsInterval: 11,
    metricsCount: 20,
    metricsNetwork: newNetwork(),
    checkpointInterval: interval === undefined ? undefined : Number(interval),
    outDir,
    overwrite: true,
  });
}
console.log('done');

// The article's step in TensorFlow.js. Usage: tfjs.mjs <cpu|wasm> <batch> <steps>; prints the milliseconds of every step.
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { useBackend } from './tfjs-backend.mjs';

const [backend, batch, steps] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
await useBackend(backend);

const leaky = () => layers.leakyReLU({ alpha: 0.2 });
const norm = () => layers.batchNormalization({ momentum: 0.8 });
const adam = () => tf.train.adam(0.0002, 0.5);

const discriminator = sequential({
  layers: [
    layers.flatten({ inputShape: [28, 28, 1] }),
    layers.dense({ units: 512 }),
    leaky(),
    layers.dense({ units: 256 }),
    leaky(),
    layers.dense({ units: 1, activation: 'sigmoid' }),
  ],
});
discriminator.compile({ optimizer: adam(), loss: 'binaryCrossentropy', metrics: ['accuracy'] });
const generator = sequential({
  layers: [
    ...[256, 512, 1024].flatMap((units, i) => [
      layers.dense({ units, ...(i === 0 && { inputShape: [100] }) }),
      leaky(),
      norm(),
    ]),
    layers.dense({ units: 784, activation: 'tanh' }),
    layers.reshape({ targetShape: [28, 28, 1] }),
  ],
});
const combined = sequential({ layers: [generator, discriminator] });
combined.compile({ optimizer: adam(), loss: 'binaryCrossentropy' });

const half = batch / 2;
const images = tf.randomUniform([2048, 28, 28, 1], -1, 1);
const [ones, zeros, all] = [tf.ones([half, 1]), tf.zeros([half, 1]), tf.ones([batch, 1])];
const stepMs = [];
for (let step = 0; step < steps; step++) {
  const start = performance.now();
  const rows = tf.randomUniform([half], 0, 2048, 'int32');
  const real = tf.gather(images, rows);
  const noise = tf.randomNormal([half, 100]);
  const fake = generator.predict(noise);
  await discriminator.trainOnBatch(real, ones);
  await discriminator.trainOnBatch(fake, zeros);
  // TensorFlow.js reads `trainable` at every step.
  discriminator.trainable = false;
  const allNoise = tf.randomNormal([batch, 100]);
  await combined.trainOnBatch(allNoise, all);
  discriminator.trainable = true;
  tf.dispose([rows, real, noise, fake, allNoise]);
  stepMs.push(performance.now() - start);
}
console.log(JSON.stringify(stepMs));

// The calls of latency-ours.mjs in TensorFlow.js, with results read back as there. Usage: latency-tfjs.mjs <cpu|wasm>
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { timeCalls } from './figures.mjs';
import { useBackend } from './tfjs-backend.mjs';

await useBackend(process.argv[2]);

const model = sequential({
  layers: [
    layers.dense({ units: 128, activation: 'relu', inputShape: [100] }),
    layers.dense({ units: 10, activation: 'softmax' }),
  ],
});
model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy' });
const generator = sequential({
  layers: [
    ...[256, 512, 1024].flatMap((units, i) => [
      layers.dense({ units, ...(i === 0 && { inputShape: [100] }) }),
      layers.leakyReLU({ alpha: 0.2 }),
      layers.batchNormalization({ momentum: 0.8 }),
    ]),
    layers.dense({ units: 784, activation: 'tanh' }),
  ],
});

const [x, row] = [tf.randomUniform([32, 100]), tf.randomUniform([1, 100])];
const y = tf.oneHot(
  tf.tensor1d(
    Array.from({ length: 32 }, (_, i) => i % 10),
    'int32',
  ),
  10,
);
const predict = async (of, input) => {
  const output = of.predict(input);
  await output.data();
  output.dispose();
};

console.log(
  JSON.stringify(
    await timeCalls({
      'predict 32': () => predict(model, x),
      'predict 1': () => predict(model, row),
      'testOnBatch 32': async () => {
        const loss = model.evaluate(x, y, { batchSize: 32 }); // it has no testOnBatch
        await loss.data();
        loss.dispose();
      },
      'trainOnBatch 32': () => model.trainOnBatch(x, y),
      'generate 1': async () => {
        const noise = tf.randomNormal([1, 100]);
        await predict(generator, noise);
        noise.dispose();
      },
    }),
  ),
);

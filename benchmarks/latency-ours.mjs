// Times calls on small models, one after the other. Prints the milliseconds of every call, by name, as JSON.
import { GAN, layers, Sequential, tensor } from 'cuda-gan';
import { timeCalls } from './figures.mjs';

const model = new Sequential({
  layers: [
    layers.dense({ units: 128, activation: 'relu', inputShape: [100] }),
    layers.dense({ units: 10, activation: 'softmax' }),
  ],
  seed: 1,
  device: 'cpu',
});
model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy' });
const gan = new GAN({ seed: 1, device: 'cpu' });

const random = (rows) => tensor(Float32Array.from({ length: 100 * rows }, Math.random), [rows, 100]);
const [x, row] = [random(32), random(1)];
const y = tensor(
  Int32Array.from({ length: 32 }, (_, i) => i % 10),
  [32],
);

console.log(
  JSON.stringify(
    await timeCalls({
      'predict 32': () => model.predict(x),
      'predict 1': () => model.predict(row),
      'testOnBatch 32': () => model.testOnBatch(x, y),
      'trainOnBatch 32': () => model.trainOnBatch(x, y),
      'generate 1': () => gan.generate(1),
    }),
  ),
);

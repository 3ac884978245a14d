// Trains a classifier of digits, two dense layers with dropout, to about 98 % on the test images.
// Run: node examples/classify-mnist.mjs   (less than a minute; writes runs/classifier.safetensors)
import { mkdir } from 'node:fs/promises';
import { datasets, layers, optimizers, Sequential, tensor } from 'cuda-gan';

const train = await datasets.mnist({ split: 'train' });
const test = await datasets.mnist({ split: 'test' });

const model = new Sequential({
  name: 'classifier',
  seed: 1,
  pixelRange: [0, 1], // what 0 and 255 become: images are given as the bytes they are
  layers: [
    layers.flatten({ inputShape: [28, 28, 1] }),
    layers.dense({ units: 256, activation: 'relu' }),
    layers.dropout({ rate: 0.2 }),
    layers.dense({ units: 10, activation: 'softmax' }),
  ],
});
model.compile({
  optimizer: optimizers.adam({ learningRate: 0.001 }),
  loss: 'sparseCategoricalCrossentropy',
  metrics: ['accuracy'],
});

// The labels are whole numbers; a tenth of the training images is kept back to look at after every epoch.
await model.fit(train.images, train.labels, { epochs: 10, batchSize: 128, validationSplit: 0.1, verbose: 1 });

const { loss, accuracy } = await model.evaluate(test.images, test.labels, { batchSize: 256 });
console.log(`Test images: loss ${loss.toFixed(4)}, accuracy ${(100 * accuracy).toFixed(2)} %`);

const first = tensor(test.images.data.slice(0, 5 * 784), [5, 28, 28, 1]);
const { data: probabilities } = await model.predict(first);
const digits = Array.from({ length: 5 }, (_, i) => {
  const row = probabilities.subarray(10 * i, 10 * (i + 1));
  return row.indexOf(Math.max(...row));
});
console.log(`The first five are ${digits.join(', ')}; their labels are ${test.labels.data.slice(0, 5).join(', ')}`);

await mkdir('runs', { recursive: true });
await model.save('runs/classifier.safetensors');
model.dispose();

// Trains a convolutional classifier of digits to more than 99.3 % on the test images.
// Run: node examples/classify-mnist-cnn.mjs   (a quarter of an hour on two cores; writes runs/cnn-classifier.safetensors)
import { mkdir } from 'node:fs/promises';
import { datasets, layers, optimizers, Sequential } from 'cuda-gan';

const epochs = 8;
const train = await datasets.mnist({ split: 'train' });
const test = await datasets.mnist({ split: 'test' });

const convolution = (filters, options) => [
  layers.conv2d({ filters, kernelSize: 3, padding: 'same', useBias: false, ...options }),
  layers.batchNormalization({ momentum: 0.9 }),
  layers.reLU(),
];
const model = new Sequential({
  name: 'cnn_classifier',
  seed: 1,
  pixelRange: [0, 1],
  layers: [
    ...convolution(32, { inputShape: [28, 28, 1] }),
    ...convolution(32),
    layers.maxPooling2d(),
    ...convolution(64),
    ...convolution(64),
    layers.maxPooling2d(),
    layers.flatten(),
    layers.dropout({ rate: 0.4 }),
    layers.dense({ units: 128, activation: 'relu' }),
    layers.dropout({ rate: 0.4 }),
    layers.dense({ units: 10, activation: 'softmax' }),
  ],
});
model.summary();
const optimizer = optimizers.adam();
model.compile({ optimizer, loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });

await model.fit(train.images, train.labels, {
  epochs,
  batchSize: 128,
  verbose: 1,
  callbacks: {
    // From 0.001 down to nearly 0 along half a wave of a cosine (Loshchilov & Hutter 2017).
    onEpochBegin: (epoch) => {
      optimizer.learningRate = 0.0005 * (1 + Math.cos((Math.PI * epoch) / epochs));
    },
  },
});

const { loss, accuracy } = await model.evaluate(test.images, test.labels, { batchSize: 256 });
console.log(`Test images: loss ${loss.toFixed(4)}, accuracy ${(100 * accuracy).toFixed(2)} %`);

await mkdir('runs', { recursive: true });
await model.save('runs/cnn-classifier.safetensors');
model.dispose();

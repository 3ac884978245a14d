// Trains the network whose features figures are computed of, and writes the weights that the package ships. The same bits
// come out on every cpu device with the same instruction set. Other weights are another network: give it another version,
// here and in lib/evaluation/digit-features.ts, with the accuracy that this prints.
// Run: node scripts/train-digit-features.mjs   (some minutes on two cores)
import { mkdir } from 'node:fs/promises';
import { datasets, input, layers, model, optimizers, schedules } from 'cuda-gan';

const version = 'digits-1';
const epochs = 6;
const batchSize = 128;
const train = await datasets.mnist({ split: 'train' });
const test = await datasets.mnist({ split: 'test' });

const convolution = (filters, x) => {
  const y = layers.conv2d({ filters, kernelSize: 3, padding: 'same', useBias: false }).apply(x);
  return layers.reLU().apply(layers.batchNormalization({ momentum: 0.9 }).apply(y));
};
const halved = (x) => layers.maxPooling2d().apply(x);

const image = input({ shape: [28, 28, 1], name: 'image' });
const maps = halved(convolution(64, halved(convolution(32, convolution(32, halved(convolution(16, image)))))));
const features = layers
  .dense({ units: 64, activation: 'relu', name: 'features' })
  .apply(layers.dropout({ rate: 0.3 }).apply(layers.flatten().apply(maps)));
const probabilities = layers
  .dense({ units: 10, activation: 'softmax', name: 'probabilities' })
  .apply(layers.dropout({ rate: 0.3 }).apply(features));

const options = { seed: 1, pixelRange: [0, 1], device: 'cpu' };
const classifier = model({ inputs: image, outputs: probabilities, ...options });
const steps = epochs * Math.ceil(train.images.shape[0] / batchSize);
const learningRate = schedules.cosineDecay({ initialLearningRate: 0.002, decaySteps: steps });
classifier.compile({
  optimizer: optimizers.adam({ learningRate }),
  loss: 'sparseCategoricalCrossentropy',
  metrics: ['accuracy'],
});
await classifier.fit(train.images, train.labels, { epochs, batchSize, verbose: 1 });
const { accuracy } = await classifier.evaluate(test.images, test.labels, { batchSize: 256 });
console.log(`Test images: accuracy ${accuracy}`);

const network = model({ inputs: image, outputs: { features, probabilities }, name: 'digit_features', ...options });
await mkdir('weights', { recursive: true });
await network.save(`weights/${version}.safetensors`);

// Trains the article's GAN for 10000 steps and prints the resident memory every 500 steps, in bytes.
import { GAN, tensor } from '../../dist/esm/index.js';

const images = tensor(
  Uint8Array.from({ length: 1000 * 784 }, (_, i) => (i * 31) % 256),
  [1000, 28, 28, 1],
);
const gan = new GAN({ seed: 1, device: 'cpu' });
const resident = [];
await gan.train(images, {
  steps: 10_000,
  sampleInterval: 500,
  outDir: process.argv[2],
  onSample: ({ step }) => {
    if (step > 0) resident.push(process.memoryUsage().rss);
  },
});
console.log(JSON.stringify(resident));

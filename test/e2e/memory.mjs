// Trains the article's GAN on MNIST for 10000 steps, with a picture every 200, as the CLI does, and prints the resident
// memory in bytes at every report of progress from step 500 on. No garbage collection is forced.
// Usage: node memory.mjs <folder for the run>
import { datasets, GAN } from '../../dist/esm/index.mjs';

const { images } = await datasets.mnist();
const gan = new GAN({ seed: 1, device: 'cpu' });
const resident = [];
await gan.train(images, {
  steps: 10_000,
  sampleInterval: 200,
  outDir: process.argv[2],
  onProgress: ({ step }) => {
    if (step >= 500) resident.push(process.memoryUsage.rss());
  },
});
console.log(JSON.stringify(resident));

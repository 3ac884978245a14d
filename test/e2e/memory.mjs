// Trains the article's GAN for 10000 steps and prints the resident memory every 500 steps, in bytes, each time after
// collecting the garbage: V8 leaves that of pictures lying for minutes, which hides whether a run holds on to anything.
// Usage: node memory.mjs <folder for the run>
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { GAN, tensor } from '../../dist/esm/index.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

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
    if (step === 0) return;
    collectGarbage();
    resident.push(process.memoryUsage().rss);
  },
});
console.log(JSON.stringify(resident));

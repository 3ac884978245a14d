// Trains with a folder until the weights of step 10 are written, and ends in the middle of the run.
// Usage: node killed.mjs <folder> <SIGTERM|SIGINT|exit>
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { GAN, layers, Sequential, tensor } from '../../dist/esm/index.mjs';

const [outDir, how] = process.argv.slice(2);
const generator = new Sequential({
  layers: [layers.dense({ units: 4, activation: 'tanh', inputShape: [3] })],
  seed: 1,
});
const discriminator = new Sequential({ layers: [layers.dense({ units: 1, inputShape: [4] })], seed: 2 });
const gan = new GAN({ generator, discriminator, seed: 3, device: 'cpu' });
const points = tensor(Float32Array.of(1, 1, -1, 1, 1, -1, -1, -1), [2, 4]);

function bytes() {
  try {
    return ['generator', 'discriminator'].map((name) => readFileSync(join(outDir, `${name}.safetensors`), 'base64'));
  } catch {
    return undefined; // not both are there yet
  }
}

let before;
await gan.train(points, {
  steps: Number.POSITIVE_INFINITY,
  batchSize: 2,
  sampleInterval: 10,
  outDir,
  onSample: async ({ step }) => {
    while (!bytes()?.every((content, i) => content !== before?.[i])) await wait(5);
    before = bytes();
    if (step < 10) return;
    if (how === 'exit') process.exit(0);
    process.kill(process.pid, how);
    await wait(60_000);
  },
});

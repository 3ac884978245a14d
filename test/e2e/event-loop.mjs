// Trains the article's GAN for about two seconds and prints how long the event loop was held up meanwhile.
// Usage: node event-loop.mjs <folder for the run>
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { GAN, tensor } from '../../dist/esm/index.mjs';

const images = tensor(
  Uint8Array.from({ length: 1000 * 784 }, (_, i) => (i * 31) % 256),
  [1000, 28, 28, 1],
);
const gan = new GAN({ seed: 1, device: 'cpu' });
await gan.train(images, { steps: 1 });

const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
const history = await gan.train(images, {
  steps: 1_000_000,
  outDir: process.argv[2],
  signal: AbortSignal.timeout(2000),
});
delay.disable();
const milliseconds = (nanoseconds) => nanoseconds / 1e6;
console.log(
  JSON.stringify({
    steps: history.steps,
    seconds: history.seconds,
    p99: milliseconds(delay.percentile(99)),
    max: milliseconds(delay.max),
  }),
);

// Two worker threads train at once; one ends by itself, the other is terminated in mid-run. Then two more.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { GAN } from 'cuda-gan';
import { images } from './steps.cjs';

if (isMainThread) {
  for (let round = 0; round < 2; round++) {
    const [short, endless] = [20, 1e6].map((steps) => new Worker(new URL(import.meta.url), { workerData: { steps } }));
    const [, [{ steps }], [code]] = await Promise.all([
      once(endless, 'message'), // its training is under way
      once(short, 'message'),
      once(short, 'exit'),
    ]);
    assert.deepEqual([steps, code], [20, 0]);
    assert.equal(await endless.terminate(), 1);
  }
} else {
  const { steps } = workerData;
  const onProgress = ({ step }) => {
    if (steps > 20) parentPort.postMessage({ step });
  };
  const history = await new GAN({ latentDim: 16, seed: 1 }).train(images(), { steps, batchSize: 16, onProgress });
  parentPort.postMessage({ steps: history.steps });
}

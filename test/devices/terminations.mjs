// Run in a process of its own by process.test.ts, with the built package and the name of a device: ends worker threads that train, each at a
// random moment, be it while they build, compile, run or settle.
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { GAN, layers, Sequential, tensor } from '../../dist/esm/index.mjs';

if (isMainThread) {
  for (let i = 0; i < 60; i++) {
    const worker = new Worker(new URL(import.meta.url), { workerData: process.argv[2] });
    await new Promise((resolve) => worker.once('message', resolve));
    await new Promise((resolve) => setTimeout(resolve, 10 * Math.random()));
    await worker.terminate();
  }
  console.log('all ended');
} else {
  const images = tensor(new Uint8Array(8 * 9), [8, 9]);
  const network = (inputs, units) => new Sequential({ layers: [layers.dense({ units, inputShape: [inputs] })] });
  parentPort.postMessage('started');
  const gan = new GAN({ seed: 1, device: workerData, generator: network(4, 9), discriminator: network(9, 1) });
  for (;;) await gan.train(images, { steps: 1, batchSize: 2 });
}

// Two worker threads use the cuda device at once, each with a device of its own; one is ended in mid-run.
import { once } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { GAN, layers, Sequential, tensor } from '../../dist/esm/index.mjs';

if (isMainThread) {
  const start = (steps) => new Worker(new URL(import.meta.url), { workerData: { steps } });
  const [finishing, ending] = [start(3), start(1e6)];
  const [[losses], [started]] = await Promise.all([once(finishing, 'message'), once(ending, 'message')]);
  await ending.terminate();
  const [again] = await once(start(3), 'message');
  console.log(JSON.stringify({ started, same: losses === again, losses: losses.split(',').length }));
} else {
  const { steps } = workerData;
  const images = tensor(
    Uint8Array.from({ length: 16 * 9 }, (_, i) => (i * 31) % 256),
    [16, 9],
  );
  const network = (inputs, units) =>
    new Sequential({ layers: [layers.dense({ units, inputShape: [inputs] })], seed: inputs });
  const gan = new GAN({ seed: 1, device: 'cuda', generator: network(4, 9), discriminator: network(9, 1) });
  if (steps > 3) parentPort.postMessage(gan.device.name);
  const history = await gan.train(images, { steps, batchSize: 4 });
  parentPort.postMessage(history.dLoss.join());
}

// Trains the same GAN on two GPUs, one after the other and on both at once, and takes what one wrote to the other; prints
// what came of it, as JSON.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listDevices } from '../../dist/esm/devices/list.js';
import { createDevice, GAN, layers, loadModel, Sequential, tensor } from '../../dist/esm/index.js';

const pixels = Uint8Array.from({ length: 12 * 16 }, (_, i) => (97 * i) % 256);
const images = tensor(pixels, [12, 4, 4, 1]);
const folder = mkdtempSync(join(tmpdir(), 'cuda-gan-gpus-'));

function newGan(device) {
  const generator = new Sequential({
    layers: [
      layers.dense({ units: 16, activation: 'tanh', inputShape: [4] }),
      layers.reshape({ targetShape: [4, 4, 1] }),
    ],
    seed: 1,
  });
  const discriminator = new Sequential({
    layers: [
      layers.flatten({ inputShape: [4, 4, 1] }),
      layers.dropout({ rate: 0.5 }),
      layers.dense({ units: 1, activation: 'sigmoid' }),
    ],
    seed: 2,
  });
  return new GAN({ generator, discriminator, seed: 3, device });
}

async function weightsOf(gan) {
  const hash = createHash('sha256');
  for (const model of [gan.generator, gan.discriminator]) {
    for (const weight of model.weights) hash.update(new Uint8Array((await weight.read(gan.device)).buffer));
  }
  return hash.digest('hex');
}

async function train(device, steps = 20, outDir = undefined) {
  const gan = newGan(device);
  await gan.train(images, { steps, batchSize: 4, ...(outDir && { outDir, checkpointInterval: 5 }) });
  return gan;
}

async function attempt(work) {
  try {
    return await work();
  } catch ({ code, message }) {
    return `${code}: ${message}`;
  }
}

const results = {};
results.list = listDevices()
  .filter(({ name }) => name === 'cuda')
  .map(({ gpu, description, reason }) => [gpu, description ?? reason]);
const alone = [await weightsOf(await train('cuda')), await weightsOf(await train('cuda:1'))];
const together = await Promise.all(['cuda:0', 'cuda:1', 'cuda:1', 'cuda'].map((name) => train(name)));
results.gpus = together.map(({ device }) => device.gpu);
results.shared = together[0].device === together[3].device && together[1].device === together[2].device;
results.weights = new Set([...alone, ...(await Promise.all(together.map(weightsOf)))]).size;
together[1].dispose();
results.afterDispose = (await weightsOf(await train('cuda'))) === alone[0];

await train('cuda:1', 10, join(folder, 'run'));
const { gan } = await GAN.resume(join(folder, 'run'), images, { device: 'cuda', steps: 20 });
results.resumed = { gpu: gan.device.gpu, same: (await weightsOf(gan)) === alone[0] };
await together[2].generator.save(join(folder, 'model'));
const rows = tensor(
  Float32Array.from({ length: 8 }, (_, i) => Math.sin(i)),
  [2, 4],
);
const predictions = [];
for (const device of ['cuda', 'cuda:1']) {
  const model = await loadModel(join(folder, 'model'), { device });
  predictions.push([...(await model.predict(rows)).data]);
}
results.samePredictions = JSON.stringify(predictions[0]) === JSON.stringify(predictions[1]);
rmSync(folder, { recursive: true });

results.mixed = await attempt(() => {
  const model = new Sequential({
    name: 'net',
    layers: [layers.dense({ units: 1, inputShape: [4] })],
    device: 'cuda:1',
  });
  return model.predict(rows).then(() => {
    model.device = 'cuda';
  });
});
// More than half of a GPU on each.
const elements = 10 * 2 ** 20;
results.memory = await attempt(() => {
  const buffers = ['cuda', 'cuda:1'].map((name) =>
    createDevice(name).allocate({ shape: [elements], dtype: 'float32' }, new Float32Array(elements)),
  );
  return buffers.length;
});
results.third = await attempt(() => createDevice('cuda:2'));
results.tf32 = createDevice('cuda:1', { precision: 'tf32' }).description;
console.log(JSON.stringify(results));

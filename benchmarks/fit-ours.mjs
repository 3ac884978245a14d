// Times a training step of a model in `fit`. Usage: fit-ours.mjs <vae|vae5|vae-cnn|classifier-cnn> <batch> <threads>
// <seconds>; prints the milliseconds per step of each of several epochs, as JSON.
import { classifiers, createDevice, tensor, VAE } from 'cuda-gan';

const [name] = process.argv.slice(2);
const [batch, threads, seconds] = process.argv.slice(3).map(Number);
const device = createDevice('cpu', { threads });

/** Images and labels of that many rows, and what trains on them for so many epochs with these callbacks. */
const trainers = {
  vae: () => vae({}),
  vae5: () => vae({ samples: 5 }),
  'vae-cnn': () => vae({ networks: 'cnn' }),
  'classifier-cnn': () => {
    const { model } = classifiers.cnn({ classes: 10, seed: 1, device });
    return ({ images, labels }, options) => model.fit(images, labels, options);
  },
};

function vae(options) {
  const model = new VAE({ binarize: true, seed: 1, device, ...options });
  return ({ images }, fitOptions) => model.fit(images, fitOptions);
}

function rows(count) {
  const pixels = Uint8Array.from({ length: count * 784 }, (_, i) => (i * 7919) % 256);
  const labels = Int32Array.from({ length: count }, (_, i) => i % 10);
  return { images: tensor(pixels, [count, 28, 28, 1]), labels: tensor(labels, [count]) };
}

const train = trainers[name]();

/** Milliseconds per step of each epoch of that many steps. */
async function time(steps, epochs) {
  const ms = [];
  let begun;
  const callbacks = {
    onEpochBegin: () => {
      begun = performance.now();
    },
    onEpochEnd: () => {
      ms.push((performance.now() - begun) / steps);
    },
  };
  await train(rows(steps * batch), { epochs, batchSize: batch, callbacks });
  return ms;
}

const [, estimate] = await time(20, 2);
const epochs = 10;
const steps = Math.max(4, Math.ceil((1000 * seconds) / epochs / estimate));
console.log(JSON.stringify((await time(steps, epochs + 2)).slice(2)));

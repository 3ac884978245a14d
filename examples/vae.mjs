// Trains a variational autoencoder on MNIST, writes pictures of what it makes, and says how probable it finds test images.
// Run: node examples/vae.mjs   (about a minute; writes samples, reconstructions and a walk to runs/vae)
import { mkdir } from 'node:fs/promises';
import { datasets, saveGrid, tensor, VAE } from 'cuda-gan';

const train = await datasets.mnist({ split: 'train' });
const test = await datasets.mnist({ split: 'test' });
const folder = 'runs/vae';
const range = [0, 1]; // what the decoder's sigmoid makes
await mkdir(folder, { recursive: true });

// Pixels are drawn as 0 or 1 anew in every step: what the Bernoulli likelihood is of.
const vae = new VAE({ binarize: true, latentDim: 20, seed: 1 });
await vae.fit(train.images, { epochs: 5, batchSize: 100, validationSplit: 0.1, verbose: 1 });

await saveGrid(`${folder}/samples.png`, await vae.sample(100, { seed: 1 }), { rows: 10, columns: 10, range });

const digits = tensor(test.images.data.slice(0, 10 * 784), [10, 28, 28, 1]);
await saveGrid(`${folder}/reconstructions.png`, await vae.reconstruct(digits), { rows: 1, columns: 10, range });
const walk = await vae.interpolate(digits, { steps: 10, loop: true });
await saveGrid(`${folder}/walk.png`, walk, { rows: 10, columns: 10, range });

const hundred = tensor(test.images.data.slice(0, 100 * 784), [100, 28, 28, 1]);
const { mean, standardError } = await vae.logLikelihood(hundred, { samples: 500, binarizeSeed: 1 });
console.log(`100 test images, binarised once: ln p(x) = ${mean.toFixed(1)} ± ${standardError.toFixed(1)} nats`);

await vae.save(`${folder}/vae.safetensors`);
const again = await VAE.load(`${folder}/vae.safetensors`);
console.log(`Loaded again, it makes images of ${again.imageShape.join(' x ')} from ${again.latentDim} numbers`);

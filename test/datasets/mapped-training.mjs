// Trains for a few steps on images of so many MiB, and prints the memory of the process before and behind that, in MiB:
// its own, and that of files. The images are a mapped file's, or, to compare, an array's.
import { closeSync, ftruncateSync, openSync, readFileSync } from 'node:fs';
import { mapFile } from '../../dist/esm/devices/map-file.js';
import { GAN, layers, Sequential } from '../../dist/esm/index.mjs';

const [path, size, how] = process.argv.slice(2);
const bytes = Number(size) * 2 ** 20;

closeSync(openSync(path, 'w'));
const file = openSync(path, 'r+');
ftruncateSync(file, bytes);
closeSync(file);

/** Of /proc/self/status, in MiB. */
function memory(field) {
  const [, kibibytes] = new RegExp(`^${field}:\\s*(\\d+) kB`, 'm').exec(readFileSync('/proc/self/status', 'utf8'));
  return Number(kibibytes) / 1024;
}

const imageShape = [32, 32, 1];
const gan = new GAN({
  device: 'cpu',
  seed: 1,
  generator: new Sequential({
    layers: [
      layers.dense({ units: 1024, activation: 'tanh', inputShape: [4] }),
      layers.reshape({ targetShape: imageShape }),
    ],
  }),
  discriminator: new Sequential({ layers: [layers.flatten({ inputShape: imageShape }), layers.dense({ units: 1 })] }),
});

process.on('warning', () => undefined);
const before = { own: memory('RssAnon'), files: memory('RssFile') };
const data = how === 'mapped' ? await mapFile(path) : new Uint8Array(bytes).fill(1);
const images = { shape: [bytes / 1024, ...imageShape], data };
const { steps } = await gan.train(images, { steps: 20, batchSize: 8 });
console.log(JSON.stringify({ steps, own: memory('RssAnon') - before.own, files: memory('RssFile') - before.files }));

// Imports the installed package and trains 20 steps.
import assert from 'node:assert/strict';
import * as cudaGan from 'cuda-gan';
import { images, stepFigures } from './steps.cjs';

const gan = new cudaGan.GAN({ latentDim: 16, seed: 1 });
stepFigures(await gan.train(images(), { steps: 20, batchSize: 16 }));
const drawn = await gan.generate(4);
assert.deepEqual(drawn.shape, [4, 28, 28, 1]);
await cudaGan.saveGrid('grid.png', drawn, { rows: 2, columns: 2 });
const { createRequire } = await import('node:module');
assert.equal(createRequire(import.meta.url)('cuda-gan').GAN, cudaGan.GAN, 'both module systems share one copy');
console.log(`import on Node.js ${process.version}: ${gan.device.description}`);

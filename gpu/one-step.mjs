// Three steps of a net of benchmarks/nets.mjs, for tools that take a step apart. Usage: one-step.mjs <net> <batch> <precision>
import { createDevice } from 'cuda-gan';
import { ganOf, nets } from '../benchmarks/nets.mjs';

const [net, batch, precision] = process.argv.slice(2);
const { imageShape } = nets[net];
const size = imageShape.reduce((product, dimension) => product * dimension, 256);
const images = { shape: [256, ...imageShape], data: Uint8Array.from({ length: size }, (_, i) => (i * 7919) % 256) };
const gan = ganOf(net, { device: createDevice('cuda', { precision }) });
await gan.train(images, { steps: 3, batchSize: Number(batch), sampleInterval: 3 });

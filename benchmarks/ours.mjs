// Times the article's step. Usage: ours.mjs <batch> <threads> <seconds> [cpu|cuda] [precision] [net]; prints the
// milliseconds per step of each of several runs, as JSON. `threads` 0 means all cores, the net is one of nets.mjs.
import { createDevice } from 'cuda-gan';
import { ganOf, nets } from './nets.mjs';

const [batch, threads, seconds] = process.argv.slice(2, 5).map(Number);
const [name = 'cpu', precision = 'float32', net = 'mlp'] = process.argv.slice(5);
const onGpu = name.startsWith('cuda');
// Short ones on the cpu, of which some are not disturbed.
const runs = onGpu ? 5 : net === 'mlp' ? 15 : 3;
const { imageShape } = nets[net];
const size = imageShape.reduce((product, dimension) => product * dimension, 1);
const pixels = Uint8Array.from({ length: 2048 * size }, (_, i) => (i * 7919) % 256);
const images = { shape: [2048, ...imageShape], data: pixels };
const gan = ganOf(net, { device: createDevice(name, { threads: threads || undefined, precision }) });

/** How much of a run is set-up: on a GPU its graphs are made, and more and more steps are asked for at a time. */
const setUp = onGpu ? 0.25 : 0;

/** Milliseconds per step of a run of `steps`, its set-up left out: progress tells when the steps began. */
async function time(steps) {
  let first;
  let last;
  await gan.train(images, {
    steps,
    batchSize: batch,
    sampleInterval: steps,
    onProgress: ({ step }) => {
      last = { step, at: performance.now() };
      if (step >= setUp * steps) first ??= last;
    },
  });
  return (last.at - first.at) / (last.step - first.step);
}

// A run begins with short calls, which on a fast device cost more than the steps in them: the estimate needs long runs too.
let estimate = await time(net === 'mlp' ? Math.ceil(2048 / batch) + 8 : 4);
const stepsOfARun = () => Math.max(net === 'mlp' ? 8 : 4, Math.ceil((1000 * seconds) / runs / estimate));
for (let warmUp = 0; warmUp < 2; warmUp++) estimate = await time(stepsOfARun());
const steps = stepsOfARun();
const stepMs = [];
for (let run = 0; run < runs; run++) stepMs.push(await time(steps));
console.log(JSON.stringify(stepMs));

// A GAN with networks, optimizers and data of one's own: 12x12 colour pictures of discs. Ctrl-C ends it early, as does
// the clock after 20 seconds; either way the run is saved.
// Run: node examples/custom-gan.mjs   (writes runs/discs)
import { GAN, layers, optimizers, Sequential, tensor } from 'cuda-gan';

const [count, side] = [2000, 12];

/** Discs of one colour on black; -1 is dark and 1 is bright. */
function discs() {
  const data = new Float32Array(count * side * side * 3).fill(-1);
  for (let i = 0; i < count; i++) {
    const [centreX, centreY] = [4 + 4 * Math.random(), 4 + 4 * Math.random()];
    const radius = 2 + 1.5 * Math.random();
    const bright = i % 3;
    for (let pixel = 0; pixel < side * side; pixel++) {
      const distance = Math.hypot((pixel % side) - centreX, Math.floor(pixel / side) - centreY);
      if (distance <= radius) data[3 * (i * side * side + pixel) + bright] = 1;
    }
  }
  return tensor(data, [count, side, side, 3]);
}

const generator = new Sequential({
  name: 'generator',
  layers: [
    layers.dense({ units: 128, activation: 'elu', inputShape: [16] }),
    layers.batchNormalization({ momentum: 0.8 }),
    layers.dense({ units: side * side * 3, activation: 'tanh' }),
    layers.reshape({ targetShape: [side, side, 3] }),
  ],
});
const discriminator = new Sequential({
  name: 'discriminator',
  layers: [
    layers.gaussianNoise({ stddev: 0.1, inputShape: [side, side, 3] }),
    layers.flatten(),
    layers.dense({ units: 128 }),
    layers.leakyReLU({ negativeSlope: 0.2 }),
    layers.dense({ units: 1, activation: 'sigmoid' }),
  ],
});
const generatorOptimizer = optimizers.adam({ learningRate: 0.0005, beta1: 0.5 });
const discriminatorOptimizer = optimizers.adam({ learningRate: 0.0005, beta1: 0.5 });
const gan = new GAN({ generator, discriminator, generatorOptimizer, discriminatorOptimizer });

const interruption = new AbortController();
process.once('SIGINT', () => interruption.abort());
const history = await gan.train(discs(), {
  steps: 10000,
  batchSize: 64,
  sampleInterval: 1000,
  pretrainSteps: 50,
  outDir: 'runs/discs',
  overwrite: true, // without it, a folder that holds a run is refused
  signal: AbortSignal.any([interruption.signal, AbortSignal.timeout(20_000)]),
  onProgress: ({ step, steps, stepsPerSecond }) =>
    process.stdout.write(`\rstep ${step + 1} of ${steps}, ${Math.round(stepsPerSecond)} steps/s `),
});
console.log(`\n${history.aborted ? 'Stopped' : 'Done'} after ${history.steps} steps; see runs/discs/images`);

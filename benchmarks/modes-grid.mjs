// Trains a GAN on the grid of 25 Gaussians and counts the modes that it found, by the protocol of PacGAN (Lin et al. 2018):
// 100000 points, 2500 samples. Prints { modes, highQuality, steps, seconds } as JSON. One thread: nets this small gain
// nothing by more. Usage: node modes-grid.mjs <preset> <seed> [steps]
import { datasets, GAN, initializers, layers, Sequential } from 'cuda-gan';

const [preset, seed, steps = 40000] = process.argv.slice(2);
const batchSize = 256;

/** Eight hidden layers: the deeper, the steeper are the ways from one mode to the next, and the fewer samples lie on them. */
function net({ inputs, outputs, seed }) {
  const hidden = Array.from({ length: 8 }, (_, i) => [
    layers.dense({ units: 128, kernelInitializer: initializers.heNormal(), ...(i === 0 && { inputShape: [inputs] }) }),
    layers.leakyReLU({ negativeSlope: 0.2 }),
  ]);
  return new Sequential({ layers: [...hidden.flat(), layers.dense({ units: outputs })], seed });
}

const falling = {
  name: 'adam',
  beta1: 0,
  beta2: 0.99,
  learningRate: { name: 'cosineDecay', initialLearningRate: 0.001, decaySteps: Number(steps) },
};
/** What a preset leaves to the data: for points 2 apart and 0.05 wide, less of R1 and R2, and a rate that falls to 0. */
const settings = {
  r3gan: {
    regularizers: [
      { name: 'r1', gamma: 0.02 },
      { name: 'r2', gamma: 0.02 },
    ],
    generatorOptimizer: falling,
    discriminatorOptimizer: falling,
  },
};

const grid = datasets.gaussianGrid();
const gan = new GAN({
  preset,
  ...settings[preset],
  generator: net({ inputs: 2, outputs: 2, seed: Number(seed) }),
  discriminator: net({ inputs: 2, outputs: 1, seed: Number(seed) + 1000 }),
  seed: Number(seed),
  device: 'cpu',
  threads: 1,
});
const start = performance.now();
await gan.train(grid.points, { steps: Number(steps), batchSize, sampleInterval: Number(steps) });
const seconds = Math.round((performance.now() - start) / 1000);
const { modes, highQuality } = datasets.modeCoverage(await gan.generate(2500, { seed: 1 }), grid);
console.log(JSON.stringify({ modes, highQuality, steps: Number(steps), seconds }));

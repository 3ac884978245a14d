// Trains the article's GAN on MNIST for 4000 steps of its 30000, enough to see digits, and draws 25 of them.
// Run: node examples/train-gan.mjs   (less than a minute; writes runs/train-gan)
import { datasets, GAN, saveGrid } from 'cuda-gan';

const outDir = 'runs/train-gan';
const { images } = await datasets.mnist();

// The networks, the loss and Adam(0.0002, beta1 0.5) are the article's; every one of them is an option.
const gan = new GAN({ seed: 1 });
console.log(`${gan.device.name}: ${gan.device.description}`);

const history = await gan.train(images, {
  steps: 4000,
  batchSize: 32,
  sampleInterval: 500,
  outDir,
  overwrite: true, // without it, a folder that holds a run is refused
  onSample: ({ step, dLoss, dAccuracy, gLoss }) => {
    const accuracy = (100 * dAccuracy).toFixed(1);
    console.log(`${step} [D loss ${dLoss.toFixed(4)}, accuracy ${accuracy} %] [G loss ${gLoss.toFixed(4)}]`);
  },
});
console.log(`${history.steps} steps, ${((1000 * history.seconds) / history.steps).toFixed(2)} ms each`);

// `seed` says which noise: the same number gives the same 25 images.
await saveGrid(`${outDir}/grid.png`, await gan.generate(25, { seed: 7 }));
console.log(`Pictures of the course, curves, both models and grid.png are in ${outDir}`);
gan.dispose();

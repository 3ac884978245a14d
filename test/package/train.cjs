// Requires the installed package and trains 20 steps.
const { GAN } = require('cuda-gan');
const { images, stepFigures } = require('./steps.cjs');

const gan = new GAN({ latentDim: 16, seed: 1 });
gan.train(images(), { steps: 20, batchSize: 16 }).then((history) => {
  stepFigures(history);
  console.log(`require on Node.js ${process.version}: ${gan.device.description}`);
});

// Runs under jest as it comes, without any setting: in its sandbox, and within the 5 s that it gives a test.
const { GAN, saveGrid } = require('cuda-gan');
const { images } = require('./steps.cjs');

test('draws images with weights of the usual size', async () => {
  const drawn = await new GAN({ latentDim: 100, seed: 1 }).generate(25);
  expect(drawn.shape).toEqual([25, 28, 28, 1]);
  await saveGrid('jest.png', drawn);
});

test('trains the networks of the usual size for 3 steps', async () => {
  const history = await new GAN({ latentDim: 100, seed: 1 }).train(images(), { steps: 3, outDir: 'jest' });
  expect(history.steps).toBe(3);
});

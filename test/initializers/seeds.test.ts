// Seeds of initializers in models: which weights begin equal, and that saved models keep them.
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { initializers, layers, Sequential, tensor } from '../../lib/index';
import { scratchFolder } from '../gan/scratch';

const folder = scratchFolder();

/** A network of 4 inputs whose initializers all have seeds; that of the model is `seed`. */
const seeded = (seed?: number) =>
  new Sequential({
    seed,
    layers: [
      layers.dense({
        units: 4,
        activation: 'tanh',
        kernelInitializer: initializers.lecunNormal({ seed: 11 }),
        biasInitializer: initializers.randomUniform({ seed: 12 }),
        inputShape: [4],
      }),
      layers.dropout({ rate: 0.25 }),
      layers.dense({ units: 4, kernelInitializer: initializers.lecunNormal({ seed: 11 }) }),
      layers.dense({ units: 1, kernelInitializer: initializers.orthogonal({ seed: 13 }) }),
    ],
  });

const weightsOf = async (model: Sequential) => (await model.getWeights()).map(({ data }) => data);

test('models whose initializers have seeds begin with the same weights, whatever seeds they have themselves', async () => {
  expect(await weightsOf(seeded(1))).toEqual(await weightsOf(seeded(2)));
  expect(await weightsOf(seeded())).toEqual(await weightsOf(seeded()));
});

test('two layers whose initializers have the same seed begin with the same weights, as in Keras', async () => {
  const [first, , second] = await weightsOf(seeded());
  expect(second).toEqual(first);
});

test('a training with all seeds given is equal to the bit', async () => {
  const x = tensor(
    Float32Array.from({ length: 64 }, (_, i) => Math.sin(i)),
    [16, 4],
  );
  const y = tensor(
    Float32Array.from({ length: 16 }, (_, i) => Math.cos(i)),
    [16, 1],
  );
  const train = async () => {
    const model = seeded(5);
    model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    const { history } = await model.fit(x, y, { epochs: 3, batchSize: 4 });
    return { history, weights: await weightsOf(model) };
  };
  expect(await train()).toEqual(await train());
});

test('a saved model keeps the seeds', async () => {
  const path = join(folder, 'seeded.safetensors');
  const model = seeded(5);
  const initial = await weightsOf(model);
  await model.setWeights(
    (await model.getWeights()).map(({ data, shape }) =>
      tensor(
        data.map((x) => x + 1),
        shape,
      ),
    ),
  );
  await model.save(path);
  const loaded = await Sequential.load(path);
  expect(loaded.getConfig()).toEqual(model.getConfig());
  expect(await weightsOf(Sequential.fromConfig(loaded.getConfig()))).toEqual(initial);
});

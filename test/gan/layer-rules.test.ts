// Regularizers and constraints of a player's layers in the training of a GAN: what they add to its loss and do to its weights.
import { describe, expect, test } from '@jest/globals';
import {
  constraints,
  GAN,
  type GanOptions,
  layerRegularizers,
  layers,
  ops,
  Sequential,
  type TrainOptions,
  type Value,
} from '../../lib/index';
import { copiesAtCheckpoints } from '../support/checkpoint-copies';
import { mismatches, u } from '../support/keras';
import { scratchFolder } from './scratch';
import { imageShape, latentDim, smallImages, weightsOf } from './small-gan';

type Rules = Readonly<Record<string, unknown>>;

const images = smallImages();
const still = { name: 'sgd', learningRate: 1e-30 } as const;

/** Two dense layers each, of which the first has the rules that are given. */
function newGan({
  generator = {},
  discriminator = {},
  ...options
}: { generator?: Rules; discriminator?: Rules } & Omit<GanOptions, 'generator' | 'discriminator'> = {}): GAN {
  const sgd = { name: 'sgd', learningRate: 0.5 } as const;
  return new GAN({
    generator: new Sequential({
      layers: [
        layers.dense({ units: 6, activation: 'tanh', inputShape: [latentDim], ...generator }),
        layers.dense({ units: 16, activation: 'tanh' }),
        layers.reshape({ targetShape: imageShape }),
      ],
      seed: 1,
    }),
    discriminator: new Sequential({
      layers: [
        layers.flatten({ inputShape: imageShape }),
        layers.dense({ units: 5, activation: 'tanh', ...discriminator }),
        layers.dense({ units: 1, activation: 'sigmoid' }),
      ],
      seed: 2,
    }),
    generatorOptimizer: sgd,
    discriminatorOptimizer: sgd,
    device: 'reference',
    seed: 3,
    ...options,
  });
}

const train = (gan: GAN, options: TrainOptions = {}) => gan.train(images, { steps: 1, batchSize: 8, ...options });
const kernelsOf = async (gan: GAN) => {
  const { generator, discriminator } = await weightsOf(gan);
  return { generator: generator[0]!, discriminator: discriminator[0]! };
};
const sumOfSquares = (weight: Float32Array) => weight.reduce((sum, value) => sum + value * value, 0);
/** Figures and weights are rounded to float32 a few times on their way here. */
const rounding = (value: number) => 8 * u * (1 + Math.abs(value));

describe('a regularizer of weights', () => {
  const factor = 0.25;
  const kernelRegularizer = layerRegularizers.l2({ l2: factor });

  test.each(['joint', 'halves'] as const)('shows as a figure in the updates %s, beside the loss', async (updates) => {
    const options = { updates, generatorOptimizer: still, discriminatorOptimizer: still };
    const gan = newGan({ generator: { kernelRegularizer }, discriminator: { kernelRegularizer }, ...options });
    const kernels = await kernelsOf(gan);
    const { figures } = await train(gan);
    const [d, g] = [factor * sumOfSquares(kernels.discriminator), factor * sumOfSquares(kernels.generator)];
    expect(mismatches([...figures.get('dLayerPenalty')!], [d], rounding)).toEqual([]);
    expect(mismatches([...figures.get('gLayerPenalty')!], [g], rounding)).toEqual([]);
    const { dLoss, gLoss } = await train(newGan(options));
    expect([figures.get('dLoss'), figures.get('gLoss')]).toEqual([dLoss, gLoss]);
  });

  test.each(['generator', 'discriminator'] as const)('moves the %s by its slope, and only that', async (player) => {
    const other = player === 'generator' ? 'discriminator' : 'generator';
    const options = { updates: 'joint', [`${other}Optimizer`]: still } as const;
    const [plain, regularized] = [newGan(options), newGan({ [player]: { kernelRegularizer }, ...options })];
    const start = (await kernelsOf(plain))[player];
    await train(plain);
    await train(regularized);
    const [without, found] = [(await kernelsOf(plain))[player], (await kernelsOf(regularized))[player]];
    const wanted = without.map((value, i) => value - 0.5 * 2 * factor * start[i]!);
    expect(mismatches(found, wanted, rounding)).toEqual([]);
    const flat = async (gan: GAN) => (await weightsOf(gan))[other].flatMap((weight) => [...weight]);
    expect(mismatches(await flat(regularized), await flat(plain), () => 1e-28)).toEqual([]);
  });

  test('is added in both halves of the discriminator, as to two batches', async () => {
    const learningRate = 1e-3;
    const options = { generatorOptimizer: still, discriminatorOptimizer: { name: 'sgd', learningRate } } as const;
    const slope: layerRegularizers.LayerRegularizer = { name: 'slope', config: {}, penalty: (x: Value) => ops.sum(x) };
    const [plain, regularized] = [newGan(options), newGan({ discriminator: { biasRegularizer: slope }, ...options })];
    await train(plain);
    await train(regularized);
    const biasOf = async (gan: GAN) => (await weightsOf(gan)).discriminator[1]!;
    // The slope is 1 in either half. By that much the other gradients of the second half differ, too.
    const wanted = (await biasOf(plain)).map((value) => value - 2 * learningRate);
    expect(mismatches(await biasOf(regularized), wanted, () => 10 * learningRate ** 2)).toEqual([]);
  });
});

describe('a regularizer of activity', () => {
  const activityRegularizer = layerRegularizers.l2({ l2: 10 });

  test("of the discriminator's layers is no matter of the generator", async () => {
    const options = { discriminatorOptimizer: still };
    const [plain, regularized] = [newGan(options), newGan({ discriminator: { activityRegularizer }, ...options })];
    await train(plain);
    const { figures } = await train(regularized);
    expect([...figures.keys()]).toContain('dLayerPenalty');
    expect([...figures.keys()]).not.toContain('gLayerPenalty');
    expect((await weightsOf(regularized)).generator).toEqual((await weightsOf(plain)).generator);
  });

  test.each(['generator', 'discriminator'] as const)('of the %s makes its outputs small', async (player) => {
    const adam = { name: 'adam', learningRate: 0.02 } as const;
    const gan = newGan({
      [player]: { activityRegularizer },
      generatorOptimizer: adam,
      discriminatorOptimizer: adam,
    });
    const { figures } = await train(gan, { steps: 200 });
    const penalties = figures.get(`${player[0]}LayerPenalty`)!;
    expect(penalties.at(-1)! / penalties[0]!).toBeLessThan(0.1);
  });
});

describe('a constraint', () => {
  test('holds after the updates of either player', async () => {
    const gan = newGan({
      generator: { kernelConstraint: constraints.maxNorm({ maxValue: 0.5 }) },
      discriminator: { kernelConstraint: 'nonNeg' },
    });
    await train(gan, { steps: 3 });
    const { generator, discriminator } = await kernelsOf(gan);
    const norms = Array.from({ length: 6 }, (_, unit) =>
      Math.hypot(...Array.from({ length: latentDim }, (_, i) => generator[6 * i + unit]!)),
    );
    expect(Math.max(...norms)).toBeLessThan(0.5 + 4 * u);
    expect(Math.min(...discriminator)).toBe(0);
    expect(Math.max(...discriminator)).toBeGreaterThan(0);
  });
});

describe('a GAN with such layers', () => {
  const rules = {
    generator: { kernelRegularizer: 'l1', kernelConstraint: 'maxNorm' },
    discriminator: { activityRegularizer: 'l2', biasConstraint: 'nonNeg' },
  };

  test('is made again from its config', async () => {
    const first = newGan(rules);
    const again = GAN.fromConfig(JSON.parse(JSON.stringify(first.getConfig())), { device: 'reference' });
    for (const network of ['generator', 'discriminator'] as const) {
      await again[network].setWeights(await first[network].getWeights());
    }
    expect((await train(again, { steps: 3 })).figures).toEqual((await train(first, { steps: 3 })).figures);
    expect(await weightsOf(again)).toEqual(await weightsOf(first));
  });

  test('is resumed to its own bits', async () => {
    const outDir = scratchFolder();
    const gan = newGan({ ...rules, ema: true });
    let figures: Awaited<ReturnType<GAN['train']>>['figures'];
    const copies = await copiesAtCheckpoints(outDir, async () => {
      ({ figures } = await train(gan, { steps: 6, sampleInterval: 4, checkpointInterval: 3, outDir }));
    });
    const { gan: resumed, history } = await GAN.resume(copies.get(3)!, images, { device: 'reference' });
    expect(history.figures).toEqual(figures!);
    expect(await weightsOf(resumed)).toEqual(await weightsOf(gan));
  });
});

test('a GAN without rules of layers has the figures that it had', async () => {
  const { figures } = await train(newGan());
  expect([...figures.keys()]).toEqual(['dLoss', 'dAccuracy', 'gLoss']);
});

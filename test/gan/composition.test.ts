// The parts of a GAN: how they are given, which exclude each other, what is doubtful, and how they come back from a config.
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import {
  augmentations,
  dcganDiscriminator,
  GAN,
  type GanConfig,
  type GanOptions,
  layers,
  objectives,
  ops,
  optimizers,
  regularizers,
  Sequential,
  schedules,
  type Value,
} from '../../lib/index';
import { expectError } from './rejects';
import { imageShape, latentDim, smallGan, smallImages } from './small-gan';

/** A discriminator whose output is a logit. */
const critic = (...between: Parameters<typeof Sequential.prototype.add>[0][]) =>
  new Sequential({
    layers: [
      layers.flatten({ inputShape: imageShape }),
      layers.dense({ units: 5 }),
      ...between,
      layers.dense({ units: 1 }),
    ],
  });

const device = 'reference';
const options = { steps: 2, batchSize: 4 };
const gan = (given: GanOptions = {}) => smallGan({ device, ...given });
/** What callers without types may give. */
const untyped = (given: object) => gan(given as GanOptions);

const warned = () => jest.mocked(process.emitWarning).mock.calls.map(([message]) => message);
beforeEach(() => {
  jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
});
afterEach(() => {
  jest.restoreAllMocks();
});

describe('a part', () => {
  const part = ({ objective, regularizers, augment }: GanConfig) => ({ objective, regularizers, augment });

  test('by name has its defaults', () => {
    const { objective, ...others } = part(
      gan({ objective: 'leastSquares', regularizers: ['r1'], augment: 'instanceNoise' }).getConfig(),
    );
    expect(objective).toEqual({ name: 'leastSquares' });
    expect(others).toEqual({
      regularizers: [{ name: 'r1', gamma: 10 }],
      augment: [{ name: 'instanceNoise', stddev: 0.1 }],
    });
  });

  test('as plain data, as made by its function and by name is the same', () => {
    const plain = gan({
      objective: { name: 'nonSaturating', labelSmoothing: 0.1 },
      regularizers: [
        { name: 'r1', gamma: 2, interval: 4 },
        { name: 'weightClipping', limit: 0.5 },
      ],
      augment: [
        { name: 'diffAugment', policy: ['color'] },
        { name: 'instanceNoise', stddev: 0.5, decaySteps: 9 },
      ],
    });
    const made = gan({
      objective: objectives.nonSaturating({ labelSmoothing: 0.1 }),
      regularizers: [regularizers.r1({ gamma: 2, interval: 4 }), regularizers.weightClipping({ limit: 0.5 })],
      augment: [
        augmentations.diffAugment({ policy: ['color'] }),
        augmentations.instanceNoise({ stddev: 0.5, decaySteps: 9 }),
      ],
    });
    expect(part(plain.getConfig())).toEqual(part(made.getConfig()));
  });

  test("of one's own is an object with a name and functions", async () => {
    const calls = new Set<string>();
    const note = (call: string, value: Value) => {
      calls.add(call);
      return value;
    };
    class Own {
      readonly name = 'absolute';
      real = (real: Value) => note('real', ops.mean(ops.abs(ops.affine(real, 1, -1))));
      fake = (fake: Value) => note('fake', ops.mean(ops.abs(fake)));
      generator = (fake: Value) => note('generator', ops.mean(ops.abs(ops.affine(fake, 1, -1))));
    }
    const own = gan({
      discriminator: critic(),
      objective: new Own(),
      regularizers: [
        { name: 'small', needs: 'fake', penalty: ({ fake }) => note('penalty', ops.mean(ops.square(fake!.logits))) },
        { name: 'half', constrain: (weight) => note('constrain', ops.affine(weight, 0.5)) },
      ],
      augment: { name: 'mirror', apply: (images) => note('apply', ops.negate(images)) },
    });
    const { figures } = await own.train(smallImages(), options);
    expect([...calls].sort()).toEqual(['apply', 'constrain', 'fake', 'generator', 'penalty', 'real']);
    expect([...figures.keys()].sort()).toEqual(['dAccuracy', 'dLoss', 'gLoss', 'small']);
  });

  test.each<[string, object, string]>([
    [
      'an unknown objective',
      { objective: 'logistic' },
      'unknown objective "logistic"; allowed are nonSaturating, minimax, leastSquares, hinge, wasserstein, relativisticPaired, relativisticAverage',
    ],
    [
      'an unknown regularizer',
      { regularizers: ['r3'] },
      'unknown regularizer "r3"; allowed are gradientPenalty, r1, r2, weightClipping',
    ],
    [
      'an unknown augmentation',
      { augment: { name: 'ada' } },
      'unknown augmentation "ada"; allowed are diffAugment, instanceNoise',
    ],
    [
      'an option that a part does not have',
      { regularizers: [{ name: 'r1', weight: 3 }] },
      'regularizers.r1: unknown option "weight"; allowed are gamma, interval',
    ],
    [
      'a number for an objective',
      { objective: 7 },
      'objective is 7; allowed are nonSaturating, minimax, leastSquares, hinge, wasserstein, relativisticPaired, relativisticAverage, and objects',
    ],
    ...['step', 'dLoss', 'dReal', 'gClassLoss', '__proto__', 'toString'].map((name): [string, object, string] => [
      `a regularizer that is called ${name}`,
      { regularizers: [{ name, constrain: (weight: Value) => weight }] },
      `a regularizer is called "${name}", as another figure of a step; give it another name`,
    ]),
    [
      'an objective of another kind that is called as a built-in one',
      { objective: { ...objectives.wasserstein(), name: 'hinge' } },
      'the objective "hinge" is your own, but is called as one of the package; give it another name',
    ],
    [
      'a copy of a regularizer with another function',
      { regularizers: [{ ...regularizers.r1(), penalty: ops.mean }] },
      'the regularizer "r1" is your own, but is called as one of the package; give it another name',
    ],
    [
      'an augmentation that is called as a built-in one',
      { augment: { name: 'instanceNoise', apply: (images: Value) => images } },
      'the augmentation "instanceNoise" is your own, but is called as one of the package; give it another name',
    ],
    [
      'a schedule that is called as a built-in one',
      { generatorOptimizer: { name: 'adam', learningRate: { name: 'constant', rate: (updates: Value) => updates } } },
      'the schedule "constant" is your own, but is called as one of the package; give it another name',
    ],
    [
      'one regularizer that is no list',
      { regularizers: 'r1' },
      'regularizers is "r1"; allowed are arrays of at most 100 parts',
    ],
    [
      'an objective without one of its functions',
      { objective: { name: 'own', real: ops.mean, generator: ops.mean } },
      'the objective "own" has the functions real, generator; wanted are real, fake, generator; or discriminator, generator',
    ],
    [
      'a regularizer with a function of another name',
      { regularizers: [{ name: 'own', add: ops.mean }] },
      'the regularizer "own" has the functions add; wanted are penalty; or constrain',
    ],
    [
      'an augmentation without a name',
      { augment: { apply: ops.negate } },
      'the name of the augmentation is undefined; allowed are texts that are not empty',
    ],
    [
      'a threshold that is no number',
      { objective: { ...objectives.hinge(), name: 'own', threshold: '0' } },
      'threshold of the objective own is "0"; allowed are finite numbers',
    ],
    [
      'a regularizer of no images',
      { regularizers: [{ ...regularizers.r1(), name: 'own', needs: 'none' }] },
      'unknown needs of the regularizer own: "none"; allowed are real, fake, both',
    ],
    [
      'an interval of 0',
      { regularizers: [{ ...regularizers.r1(), name: 'own', interval: 0 }] },
      'interval of the regularizer own is 0; allowed are whole numbers from 1 on',
    ],
    [
      'the same regularizer twice',
      { regularizers: ['r1', { name: 'r1', gamma: 1 }] },
      'regularizers has r1 twice; give it once',
    ],
    [
      'the same augmentation twice',
      { augment: ['instanceNoise', 'instanceNoise'] },
      'augment has instanceNoise twice; give it once',
    ],
  ])('%s is refused', async (_, given, message) => {
    await expectError(() => untyped(given), 'CUDA_GAN_VALUE', message);
  });

  test.each<[string, () => unknown, string]>([
    [
      'half a label',
      () => objectives.nonSaturating({ labelSmoothing: 0.5 }),
      'labelSmoothing is 0.5; allowed are numbers from 0 to below 0.5',
    ],
    [
      'less than no label',
      () => objectives.leastSquares({ labelSmoothing: -1 }),
      'labelSmoothing is -1; allowed are numbers from 0 to below 0.5',
    ],
    [
      'an option of hinge',
      () => objectives.hinge({ margin: 1 } as never),
      'objectives.hinge: unknown option "margin"; there are none',
    ],
    [
      'an option of wasserstein',
      () => objectives.wasserstein({ clip: 1 } as never),
      'objectives.wasserstein: unknown option "clip"; there are none',
    ],
    [
      'a weight of 0',
      () => regularizers.gradientPenalty({ weight: 0 }),
      'weight is 0; allowed are finite numbers above 0',
    ],
    [
      'a target below 0',
      () => regularizers.gradientPenalty({ target: -1 }),
      'target is -1; allowed are finite numbers from 0 on',
    ],
    ['gamma NaN', () => regularizers.r2({ gamma: Number.NaN }), 'gamma is NaN; allowed are finite numbers above 0'],
    [
      'an interval of 1.5',
      () => regularizers.r1({ interval: 1.5 }),
      'interval is 1.5; allowed are whole numbers from 1 on',
    ],
    ['a limit of 0', () => regularizers.weightClipping({ limit: 0 }), 'limit is 0; allowed are finite numbers above 0'],
    ['no noise', () => augmentations.instanceNoise({ stddev: 0 }), 'stddev is 0; allowed are finite numbers above 0'],
    [
      'a decay of no steps',
      () => augmentations.instanceNoise({ decaySteps: 0 }),
      'decaySteps is 0; allowed are whole numbers from 1 on',
    ],
    [
      'no policy',
      () => augmentations.diffAugment({ policy: [] }),
      'policy is []; allowed are arrays of color, translation, cutout',
    ],
    [
      'an unknown policy',
      () => augmentations.diffAugment({ policy: ['flip'] as never }),
      'policy is ["flip"]; allowed are arrays of color, translation, cutout',
    ],
  ])('%s is refused', async (_, make, message) => {
    await expectError(make, 'CUDA_GAN_VALUE', message);
  });

  const apply = (images: Value) => images;
  const mean = (logits: Value) => ops.mean(logits);
  test.each<[string, object, 'CUDA_GAN_VALUE' | 'CUDA_GAN_SHAPE', string]>([
    [
      'a loss that is a number',
      { objective: { name: 'own', real: () => 1, fake: mean, generator: mean } },
      'CUDA_GAN_VALUE',
      'real of the objective own returned 1; wanted is a scalar',
    ],
    [
      'a loss for each image',
      { objective: { name: 'own', real: mean, fake: apply, generator: mean } },
      'CUDA_GAN_SHAPE',
      'fake of the objective own returned a Value of [2, 1]; wanted is a scalar',
    ],
    [
      "a generator's loss for each image",
      { objective: { name: 'own', discriminator: mean, generator: apply } },
      'CUDA_GAN_SHAPE',
      'generator of the objective own returned a Value of [4, 1]; wanted is a scalar',
    ],
    [
      'a penalty that is none',
      { regularizers: [{ name: 'own', needs: 'real', penalty: () => undefined }] },
      'CUDA_GAN_VALUE',
      'penalty of the regularizer own returned undefined; wanted is a scalar',
    ],
    [
      'a weight of another shape',
      { regularizers: [{ name: 'own', constrain: mean }] },
      'CUDA_GAN_SHAPE',
      'constrain of the regularizer own returned a Value of []; wanted is a Value of [16, 8]',
    ],
    [
      'images of another shape',
      { augment: { name: 'own', apply: mean } },
      'CUDA_GAN_SHAPE',
      'apply of the augmentation own returned a Value of []; wanted is a Value of [2, 4, 4, 1]',
    ],
    [
      'an image in a list',
      { augment: { name: 'own', apply: (images: Value) => [images] } },
      'CUDA_GAN_VALUE',
      'apply of the augmentation own returned [an object]; wanted is a Value of [2, 4, 4, 1]',
    ],
    [
      'colour of what has none',
      { augment: 'diffAugment', generator: vectorGenerator(), discriminator: vectorDiscriminator() },
      'CUDA_GAN_VALUE',
      'what diffAugment is applied to is [4]; allowed are images of [height, width, channels]',
    ],
  ])('that returns %s is refused when training begins', async (_, given, code, message) => {
    const own = untyped(given);
    const images = { shape: [6, ...own.imageShape], data: new Uint8Array(6 * own.imageShape.reduce((a, b) => a * b)) };
    await expectError(() => own.train(images, options), code, message);
  });
});

function vectorGenerator() {
  return new Sequential({ layers: [layers.dense({ units: 4, inputShape: [latentDim], activation: 'tanh' })] });
}

function vectorDiscriminator() {
  return new Sequential({ layers: [layers.dense({ units: 1, inputShape: [4], activation: 'sigmoid' })] });
}

describe('updates', () => {
  test('are halves, unless a part needs real and generated images at once', () => {
    const updatesOf = (given: GanOptions) => gan({ discriminator: critic(), ...given }).getConfig().updates;
    expect(updatesOf({})).toBe('halves');
    expect(updatesOf({ regularizers: ['r1', 'r2', 'weightClipping'] })).toBe('halves');
    expect(updatesOf({ updates: 'joint' })).toBe('joint');
    expect(updatesOf({ objective: 'relativisticPaired' })).toBe('joint');
    expect(updatesOf({ regularizers: ['gradientPenalty'] })).toBe('joint');
    expect(updatesOf({ regularizers: [{ name: 'own', penalty: ({ real }) => ops.mean(real!.logits) }] })).toBe('joint');
  });

  test.each<[GanOptions, string]>([
    [{ objective: 'relativisticAverage' }, 'the objective relativisticAverage compares real with generated images'],
    [{ regularizers: ['gradientPenalty'] }, 'the regularizer gradientPenalty needs real and generated images at once'],
  ])('are not halves with %j', async (given, reason) => {
    const message = `updates is "halves", but ${reason}: it must be "joint"`;
    await expectError(() => gan({ ...given, updates: 'halves' }), 'CUDA_GAN_VALUE', message);
  });

  test('take an odd batch where both halves are whole batches', async () => {
    const history = await gan({ updates: 'joint' }).train(smallImages(), { steps: 1, batchSize: 3 });
    expect(history.steps).toBe(1);
  });
});

describe('options of a composition', () => {
  test.each<[object, string]>([
    [{ updates: 'both' }, 'unknown updates "both"; allowed are halves, joint'],
    [{ discriminatorSteps: 0 }, 'discriminatorSteps is 0; allowed are whole numbers from 1 to 100'],
    [{ discriminatorSteps: 101 }, 'discriminatorSteps is 101; allowed are whole numbers from 1 to 100'],
    [{ discriminatorSteps: null }, 'new GAN: discriminatorSteps is null; give it a value, or leave it out'],
    [{ classWeight: -1 }, 'classWeight is -1; allowed are finite numbers from 0 on'],
    [{ ema: 3 }, 'ema is 3; allowed are true, false and objects of options'],
    [{ ema: { halfLife: 0 } }, 'halfLife is 0; allowed are finite numbers above 0'],
    [{ ema: { rampUp: -1 } }, 'rampUp is -1; allowed are finite numbers above 0'],
    [{ ema: { decay: 0.9 } }, 'ema: unknown option "decay"; allowed are halfLife, rampUp'],
    [
      { regularizers: ['weightClipping', 'gradientPenalty'] },
      'the regularizers weightClipping and gradientPenalty exclude each other: weights that are clipped cannot reach the slope that the penalty wants; leave one out',
    ],
    [
      { generator: undefined, classes: 3 },
      'classes is 3, but the networks know no classes; give conditioning (concatenation, projection, auxiliaryClassifier), or leave classes out',
    ],
    ...Object.entries({ networks: 'mlp', conditioning: 'projection', classes: 3 }).map(
      ([name, value]): [object, string] => [
        { [name]: value },
        `${name} is for networks that are made here, and both are given; leave it out`,
      ],
    ),
    [
      { classWeight: 2 },
      "classWeight is 2, but the discriminator tells no classes; conditioning 'auxiliaryClassifier' makes one that does",
    ],
    [{ generatorOptimizer: 'lion' }, 'unknown optimizer "lion"; allowed are adagrad, adam, adamW, nadam, rmsprop, sgd'],
    [
      { discriminatorOptimizer: { name: 'adam', rate: 1 } },
      'optimizers.adam: unknown option "rate"; allowed are beta1, beta2, epsilon, amsgrad, learningRate, weightDecay, clipNorm, clipValue, globalClipNorm',
    ],
  ])('%j is refused', async (given, message) => {
    await expectError(() => untyped(given), 'CUDA_GAN_VALUE', message);
  });
});

describe('the average of the generator', () => {
  const contents = (weights: readonly { data: Float32Array }[]) => weights.map(({ data }) => data);
  const trained = async (ema: GanOptions['ema'], steps: number) => {
    const one = gan({ ema });
    await one.train(smallImages(), { steps, batchSize: 8 });
    const average = contents(await one.averagedGenerator!.getWeights());
    return { one, average, generator: contents(await one.generator.getWeights()) };
  };

  test('is the generator itself after the first step, and where its half-life is next to nothing', async () => {
    for (const [ema, steps] of [
      [true, 1],
      [{ halfLife: 1e-6 }, 4],
    ] as const) {
      const { average, generator } = await trained(ema, steps);
      expect(average).toEqual(generator);
    }
  });

  test('follows it slowly where that is long', async () => {
    const { average, generator } = await trained({ halfLife: 1e6, rampUp: 1 }, 6);
    expect(average[0]).not.toEqual(generator[0]);
  });

  test('is what generate uses', async () => {
    const { one } = await trained({ halfLife: 1e6, rampUp: 1 }, 6);
    const before = await one.generate(2, { seed: 1 });
    await one.averagedGenerator!.setWeights(await one.generator.getWeights());
    expect(await one.generate(2, { seed: 1 })).not.toEqual(before);
    expect(gan().averagedGenerator).toBeUndefined();
  });

  test('is not used before it has followed a generator that brings weights of its own', async () => {
    const { one: teacher } = await trained(true, 3);
    const [plain, averaged] = [gan(), gan({ ema: true })];
    for (const one of [plain, averaged]) await one.generator.setWeights(await teacher.generator.getWeights());
    expect(await averaged.generate(2, { seed: 1 })).toEqual(await plain.generate(2, { seed: 1 }));
  });
});

describe('networks by name', () => {
  const made = (given: object) => new GAN({ imageShape: [8, 8, 1], latentDim: 3, device, ...(given as GanOptions) });

  test('are those of their functions, at any width', () => {
    const narrow = made({ networks: { name: 'cnn', width: 1 / 64 } });
    expect(narrow.generator.namedWeights[0]![1].shape).toEqual([3, 2 * 2 * 2]);
    expect(made({ networks: 'mlp' }).generator.namedWeights[0]![1].shape).toEqual([3, 256]);
  });

  test('take further options of each', () => {
    const networks = {
      name: 'dcgan',
      width: 1 / 32,
      generator: { normalization: 'none' },
      discriminator: { normalization: 'spectral' },
    };
    const { generator, discriminator } = made({ networks, imageShape: [28, 28, 1] });
    expect(generator.layers.map(({ className }) => className)).not.toContain('BatchNormalization');
    expect(discriminator.layers.map(({ className }) => className)).toContain('SpectralNormalization');
  });

  test('end in a sigmoid where the logit is one of a probability, and in the logit else', () => {
    const last = (objective: GanOptions['objective']) =>
      made({ networks: 'mlp', objective }).discriminator.layers.at(-1)!.getConfig().activation;
    expect([last('nonSaturating'), last('minimax')]).toEqual(['sigmoid', 'sigmoid']);
    expect([last('hinge'), last('leastSquares'), last('relativisticPaired')]).toEqual(['linear', 'linear', 'linear']);
    expect(warned()).toEqual([]);
  });

  test.each<[object, string]>([
    [{ networks: 'unet' }, 'unknown networks "unet"; allowed are mlp, cnn, dcgan'],
    [{ networks: 3 }, 'networks is 3; allowed are mlp, cnn, dcgan, and objects with name and options'],
    [
      { networks: { name: 'mlp', depth: 3 } },
      'networks: unknown option "depth"; allowed are name, width, generator, discriminator',
    ],
    [{ networks: { name: 'mlp', width: 0 } }, 'width is 0; allowed are finite numbers above 0'],
    [
      { networks: { name: 'mlp', generator: { normalization: 'none' } } },
      'mlpGenerator: unknown option "normalization"; allowed are imageShape, latentDim, width, conditioning, classes, seed',
    ],
    [
      { conditioning: 'film' },
      'unknown conditioning "film"; allowed are concatenation, projection, auxiliaryClassifier',
    ],
    [{ conditioning: 'projection', classes: 0 }, 'classes is 0; allowed are whole numbers from 1 on'],
  ])('%j is refused', async (given, message) => {
    await expectError(() => made(given), 'CUDA_GAN_VALUE', message);
  });

  test('and so are arrays of holes in place of parts', async () => {
    const given = (length: number) => ({ regularizers: new Array(length) });
    await expectError(
      () => made(given(3)),
      'CUDA_GAN_VALUE',
      /^regularizer is undefined; allowed are gradientPenalty, /,
    );
    await expectError(() => made(given(2 ** 27)), 'CUDA_GAN_VALUE', /; allowed are arrays of at most 100 parts$/);
  });

  test('and so is a normalisation that there is not', async () => {
    const given = { normalization: 'layer' } as never;
    const message = 'unknown normalization "layer"; allowed are batch, spectral, none, dropout';
    await expectError(() => dcganDiscriminator(given), 'CUDA_GAN_VALUE', message);
  });
});

describe('it warns of', () => {
  test.each<[string, GanOptions, string[]]>([
    [
      'a sigmoid under an objective whose logits are no probabilities',
      { objective: 'hinge' },
      [
        'the discriminator ends in a sigmoid, but the objective hinge trains the logit before it: what the discriminator predicts is no probability; leave the sigmoid out',
      ],
    ],
    [
      'a last activation that makes no logit',
      {
        discriminator: new Sequential({
          layers: [layers.flatten({ inputShape: imageShape }), layers.dense({ units: 1, activation: 'tanh' })],
        }),
      },
      [
        'the discriminator ends in tanh, and what comes out of that is trained as a logit, which may be any number: end in sigmoid, or in no activation',
      ],
    ],
    [
      'a gradient penalty over batch normalisation',
      {
        discriminator: critic(layers.batchNormalization({ name: 'norm' })),
        objective: 'wasserstein',
        regularizers: ['gradientPenalty'],
      },
      [
        'the regularizer gradientPenalty is about the gradient of each image, but the layer "norm" of the discriminator makes what it says of an image depend on the others of the batch: take another normalization',
      ],
    ],
    [
      'R1 over batch normalisation within a model within the discriminator',
      {
        discriminator: critic(
          new Sequential({ layers: [layers.dense({ units: 4 }), layers.batchNormalization({ name: 'inner' })] }),
        ),
        regularizers: ['r1'],
      },
      [
        'the regularizer r1 is about the gradient of each image, but the layer "inner" of the discriminator makes what it says of an image depend on the others of the batch: take another normalization',
      ],
    ],
    [
      'a critic without bounds',
      { discriminator: critic(), objective: 'wasserstein' },
      [
        'the objective wasserstein has no end unless the slope of the discriminator is bounded: add the regularizer gradientPenalty or weightClipping, or spectral normalisation',
      ],
    ],
  ])('%s', (_, given, messages) => {
    gan(given);
    expect(warned()).toEqual(messages);
  });

  test.each<[string, GanOptions]>([
    ['the default', {}],
    ['label smoothing', { objective: { name: 'nonSaturating', labelSmoothing: 0.1 } }],
    ['hinge on logits', { discriminator: critic(), objective: 'hinge' }],
    [
      'a clipped critic with batch normalisation',
      {
        discriminator: critic(layers.batchNormalization()),
        objective: 'wasserstein',
        regularizers: ['weightClipping'],
      },
    ],
    [
      'a critic with spectral normalisation',
      {
        discriminator: critic(layers.spectralNormalization({ layer: layers.dense({ units: 5 }) })),
        objective: 'wasserstein',
      },
    ],
  ])('nothing with %s', (_, given) => {
    gan(given);
    expect(warned()).toEqual([]);
  });
});

describe('getConfig and fromConfig', () => {
  const composed = () =>
    new GAN({
      networks: { name: 'mlp', width: 1 / 64 },
      conditioning: 'auxiliaryClassifier',
      classes: 3,
      imageShape: [4, 4, 1],
      latentDim: 5,
      objective: { name: 'nonSaturating', labelSmoothing: 0.1 },
      regularizers: [{ name: 'r1', gamma: 0.5, interval: 2 }],
      augment: [{ name: 'instanceNoise', stddev: 0.2, decaySteps: 50 }],
      updates: 'joint',
      discriminatorSteps: 2,
      ema: { halfLife: 100, rampUp: 0.1 },
      classWeight: 0.5,
      generatorOptimizer: optimizers.adam({
        learningRate: schedules.cosineDecay({ initialLearningRate: 0.01, decaySteps: 9 }),
      }),
      discriminatorOptimizer: { name: 'adamW', learningRate: 0.01, amsgrad: true, globalClipNorm: 1 },
      seed: 3,
      device,
    });
  const images = () => ({ ...smallImages(), name: 'digits' });
  const labels = { shape: [12], data: Int32Array.from({ length: 12 }, (_, i) => i % 3) };

  test('make the same GAN again, also by way of JSON', async () => {
    const config = composed().getConfig();
    const again = GAN.fromConfig(JSON.parse(JSON.stringify(config)), { device });
    expect(again.getConfig()).toEqual(config);
    expect(again.classes).toBe(3);
  });

  test('it trains to the same bits from the same weights', async () => {
    const first = composed();
    const second = GAN.fromConfig(first.getConfig(), { device });
    for (const network of ['generator', 'discriminator'] as const) {
      await second[network].setWeights(await first[network].getWeights());
    }
    const figures = async (one: GAN) => (await one.train({ images: images(), labels }, options)).figures;
    expect(await figures(second)).toEqual(await figures(first));
  });

  test("parts of one's own are given again, and missed where they are not", async () => {
    const own = { name: 'own', needs: 'real' as const, penalty: () => ops.fill(undefined as never, [], 0) };
    const config = gan({ regularizers: [own] }).getConfig();
    expect(config.regularizers).toEqual([{ name: 'own' }]);
    const message = 'unknown regularizer "own"; allowed are gradientPenalty, r1, r2, weightClipping';
    await expectError(() => GAN.fromConfig(config, { device }), 'CUDA_GAN_VALUE', message);
    expect(GAN.fromConfig(config, { device, regularizers: [own] }).getConfig()).toEqual(config);
  });

  test.each<[string, object, string]>([
    [
      'another objective',
      { objective: 'hinge' },
      'objective is {"name":"hinge"}, but the GAN was made with {"name":"nonSaturating"}: give only parts of your own, under their names',
    ],
    [
      'other options',
      { regularizers: [{ name: 'r1', gamma: 2 }] },
      'regularizers is {"name":"r1","gamma":2}, but the GAN was made with {"name":"r1","gamma":1}: give only parts of your own, under their names',
    ],
    [
      'one more',
      { augment: ['diffAugment'] },
      'augment is {"name":"diffAugment","policy":["color","translation","cutout"]}, but the GAN was made with none: give only parts of your own, under their names',
    ],
  ])('%s than the config names is refused', async (_, parts, message) => {
    const config = gan({ regularizers: [{ name: 'r1', gamma: 1 }] }).getConfig();
    await expectError(() => GAN.fromConfig(config, { device, ...parts }), 'CUDA_GAN_VALUE', message);
  });

  test('what is no config is refused', async () => {
    for (const config of [null, {}, { ...gan().getConfig(), generator: 'mlp' }]) {
      const start = /^(the generator of )?config is .*; allowed are .*getConfig/;
      await expectError(() => GAN.fromConfig(config as never), 'CUDA_GAN_VALUE', start);
    }
    const unknown = { ...gan().getConfig(), colour: 'red' };
    await expectError(() => GAN.fromConfig(unknown as never), 'CUDA_GAN_VALUE', /^new GAN: unknown option "colour"/);
    const option = { optimizer: 'adam' } as never;
    const message = /^GAN.fromConfig: unknown option "optimizer"/;
    await expectError(() => GAN.fromConfig(gan().getConfig(), option), 'CUDA_GAN_VALUE', message);
  });
});

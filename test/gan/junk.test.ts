// Whatever a GAN is given, what comes out is a result or an error with a code.
import { afterAll, beforeAll, jest, test } from '@jest/globals';
import fc from 'fast-check';
import {
  augmentations,
  GAN,
  type GanOptions,
  type GenerateOptions,
  objectives,
  optimizers,
  type ResumeOptions,
  regularizers,
  schedules,
  type TrainOptions,
} from '../../lib/index';
import { junk as anything, onlyCodedErrors } from '../support/junk';
import { scratchFolder } from './scratch';
import { smallDiscriminator, smallGan, smallGenerator, smallImages } from './small-gan';

// Junk data is not in the right range; hundreds of warnings would only hide others.
beforeAll(() => {
  jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
});
afterAll(() => {
  jest.restoreAllMocks();
});

/** Sizes between these are right, and would take more time and memory than a test has. */
const junk = anything.filter((value) => !(typeof value === 'number' && value > 64 && value < 2 ** 31));

/** Networks that take no time, and know classes. */
const narrow = {
  networks: { name: 'mlp', width: 1 / 64 },
  imageShape: [4, 4, 1],
  latentDim: 4,
  classes: 3,
  device: 'cpu',
} as const satisfies GanOptions;

/** Options of which one or all are junk. */
function junkOptions(names: readonly string[]): fc.Arbitrary<unknown> {
  const one = fc.tuple(fc.constantFrom(...names, 'other'), junk).map(([name, value]) => ({ [name]: value }));
  return fc.oneof(junk, one, fc.record(Object.fromEntries(names.map((name) => [name, junk])), { requiredKeys: [] }));
}

const ganNames = ['latentDim', 'imageShape', 'generator', 'discriminator', 'generatorOptimizer'];
const otherGanNames = ['discriminatorOptimizer', 'seed', 'device', 'threads', 'precision'];
const partNames = ['objective', 'regularizers', 'augment', 'updates', 'discriminatorSteps', 'ema', 'classWeight'];
const networkNames = ['preset', 'networks', 'conditioning', 'classes'];
const trainNames = [
  'steps',
  'epochs',
  'batchSize',
  'sampleInterval',
  'overwrite',
  'pretrainSteps',
  'heldOut',
  'metricsInterval',
  'metricsCount',
  'metricsNetwork',
  'signal',
  'checkpointInterval',
];
const callbackNames = ['onProgress', 'onSample', 'onBalance', 'callbacks'];

test('new GAN', async () => {
  await fc.assert(
    fc.asyncProperty(junkOptions([...ganNames, ...otherGanNames, ...partNames, ...networkNames]), async (options) => {
      await onlyCodedErrors(() => new GAN(options as GanOptions));
      const own = { generator: smallGenerator(1), discriminator: smallDiscriminator(1), device: 'cpu' as const };
      const mixed = typeof options === 'object' ? { ...own, ...options } : options;
      await onlyCodedErrors(() => new GAN(mixed as GanOptions));
    }),
  );
});

test('train: options', async () => {
  const gan = smallGan();
  const images = smallImages();
  await fc.assert(
    fc.asyncProperty(junkOptions([...trainNames, ...callbackNames]), async (options) => {
      await onlyCodedErrors(() => gan.train(images, stopped(options) as TrainOptions));
    }),
  );
});

test('train: images', async () => {
  const gan = smallGan();
  const outDir = `${scratchFolder()}/run`;
  const near = fc.record({ ...smallImagesOr(junk), name: junk }, { requiredKeys: ['shape', 'data'] });
  await fc.assert(
    fc.asyncProperty(fc.oneof(junk, near), async (images) => {
      const given = images as ReturnType<typeof smallImages>;
      await onlyCodedErrors(() => gan.train(given, { steps: 1, batchSize: 2, outDir, overwrite: true }));
    }),
  );
});

test('outDir', async () => {
  const gan = smallGan();
  await fc.assert(
    fc.asyncProperty(
      junk.filter((path) => typeof path !== 'string'),
      async (outDir) => {
        await onlyCodedErrors(() => gan.train(smallImages(), { steps: 1, batchSize: 2, outDir: outDir as string }));
      },
    ),
  );
});

test('generate', async () => {
  const gan = smallGan();
  const conditional = new GAN({ ...narrow, conditioning: 'concatenation' });
  const names = ['seed', 'noise', 'truncation', 'labels', 'class'];
  await fc.assert(
    fc.asyncProperty(junk, junkOptions(names), async (count, options) => {
      await onlyCodedErrors(() => gan.generate(count as number));
      await onlyCodedErrors(() => gan.generate(1, options as GenerateOptions));
      await onlyCodedErrors(() => conditional.generate(2, options as GenerateOptions));
    }),
  );
});

test('images with classes', async () => {
  const gan = new GAN({ ...narrow, conditioning: 'auxiliaryClassifier' });
  const near = fc.record({ images: fc.oneof(fc.constant(smallImages()), junk), labels: junk }, { requiredKeys: [] });
  await fc.assert(
    fc.asyncProperty(fc.oneof(junk, near), async (given) => {
      const images = given as ReturnType<typeof smallImages>;
      await onlyCodedErrors(() => gan.train(images, { steps: 1, batchSize: 2 }));
      await onlyCodedErrors(() => gan.classify(images));
    }),
  );
});

test('parts and schedules', async () => {
  const makers = Object.values({ ...objectives, ...regularizers, ...augmentations, ...schedules });
  const names = ['labelSmoothing', 'weight', 'gamma', 'interval', 'limit', 'stddev', 'decaySteps', 'policy'];
  const rateNames = ['initialLearningRate', 'warmupSteps', 'endLearningRate', 'alpha'];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...makers), junkOptions([...names, ...rateNames]), async (make, options) => {
      await onlyCodedErrors(() => (make as (options: unknown) => unknown)(options));
      await onlyCodedErrors(() => optimizers.sgd({ learningRate: options as number }));
    }),
    { numRuns: 300 },
  );
});

test('fromConfig', async () => {
  const config = smallGan().getConfig();
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...Object.keys(config)), junk, async (name, value) => {
      await onlyCodedErrors(() => GAN.fromConfig(value as typeof config));
      await onlyCodedErrors(() => GAN.fromConfig({ ...config, [name]: value }, { device: 'cpu' }));
      await onlyCodedErrors(() => GAN.fromConfig(config, value as { device: 'cpu' }));
    }),
  );
});

test('load', async () => {
  const folder = scratchFolder();
  await smallGan().train(smallImages(), { steps: 1, batchSize: 2, outDir: folder });
  await fc.assert(
    fc.asyncProperty(junk, junkOptions([...otherGanNames, 'latentDim', 'best']), async (path, options) => {
      await onlyCodedErrors(() => GAN.load(path as string));
      await onlyCodedErrors(() => GAN.load(folder, options as GanOptions));
    }),
    { numRuns: 50 },
  );
});

test('resume', async () => {
  const folder = scratchFolder();
  await smallGan().train(smallImages(), { steps: 1, batchSize: 2, outDir: folder });
  const options = junkOptions([
    ...callbackNames,
    'steps',
    'metricsNetwork',
    'signal',
    'device',
    'threads',
    'precision',
  ]);
  await fc.assert(
    fc.asyncProperty(junk, junk, options, async (path, images, given) => {
      await onlyCodedErrors(() => GAN.resume(path as string, smallImages()));
      await onlyCodedErrors(() => GAN.resume(folder, images as ReturnType<typeof smallImages>));
      await onlyCodedErrors(() => GAN.resume(folder, smallImages(), stopped(given) as ResumeOptions));
    }),
    { numRuns: 50 },
  );
});

test('dispose', async () => {
  await fc.assert(
    fc.asyncProperty(junk, async (argument) => {
      const gan = smallGan();
      await onlyCodedErrors(() => (gan.dispose as (argument: unknown) => void).call(gan, argument));
    }),
  );
});

/** The options with a signal that ends a run at once, where they are options without one. */
function stopped(options: unknown): unknown {
  if (options !== undefined && Object.prototype.toString.call(options) !== '[object Object]') return options;
  const given = options as TrainOptions | undefined;
  return { ...given, signal: given?.signal ?? AbortSignal.abort() };
}

/** Near-images: each part is right or junk. */
function smallImagesOr(other: fc.Arbitrary<unknown>) {
  const { shape, data } = smallImages();
  return { shape: fc.oneof(fc.constant(shape), other), data: fc.oneof(fc.constant(data), other) };
}

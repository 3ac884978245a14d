// GANs that know classes: their networks and data, images of chosen classes, and classes of images.
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  type Conditioning,
  GAN,
  type GanOptions,
  type GenerateOptions,
  input,
  layers,
  type Model,
  model,
  type Prediction,
  type Tensor,
  tensor,
} from '../../lib/index';
import { expectError } from './rejects';
import { imageShape, latentDim, smallDiscriminator, smallGan, smallGenerator, smallImages } from './small-gan';

const classes = 3;

function conditionalGan(conditioning: Conditioning, options: GanOptions = {}): GAN {
  const networks = { name: 'mlp' as const, width: 1 / 64 };
  return new GAN({ networks, conditioning, classes, latentDim, imageShape, seed: 1, device: 'cpu', ...options });
}

const images = smallImages();
const labels = tensor(Int32Array.from({ length: 12 }, (_, i) => i % classes));
const options = { steps: 2, batchSize: 4 };

describe.each(['concatenation', 'projection', 'auxiliaryClassifier'] as const)('%s', (conditioning) => {
  test.each(['halves', 'joint'] as const)('trains by %s, and all that trains moves', async (updates) => {
    const gan = conditionalGan(conditioning, { updates });
    const contents = () =>
      Promise.all([gan.generator, gan.discriminator].flatMap(({ weights }) => weights.map((w) => w.read(gan.device))));
    const before = await contents();
    const { figures } = await gan.train({ images, labels }, { steps: 8, batchSize: 6 });
    const classFigures = conditioning === 'auxiliaryClassifier' ? ['dClassAccuracy', 'dClassLoss', 'gClassLoss'] : [];
    expect([...figures.keys()].sort()).toEqual(['dAccuracy', ...classFigures, 'dLoss', 'gLoss'].sort());
    expect([...figures.values()].flatMap((values) => [...values]).every(Number.isFinite)).toBe(true);
    (await contents()).forEach((content, i) => {
      expect(content).not.toEqual(before[i]);
    });
    gan.dispose();
  });
});

describe('images of chosen classes', () => {
  let gan: GAN;
  beforeAll(() => {
    gan = conditionalGan('concatenation');
  });
  const noise = tensor(
    Float32Array.from({ length: 6 * latentDim }, (_, i) => Math.sin(i)),
    [6, latentDim],
  );
  const made = async (given: GenerateOptions) => (await gan.generate(6, given)).data;

  test('by labels, as a list, an Int32Array or a tensor', async () => {
    const wanted = [2, 2, 0, 1, 0, 1];
    const found = await made({ noise, labels: wanted });
    expect(await made({ noise, labels: Int32Array.from(wanted) })).toEqual(found);
    expect(await made({ noise, labels: tensor(Int32Array.from(wanted)) })).toEqual(found);
    expect(await made({ noise, labels: [0, 2, 0, 1, 0, 1] })).not.toEqual(found);
  });

  test('by one class for all', async () => {
    expect(await made({ seed: 4, class: 2 })).toEqual(await made({ seed: 4, labels: [2, 2, 2, 2, 2, 2] }));
  });

  test('in turn, where none is chosen', async () => {
    expect(await made({ seed: 4 })).toEqual(await made({ seed: 4, labels: [0, 1, 2, 0, 1, 2] }));
  });

  test('each depends on its own label alone', async () => {
    const [some, others] = [
      await made({ noise, labels: [0, 1, 2, 0, 1, 2] }),
      await made({ noise, labels: [0, 2, 2, 0, 1, 2] }),
    ];
    const size = imageShape.reduce((a, b) => a * b);
    const changed = [...some.keys()].filter((i) => some[i] !== others[i]).map((i) => Math.floor(i / size));
    expect([...new Set(changed)]).toEqual([1]);
  });

  test.each<[object, string]>([
    [{ labels: [0, 1, 2, 3, 0, 0] }, 'labels[3] is 3; allowed are whole numbers from 0 to 2'],
    [{ labels: [0, 1, 2, -1, 0, 0] }, 'labels[3] is -1; allowed are whole numbers from 0 to 2'],
    [{ labels: [0, 1, 2, 0.5, 0, 0] }, 'labels[3] is 0.5; allowed are whole numbers from 0 to 2'],
    [{ labels: 'all' }, 'labels is "all"; allowed are arrays of numbers'],
    [{ labels: null }, 'gan.generate: labels is null; give it a value, or leave it out'],
    [{ class: 3 }, 'class is 3; allowed are whole numbers from 0 to 2'],
    [{ class: '1' }, 'class is "1"; allowed are whole numbers from 0 to 2'],
    [{ class: 1, labels: [0, 1, 2, 0, 1, 2] }, 'labels and class are both given; give one of them'],
    [{ truncation: 0.001 }, 'truncation is 0.001; allowed are numbers from 0.01 on'],
    [{ truncation: '1' }, 'truncation is "1"; allowed are numbers from 0.01 on'],
    [{ noise, seed: 1 }, 'gan.generate: noise and seed are both given; noise leaves no choice'],
    [{ noise, truncation: 1 }, 'gan.generate: noise and truncation are both given; noise leaves no choice'],
  ])('%j is refused', async (given, message) => {
    await expectError(() => made(given as GenerateOptions), 'CUDA_GAN_VALUE', message);
  });

  test('labels and noise for another number of images are refused', async () => {
    const few = 'labels has 2 numbers, but 6 images are asked for';
    await expectError(() => made({ labels: [0, 1] }), 'CUDA_GAN_SHAPE', few);
    await expectError(() => gan.generate(5, { noise }), 'CUDA_GAN_SHAPE', 'noise has 6 rows, but 5 are wanted');
    const short = tensor(new Float32Array(12), [6, 2]);
    await expectError(() => made({ noise: short }), 'CUDA_GAN_SHAPE', 'noise has shape [6, 2]; wanted is [n, 4]');
  });

  test('classes of a generator that knows none are refused', async () => {
    const plain = smallGan();
    const reason = 'is given, but the generator knows no classes: it has no input for them';
    await expectError(() => plain.generate(1, { class: 0 }), 'CUDA_GAN_VALUE', `gan.generate: class ${reason}`);
    await expectError(() => plain.generate(1, { labels: [0] }), 'CUDA_GAN_VALUE', `gan.generate: labels ${reason}`);
  });
});

describe('noise', () => {
  const gan = smallGan({ device: 'cpu' });

  test('that is given makes the images that the same numbers make as random noise', async () => {
    const drawn = await gan.noise(3, { seed: 5 });
    expect(await gan.generate(3, { noise: drawn })).toEqual(await gan.generate(3, { seed: 5 }));
  });

  test('that is truncated stays within the limit, and is the same for the same seed', async () => {
    const { data } = await gan.noise(500, { seed: 5, truncation: 0.7 });
    expect(data.every((number) => Math.abs(number) <= 0.7)).toBe(true);
    // As evenly as a normal distribution is near its middle: a quarter beyond half the limit would be far too few.
    expect(data.filter((number) => Math.abs(number) > 0.35).length).toBeGreaterThan(data.length / 4);
    expect((await gan.noise(500, { seed: 5, truncation: 0.7 })).data).toEqual(data);
    expect((await gan.noise(500, { seed: 6, truncation: 0.7 })).data).not.toEqual(data);
  });
});

describe('classes of images', () => {
  test('are those that the discriminator is surest of', async () => {
    const gan = conditionalGan('auxiliaryClassifier');
    const [, scores] = Object.values(
      (await (gan.discriminator as Model).predict(images)) as unknown as Record<string, Tensor>,
    );
    const surest = Array.from({ length: 12 }, (_, row) => {
      const [a, b, c] = scores!.data.subarray(3 * row, 3 * row + 3);
      return a! >= b! && a! >= c! ? 0 : b! >= c! ? 1 : 2;
    });
    const found = await gan.classify(images);
    expect(found).toEqual({ shape: [12], data: Int32Array.from(surest) });
  });

  test('are told right after some training, where images show them', async () => {
    // Rows of pixels that are bright by class.
    const data = Uint8Array.from({ length: 12 * 16 }, (_, i) =>
      Math.floor(i / 4) % 4 === Math.floor(i / 16) % 3 ? 255 : 0,
    );
    const bright = tensor(data, [12, 4, 4, 1]);
    const gan = conditionalGan('auxiliaryClassifier', {
      discriminatorOptimizer: { name: 'adam', learningRate: 0.02, beta1: 0.5 },
    });
    const history = await gan.train({ images: bright, labels }, { steps: 300, batchSize: 12 });
    expect([...(await gan.classify(bright)).data]).toEqual([...labels.data]);
    expect(history.figures.get('dClassAccuracy')!.at(-1)).toBe(1);
    expect(await gan.accuracy({ images: bright, labels })).toBe(1);
    const others = tensor(
      Int32Array.from(labels.data, (label, i) => (i < 3 ? (label + 1) % 3 : label)),
      [12],
    );
    expect(await gan.accuracy({ images: bright, labels: others })).toBe(9 / 12);
    await expectError(
      () => gan.accuracy({ images: bright, labels: tensor(new Int32Array(5)) }),
      'CUDA_GAN_SHAPE',
      /labels has shape \[5\]; wanted is \[12\], one per image/,
    );
  });

  test('are not told by another discriminator', async () => {
    await expectError(
      () => smallGan().classify(images),
      'CUDA_GAN_STATE',
      "the discriminator tells no classes: it needs a second output for them, as conditioning 'auxiliaryClassifier' gives it",
    );
  });

  test('of what are no images are not told', async () => {
    const gan = conditionalGan('auxiliaryClassifier');
    await expectError(() => gan.classify(undefined as never), 'CUDA_GAN_DATA', /is not a tensor/);
    const small = tensor(new Uint8Array(9), [1, 3, 3, 1]);
    await expectError(
      () => gan.classify(small),
      'CUDA_GAN_SHAPE',
      /has shape \[1, 3, 3, 1\]; wanted is \[n, 4, 4, 1\]/,
    );
  });
});

describe('training data of networks that know classes', () => {
  const gan = conditionalGan('projection');
  const train = (given: unknown) => () => gan.train(given as Parameters<GAN['train']>[0], options);

  test('are images with labels', async () => {
    expect((await gan.train({ images, labels: tensor(Float32Array.from(labels.data)) }, options)).steps).toBe(2);
    const without =
      'the networks know 3 classes, but images come without labels: data sets have both, { images, labels }';
    for (const given of [images, { images }]) await expectError(train(given), 'CUDA_GAN_DATA', without);
  });

  test.each<[string, Tensor, 'CUDA_GAN_SHAPE' | 'CUDA_GAN_DATA', string]>([
    [
      'too few labels',
      tensor(Int32Array.of(0, 1)),
      'CUDA_GAN_SHAPE',
      'labels has shape [2]; wanted is [12], one per image',
    ],
    [
      'one-hot labels',
      tensor(new Int32Array(36), [12, 3]),
      'CUDA_GAN_SHAPE',
      'labels has shape [12, 3]; wanted is [12], one per image',
    ],
    [
      'a label beyond the classes',
      tensor(new Int32Array(12).fill(3, 7)),
      'CUDA_GAN_DATA',
      'labels contains 3 at index 7; the networks know the classes 0 to 2',
    ],
    [
      'half a label',
      tensor(new Float32Array(12).fill(0.5, 2, 3)),
      'CUDA_GAN_DATA',
      'labels contains 0.5 at index 2; the networks know the classes 0 to 2',
    ],
  ])('%s are refused', async (_, wrong, code, message) => {
    await expectError(train({ images, labels: wrong }), code, message);
  });

  test('labels that are no tensor are refused', async () => {
    const message = 'labels is not a tensor; make one by tensor(data, shape)';
    await expectError(train({ images, labels: [0, 1] }), 'CUDA_GAN_DATA', message);
  });

  test('networks that know none leave labels aside', async () => {
    const figures = async (data: Parameters<GAN['train']>[0]) => (await smallGan().train(data, options)).figures;
    expect(await figures({ images, labels })).toEqual(await figures(images));
  });
});

describe('networks that know classes fit each other', () => {
  const label = (shape: number[] = []) => input({ shape, dtype: 'int32', name: 'label' });
  const embedded = (of: ReturnType<typeof label>, outputDim: number) =>
    layers.flatten().apply(layers.embedding({ inputDim: 3, outputDim }).apply(of));

  function generator(labelShape?: number[]): Model<Prediction> {
    const [noise, of] = [input({ shape: [latentDim] }), label(labelShape)];
    const image = layers.dense({ units: 16 }).apply(layers.concatenate().apply([noise, embedded(of, 2)]));
    const outputs = layers.reshape({ targetShape: imageShape }).apply(image);
    return model({ inputs: [noise, of], outputs });
  }

  function discriminator(labelShape?: number[]): Model<Prediction> {
    const [image, of] = [input({ shape: imageShape }), label(labelShape)];
    const both = layers.concatenate().apply([layers.flatten().apply(image), embedded(of, 2)]);
    const outputs = layers.dense({ units: 1, activation: 'sigmoid' }).apply(both);
    return model({ inputs: [image, of], outputs });
  }

  function classifier(shape = [3]): Model<Prediction> {
    const image = input({ shape: imageShape });
    const features = layers.flatten().apply(image);
    const told = layers.dense({ units: shape.reduce((a, b) => a * b) }).apply(features);
    const outputs = [layers.dense({ units: 1 }).apply(features), layers.reshape({ targetShape: shape }).apply(told)];
    return model({ inputs: image, outputs }) as unknown as Model<Prediction>;
  }

  test('a label may have the shape [] or [1]', async () => {
    for (const shape of [[], [1]]) {
      const gan = new GAN({ generator: generator(shape), discriminator: discriminator(shape), device: 'cpu' });
      expect(gan.classes).toBe(3);
      expect((await gan.train({ images, labels }, options)).steps).toBe(2);
    }
  });

  test.each<[string, () => GanOptions, string]>([
    [
      'the generator alone knows them',
      () => ({ generator: generator(), discriminator: smallDiscriminator() }),
      'the generator is given class labels, but the discriminator knows of none: it needs them for a second input, or to tell the class as a second output',
    ],
    [
      'the discriminator alone is given them',
      () => ({ generator: smallGenerator(), discriminator: discriminator() }),
      'the discriminator is given class labels, but the generator is not: it needs them for a second input',
    ],
    [
      'the discriminator tells them to nobody',
      () => ({ generator: smallGenerator(), discriminator: classifier() }),
      'the discriminator tells classes, but the generator is not given any: it needs class labels for a second input',
    ],
    [
      'a label is a vector',
      () => ({ generator: generator([2]), discriminator: classifier() }),
      "the generator's second input has samples of [2]; wanted is [] or [1], the class",
    ],
    [
      'classes are a matrix',
      () => ({ generator: generator(), discriminator: classifier([3, 1]) }),
      "the discriminator's second output is [3, 1]; wanted is [classes], the probability of each",
    ],
  ])('not where %s', async (_, given, message) => {
    await expectError(() => new GAN(given()), 'CUDA_GAN_SHAPE', message);
  });
});

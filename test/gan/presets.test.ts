// The presets: networks that fit each other for every size, and train.
import { describe, expect, test } from '@jest/globals';
import type { Device } from '../../lib/devices/device';
import { presets } from '../../lib/gan/presets';
import {
  createDevice,
  dcganDiscriminator,
  dcganGenerator,
  GAN,
  type NetworksName,
  type NetworksSpec,
  type PresetName,
  type Shape,
  tensor,
} from '../../lib/index';
import { cudaDevices, noteMissingGpu } from '../support/devices';
import { error } from '../support/errors';

const sizes: readonly (readonly [PresetName, Shape])[] = [
  ['mlp', [28, 28, 1]],
  ['cnn', [28, 28, 1]],
  ['cnn', [8, 12, 3]],
  ['dcgan', [28, 28, 1]],
  ['dcgan', [32, 32, 3]],
  ['dcgan', [64, 64, 3]],
];

test.each(sizes)('%s makes and judges images of %j', (preset, imageShape) => {
  const gan = new GAN({ preset, imageShape, latentDim: 7, seed: 1, device: 'reference' });
  expect(gan.generator.inputShape).toEqual([7]);
  expect(gan.generator.outputShape).toEqual(imageShape);
  expect(gan.discriminator.outputShape).toEqual([1]);
});

test("the DCGAN for 64 by 64 has Radford's transposed convolutions, at half the channels, and their mirror", () => {
  const layersOf = (model: { layers: readonly { className: string; outputShape: Shape }[] }, className: string) =>
    model.layers.filter((layer) => layer.className === className).map(({ outputShape }) => outputShape);
  const options = { imageShape: [64, 64, 3], seed: 1 };
  expect(layersOf(dcganGenerator(options), 'Conv2DTranspose')).toEqual([
    [8, 8, 256],
    [16, 16, 128],
    [32, 32, 64],
    [64, 64, 3],
  ]);
  expect(layersOf(dcganDiscriminator(options), 'Conv2D')).toEqual([
    [32, 32, 64],
    [16, 16, 128],
    [8, 8, 256],
    [4, 4, 512],
  ]);
});

const trained: readonly (readonly [NetworksName, Shape])[] = [
  ['mlp', [4, 4, 1]],
  ['cnn', [8, 8, 2]],
  ['dcgan', [28, 28, 1]],
  ['dcgan', [32, 32, 1]],
];

test.each(trained)(
  '%s trains on images of %j: losses are finite and all that trains moves',
  async (preset, imageShape) => {
    const networks = { name: preset, width: 1 / 8 };
    const gan = new GAN({ preset, networks, imageShape, latentDim: 5, seed: 2, device: 'cpu' });
    const data = Uint8Array.from({ length: 6 * imageShape.reduce((a, b) => a * b) }, (_, i) => (i * 7919) % 256);
    const contents = () =>
      Promise.all([gan.generator, gan.discriminator].flatMap((model) => model.weights.map((w) => w.read(gan.device))));
    const before = await contents();
    const history = await gan.train({ shape: [6, ...imageShape], data }, { steps: 3, batchSize: 4 });
    expect(history.steps).toBe(3);
    expect([...history.dLoss, ...history.gLoss].every(Number.isFinite)).toBe(true);
    (await contents()).forEach((content, i) => {
      expect(content).not.toEqual(before[i]);
    });
  },
);

/** The smallest images that the networks of a preset are for. */
function smallestImages(networks: NetworksSpec): Shape {
  const name = typeof networks === 'string' ? networks : networks.name;
  return { mlp: [4, 4, 1], cnn: [8, 8, 2], dcgan: [28, 28, 1] }[name];
}

/** How much of a preset a device takes in little time. */
interface Reduced {
  /** Of the networks. */
  readonly width: number;
  readonly mostDiscriminatorSteps: number;
}

function reducedGan(preset: PresetName, device: Device, { width, mostDiscriminatorSteps }: Reduced): GAN {
  const { networks, discriminatorSteps = 1 } = presets[preset];
  return new GAN({
    preset,
    networks: { ...(typeof networks === 'string' ? { name: networks } : networks), width },
    discriminatorSteps: Math.min(discriminatorSteps, mostDiscriminatorSteps),
    imageShape: smallestImages(networks),
    latentDim: 5,
    ...('conditioning' in presets[preset] && { classes: 3 }),
    seed: 2,
    device,
  });
}

/** Six images, with classes. */
function dataFor({ imageShape }: GAN) {
  const size = imageShape.reduce((a, b) => a * b);
  const data = Uint8Array.from({ length: 6 * size }, (_, i) => (i * 7919) % 256);
  return { images: tensor(data, [6, ...imageShape]), labels: tensor(Int32Array.of(0, 1, 2, 2, 1, 0)) };
}

noteMissingGpu();

const little = { steps: 5, batchSize: 2, width: 0.02, mostDiscriminatorSteps: 2 };

describe.each([
  { label: 'cpu', device: createDevice('cpu'), steps: 200, batchSize: 4, width: 0.06, mostDiscriminatorSteps: 5 },
  { label: 'reference', device: createDevice('reference'), ...little },
  ...cudaDevices().map((tested) => ({ ...tested, ...little })),
])(
  '$steps steps on $label move both networks, and leave finite numbers',
  ({ device, steps, batchSize, ...reduced }) => {
    test.each(Object.keys(presets) as PresetName[])('%s', async (preset) => {
      const gan = reducedGan(preset, device, reduced);
      const contents = () =>
        Promise.all(
          [gan.generator, gan.discriminator].map(async (model) => (await model.getWeights()).map(({ data }) => data)),
        );
      const before = await contents();
      const history = await gan.train(dataFor(gan), { steps, batchSize });
      expect(history.steps).toBe(steps);
      const after = await contents();
      after.forEach((weights, i) => {
        expect(weights).not.toEqual(before[i]);
      });
      const numbers = [...history.figures.values(), ...after.flat(), (await gan.generate(3)).data];
      expect(numbers.every((list) => list.every(Number.isFinite))).toBe(true);
      gan.dispose();
    });
  },
);

describe('images that a preset has no networks for are refused, with those that there are', () => {
  test.each<[PresetName, Shape, string]>([
    ['dcgan', [20, 20, 1], 'dcgan has no networks for images of [20, 20, 1]; there are some for [28, 28, channels]'],
    ['dcgan', [28, 32, 1], 'dcgan has no networks for images of [28, 32, 1]'],
    ['dcgan', [28], 'dcgan has no networks for images of [28]'],
    ['cnn', [10, 12, 1], 'cnn has no networks for images of [10, 12, 1]'],
  ])('%s, %j', (preset, imageShape, message) => {
    expect(() => new GAN({ preset, imageShape })).toThrow(error('CUDA_GAN_SHAPE', message));
  });

  test('and a preset that there is not', () => {
    expect(() => new GAN({ preset: 'stylegan' as never })).toThrow(
      error('CUDA_GAN_VALUE', 'unknown preset "stylegan"; allowed are mlp, cnn, dcgan, '),
    );
  });
});

// Images that the generator's last activation cannot make are trained on, with a warning.
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { isMisplaced, rangeOf } from '../../lib/gan/data-range';
import { outputRange } from '../../lib/gan/output-range';
import { datasets, GAN, layers, Sequential, type Tensor, tensor } from '../../lib/index';
import type { Layer } from '../../lib/layers/layer';
import { smallDiscriminator } from './small-gan';

const tanh = { activation: 'tanh', low: -1, high: 1 } as const;
const sigmoid = { activation: 'sigmoid', low: 0, high: 1 } as const;

const generatorEndingIn = (...last: Layer[]) =>
  new Sequential({ layers: [layers.dense({ units: 16, inputShape: [3] }), ...last], seed: 1 });
const image = () => layers.reshape({ targetShape: [4, 4, 1] });

describe('the range of what a model puts out', () => {
  const nested = (...inner: Layer[]) => new Sequential({ layers: inner });
  test.each<[string, Layer[], object | undefined]>([
    ['an activation layer', [layers.activation({ activation: 'tanh' })], tanh],
    ['a dense layer', [layers.dense({ units: 16, activation: 'sigmoid' })], sigmoid],
    ['one before a reshape', [layers.activation({ activation: 'sigmoid' }), image()], sigmoid],
    ['one before a flatten', [layers.activation({ activation: 'tanh' }), layers.flatten()], tanh],
    [
      'one before a linear activation',
      [layers.activation({ activation: 'tanh' }), layers.activation({ activation: 'linear' })],
      tanh,
    ],
    ['one in a model in the model', [nested(layers.dense({ units: 16, activation: 'tanh' }), image())], tanh],
    ['one before a model that only reshapes', [layers.activation({ activation: 'tanh' }), nested(image())], tanh],
    ['no bounded one', [layers.reLU()], undefined],
    ['a dense layer without one', [layers.activation({ activation: 'tanh' }), layers.dense({ units: 16 })], undefined],
    ['one before dropout', [layers.activation({ activation: 'tanh' }), layers.dropout({ rate: 0.5 })], undefined],
    ['one of another kind', [layers.activation({ activation: 'softplus' })], undefined],
  ])('%s', (_, last, range) => {
    expect(outputRange(generatorEndingIn(...last))).toEqual(range);
  });
});

describe('rangeOf', () => {
  test('is exact for few numbers', () => {
    fc.assert(
      fc.property(fc.float32Array({ minLength: 1, maxLength: 100, noNaN: true }), (data) => {
        expect(rangeOf(data)).toEqual({ low: Math.min(...data), high: Math.max(...data) });
      }),
    );
  });

  test.each([717, 784, 1024])('sees the middle of every image of many, of %d pixels each', (size) => {
    // One bright pixel in every row of 28, where a fixed stride could miss it.
    const data = Uint8Array.from({ length: 2000 * size }, (_, i) => (i % 28 === 14 ? 255 : 0));
    expect(rangeOf(data)).toEqual({ low: 0, high: 255 });
  });
});

describe('what does not fit', () => {
  const belongs = fc.oneof(fc.constant(tanh), fc.constant(sigmoid));

  test('leaves the range by more than rounding', () => {
    fc.assert(
      fc.property(belongs, fc.float({ min: Math.fround(0.03), max: 300, noNaN: true }), (allowed, excess) => {
        expect(isMisplaced({ low: allowed.low, high: allowed.high + excess }, allowed)).toBe(true);
        expect(isMisplaced({ low: allowed.low - excess, high: allowed.high }, allowed)).toBe(true);
        expect(isMisplaced({ low: allowed.low - 1e-6, high: allowed.high + 1e-6 }, allowed)).toBe(false);
      }),
    );
  });

  test('is not what lies within and has numbers on both sides of the middle', () => {
    const part = fc.record({ low: fc.double({ min: 0, max: 0.4 }), high: fc.double({ min: 0.6, max: 1 }) });
    fc.assert(
      fc.property(belongs, part, (allowed, { low, high }) => {
        const at = (share: number) => allowed.low + share * (allowed.high - allowed.low);
        expect(isMisplaced({ low: at(low), high: at(high) }, allowed)).toBe(false);
      }),
    );
  });
});

describe('training', () => {
  let warned: jest.Spied<typeof process.emitWarning>;
  beforeEach(() => {
    warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  });
  afterEach(() => warned.mockRestore());

  const ganEndingIn = (activation: 'tanh' | 'sigmoid' | 'linear') =>
    new GAN({
      generator: generatorEndingIn(layers.activation({ activation }), image()),
      discriminator: smallDiscriminator(1),
      seed: 1,
    });
  /** 0 to 1 in 160 steps. */
  const ramp = Float32Array.from({ length: 160 }, (_, i) => i / 159);
  const floats = (map: (x: number) => number) => tensor(ramp.map(map), [10, 4, 4, 1]);
  const pixels = (map: (x: number) => number) => tensor(Uint8Array.from(ramp, map), [10, 4, 4, 1]);
  const makesTanh = 'the generator ends in tanh, which makes numbers from -1 to 1';
  const makesSigmoid = 'the generator ends in sigmoid, which makes numbers from 0 to 1';

  test.each<[string, 'tanh' | 'sigmoid', Tensor<Uint8Array | Float32Array>, string]>([
    ['0 to 1', 'tanh', floats((x) => x), `images hold numbers from 0 to 1, but ${makesTanh}: scale them by x * 2 - 1`],
    [
      '0 to 255',
      'tanh',
      floats((x) => 255 * x),
      `images hold numbers from 0 to 255, but ${makesTanh}: scale them by x / 127.5 - 1`,
    ],
    [
      '0 to 255',
      'sigmoid',
      floats((x) => 255 * x),
      `images hold numbers from 0 to 255, but ${makesSigmoid}: scale them by x / 255`,
    ],
    [
      '-1 to 1',
      'sigmoid',
      floats((x) => 2 * x - 1),
      `images hold numbers from -1 to 1, but ${makesSigmoid}: scale them by x / 2 + 0.5`,
    ],
    [
      '-4 to 6',
      'tanh',
      floats((x) => 10 * x - 4),
      `images hold numbers from -4 to 6, but ${makesTanh}: scale them to -1 to 1`,
    ],
    [
      '0 to 16',
      'tanh',
      floats((x) => 16 * x),
      `images hold numbers from 0 to 16, but ${makesTanh}: scale them to -1 to 1`,
    ],
    [
      'pixels of 0 and 1',
      'tanh',
      pixels(Math.round),
      `images hold pixels from 0 to 1, which become -1 to -0.9922, but ${makesTanh}, and pixels are from 0 to 255: scale them by x * 255`,
    ],
  ])('on %s with a generator that ends in %s says once what fits', async (_, activation, images, message) => {
    const gan = ganEndingIn(activation);
    expect((await gan.train(images, { steps: 1, batchSize: 2 })).steps).toBe(1);
    await gan.train(images, { steps: 1, batchSize: 2 });
    expect(warned.mock.calls).toEqual([[message, { type: 'CudaGanWarning', code: 'CUDA_GAN_DATA_RANGE' }]]);
  });

  test('on pixels with a discriminator of another range than the generator says what range to give it', async () => {
    const gan = ganEndingIn('sigmoid');
    gan.discriminator.pixelRange = [-1, 1];
    await gan.train(
      pixels((x) => 255 * x),
      { steps: 1, batchSize: 2 },
    );
    expect(warned.mock.calls.map(([message]) => message)).toEqual([
      `images hold pixels from 0 to 255, which become -1 to 1, but ${makesSigmoid}: set the discriminator's pixelRange to [0, 1]`,
    ]);
  });

  test.each<[string, 'tanh' | 'sigmoid' | 'linear', Tensor<Uint8Array | Float32Array>]>([
    ['pixels', 'tanh', pixels((x) => 255 * x)],
    ['dark pixels', 'tanh', pixels((x) => 100 * x)],
    ['bright pixels', 'tanh', pixels((x) => 155 + 100 * x)],
    ['numbers from -1 to 1', 'tanh', floats((x) => 2 * x - 1)],
    ['numbers from -0.7 to 0.5', 'tanh', floats((x) => 1.2 * x - 0.7)],
    ['numbers from 0 to 1', 'sigmoid', floats((x) => x)],
    ['pixels', 'sigmoid', pixels((x) => 255 * x)],
    ['bright numbers', 'sigmoid', floats((x) => 0.6 + 0.4 * x)],
    ['any numbers', 'linear', floats((x) => 1000 * x - 300)],
  ])('on %s with a generator that ends in %s says nothing', async (_, activation, images) => {
    await ganEndingIn(activation).train(images, { steps: 1, batchSize: 2 });
    expect(warned).not.toHaveBeenCalled();
  });

  test("on MNIST with the article's generator says nothing", async () => {
    const { images } = await datasets.mnist({ split: 'test' });
    await new GAN({ seed: 1 }).train(images, { steps: 1 });
    expect(warned).not.toHaveBeenCalled();
  });
});

// What a training is measured by, and that measuring changes nothing.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { compose } from '../../lib/gan/composition';
import type { ObjectiveName } from '../../lib/gan/objectives/index';
import { isProbed, Probe, stepsToProbe } from '../../lib/gan/probe';
import { createDevice, GAN, layers, optimizers, Sequential, type Tensor } from '../../lib/index';
import { dataVariable } from '../../lib/models/data';
import { scratchFolder } from './scratch';
import { smallDiscriminator, smallGan, smallGenerator, smallImages, weightsOf } from './small-gan';
import { stepParts } from './step-parts';

const device = createDevice('reference');
const names = ['dReal', 'dFake', 'dGradientNorm', 'gGradientNorm', 'diversity'];

describe('figures of networks that are simple enough to work them out', () => {
  const [x, held, g] = [
    [0.5, -1],
    [2, 1],
    [0.25, 0.75],
  ] as const;
  const [w, b] = [[1.5, -0.5], 0.125] as const;
  const image = (values: readonly number[]): Tensor<Float32Array> => ({
    shape: [1, 2],
    data: Float32Array.from(values),
  });
  const logit = (values: readonly number[]) => w[0] * values[0]! + w[1] * values[1]! + b;
  const sigmoid = (t: number) => 1 / (1 + Math.exp(-t));

  /** D(x) = w x + b. G makes g of all noise: ones, which are no weights that train, times a kernel that has g / 2 twice. */
  async function figuresOf(objective: ObjectiveName) {
    const ones = layers.dense({
      units: 2,
      kernelInitializer: 'zeros',
      biasInitializer: 'ones',
      trainable: false,
      inputShape: [3],
    });
    const generator = new Sequential({ layers: [ones, layers.dense({ units: 2, useBias: false })] });
    const discriminator = new Sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })] });
    for (const model of [generator, discriminator]) model.device = device;
    const kernel = Float32Array.of(g[0] / 2, g[1] / 2, g[0] / 2, g[1] / 2);
    const [zeros, bias] = await generator.getWeights();
    await generator.setWeights([zeros!, bias!, { shape: [2, 2], data: kernel }]);
    await discriminator.setWeights([
      { shape: [2, 1], data: Float32Array.from(w) },
      { shape: [1], data: Float32Array.of(b) },
    ]);
    const parts = stepParts({
      generator: { model: generator, optimizer: optimizers.sgd() },
      discriminator: { model: discriminator, optimizer: optimizers.sgd() },
      composition: compose({ objective }),
      images: dataVariable('images', image(x)),
    });
    const probe = new Probe(parts, { images: dataVariable('held out', image(held)) }, device);
    const figures = await probe.run(3);
    expect(Object.keys(figures).every((name) => probe.figures.includes(name))).toBe(true);
    probe.dispose();
    return figures;
  }

  const norm = (...values: readonly number[]) => Math.hypot(...values);
  // The reference device computes in float64 and rounds its outputs to float32.
  const digits = 6;

  test('nonSaturating: probabilities, and the gradients of softplus', async () => {
    const figures = await figuresOf('nonSaturating');
    const [real, fake] = [sigmoid(logit(x)), sigmoid(logit(g))];
    expect(figures.dReal).toBeCloseTo(real, digits);
    expect(figures.dFake).toBeCloseTo(fake, digits);
    expect(figures.dHeldOut).toBeCloseTo(sigmoid(logit(held)), digits);
    const [onReal, onFake] = [real - 1, fake];
    const dGradient = norm(onReal * x[0] + onFake * g[0], onReal * x[1] + onFake * g[1], onReal + onFake);
    expect(figures.dGradientNorm).toBeCloseTo(dGradient, digits);
    // Both rows of the kernel have the gradient (D(G(z)) - 1) w.
    expect(figures.gGradientNorm).toBeCloseTo((1 - fake) * Math.SQRT2 * norm(...w), digits);
  });

  test('wasserstein: logits, and gradients that do not depend on them', async () => {
    const figures = await figuresOf('wasserstein');
    expect(figures.dReal).toBeCloseTo(logit(x), digits);
    expect(figures.dFake).toBeCloseTo(logit(g), digits);
    expect(figures.dHeldOut).toBeCloseTo(logit(held), digits);
    expect(figures.dGradientNorm).toBeCloseTo(norm(x[0] - g[0], x[1] - g[1]), digits);
    expect(figures.gGradientNorm).toBeCloseTo(Math.SQRT2 * norm(...w), digits);
  });

  test('there is no diversity where all real images are the same', async () => {
    expect(await figuresOf('nonSaturating')).not.toHaveProperty('diversity');
  });
});

describe('diversity', () => {
  /** That of images which the last kernel of the generator has made `factor` times as far from each other. */
  async function diversity(factor: number): Promise<number> {
    const generator = new Sequential({ layers: [layers.dense({ units: 2, inputShape: [3] })], seed: 1 });
    const discriminator = new Sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })], seed: 1 });
    for (const model of [generator, discriminator]) model.device = device;
    const [kernel, bias] = await generator.getWeights();
    await generator.setWeights([{ ...kernel!, data: kernel!.data.map((value) => factor * value) }, bias!]);
    const data = Float32Array.from({ length: 40 }, (_, i) => Math.sin(i));
    const parts = stepParts({
      generator: { model: generator, optimizer: optimizers.sgd() },
      discriminator: { model: discriminator, optimizer: optimizers.sgd() },
      images: dataVariable('images', { shape: [20, 2], data }),
    });
    return (await new Probe(parts, undefined, device).run(0)).diversity!;
  }

  test('is in proportion to the distances of the generated images, and 0 where there are none', async () => {
    const one = await diversity(1);
    expect(one).toBeGreaterThan(0);
    expect(await diversity(4)).toBeCloseTo(4 * one, 5);
    expect(await diversity(0)).toBe(0);
  });
});

test('every two-hundredth step is measured, the first one not', () => {
  const measured = Array.from({ length: 601 }, (_, step) => step).filter(isProbed);
  expect(measured).toEqual([200, 400, 600]);
  const ahead = [0, 1, 200, 201].map((step) => step + stepsToProbe(step) - 1);
  expect(ahead).toEqual([200, 200, 200, 400]);
});

describe('in a training', () => {
  const batchSize = 8;

  test('the measured steps have figures of their own in the history and its file, others have none', async () => {
    const outDir = scratchFolder();
    const heldOut = smallImages(5);
    const history = await smallGan().train(smallImages(), {
      steps: 402,
      batchSize,
      sampleInterval: 300,
      outDir,
      heldOut,
    });
    const lines = readFileSync(join(outDir, 'history.jsonl'), 'utf8').trim().split('\n');
    for (let step = 0; step < 402; step++) {
      const found = Object.keys(history.at(step)).filter((name) => [...names, 'dHeldOut'].includes(name));
      expect(found.sort()).toEqual([200, 400].includes(step) ? [...names, 'dHeldOut'].sort() : []);
      expect(JSON.parse(lines[step]!)).toEqual(history.at(step));
    }
  });

  test('the steps are the same wherever measurements fall', async () => {
    const [once, twice] = [smallGan(), smallGan()];
    const whole = await once.train(smallImages(), { steps: 450, batchSize });
    const first = await twice.train(smallImages(), { steps: 150, batchSize });
    const second = await twice.train(smallImages(), { steps: 300, batchSize });
    expect([...first.gLoss, ...second.gLoss]).toEqual([...whole.gLoss]);
    expect(await weightsOf(twice)).toEqual(await weightsOf(once));
  });

  test('measurements are the same however the steps are cut', async () => {
    const [many, single] = [smallGan(), smallGan()];
    const options = { steps: 401, batchSize };
    const history = await many.train(smallImages(), options);
    const oneByOne = await single.train(smallImages(), { ...options, callbacks: { onBatchEnd: () => undefined } });
    expect([...oneByOne]).toEqual([...history]);
  });

  test('an epoch has the figures of its measurements, or none', async () => {
    const epochs: Record<string, number>[] = [];
    const history = await smallGan().train(smallImages(), {
      steps: 301,
      batchSize,
      sampleInterval: 150,
      callbacks: { onEpochEnd: (_, logs) => epochs.push(logs) },
    });
    expect(epochs.map((logs) => logs.dReal)).toEqual([undefined, undefined, history.at(200).dReal]);
    expect(epochs.every((logs) => Object.values(logs).every(Number.isFinite))).toBe(true);
  });

  test('a run that is resumed is measured as without a break, on the same images held out', async () => {
    const outDir = scratchFolder();
    const options = { steps: 450, batchSize, heldOut: smallImages(5) };
    const whole = await smallGan().train(smallImages(), options);
    const stop = new AbortController();
    const onProgress = ({ step }: { step: number }) => step >= 200 && stop.abort();
    await smallGan().train(smallImages(), { ...options, outDir, onProgress, signal: stop.signal });
    const { history } = await GAN.resume(outDir, smallImages(), { heldOut: smallImages(5) });
    expect([...history]).toEqual([...whole]);
    await expect(GAN.resume(outDir, smallImages())).rejects.toThrow(
      expect.objectContaining({
        code: 'CUDA_GAN_DATA',
        message: expect.stringContaining('heldOut: images is missing, which there was'),
      }),
    );
  });

  test('images held out must be as those to train on', async () => {
    const heldOut = { shape: [3, 5, 5, 1], data: new Uint8Array(75) };
    await expect(smallGan().train(smallImages(), { steps: 1, batchSize, heldOut })).rejects.toThrow(
      expect.objectContaining({ code: 'CUDA_GAN_SHAPE', message: expect.stringContaining('heldOut') }),
    );
  });
});

test('the cpu device measures what the reference device does', async () => {
  const measured = await Promise.all(
    (['cpu', 'reference'] as const).map((name) => {
      const [generator, discriminator] = [smallGenerator(1), smallDiscriminator(1)];
      const on = createDevice(name);
      for (const model of [generator, discriminator]) model.device = on;
      const parts = stepParts({
        generator: { model: generator, optimizer: optimizers.adam() },
        discriminator: { model: discriminator, optimizer: optimizers.adam() },
      });
      return new Probe(parts, undefined, on).run(1);
    }),
  );
  const [cpu, reference] = measured;
  // Sums of at most 8 x 16 terms, a few in a row: some hundred times the rounding of float32, 6e-8.
  for (const name of names) expect(Math.abs(cpu![name]! / reference![name]! - 1)).toBeLessThan(1e-4);
});

// Three updates of variational and of denoising autoencoders: figures and weights as PyTorch computes them
// (test/golden/make_autoencoders.py).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Device } from '../../lib/devices/device';
import { Autoencoder, type AutoencoderOptions, VAE, type VaeOptions } from '../../lib/index';
import { comparedDevices, inShort } from '../gan/pytorch';
import { noteMissingGpu } from '../support/devices';
import { floats, type Golden, mismatches, u } from '../support/keras';

interface GoldenTraining {
  readonly kind: 'vae' | 'autoencoder';
  readonly options: VaeOptions & AutoencoderOptions;
  readonly start: string;
  readonly steps: readonly {
    readonly figures: Readonly<Record<string, number>>;
    readonly weights: readonly (readonly number[])[];
  }[];
  /** How far PyTorch's float32 is from its float64, at most. */
  readonly rounding: number;
}

interface GoldenAutoencoders {
  readonly seed: number;
  readonly learningRate: number;
  readonly latentDim: number;
  readonly width: number;
  readonly images: Golden;
  readonly labels: readonly number[];
  readonly starts: Readonly<Record<string, readonly Golden[]>>;
  readonly trainings: readonly GoldenTraining[];
}

const golden: GoldenAutoencoders = JSON.parse(readFileSync(join(__dirname, '../golden/autoencoders.json'), 'utf8'));

/** With PyTorch's weights at the start; the count of a warm-up, which comes last, is 0. */
async function startOf({ kind, options, start }: GoldenTraining, device: Device): Promise<VAE | Autoencoder> {
  const { seed, learningRate, latentDim, width, images } = golden;
  const common = {
    networks: { name: 'mlp', width },
    imageShape: images.shape.slice(1),
    latentDim,
    optimizer: { name: 'sgd', learningRate },
    seed,
    device,
  } as const;
  const made = kind === 'vae' ? new VAE({ ...common, ...options }) : new Autoencoder({ ...common, ...options });
  const counts = options.warmupSteps === undefined ? [] : [{ shape: [], data: Float32Array.of(0) }];
  await made.model.setWeights([...golden.starts[start]!.map(floats), ...counts]);
  return made;
}

/** A weight: in float64 where the device computes in it. */
async function contentOf(weight: VAE['model']['weights'][number], device: Device): Promise<ArrayLike<number>> {
  const content = new (device.name === 'reference' ? Float64Array : Float32Array)(weight.size);
  await weight.on(device).read(content as Float32Array);
  return content;
}

noteMissingGpu();

describe.each(comparedDevices())('three updates on $label are those of PyTorch', ({ device, tolerance }) => {
  const cases = golden.trainings.map(
    (training) => [`${training.kind} ${inShort(training.options)}`, training] as const,
  );

  test.each(cases)('%s', async (_, training) => {
    const { model } = await startOf(training, device);
    const { images, labels } = golden;
    const rows = images.shape[0]!;
    const shown = training.options.classes === undefined ? [] : [{ shape: [rows], data: Int32Array.from(labels) }];
    const unused = { shape: [rows, ...model.outputShape], data: new Float32Array(rows * model.outputShape[0]!) };
    const near = (value: number) => tolerance(value, training.rounding);
    for (const [step, { figures, weights }] of training.steps.entries()) {
      const found = await model.trainOnBatch([floats(images), ...shown], unused);
      expect(Object.keys(found)).toEqual(Object.keys(figures));
      for (const [name, value] of Object.entries(figures)) {
        // Figures come as float32 from every device.
        const off = mismatches([found[name]!], [value], (wanted) => near(wanted) + u * Math.abs(wanted));
        expect({ step, name, off }).toEqual({ step, name, off: [] });
      }
      const contents = await Promise.all(model.weights.slice(0, weights.length).map((one) => contentOf(one, device)));
      const off = contents.map((content, i) => mismatches(content, weights[i]!, near));
      expect({ step, off }).toEqual({ step, off: weights.map(() => []) });
    }
  });
});

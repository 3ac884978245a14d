// Three steps of training by every objective, regularizer and conditioning: figures and weights as PyTorch computes them.
import { describe, expect, test } from '@jest/globals';
import type { Device } from '../../lib/devices/device';
import type { ReferenceExecutable } from '../../lib/devices/reference/device';
import { cloneOf } from '../../lib/gan/ema';
import { type GanOptions, partsOf } from '../../lib/gan/gan-options';
import type { StepParts } from '../../lib/gan/step';
import { StepPrograms } from '../../lib/gan/step-programs';
import { layers, Sequential } from '../../lib/index';
import { dataVariable } from '../../lib/models/data';
import type { Model } from '../../lib/models/model';
import { Variable } from '../../lib/program/variable';
import { noteMissingGpu } from '../support/devices';
import { floats, mismatches } from '../support/keras';
import { comparedDevices, type GoldenNetworks, type GoldenTraining, inShort, pytorch } from './pytorch';

const imageShape = pytorch.images.shape.slice(1);

/** The networks of a case, in the words of the options of a GAN. */
function networksOf(name: GoldenNetworks): GanOptions {
  if (name !== 'plain' && name !== 'normalized') {
    const { classes, latentDim } = pytorch;
    return { networks: { name: 'mlp', width: 0.006 }, conditioning: name, classes, latentDim, imageShape };
  }
  const norm = () => layers.batchNormalization({ momentum: 0.8 });
  const activation = () => layers.activation({ activation: 'tanh' });
  return {
    generator: new Sequential({
      layers: [
        layers.dense({ units: 3, inputShape: [pytorch.latentDim] }),
        norm(),
        activation(),
        layers.dense({ units: 4, activation: 'tanh' }),
        layers.reshape({ targetShape: imageShape }),
      ],
    }),
    discriminator: new Sequential({
      layers: [
        layers.flatten({ inputShape: imageShape }),
        layers.dense({ units: 3 }),
        ...(name === 'normalized' ? [norm()] : []),
        activation(),
        layers.dense({ units: 1 }),
      ],
    }),
  };
}

/** What a step of a case is made of, with PyTorch's data, and its weights at the start. */
async function partsFor({ networks, options }: GoldenTraining, device: Device): Promise<StepParts> {
  const sgd = { name: 'sgd', learningRate: pytorch.learningRate } as const;
  const { seed, batchSize, starts } = pytorch;
  const optimizers = { generatorOptimizer: sgd, discriminatorOptimizer: sgd };
  const parts = partsOf({ ...networksOf(networks), ...optimizers, ...options }, seed);
  const { composition } = parts;
  for (const player of ['generator', 'discriminator'] as const) {
    parts[player].device = device;
    await parts[player].setWeights(starts[networks][player].map(floats));
  }
  const average = composition.ema && cloneOf(parts.generator);
  return {
    generator: { model: parts.generator, optimizer: parts.generatorOptimizer },
    discriminator: { model: parts.discriminator, optimizer: parts.discriminatorOptimizer },
    average,
    composition,
    images: dataVariable('images', floats(pytorch.images)),
    labels: dataVariable('labels', { shape: [pytorch.labels.length], data: Int32Array.from(pytorch.labels) }),
    stepsDone: new Variable({ name: 'steps', shape: [], dtype: 'int32' }),
    batchSize,
    seed,
  };
}

/** One step, and its figures: in float64 where the device computes in it. */
async function runStep(programs: StepPrograms, step: number, device: Device) {
  const { executable } = programs.at(step);
  const options = { firstStep: step };
  const { outputs }: { outputs: ReadonlyMap<string, ArrayLike<number>> } =
    device.name === 'reference'
      ? await (executable as ReferenceExecutable).runExact(1, options)
      : await executable.run(1, options);
  return new Map(Array.from(outputs, ([name, values]) => [name, values[0]!]));
}

/** All weights of a model: in float64 where the device computes in it. */
async function contentsOf(model: Model, device: Device): Promise<ArrayLike<number>[]> {
  const OneByOne = device.name === 'reference' ? Float64Array : Float32Array;
  return Promise.all(
    model.weights.map(async (weight) => {
      const content = new OneByOne(weight.size);
      await weight.on(device).read(content as Float32Array);
      return content;
    }),
  );
}

noteMissingGpu();

describe.each(comparedDevices())('three steps on $label are those of PyTorch', ({ device, tolerance }) => {
  const cases = pytorch.trainings.map((golden) => [`${golden.networks}, ${inShort(golden.options)}`, golden] as const);

  test.each(cases)('%s', async (_, golden) => {
    const parts = await partsFor(golden, device);
    const programs = new StepPrograms(parts, device, { pretraining: false });
    const near = (number: number) => tolerance(number, golden.rounding);
    for (const [step, { figures, ...wanted }] of golden.steps.entries()) {
      const found = await runStep(programs, step, device);
      expect([...found.keys()].sort()).toEqual(Object.keys(figures).sort());
      for (const [name, value] of Object.entries(figures)) {
        expect({ name, off: mismatches([found.get(name)!], [value], near) }).toEqual({ name, off: [] });
      }
      const models = {
        generator: parts.generator.model,
        discriminator: parts.discriminator.model,
        average: parts.average,
      };
      for (const [name, weights] of Object.entries(wanted)) {
        const contents = await contentsOf(models[name as keyof typeof models]!, device);
        const off = contents.map((content, i) => mismatches(content, weights[i]!, near));
        expect({ step, name, off }).toEqual({ step, name, off: weights.map(() => []) });
      }
    }
    programs.dispose();
  });
});

// Trainings that go wrong are told so, once, in words; sound ones are not.
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { BalanceWatch } from '../../lib/gan/balance';
import { GanHistory } from '../../lib/gan/history';
import { type ObjectiveName, toObjective } from '../../lib/gan/objectives/index';
import { probeInterval } from '../../lib/gan/probe';
import {
  GAN,
  type GanOptions,
  type Imbalance,
  layers,
  optimizers,
  Sequential,
  type Tensor,
  type TrainOptions,
} from '../../lib/index';
import { RandomStream } from '../../lib/random/random-stream';

const size = 8;

/** Vectors of independent normal numbers, [count, 8]. */
function normals(count: number, { mean = 0, stddev = 1, seed = 1 } = {}): Tensor<Float32Array> {
  const random = new RandomStream(seed, 0);
  return {
    shape: [count, size],
    data: Float32Array.from({ length: count * size }, () => mean + stddev * random.normal()),
  };
}

/** What it makes of noise is distributed as `normals` is: a rotation. */
const perfectGenerator = () =>
  new Sequential({
    layers: [layers.dense({ units: size, kernelInitializer: 'orthogonal', inputShape: [size] })],
    seed: 1,
  });

const hidden = (units: number, inputShape?: number[]) => [
  layers.dense({ units, ...(inputShape && { inputShape }) }),
  layers.leakyReLU({ negativeSlope: 0.2 }),
];

/** Makes numbers from -1 to 1. */
const boundedGenerator = () =>
  new Sequential({ layers: [...hidden(16, [size]), layers.dense({ units: size, activation: 'tanh' })], seed: 1 });

const discriminatorOf = (units: number) =>
  new Sequential({ layers: [...hidden(units, [size]), ...hidden(units), layers.dense({ units: 1 })], seed: 2 });

interface Rates {
  readonly generator: number;
  readonly discriminator: number;
}

function ganOf(rates: Rates, options: GanOptions = {}): GAN {
  return new GAN({
    generator: perfectGenerator(),
    discriminator: discriminatorOf(16),
    generatorOptimizer: optimizers.adam({ learningRate: rates.generator, beta1: 0.5 }),
    discriminatorOptimizer: optimizers.adam({ learningRate: rates.discriminator, beta1: 0.5 }),
    seed: 1,
    device: 'cpu',
    ...options,
  });
}

let warned: jest.Spied<typeof process.emitWarning>;
beforeEach(() => {
  warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
});
afterEach(() => {
  warned.mockRestore();
});

/** What is said of a run of 2001 steps. */
async function saidOf(gan: GAN, images: Tensor<Float32Array>, options: TrainOptions = {}): Promise<Imbalance[]> {
  const said: Imbalance[] = [];
  const history = await gan.train(images, { steps: 2001, ...options, onBalance: (imbalance) => said.push(imbalance) });
  const messages = said.map(({ message }) => message);
  const warnings = warned.mock.calls.map(([message, options]) => [message, Object(options).code]);
  expect(warnings).toEqual(messages.map((message) => [message, 'CUDA_GAN_BALANCE']));
  for (const { step } of said) expect(history.at(step).dReal).toBeDefined();
  return said;
}

describe('each way to go wrong is said once, with what was found and what to change', () => {
  test.each<ObjectiveName>(['nonSaturating', 'minimax', 'hinge', 'leastSquares'])(
    'the discriminator learns a thousand times as fast: %s',
    async (objective) => {
      const gan = ganOf({ generator: 1e-5, discriminator: 1e-2 }, { objective });
      const said = await saidOf(gan, normals(1000, { mean: 3 }));
      expect(said.map(({ kind }) => kind)).toEqual(['discriminatorOverpowers']);
      expect(said[0]!.message).toMatch(
        /^step \d+: the discriminator overpowers the generator: it tells (100|99.9).* lower learning rate/,
      );
    },
  );

  test.each<ObjectiveName>(['nonSaturating', 'wasserstein', 'relativisticPaired'])(
    'the discriminator hardly learns: %s',
    async (objective) => {
      const options: GanOptions = { objective, regularizers: objective === 'wasserstein' ? ['weightClipping'] : [] };
      const gan = ganOf({ generator: 1e-2, discriminator: 1e-6 }, { ...options, generator: boundedGenerator() });
      const said = await saidOf(gan, normals(1000, { stddev: 0.2 }));
      expect(said[0]).toMatchObject({
        kind: 'generatorOverpowers',
        step: 1000,
        message: expect.stringMatching(/^step 1000: the generator overpowers .* discriminator's learning rate/),
      });
    },
  );

  test('the generator does not listen to its noise, and does not learn to', async () => {
    const gan = ganOf({ generator: 1e-9, discriminator: 1e-4 });
    const [kernel, bias] = await gan.generator.getWeights();
    await gan.generator.setWeights([{ ...kernel!, data: new Float32Array(kernel!.data.length) }, bias!]);
    const said = await saidOf(gan, normals(1000), { steps: 5001 });
    const message = expect.stringMatching(/samples have collapsed.*Lower the generator's learning rate/);
    expect(said).toEqual([{ kind: 'collapse', step: 5000, message }]);
  });

  test('sixteen images, and a discriminator that can know them by heart', async () => {
    const gan = ganOf({ generator: 1e-6, discriminator: 1e-3 }, { discriminator: discriminatorOf(64) });
    const said = await saidOf(gan, normals(16), { steps: 1601, heldOut: normals(1000, { seed: 2 }) });
    expect(said).toMatchObject([
      { kind: 'memorisation', message: expect.stringMatching(/knows its images by heart.*Train on more images/) },
    ]);
  });
});

test('nothing is said of a run in which both learn', async () => {
  const gan = ganOf({ generator: 1e-3, discriminator: 1e-3 }, { generator: boundedGenerator() });
  const options = { heldOut: normals(1000, { stddev: 0.2, seed: 2 }) };
  expect(await saidOf(gan, normals(5000, { stddev: 0.2 }), options)).toEqual([]);
});

test('nothing is said of a discriminator that cannot tell what is the same', async () => {
  const gan = ganOf({ generator: 1e-3, discriminator: 1e-3 });
  expect(await saidOf(gan, normals(5000), { heldOut: normals(1000, { seed: 2 }) })).toEqual([]);
});

describe('by what was measured', () => {
  const sound = { dAccuracy: 0.7, gLoss: 1, dReal: 0.6, dFake: 0.4, dGradientNorm: 1, gGradientNorm: 1, diversity: 1 };
  type Figures = Readonly<Partial<Record<keyof typeof sound | 'dHeldOut', number>>>;

  /** Adds the steps of one measurement, which are all alike. */
  function measure(history: GanHistory, figures: Figures): number {
    const { dAccuracy, gLoss, ...measured } = { ...sound, ...figures };
    const count = history.steps === 0 ? probeInterval + 1 : probeInterval;
    const outputs = Object.entries({ dLoss: 1, dAccuracy, gLoss });
    history.append(new Map(outputs.map(([name, value]) => [name, new Float32Array(count).fill(value)])), count);
    history.amend(measured);
    return history.steps - 1;
  }

  /** What is said of a run with these measurements: each kind with how many measurements there were. */
  function saidOfMeasured(measured: readonly Figures[], objective: ObjectiveName = 'nonSaturating') {
    const history = new GanHistory();
    const watch = new BalanceWatch(toObjective(objective), history);
    return measured.flatMap((figures, i) => {
      const step = measure(history, figures);
      return watch.look(step).map(({ kind }) => `${kind} at ${i + 1}`);
    });
  }

  const times = (count: number, figures: Figures) => Array.from({ length: count }, () => figures);

  test('five in a row must agree', () => {
    const collapsed = { diversity: 0.1 };
    expect(saidOfMeasured([{}, ...times(4, collapsed), {}, ...times(4, collapsed)])).toEqual([]);
    expect(saidOfMeasured([{}, ...times(9, collapsed)])).toEqual(['collapse at 6']);
  });

  test('images that were never varied have 25 measurements to become so', () => {
    expect(saidOfMeasured([...times(24, { diversity: 0.1 }), ...times(10, {})])).toEqual([]);
    expect(saidOfMeasured(times(30, { diversity: 0.1 }))).toEqual(['collapse at 25']);
  });

  test('diversity that could not be measured says nothing', () => {
    expect(saidOfMeasured([{}, ...times(9, { diversity: Number.NaN })])).toEqual([]);
  });

  test('a discriminator that is ahead has not won', () => {
    const ahead = { dAccuracy: 0.99, dReal: 0.98, dFake: 0.02, gLoss: 4 };
    expect(saidOfMeasured(times(9, ahead))).toEqual([]);
    expect(saidOfMeasured(times(9, { ...ahead, dFake: 0.001 }))).toEqual(['discriminatorOverpowers at 5']);
    expect(saidOfMeasured(times(9, { dAccuracy: 0.5, dReal: 0, dFake: 0 }))).toEqual([]);
  });

  test('without probabilities it has won when it is always right and the generator gets no better', () => {
    const won = { dAccuracy: 1, dReal: 3, dFake: -3 };
    const worse = Array.from({ length: 9 }, (_, i) => ({ ...won, gLoss: i }));
    expect(saidOfMeasured(worse, 'hinge')).toEqual(['discriminatorOverpowers at 5']);
    expect(saidOfMeasured(worse.slice().reverse(), 'hinge')).toEqual([]);
    expect(saidOfMeasured(worse, 'wasserstein')).toEqual([]);
  });

  test('a generator that is ahead by accident has not won', () => {
    const even = { dAccuracy: 0.48, dReal: 0.49, dFake: 0.51 };
    expect(saidOfMeasured(times(9, even))).toEqual([]);
    expect(saidOfMeasured(times(9, { ...even, dFake: 0.7 }))).toEqual(['generatorOverpowers at 5']);
    expect(saidOfMeasured(times(9, { ...even, dAccuracy: 0.3 }), 'wasserstein')).toEqual(['generatorOverpowers at 5']);
  });

  test('images held out are judged as the others where nothing is known by heart', () => {
    const telling = { dAccuracy: 0.95, dReal: 0.9, dFake: 0.1 };
    expect(saidOfMeasured(times(9, telling))).toEqual([]);
    expect(saidOfMeasured(times(9, { ...telling, dHeldOut: 0.4 }))).toEqual([]);
    expect(saidOfMeasured(times(9, { ...telling, dHeldOut: 0.2 }))).toEqual(['memorisation at 5']);
    expect(saidOfMeasured(times(9, { ...telling, dHeldOut: 0.2, dAccuracy: 0.55 }))).toEqual([]);
  });

  test('a run that is resumed is told nothing that was said before the break, and all that comes after', () => {
    const history = new GanHistory();
    for (const figures of [{}, ...times(5, { diversity: 0.1 })]) measure(history, figures);
    const watch = new BalanceWatch(toObjective('nonSaturating'), history);
    const said = times(5, { diversity: 0.1, dAccuracy: 0.1, dReal: 0.1, dFake: 0.9 }).flatMap((figures) =>
      watch.look(measure(history, figures)),
    );
    expect(said.map(({ kind }) => kind)).toEqual(['generatorOverpowers']);
  });
});

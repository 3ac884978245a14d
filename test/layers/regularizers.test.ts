// Regularizers and constraints of layers, held to Keras (test/golden/make_keras_regularizers.py).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { resolveDevice } from '../../lib/devices/select';
import {
  type CallOptions,
  constraints,
  Layer,
  layerRegularizers,
  layers,
  ops,
  optimizers,
  Sequential,
  type SequentialOptions,
  tensor,
  type Value,
} from '../../lib/index';
import { toConstraint } from '../../lib/layers/constraints/index';
import { WeightStreams } from '../../lib/layers/layer';
import { layerFromConfig, registerClass } from '../../lib/layers/registry';
import { toLayerRegularizer } from '../../lib/layers/regularizers/index';
import { add } from '../../lib/ops/index';
import { Graph } from '../../lib/program/graph';
import { buildProgram } from '../../lib/program/program';
import { Variable } from '../../lib/program/variable';
import { contents, normalTensor } from '../models/small-models';
import { cudaDevices } from '../support/devices';
import { error } from '../support/errors';
import { floats, type Golden, type GoldenResult, integers, mismatches, u } from '../support/keras';
import { run } from '../support/run';

type Saved = { readonly name: string; readonly config: Readonly<Record<string, unknown>> };

const golden = JSON.parse(readFileSync(join(__dirname, '../golden/keras-regularizers.json'), 'utf8')) as {
  readonly constraints: readonly {
    readonly constraint: Saved;
    readonly weight: Golden;
    readonly constrained: Golden;
  }[];
  readonly layers: readonly {
    readonly layer: string;
    readonly options: object;
    readonly x: Golden;
    readonly weights: readonly Golden[];
    readonly penalty: Golden;
  }[];
  readonly training: {
    readonly x: Golden;
    readonly y: Golden;
    readonly weights: readonly Golden[];
    readonly after: Readonly<
      Record<'loss' | 'accuracy' | 'valLoss' | 'valAccuracy' | 'evaluated' | 'weights', GoldenResult>
    >;
  };
};

const cpu = resolveDevice('cpu');
const devices = [cpu, resolveDevice('reference'), ...cudaDevices().map(({ device }) => device)];

describe.each(devices.map((device) => [device.name, device] as const))('on %s', (_, device) => {
  test.each(
    golden.constraints.map((item) => [item.constraint.name, JSON.stringify(item.constraint.config), item] as const),
  )('%s with %s makes of a weight what Keras makes', async (_, __, { constraint, weight, constrained }) => {
    const { constrain } = toConstraint(constraint as constraints.ConstraintLike);
    const [found] = await run(device, [floats(weight)], ([w]) => [constrain(w!)]);
    // A root of up to twelve squares, two quotients and a product.
    expect(mismatches(found!, constrained.data, (wanted) => 16 * u * Math.abs(wanted))).toEqual([]);
  });
});

test.each(golden.layers.map((item) => [item.layer, JSON.stringify(item.options), item] as const))(
  '%s with %s adds to the loss what it adds in Keras',
  async (className, _, { options, x, weights, penalty }) => {
    const layer = layerFromConfig({ className, config: options as Readonly<Record<string, unknown>> });
    layer.build(x.shape.slice(1), new WeightStreams(1));
    await Promise.all(layer.weights.map((weight, i) => weight.write(floats(weights[i]!).data, cpu)));
    const graph = new Graph();
    const given = layer.inputDType === 'int32' ? integers(x) : floats(x);
    const dtype = layer.inputDType;
    const input = graph.read(new Variable({ name: 'x', shape: x.shape, dtype, initial: () => given.data }));
    const penalties: Value[] = [];
    layer.record([input], { training: false, penalties });
    for (const [weight, { regularizer }] of layer.weightRules) penalties.push(regularizer!.penalty(graph.read(weight)));
    graph.output('penalty', penalties.reduce(add));
    const { outputs } = await cpu.compile(buildProgram(graph, cpu)).run(1);
    // Sums of at most 144 terms of one sign, in whatever order, of outputs that are such sums themselves.
    expect(mismatches(outputs.get('penalty')!, penalty.data, (wanted) => 288 * u * wanted)).toEqual([]);
  },
);

/** What `training` of make_keras_regularizers.py trains. */
async function regularized(options: SequentialOptions): Promise<Sequential> {
  const { l1, l1l2, l2 } = layerRegularizers;
  const model = new Sequential({
    layers: [
      layers.dense({
        units: 8,
        activation: 'tanh',
        kernelRegularizer: l2({ l2: 1 / 16 }),
        biasRegularizer: l1({ l1: 1 / 32 }),
        activityRegularizer: l1l2({ l1: 1 / 64, l2: 1 / 128 }),
        kernelConstraint: constraints.maxNorm({ maxValue: 1.5 }),
        inputShape: [6],
      }),
      layers.dense({ units: 5, useBias: false, kernelConstraint: constraints.unitNorm({ axis: 1 }) }),
      layers.dense({
        units: 3,
        activation: 'softmax',
        kernelRegularizer: l1l2({ l1: 1 / 64, l2: 1 / 32 }),
        kernelConstraint: 'nonNeg',
        biasConstraint: { name: 'maxNorm', config: { maxValue: 0.25 } },
      }),
    ],
    ...options,
  });
  await model.setWeights(golden.training.weights.map(floats));
  return model;
}

function compiled(model: Sequential): Sequential {
  model.compile({
    optimizer: optimizers.adam({
      learningRate: 1 / 64,
      beta1: 0.875,
      beta2: 1 - 2 ** -10,
      weightDecay: 1 / 16,
      globalClipNorm: 0.5,
    }),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
  });
  return model;
}

const part = (of: Golden, begin: number, end: number): Golden => {
  const size = of.data.length / of.shape[0]!;
  return { shape: [end - begin, ...of.shape.slice(1)], data: of.data.slice(begin * size, end * size) };
};

/** As test/models/keras.test.ts has them. */
const afterRounding = (value: number) => (u + 1e-9) * Math.abs(value) + 1e-10;
const likeKeras = (value: number, rounding: number) => 4 * rounding + afterRounding(value);

describe('a training with regularizers, constraints, decay and clipping', () => {
  const { x, y, after } = golden.training;

  test.each(devices.map((device) => [device.name, device] as const))('is that of Keras on %s', async (name, device) => {
    const tolerance = name === 'reference' ? afterRounding : likeKeras;
    const expectGolden = (found: ArrayLike<number>, { exact, rounding }: GoldenResult) =>
      expect(mismatches(found, exact.data, (value) => tolerance(value, rounding))).toEqual([]);
    const model = compiled(await regularized({ device }));
    const { history } = await model.fit(floats(part(x, 0, 10)), integers(part(y, 0, 10)), {
      batchSize: 4,
      epochs: 3,
      shuffle: false,
      validationData: [floats(part(x, 10, 14)), integers(part(y, 10, 14))],
    });
    for (const figure of ['loss', 'accuracy', 'valLoss', 'valAccuracy'] as const) {
      expectGolden(history[figure]!, after[figure]);
    }
    const { loss, accuracy } = await model.evaluate(floats(x), integers(y), { batchSize: 5 });
    expectGolden([loss!, accuracy!], after.evaluated);
    expectGolden(
      (await contents(model)).flatMap((data) => [...data]),
      after.weights,
    );
    model.dispose();
  });

  test('goes on in the same way after the model was made again from its config', async () => {
    const [first, again] = [
      await regularized({ seed: 1 }),
      Sequential.fromConfig((await regularized({ seed: 1 })).getConfig()),
    ];
    await again.setWeights(golden.training.weights.map(floats));
    const train = async (model: Sequential) => (await compiled(model).fit(floats(x), integers(y))).history;
    expect(again.getConfig()).toEqual(first.getConfig());
    expect(await train(again)).toEqual(await train(first));
    expect(await contents(again)).toEqual(await contents(first));
  });
});

describe('what does not train', () => {
  const x = normalTensor([4, 3], 1);

  test('costs nothing, and is held to nothing', async () => {
    const model = new Sequential({
      layers: [
        layers.dense({
          units: 2,
          kernelRegularizer: 'l2',
          kernelConstraint: 'nonNeg',
          trainable: false,
          inputShape: [3],
        }),
        layers.dense({ units: 1 }),
      ],
      seed: 1,
    });
    const free = new Sequential({
      layers: [layers.dense({ units: 2, trainable: false, inputShape: [3] }), layers.dense({ units: 1 })],
      seed: 1,
    });
    const y = normalTensor([4, 1], 2);
    for (const one of [model, free]) one.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    expect(await model.trainOnBatch(x, y)).toEqual(await free.trainOnBatch(x, y));
    expect(await contents(model)).toEqual(await contents(free));
  });
});

describe('a layer in two places', () => {
  test('pays for its weights once, and for its outputs in both', async () => {
    const shared = layers.dense({ units: 2, kernelRegularizer: 'l1', activityRegularizer: 'l2', useBias: false });
    const stack = new Sequential({ layers: [shared], seed: 1 });
    const around = new Sequential({ layers: [stack, layers.activation({ activation: 'linear' }), stack], seed: 1 });
    around.build([2]);
    const identity = Float32Array.of(1, 0, 0, 1);
    await around.setWeights([tensor(identity, [2, 2])]);
    around.compile({ optimizer: 'sgd', loss: (_, predictions) => ops.affine(ops.mean(predictions), 0) });
    const x = tensor(Float32Array.of(3, 4, 0, 0), [2, 2]);
    const { loss } = await around.evaluate(x, x);
    // 0.01 · 2 for the kernel, 0.01 · 25 / 2 samples for each of the two places.
    expect(mismatches([loss!], [0.02 + 0.25], () => 8 * u)).toEqual([]);
  });
});

describe('a wrapper', () => {
  test('pays for the layer within it, and holds that to its constraints', async () => {
    const layer = layers.dense({
      units: 2,
      useBias: false,
      kernelInitializer: 'ones',
      kernelRegularizer: 'l1',
      activityRegularizer: 'l1',
      kernelConstraint: { name: 'maxNorm', config: { maxValue: 0.5 } },
      inputShape: [2],
    });
    const model = new Sequential({ layers: [layers.spectralNormalization({ layer })], seed: 1 });
    model.compile({ optimizer: 'sgd', loss: (_, predictions) => ops.affine(ops.mean(predictions), 0) });
    const x = tensor(Float32Array.of(1, 1, 1, 1), [2, 2]);
    const { loss } = await model.trainOnBatch(x, x);
    // The kernel of ones, 4 in all, is halved by its singular value 2, so the outputs are 1: 2 for each sample.
    expect(mismatches([loss!], [0.01 * 4 + 0.01 * 2], () => 1e-4)).toEqual([]);
    const [kernel] = await contents(model);
    expect(Math.hypot(kernel![0]!, kernel![2]!)).toBeCloseTo(0.5, 5);
  });
});

describe("rules of one's own", () => {
  const own: layerRegularizers.LayerRegularizer = {
    name: 'largest',
    config: {},
    penalty: (x) => ops.sum(ops.maximum(x, ops.fill(x.graph, [], 0))),
  };
  const halving: constraints.Constraint = { name: 'halving', config: {}, constrain: (w) => ops.affine(w, 0.5) };

  /** x · factor. */
  class Scale extends Layer {
    static override readonly className = 'RuledScale';
    protected override createWeights(): void {
      this.addWeight('factor', [2], 'ones', { regularizer: own, constraint: halving });
    }
    override call([x]: readonly [Value], _options: CallOptions): Value {
      return ops.multiply(x, this.weight('factor', x));
    }
  }
  registerClass(Scale);

  test('are those of layers of the user, too', async () => {
    const model = new Sequential({ layers: [new Scale({ inputShape: [2], activityRegularizer: own })] });
    model.compile({ optimizer: { name: 'sgd', learningRate: 1e-30 }, loss: 'meanSquaredError' });
    const x = tensor(Float32Array.of(1, -1), [1, 2]);
    expect((await model.trainOnBatch(x, x)).loss).toBe(2 + 1);
    expect(await contents(model)).toEqual([Float32Array.of(0.5, 0.5)]);
  });

  test('that return what they must not are named', () => {
    const dense = (options: object) => layers.dense({ units: 2, inputShape: [3], ...options });
    const build = (options: object) => () => new Sequential({ layers: [dense(options)] });
    expect(build({ kernelRegularizer: { ...own, penalty: (x: Value) => x } })).toThrow(
      error('CUDA_GAN_SHAPE', 'penalty of the regularizer largest returned a Value of [3, 2]; wanted is a scalar'),
    );
    expect(build({ biasConstraint: { ...halving, constrain: () => 1 } })).toThrow(
      error('CUDA_GAN_VALUE', 'constrain of the constraint halving returned 1; wanted is a Value of [2]'),
    );
    expect(build({ kernelConstraint: constraints.maxNorm({ axis: 2 }) })).toThrow(
      error('CUDA_GAN_SHAPE', 'dense: a constraint has the axis 2, which a weight of [3, 2] does not have'),
    );
  });
});

describe('says what is wrong:', () => {
  test.each([
    ['unknown regularizer of layers "r1"; allowed are l1, l1l2, l2', 'r1'],
    ['unknown regularizer of layers undefined; allowed are', {}],
    ['layerRegularizers.l2: unknown option "l1"', { name: 'l2', config: { l1: 1 } }],
    ['l1 is -1; allowed are finite numbers from 0 on', { name: 'l1', config: { l1: -1 } }],
    [
      'the regularizer of layers "l2" has l2 beside its name; its options are in config: { name: "l2", config: { l2: … } }',
      { name: 'l2', l2: 0.5 },
    ],
    ["a regularizer of layers of one's own has the name undefined", { penalty: (): number => 1 }],
    [
      'the regularizer of layers "l1" is your own, but is called as one of the package; give it another name',
      { name: 'l1', config: {}, penalty: (): number => 1 },
    ],
  ] as const)('%s', (message, wanted) => {
    expect(() => toLayerRegularizer(wanted as never)).toThrow(error('CUDA_GAN_VALUE', message));
  });

  test.each([
    ['unknown constraint "minNorm"; allowed are maxNorm, nonNeg, unitNorm', 'minNorm'],
    ['the constraint "maxNorm" has maxValue beside its name', { name: 'maxNorm', maxValue: 0.5 }],
    [
      'the constraint "nonNeg" is your own, but is called as one of the package; give it another name',
      { name: 'nonNeg', config: {}, constrain: () => 1 },
    ],
    ['maxValue is 0; allowed are finite numbers above 0', { name: 'maxNorm', config: { maxValue: 0 } }],
    ['axis is -1; allowed are whole numbers from 0 on', { name: 'unitNorm', config: { axis: -1 } }],
    ['axis[1] is "b"; allowed are whole numbers', { name: 'unitNorm', config: { axis: [0, 'b'] } }],
    ['a constraint of one\'s own has the name "x" and the config undefined', { name: 'x', constrain: () => 1 }],
  ] as const)('%s', (message, wanted) => {
    expect(() => toConstraint(wanted as never)).toThrow(error('CUDA_GAN_VALUE', message));
  });
});

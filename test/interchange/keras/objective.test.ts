// Losses and metrics: Keras evaluates what is written here to the same figures, and what its files say is taken, or refused, by name.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import {
  type CompileOptions,
  input,
  layers,
  loadModel,
  losses,
  type Model,
  metrics,
  model,
  ops,
  Sequential,
  saveNpz,
  type Tensor,
  tensor,
} from '../../../lib/index';
import { readObjective } from '../../../lib/interchange/keras/objective-config';
import { readOptimizer, writeCompilation } from '../../../lib/interchange/keras/training-config';
import type { Value } from '../../../lib/program/value';
import { scratchFolder } from '../../gan/scratch';
import { error } from '../../support/errors';
import { pythonLacks, runPython } from '../../support/python';

type Objective = Omit<CompileOptions, 'optimizer'>;

const samples = 12;
const x = tensor(
  Float32Array.from({ length: samples * 4 }, (_, i) => Math.sin(5 * i)),
  [samples, 4],
);
const classes = Int32Array.from({ length: samples }, (_, i) => (i * i) % 3);
const oneHot = tensor(
  Float32Array.from({ length: samples * 3 }, (_, i) => Number(classes[Math.floor(i / 3)] === i % 3)),
  [samples, 3],
);
const binary = tensor(
  Float32Array.from({ length: samples }, (_, i) => (i * 7) % 2),
  [samples, 1],
);

function stack(units: number, objective: Objective): Model {
  const activation = units === 1 ? 'sigmoid' : 'softmax';
  const made = new Sequential({
    seed: 3,
    device: 'cpu',
    layers: [layers.dense({ units, activation, inputShape: [4], kernelInitializer: 'randomNormal' })],
  });
  made.compile({ optimizer: 'adam', ...objective });
  return made;
}

/** Two outputs: a record that is not in the order of its keys, or a list. */
function branches(form: 'record' | 'list', objective: Objective): Model {
  const at = input({ shape: [4], name: 'x' });
  const [z, a] = [layers.dense({ units: 3, activation: 'softmax' }).apply(at), layers.dense({ units: 1 }).apply(at)];
  const outputs = form === 'record' ? { z, a } : [z, a];
  const made = model({ inputs: at, outputs, seed: 3, device: 'cpu' }) as unknown as Model;
  made.compile({ optimizer: 'adam', ...objective });
  return made;
}

interface Case {
  readonly made: Model;
  readonly targets: readonly Tensor[];
}

const ofClasses = (objective: Partial<Objective>): Case => ({
  made: stack(3, { loss: 'categoricalCrossentropy', ...objective }),
  targets: [oneHot],
});
const ofNumbers = (objective: Partial<Objective>): Case => ({
  made: stack(3, { loss: 'sparseCategoricalCrossentropy', ...objective }),
  targets: [tensor(classes, [samples])],
});
const ofOne = (objective: Partial<Objective>): Case => ({
  made: stack(1, { loss: 'binaryCrossentropy', ...objective }),
  targets: [binary],
});
const ofTwo = (form: 'record' | 'list', objective: Objective): Case => ({
  made: branches(form, objective),
  targets: [oneHot, binary],
});

const each = { loss: ['meanSquaredError', 'meanAbsoluteError'], lossWeights: [2, 1] } as const;
const named = { loss: { z: 'meanSquaredError', a: 'meanAbsoluteError' }, lossWeights: { a: 1, z: 2 } } as const;

/** Functions: a compiled model needs a device. */
const cases: Readonly<Record<string, () => Case>> = {
  accuracy: () => ofClasses({ metrics: ['accuracy', 'categoricalAccuracy', 'meanAbsoluteError', 'meanSquaredError'] }),
  'accuracy of class numbers': () => ofNumbers({ metrics: ['accuracy', 'sparseCategoricalAccuracy'] }),
  'accuracy of one probability': () => ofOne({ metrics: ['accuracy', 'binaryAccuracy'] }),
  'functions of the package': () =>
    ofOne({ loss: losses.meanSquaredError, metrics: [metrics.binaryAccuracy, metrics.auc()] }),
  auc: () => ofOne({ metrics: ['auc', { name: 'auc', curve: 'pr', thresholds: 50, figure: 'pr' }] }),
  'auc of logits': () => ofOne({ metrics: [metrics.auc({ fromLogits: true })] }),
  precision: () => ofClasses({ metrics: ['precision', { name: 'precision', threshold: 0.3, figure: 'low' }] }),
  'precision of the first': () =>
    ofClasses({
      metrics: [
        { name: 'precision', topK: 1 },
        { name: 'recall', topK: 2 },
      ],
    }),
  'recall of a class': () => ofClasses({ metrics: [{ name: 'recall', classId: 1, threshold: 0.25 }] }),
  f1Score: () => ofClasses({ metrics: ['f1Score', { name: 'f1Score', average: 'micro', figure: 'micro' }] }),
  'f1Score with a threshold': () => ofClasses({ metrics: [{ name: 'f1Score', average: 'weighted', threshold: 0.3 }] }),
  'f1Score of one probability': () => ofOne({ metrics: ['f1Score'] }),
  topKAccuracy: () => ofClasses({ metrics: [{ name: 'topKAccuracy', k: 2 }] }),
  'topKAccuracy of class numbers': () => ofNumbers({ metrics: [{ name: 'topKAccuracy', k: 2 }] }),
  'options of a loss': () => ofClasses({ loss: { name: 'categoricalCrossentropy', labelSmoothing: 0.2 } }),
  huber: () => ofClasses({ loss: { name: 'huber', delta: 0.1 } }),
  'a weight of the only loss': () => ofClasses({ lossWeights: [2] }),
  'metrics of all outputs': () => ofTwo('list', { ...each, metrics: ['meanSquaredError'] }),
  'metrics of one output': () => ofTwo('list', { ...each, metrics: [[], ['meanSquaredError']] }),
  'one loss for a record': () => ofTwo('record', { loss: 'meanSquaredError', metrics: ['meanAbsoluteError'] }),
  'a record of losses': () => ofTwo('record', { ...named, metrics: { z: ['f1Score'], a: ['meanSquaredError'] } }),
};

/** As `evaluate` calls the figures of this package, and Keras its own; those of several outputs, without their names. */
const sorted = (figures: Readonly<Record<string, number>>) => Object.values(figures).sort((a, b) => a - b);

/** float32's rounding, a hundred times: Keras adds 1e-7 to divisors of F1. */
const tolerance = 1e-5;

const missing = pythonLacks('keras', 'tensorflow');
const withKeras = missing === undefined ? describe : describe.skip;

withKeras('in Keras', () => {
  const folder = scratchFolder();
  const expected = new Map<string, { readonly figures: number[]; readonly targets: readonly Tensor[] }>();
  let results: Readonly<Record<string, Readonly<Record<string, number>>>>;
  const names = Object.keys(cases);

  beforeAll(async () => {
    for (const [i, name] of names.entries()) {
      const { made, targets } = cases[name]!();
      const figures = await made.evaluate(x, targets.length === 1 ? targets[0]! : targets);
      expected.set(name, { figures: sorted(figures), targets });
      for (const ending of ['keras', 'h5']) await made.save(join(folder, `${i}.${ending}`));
      const data = targets.map((target, o) => [`y${o}`, target] as const);
      await saveNpz(join(folder, `${i}.npz`), new Map([['x', x], ...data]));
      writeFileSync(join(folder, `${i}.outputs.json`), JSON.stringify(made.outputNames));
    }
    writeFileSync(join(folder, 'cases.json'), JSON.stringify(names.map((_, i) => String(i))));
    results = JSON.parse(runPython(join(__dirname, 'evaluate_keras.py'), folder));
  }, 600_000);

  describe.each(['keras', 'h5'])('.%s', (ending) => {
    test.each(names)('%s', async (name) => {
      const i = names.indexOf(name);
      const { figures, targets } = expected.get(name)!;
      const found = results[`${i}.${ending}`]!;
      expect(found.error).toBeUndefined();
      expect(sorted(found)).toHaveLength(figures.length);
      for (const [f, figure] of sorted(found).entries()) expect(Math.abs(figure - figures[f]!)).toBeLessThan(tolerance);
      // Keras' Huber forgets its delta when it is saved.
      if (name === 'huber') return;
      const back = (await loadModel(join(folder, `${i}.back.${ending}`), { device: 'cpu' })) as Model;
      const given = back.outputNames.includes('z')
        ? { z: targets[0]!, a: targets[1]! }
        : targets.length === 1
          ? targets[0]!
          : targets;
      for (const [f, figure] of sorted(await back.evaluate(x, given)).entries()) {
        expect(Math.abs(figure - figures[f]!)).toBeLessThan(tolerance);
      }
    });
  });
});

describe('of Keras', () => {
  const metric = (className: string, config: object = {}) => ({
    module: 'keras.metrics',
    class_name: className,
    config: { dtype: 'float32', ...config },
  });
  const aFunction = (config: string) => ({ module: 'builtins', class_name: 'function', config });
  const auc = {
    num_thresholds: 200,
    curve: 'ROC',
    summation_method: 'interpolation',
    multi_label: false,
    num_labels: null,
  };

  test.each<[string, unknown, unknown]>([
    ['a short name', 'MSE', 'meanSquaredError'],
    ['a name of a class', 'AUC', 'auc'],
    ['a function', aFunction('binary_accuracy'), 'binaryAccuracy'],
    ['an average of Keras 2', metric('MeanMetricWrapper', { fn: 'mean_absolute_error' }), 'meanAbsoluteError'],
    ['AUC()', metric('AUC', { name: 'auc', ...auc }), { name: 'auc', thresholds: 200, curve: 'roc' }],
    ['AUC by another name', metric('AUC', { name: 'area', curve: 'PR' }), { name: 'auc', curve: 'pr', figure: 'area' }],
    ['BinaryAccuracy()', metric('BinaryAccuracy', { name: 'binary_accuracy', threshold: 0.5 }), 'binaryAccuracy'],
    ['Precision(thresholds=0.4)', metric('Precision', { thresholds: 0.4 }), { name: 'precision', threshold: 0.4 }],
    ['Recall(thresholds=[0.4])', metric('Recall', { thresholds: [0.4] }), { name: 'recall', threshold: 0.4 }],
    ['TopKCategoricalAccuracy(2)', metric('TopKCategoricalAccuracy', { k: 2 }), { name: 'topKAccuracy', k: 2 }],
    ['a name in snake case', 'sparse_top_k_categorical_accuracy', 'topKAccuracy'],
    ["F1Score('macro')", metric('F1Score', { average: 'macro' }), { name: 'f1Score', average: 'macro', topK: 1 }],
  ])('%s is read', (_, given, wanted) => {
    expect(readObjective({ loss: 'mse', metrics: [given] }, ['y']).metrics).toEqual([wanted]);
  });

  test.each<[string, unknown, string]>([
    ['F1Score()', metric('F1Score', { average: null }), 'F1Score: average is null, a figure for each class'],
    ['"f1_score"', 'f1_score', 'average is null'],
    ['Accuracy()', metric('Accuracy'), 'unknown metric "Accuracy"; known are accuracy, AUC, '],
    ['BinaryAccuracy(0.3)', metric('BinaryAccuracy', { threshold: 0.3 }), 'BinaryAccuracy has threshold = 0.3'],
    [
      'thresholds',
      metric('Precision', { thresholds: [0.1, 0.5] }),
      'Precision: thresholds is [0.1, 0.5]; supported is one',
    ],
    ['thresholds of AUC', metric('AUC', { thresholds: [0.1] }), 'AUC has thresholds = [0.1], which is not supported'],
    ['multi_label', metric('AUC', { multi_label: true }), 'AUC has multi_label = true, which is not supported'],
    ["a function of one's own", aFunction('mine'), 'unknown metric "mine"; known are accuracy, '],
    ['a number', 3, 'a metric is 3; wanted is an object'],
  ])('%s is refused by name', (_, given, message) => {
    expect(() => readObjective({ loss: 'mse', metrics: [given] }, ['y'])).toThrow(error('CUDA_GAN_VALUE', message));
  });

  test.each<[string, object, string]>([
    ['no loss', { loss: null }, 'it has no loss, or none for an output'],
    ['no loss for an output', { loss: [null, 'mse'] }, 'it has no loss, or none for an output'],
    ["a loss of one's own", { loss: aFunction('my_loss') }, 'unknown loss "my_loss"; known are BinaryCrossentropy, '],
    [
      'another reduction',
      { loss: { class_name: 'Huber', config: { reduction: 'sum' } } },
      'Huber has reduction = "sum"',
    ],
    [
      'no reduction, which trains by the sum over the batch',
      { loss: { class_name: 'MeanSquaredError', config: { reduction: null } } },
      'MeanSquaredError has reduction = null, which is not supported',
    ],
    [
      'weighted metrics',
      { loss: 'mse', weighted_metrics: ['mae'] },
      'it has weighted_metrics, which are not supported',
    ],
  ])('%s is refused', (_, config, message) => {
    expect(() => readObjective({ metrics: null, ...config }, ['a', 'b'])).toThrow(error('CUDA_GAN_VALUE', message));
  });

  test('metrics of some outputs are those of none for the others', () => {
    const read = (given: unknown) => readObjective({ loss: 'mse', metrics: given }, ['a', 'b']).metrics;
    expect(read({ b: ['mae'] })).toEqual({ a: [], b: ['meanAbsoluteError'] });
    expect(read([null, 'mae'])).toEqual([[], ['meanAbsoluteError']]);
    expect(read(['mae', 'mse', 'acc'])).toEqual(['meanAbsoluteError', 'meanSquaredError', 'accuracy']);
    expect(read([[], null])).toBeUndefined();
    expect(readObjective({ loss: 'mse', weighted_metrics: [[], null] }, ['a', 'b'])).toEqual({
      loss: 'meanSquaredError',
    });
  });
});

describe('what Keras cannot be told', () => {
  beforeEach(() => {
    jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  const spread = (targets: Value, predictions: Value) => ops.mean(ops.subtract(predictions, targets));

  test.each<[string, () => Case, string]>([
    [
      'an average',
      () => ofClasses({ metrics: [{ name: 'precision', average: 'macro' }] }),
      'average is "macro"; Keras has "micro"',
    ],
    [
      'a threshold of logits',
      () => ofOne({ metrics: [{ name: 'recall', threshold: -1 }] }),
      'threshold is -1; Keras takes numbers from 0 to 1',
    ],
    [
      'class numbers',
      () => ofNumbers({ metrics: ['precision'] }),
      'metric precision: in Keras it takes no targets that are class numbers',
    ],
    [
      'F1 of a class',
      () => ofClasses({ metrics: [{ name: 'f1Score', classId: 1 }] }),
      'metric f1Score: Keras has no classId of it',
    ],
    [
      "a function of one's own",
      () => ofOne({ metrics: [spread] }),
      'metric "spread" is one\'s own, which no file keeps',
    ],
  ])('%s of a metric is left out, and said', async (_, make, message) => {
    const { made } = make();
    const { left, config } = writeCompilation(made, made.compiled!, 'keras3', 'sorted');
    expect(left).toEqual([expect.stringContaining(message)]);
    expect(config.metrics).toBeNull();
    const path = join(scratchFolder(), 'a.keras');
    await made.save(path);
    const warnings = jest.mocked(process.emitWarning).mock.calls.map(([warning]) => warning);
    expect(warnings).toEqual([expect.stringContaining(message)]);
    expect((await loadModel(path)).compiled!.options.metrics).toBeUndefined();
  });

  test("a loss of one's own leaves the model as one that is not compiled", async () => {
    const { made } = ofOne({ loss: spread });
    const path = join(scratchFolder(), 'a.keras');
    await made.save(path);
    expect((await loadModel(path)).compiled).toBeUndefined();
  });
});

test.each([
  [
    { class_name: 'LossScaleOptimizer', config: { inner_optimizer: { class_name: 'Adam', config: {} } } },
    'LossScaleOptimizer',
  ],
  [{ class_name: 'Adamax', config: {} }, 'Adamax'],
  ['ftrl', 'ftrl'],
])('an optimizer that there is not, %j, is named', (given, name) => {
  expect(() => readOptimizer(given)).toThrow(
    error('CUDA_GAN_VALUE', `unknown optimizer "${name}"; known are Adagrad, Adam, AdamW, Nadam, RMSprop, SGD`),
  );
});

test('an error of what compile chose says how to do without', async () => {
  const path = join(scratchFolder(), 'a.json');
  await stack(1, { loss: 'meanSquaredError' }).save(path);
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll('"mean_squared_error"', '"mine"'));
  await expect(loadModel(path)).rejects.toThrow(error('CUDA_GAN_FILE', 'what compile chose: unknown loss "mine"'));
  await expect(loadModel(path)).rejects.toThrow(
    error('CUDA_GAN_FILE', '; loadModel leaves it out with compile: false, the command with --no-compile'),
  );
  expect((await loadModel(path, { compile: false })).compiled).toBeUndefined();
});

// Whatever is handed to a model, an error of it has a code.
import { join } from 'node:path';
import { describe, test } from '@jest/globals';
import fc from 'fast-check';
import { layers, Sequential, tensor } from '../../lib/index';
import { scratchFolder } from '../gan/scratch';
import { junk, onlyCodedErrors } from '../support/junk';
import { linearModel, normalTensor } from './small-models';

const [x, y] = [normalTensor([4, 2], 1), normalTensor([4, 1], 2)];
const optionNames = {
  fit: [
    'epochs',
    'initialEpoch',
    'batchSize',
    'sampleWeight',
    'classWeight',
    'validationSplit',
    'validationData',
    'shuffle',
    'callbacks',
    'verbose',
    'signal',
    'checkpointDir',
    'checkpointInterval',
    'resume',
  ],
  compile: ['optimizer', 'loss', 'lossWeights', 'metrics'],
  Sequential: ['layers', 'name', 'trainable', 'pixelRange', 'seed', 'device'],
} as const;

// biome-ignore lint/suspicious/noExplicitAny: junk has any type
type Any = any;
const calls: Record<string, (value: Any, other: Any) => unknown> = {
  'fit(x)': (value) => linearModel().fit(value, y),
  'fit(x, y)': (value, other) => linearModel().fit(value, other),
  'fit(…, options)': (value) => linearModel().fit(x, y, value),
  'evaluate(x, y)': (value, other) => linearModel().evaluate(value, other),
  'evaluate(…, options)': (value) => linearModel().evaluate(x, y, value),
  'predict(x)': (value) => linearModel().predict(value),
  'predict(…, options)': (value) => linearModel().predict(x, value),
  'trainOnBatch(x, y)': (value, other) => linearModel().trainOnBatch(value, other),
  'trainOnBatch(…, y)': (value) => linearModel().trainOnBatch(x, value),
  'trainOnBatch(…, options)': (value) => linearModel().trainOnBatch(x, y, value),
  'trainOnBatch(…, { sampleWeight })': (value) => linearModel().trainOnBatch(x, y, { sampleWeight: value }),
  'trainOnBatch(…, { classWeight })': (value) => linearModel().trainOnBatch(x, y, { classWeight: value }),
  'testOnBatch(…, y)': (value) => linearModel().testOnBatch(x, value),
  'testOnBatch(…, options)': (value) => linearModel().testOnBatch(x, y, value),
  'evaluate(…, { sampleWeight })': (value) => linearModel().evaluate(x, y, { sampleWeight: value }),
  'fit(…, { validationData })': (value) => linearModel().fit(x, y, { validationData: [x, y, value] }),
  'a tensor of junk': (shape, data) => linearModel().predict({ shape, data }),
  'a shape of junk': (value) => linearModel().predict({ shape: [value, 2], data: x.data }),
  'setWeights(values)': (value) => linearModel().setWeights(value),
  'setWeights([junk])': (value, other) => linearModel().setWeights([value, other]),
  'compile(options)': (value) => linearModel().compile(value),
  'add(layer)': (value) => linearModel().add(value),
  'build(shape)': (value) => new Sequential({ layers: [layers.dense({ units: 1 })] }).build(value),
  'summary(options)': (value) => {
    linearModel().summary({ print: () => undefined });
    linearModel().summary(value);
  },
  'new Sequential(options)': (value) => new Sequential(value),
  'fromConfig(config)': (value) => Sequential.fromConfig(value),
  'fromConfig({ layers })': (value) => Sequential.fromConfig({ layers: [value] }),
  'fromConfig of a layer of junk': (className, config) => Sequential.fromConfig({ layers: [{ className, config }] }),
  'load(path)': (value) => Sequential.load(value),
  'load(…, options)': (value) => Sequential.load('none', value),
  'loadWeights(path)': (value) => linearModel().loadWeights(value),
  'pixelRange = junk': async (value) => {
    const model = linearModel();
    model.pixelRange = value;
    await model.predict(tensor(new Uint8Array(2), [1, 2]));
  },
  'device = junk': (value) => {
    linearModel().device = value;
  },
};

describe('junk', () => {
  test.each(Object.keys(calls))('%s', async (name) => {
    const print = console.log;
    console.log = () => undefined;
    try {
      await fc.assert(
        fc.asyncProperty(junk, junk, (value, other) => onlyCodedErrors(() => calls[name]!(value, other))),
      );
    } finally {
      console.log = print;
    }
  });

  test.each(optionNames.fit)('option %s of fit', async (option) => {
    // Any number of epochs is allowed: the signal ends them before the first.
    const signal = option === 'epochs' ? AbortSignal.abort() : undefined;
    const fitWith = (value: Any) => linearModel().fit(x, y, { signal, [option]: value });
    // A text names a folder, which would be made.
    const given = option === 'checkpointDir' ? junk.filter((value) => typeof value !== 'string') : junk;
    await fc.assert(
      fc.asyncProperty(given, (value) => onlyCodedErrors(() => fitWith(value))),
      { numRuns: 40 },
    );
  });

  test.each(optionNames.compile)('option %s of compile', async (option) => {
    const options = { optimizer: 'sgd', loss: 'meanSquaredError' } as const;
    const train = async (value: Any) => {
      const model = linearModel();
      model.compile({ ...options, [option]: value });
      await model.trainOnBatch(x, y);
    };
    // A loss or metric of the user's own may throw what it likes, and a class that is called does.
    const noFunction = junk.filter((value) => ![value].flat().some((one) => typeof one === 'function'));
    await fc.assert(
      fc.asyncProperty(noFunction, (value) => onlyCodedErrors(() => train(value))),
      { numRuns: 40 },
    );
  });

  test.each(optionNames.Sequential)('option %s of Sequential', async (option) => {
    const use = async (value: Any) => {
      const model = new Sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })], [option]: value });
      await model.predict(x);
      await model.predict(tensor(new Uint8Array(2), [1, 2]));
      model.getConfig();
    };
    await fc.assert(
      fc.asyncProperty(junk, (value) => onlyCodedErrors(() => use(value))),
      { numRuns: 40 },
    );
  });

  test('save(path)', async () => {
    const folder = scratchFolder();
    await fc.assert(
      fc.asyncProperty(junk, (value) =>
        onlyCodedErrors(() =>
          linearModel().save(typeof value === 'string' ? join(folder, 'x', value) : (value as string)),
        ),
      ),
    );
  });
});

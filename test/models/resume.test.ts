// A fit that was ended or killed and is resumed comes to the bits of the fit without a break.
import { existsSync, promises, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { resolveDevice } from '../../lib/devices/select';
import {
  type Callbacks,
  callbacks,
  type FitOptions,
  GAN,
  type History,
  layers,
  optimizers,
  Sequential,
  type SequentialOptions,
  tensor,
} from '../../lib/index';
import { scratchFolder } from '../gan/scratch';
import { smallGan, smallImages } from '../gan/small-gan';
import { checkpointNames, copiesAtCheckpoints, stateIn } from '../support/checkpoint-copies';
import { cudaDevices, sharingCpu, type TestedDevice } from '../support/devices';
import { error } from '../support/errors';
import { fillDisk } from '../support/full-disk';
import { testNotOnWindows } from '../support/platform';
import { contents, normalTensor } from './small-models';

const [x, y] = [normalTensor([13, 4], 1), normalTensor([13, 1], 2)];

interface ModelOptions extends SequentialOptions {
  readonly units?: number;
  readonly learningRate?: number;
}

/** With dropout and batch normalisation, and dropout that is in training mode in use, too. */
function newModel({ units = 5, learningRate = 0.01, ...options }: ModelOptions = {}): Sequential {
  const model = new Sequential({
    layers: [
      layers.dense({ units, inputShape: [4] }),
      layers.batchNormalization(),
      layers.dropout({ rate: 0.5 }),
      layers.dense({ units: 1 }),
    ],
    seed: 1,
    ...options,
  });
  model.compile({
    optimizer: optimizers.adam({ learningRate }),
    loss: 'meanSquaredError',
    metrics: ['meanAbsoluteError'],
  });
  return model;
}

const options: FitOptions = { epochs: 3, batchSize: 4, validationSplit: 0.25 };

/** All that a fit leaves: its state, its history, its weights. */
async function outcomeOf(folder: string, history: History, model: Sequential) {
  return { state: stateIn(folder), history, weights: await contents(model), more: await model.fit(x, y, options) };
}

const devices: readonly TestedDevice[] = [
  { label: 'cpu', device: sharingCpu(2) },
  { label: 'reference', device: resolveDevice('reference') },
  ...cudaDevices(),
];

test.each(devices)('on $label, killed after any checkpoint, a fit is resumed to its own bits', async ({ device }) => {
  const folder = scratchFolder();
  const model = newModel({ device });
  await model.fit(x, y, options); // its clocks do not begin at 0
  const start = await contents(model);
  let history: History;
  const copies = await copiesAtCheckpoints(folder, async () => {
    history = await model.fit(x, y, { ...options, checkpointDir: folder, checkpointInterval: 2 });
  });
  // Nine rows are three batches, the last of one row.
  expect([...copies.keys()]).toEqual([0, 2, 4, 6, 8, 9]);
  const whole = await outcomeOf(folder, history!, model);
  expect(whole.weights).not.toEqual(start);
  for (const copy of copies.values()) {
    const resumed = newModel({ device });
    const found = await resumed.fit(x, y, { resume: copy });
    expect(await outcomeOf(copy, found, resumed)).toEqual(whole);
    resumed.dispose();
  }
});

test('validation data and the order of the data are as they were', async () => {
  const folder = scratchFolder();
  const given: FitOptions = { epochs: 4, batchSize: 5, initialEpoch: 1, validationData: [x, y] };
  const model = newModel();
  let history: History;
  const copies = await copiesAtCheckpoints(folder, async () => {
    history = await model.fit(x, y, { ...given, checkpointDir: folder, checkpointInterval: 4 });
  });
  const whole = await outcomeOf(folder, history!, model);
  for (const copy of copies.values()) {
    const resumed = newModel();
    const found = await resumed.fit(x, y, { validationData: [x, y], resume: copy });
    expect(await outcomeOf(copy, found, resumed)).toEqual(whole);
  }
});

/** Ends a fit after so many batches; its folder. */
async function ended(batches: number, given: FitOptions = {}): Promise<string> {
  const folder = scratchFolder();
  const controller = new AbortController();
  let done = 0;
  const count: Callbacks = {
    onBatchEnd: () => {
      if (++done === batches) controller.abort();
    },
  };
  await newModel().fit(x, y, {
    ...options,
    ...given,
    checkpointDir: folder,
    signal: controller.signal,
    callbacks: [count, ...[given.callbacks ?? []].flat()],
  });
  return folder;
}

describe('a fit that a signal ended', () => {
  test.each([1, 3, 5, 8])('after %d batches goes on to its own end', async (batches) => {
    const folder = await ended(batches);
    const model = newModel();
    const history = await model.fit(x, y, { resume: folder });
    const whole = newModel();
    expect(history).toEqual(await whole.fit(x, y, options));
    expect(await contents(model)).toEqual(await contents(whole));
  });

  test('may go on for more epochs than it was begun with', async () => {
    const folder = await ended(4);
    const history = await newModel().fit(x, y, { ...options, epochs: 5, resume: folder });
    expect(history).toEqual(await newModel().fit(x, y, { ...options, epochs: 5 }));
  });

  test('goes on with its own seed, where the model has another', async () => {
    const folder = await ended(4);
    const model = newModel({ seed: 77 });
    expect(await model.fit(x, y, { resume: folder })).toEqual(await newModel().fit(x, y, options));
    expect(model.seed).toBe(1);
    const again = newModel({ seed: 78 });
    expect((await again.fit(x, y, { resume: folder })).epoch).toEqual([0, 1, 2]);
  });

  test('goes on with what callbacks have set, counted and written', async () => {
    const watching = (csv: string) => [
      callbacks.reduceLROnPlateau({ monitor: 'valLoss', factor: 0.5, patience: 1 }),
      callbacks.earlyStopping({ monitor: 'loss', patience: 2, restoreBestWeights: true }),
      callbacks.csvLogger(csv),
    ];
    const [csv, wholeCsv] = [join(scratchFolder(), 'log.csv'), join(scratchFolder(), 'log.csv')];
    const whole = newModel();
    const history = await whole.fit(x, y, { ...options, epochs: 20, callbacks: watching(wholeCsv) });
    expect(history.epoch.length).toBeLessThan(20);
    const folder = await ended(10, { epochs: 20, callbacks: watching(csv) });
    const model = newModel();
    expect(await model.fit(x, y, { resume: folder, callbacks: watching(csv) })).toEqual(history);
    expect(await contents(model)).toEqual(await contents(whole));
    expect(readFileSync(csv, 'utf8')).toBe(readFileSync(wholeCsv, 'utf8'));
    // It was ended by a callback: there is nothing left to do.
    expect(await newModel().fit(x, y, { resume: folder, callbacks: watching(csv) })).toEqual(history);
  });
});

test('a learning rate that a callback has set goes on, in the same model and in one that is compiled as it was', async () => {
  const given = { ...options, epochs: 5 };
  const halving = () => callbacks.learningRateScheduler((_, rate) => rate / 2);
  const whole = newModel();
  const history = await whole.fit(x, y, { ...given, callbacks: halving() });
  for (const sameModel of [true, false]) {
    const folder = scratchFolder();
    const first = newModel();
    const controller = new AbortController();
    const stop: Callbacks = { onEpochEnd: (epoch) => (epoch === 1 ? controller.abort() : undefined) };
    const { signal } = controller;
    await first.fit(x, y, { ...given, checkpointDir: folder, signal, callbacks: [halving(), stop] });
    const model = sameModel ? first : newModel();
    expect(await model.fit(x, y, { resume: folder, callbacks: halving() })).toEqual(history);
    expect(await contents(model)).toEqual(await contents(whole));
  }
});

describe('one program for the first run and those after it', () => {
  test('begins where there is no checkpoint, and goes on where there is', async () => {
    const folder = join(scratchFolder(), 'checkpoints');
    const both = { ...options, checkpointDir: folder, resume: folder };
    const controller = new AbortController();
    const stop: Callbacks = { onEpochEnd: () => controller.abort() };
    await newModel().fit(x, y, { ...both, signal: controller.signal, callbacks: stop });
    expect(await newModel().fit(x, y, both)).toEqual(await newModel().fit(x, y, options));
  });

  test('a folder that holds checkpoints is not written over', async () => {
    const folder = await ended(2);
    const before = checkpointNames(folder);
    await expect(newModel().fit(x, y, { ...options, checkpointDir: folder })).rejects.toThrow(
      error('CUDA_GAN_FILE', `${folder} holds checkpoints already; go on from them by resume`),
    );
    expect(checkpointNames(folder)).toEqual(before);
  });
});

describe('the folder of checkpoints', () => {
  test('is for one fit at a time', async () => {
    const folder = await ended(4);
    const outcomes = await Promise.allSettled([
      newModel().fit(x, y, { resume: folder }),
      newModel().fit(x, y, { resume: folder }),
      newModel().fit(x, y, { ...options, checkpointDir: folder }),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') expect(outcome.value).toEqual(await newModel().fit(x, y, options));
      else expect(outcome.reason).toEqual(error('CUDA_GAN_BUSY', `${folder} is in use by this process`));
    }
    expect(existsSync(join(folder, 'run.lock'))).toBe(false);
  });

  test('is free again after an error', async () => {
    const folder = scratchFolder();
    const both = { ...options, checkpointDir: folder, resume: folder };
    const onEpochBegin = () => {
      throw new Error('not today');
    };
    await expect(newModel().fit(x, y, { ...both, callbacks: { onEpochBegin } })).rejects.toThrow('not today');
    expect(await newModel().fit(x, y, both)).toEqual(await newModel().fit(x, y, options));
  });

  test('that cannot be read is no folder without checkpoints', async () => {
    const folder = await ended(4);
    const before = checkpointNames(folder);
    const both = { ...options, checkpointDir: folder, resume: folder };
    const names = jest.spyOn(promises, 'readdir').mockRejectedValue(Object.assign(new Error('no'), { code: 'EACCES' }));
    await expect(newModel().fit(x, y, both)).rejects.toThrow(
      error('CUDA_GAN_FILE', `cannot read the folder ${folder}: permission denied`),
    );
    names.mockRestore();
    expect(checkpointNames(folder)).toEqual(before);
  });

  test('is not made for what is to be resumed', async () => {
    const folder = join(scratchFolder(), 'missing');
    await expect(newModel().fit(x, y, { resume: folder })).rejects.toThrow(
      error('CUDA_GAN_FILE', `${folder} holds no checkpoint: there is nothing to resume`),
    );
    expect(existsSync(folder)).toBe(false);
  });
});

describe('another training is an error that names the difference:', () => {
  const begun = ended(4);

  test.each<[string, string, ModelOptions, FitOptions]>([
    ['batch size', 'options.batchSize is 5, there 4', {}, { batchSize: 5 }],
    ['order', 'options.shuffle is false, there true', {}, { shuffle: false }],
    ['structure', 'model.config.layers[0].config.units is 6, there 5', { units: 6 }, {}],
  ])('%s', async (_, difference, model, given) => {
    const resume = await begun;
    await expect(newModel(model).fit(x, y, { ...given, resume })).rejects.toThrow(
      error('CUDA_GAN_VALUE', `was made by another training: ${difference}`),
    );
  });

  test('data', async () => {
    const resume = await begun;
    const other = normalTensor([13, 4], 3);
    await expect(newModel().fit(other, y, { resume })).rejects.toThrow(
      error('CUDA_GAN_DATA', 'was made by another training: x holds other numbers'),
    );
    const fewer = [normalTensor([12, 4], 1), normalTensor([12, 1], 2)] as const;
    await expect(newModel().fit(...fewer, { resume })).rejects.toThrow(
      error('CUDA_GAN_DATA', 'x is float32 [12, 4], there float32 [13, 4]'),
    );
    await expect(newModel().fit(x, y, { resume, validationData: [x, y] })).rejects.toThrow(
      error('CUDA_GAN_DATA', 'validation x is given, and there was none'),
    );
  });

  test('fewer epochs', async () => {
    await expect(newModel().fit(x, y, { resume: await begun, epochs: 2 })).rejects.toThrow(
      error('CUDA_GAN_VALUE', 'epochs is 2; the training was begun for 3 epochs, and can only be made longer'),
    );
  });

  test('optimizer', async () => {
    const resume = await begun;
    const model = newModel();
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError', metrics: ['meanAbsoluteError'] });
    await expect(model.fit(x, y, { resume })).rejects.toThrow(
      error('CUDA_GAN_VALUE', 'optimizer.name is "sgd", there "adam"'),
    );
    await expect(newModel({ learningRate: 0.5 }).fit(x, y, { resume })).rejects.toThrow(
      error('CUDA_GAN_VALUE', 'optimizer.learningRate is 0.5, there 0.01'),
    );
  });

  test('figures', async () => {
    const resume = await begun;
    const model = newModel();
    model.compile({ optimizer: optimizers.adam({ learningRate: 0.01 }), loss: 'meanSquaredError' });
    const before = await contents(model);
    await expect(model.fit(x, y, { resume })).rejects.toThrow(error('CUDA_GAN_VALUE', 'figures.length is 2, there 4'));
    expect(await contents(model)).toEqual(before);
  });

  test('a GAN, and none at all', async () => {
    const outDir = scratchFolder();
    await smallGan().train(smallImages(), { steps: 1, batchSize: 4, outDir });
    await expect(newModel().fit(x, y, { resume: join(outDir, 'checkpoints') })).rejects.toThrow(
      error('CUDA_GAN_FILE', 'is that of a GAN, not of a model in fit: GAN.resume goes on from it'),
    );
    const folder = scratchFolder();
    await expect(newModel().fit(x, y, { resume: folder })).rejects.toThrow(
      error('CUDA_GAN_FILE', `${folder} holds no checkpoint: there is nothing to resume`),
    );
    await expect(GAN.resume(folder, smallImages())).rejects.toThrow(error('CUDA_GAN_FILE', 'holds no checkpoint'));
  });

  test('callbacks', async () => {
    const resume = await begun;
    const callback = callbacks.earlyStopping({ monitor: 'loss' });
    await expect(newModel().fit(x, y, { resume, callbacks: callback })).rejects.toThrow(
      error('CUDA_GAN_VALUE', 'has callbacks with a state: none; found are earlyStopping'),
    );
  });
});

test('a state that is no plain data is an error before the first batch', async () => {
  const callback: Callbacks = { name: 'odd', getState: () => 5n };
  await expect(newModel().fit(x, y, { checkpointDir: scratchFolder(), callbacks: callback })).rejects.toThrow(
    error('CUDA_GAN_VALUE', 'what a checkpoint is to keep is not plain data'),
  );
});

testNotOnWindows(
  'a full disk ends the fit with its name; the model is as trained, the last checkpoint intact',
  async () => {
    const folder = scratchFolder();
    const model = newModel();
    let seen = await contents(model);
    const watch: Callbacks = {
      onBatchEnd: async (batch) => {
        seen = await contents(model);
        if (batch !== 1) return;
        while (!existsSync(join(folder, 'checkpoint-000000001.safetensors'))) {
          await new Promise((resolve) => setImmediate(resolve));
        }
        fillDisk(folder);
      },
    };
    const given = { ...options, epochs: 1, checkpointDir: folder, checkpointInterval: 2, callbacks: watch };
    // The checkpoint after batch 1 is started behind this callback: let it be there by a second epoch.
    await expect(model.fit(x, y, { ...given, checkpointInterval: 1 })).rejects.toThrow(
      error('CUDA_GAN_FILE', 'the disk is full'),
    );
    expect(await contents(model)).toEqual(seen);
  },
);

test('pixels are known by their bytes', async () => {
  const bytes = tensor(
    Uint8Array.from({ length: 52 }, (_, i) => (i * 37) % 256),
    [13, 4],
  );
  const folder = scratchFolder();
  const history = await newModel().fit(bytes, y, { ...options, checkpointDir: folder });
  expect(await newModel().fit(bytes, y, { resume: folder })).toEqual(history);
});

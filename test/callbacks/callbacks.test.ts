// The callbacks of the package, in `fit` and in `GAN.train`.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { type Callbacks, callbacks, loadModel, optimizers, type Training } from '../../lib/index';
import { scratchFolder } from '../gan/scratch';
import { smallGan, smallImages, weightsOf } from '../gan/small-gan';
import { binaryData, binaryModel, contents, linearModel, normalTensor } from '../models/small-models';
import { error } from '../support/errors';

const [x, y] = [normalTensor([12, 2], 1), normalTensor([12, 1], 2)];
const linesOf = (path: string) => readFileSync(path, 'utf8').trimEnd().split('\r\n');

/** What is printed meanwhile. */
async function printed(run: () => Promise<unknown>): Promise<string[]> {
  const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  try {
    await run();
    return log.mock.calls.map(([line]) => String(line));
  } finally {
    log.mockRestore();
  }
}

describe('a callback', () => {
  test('is handed what is trained, and the names of the figures', async () => {
    const found: Training[] = [];
    const look: Callbacks = { onTrainBegin: (training) => void found.push(training) };
    const model = await binaryModel();
    await model.fit(...binaryData, { validationSplit: 0.5, callbacks: look });
    const gan = smallGan();
    await gan.train(smallImages(), { steps: 1, batchSize: 4, callbacks: [look] });
    expect(found.map(({ figures }) => figures)).toEqual([
      ['loss', 'accuracy', 'valLoss', 'valAccuracy'],
      ['dLoss', 'dAccuracy', 'gLoss', 'dReal', 'dFake', 'dGradientNorm', 'gGradientNorm', 'diversity'],
    ]);
    expect(found[0]!.models).toEqual({ model });
    expect(Object.keys(found[1]!.optimizers)).toEqual(['generator', 'discriminator']);
    expect(found[1]!.models.generator).toBe(gan.generator);
  });

  test('that stops a fit in the middle of an epoch ends that epoch and the training, as in Keras', async () => {
    let batches = 0;
    const { epoch, history } = await linearModel().fit(x, y, {
      batchSize: 1,
      epochs: 9,
      callbacks: {
        onBatchEnd: (_batch, _logs, training) => {
          if (++batches === 17) training.stop();
        },
      },
    });
    expect({ epoch, batches, losses: history.loss!.length }).toEqual({ epoch: [0, 1], batches: 17, losses: 2 });
  });

  test('may add figures, which the history of fit has too', async () => {
    const { history } = await linearModel().fit(x, y, {
      epochs: 2,
      callbacks: {
        onEpochEnd: (epoch, logs) => {
          logs.double = 2 * epoch;
        },
      },
    });
    expect(history.double).toEqual([0, 2]);
  });

  test('hears of the progress of fit', async () => {
    const steps: number[] = [];
    await linearModel().fit(x, y, {
      batchSize: 5,
      epochs: 2,
      callbacks: {
        onProgress: ({ step, steps: all, stepsPerSecond, secondsLeft, loss }) => {
          expect([all, stepsPerSecond > 0, secondsLeft >= 0, Number.isFinite(loss)]).toEqual([6, true, true, true]);
          steps.push(step);
        },
      },
    });
    expect(steps.at(-1)).toBe(5);
  });
});

describe('in GAN.train', () => {
  const train = (options: object) => smallGan().train(smallImages(), { batchSize: 8, sampleInterval: 3, ...options });

  test('an epoch is the steps after one sample up to the next, its figures are the means over them', async () => {
    const epochs: [number, Record<string, number>][] = [];
    const history = await train({
      steps: 8,
      callbacks: { onEpochEnd: (epoch: number, logs: Record<string, number>) => void epochs.push([epoch, logs]) },
    });
    expect(epochs.map(([epoch]) => epoch)).toEqual([0, 1, 2, 3]);
    expect(epochs[0]![1]).toEqual({
      dLoss: history.dLoss[0],
      dAccuracy: history.dAccuracy[0],
      gLoss: history.gLoss[0],
    });
    const { gLoss } = history;
    expect(epochs[2]![1].gLoss).toBe((gLoss[4]! + gLoss[5]! + gLoss[6]!) / 3);
    expect(epochs[3]![1].dLoss).toBe(history.dLoss[7]);
  });

  test('callbacks come in order, batches are steps', async () => {
    const calls: string[] = [];
    const note = (text: string) => () => void calls.push(text);
    await train({
      steps: 3,
      sampleInterval: 2,
      pretrainSteps: 2,
      callbacks: {
        onTrainBegin: note('begin'),
        onEpochBegin: (epoch: number) => void calls.push(`epoch ${epoch}`),
        onBatchEnd: (batch: number, { gLoss }: Record<string, number>) =>
          void calls.push(`batch ${batch} ${gLoss! > 0}`),
        onSample: ({ step }: { step: number }) => void calls.push(`sample ${step}`),
        onEpochEnd: note('epoch ends'),
        onTrainEnd: note('end'),
      },
    });
    expect(calls).toEqual([
      ...['begin', 'epoch 0', 'batch 0 true', 'sample 0', 'epoch ends'],
      ...['epoch 1', 'batch 0 true', 'batch 1 true', 'sample 2', 'epoch ends', 'end'],
    ]);
  });

  test('looking on changes no bit', async () => {
    const [quiet, watched] = [smallGan(), smallGan()];
    const look: Callbacks = { onBatchEnd: () => undefined, onEpochEnd: () => undefined };
    await quiet.train(smallImages(), { steps: 9, batchSize: 8 });
    await watched.train(smallImages(), { steps: 9, batchSize: 8, sampleInterval: 4, callbacks: look });
    expect(await weightsOf(watched)).toEqual(await weightsOf(quiet));
  });

  test('stop ends the run with a sample, and it was not aborted', async () => {
    const samples: number[] = [];
    const history = await train({
      steps: 100,
      onSample: ({ step }: { step: number }) => samples.push(step),
      callbacks: { onBatchEnd: (batch: number, _: unknown, training: Training) => batch === 1 && training.stop() },
    });
    expect({ steps: history.steps, aborted: history.aborted, samples }).toEqual({
      steps: 3,
      aborted: false,
      samples: [0, 2],
    });
  });

  test('earlyStopping brings the best weights of both models back', async () => {
    const gan = smallGan();
    const seen: Awaited<ReturnType<typeof weightsOf>>[] = [];
    const wanted = [3, 1, 2, 4, 5];
    const script: Callbacks = {
      onEpochEnd: async (epoch, logs) => {
        logs.gLoss = wanted[epoch]!;
        seen.push(await weightsOf(gan));
      },
    };
    const stopping = callbacks.earlyStopping({ monitor: 'gLoss', patience: 2, restoreBestWeights: true, verbose: 1 });
    const lines = await printed(() =>
      gan.train(smallImages(), { steps: 50, batchSize: 8, sampleInterval: 2, callbacks: [script, stopping] }),
    );
    expect(seen).toHaveLength(4);
    expect(await weightsOf(gan)).toEqual(seen[1]);
    expect(lines).toEqual(['Epoch 4: early stopping', 'Restoring the weights from the end of the best epoch: 2']);
  });

  test('a learning rate that a callback sets holds from the next step on', async () => {
    const gan = smallGan();
    const set: Callbacks = {
      onEpochEnd: (_epoch, _logs, { optimizers: rates }) => {
        for (const optimizer of Object.values(rates)) optimizer.learningRate = 1e-30;
      },
    };
    await gan.train(smallImages(), { steps: 1, batchSize: 8 });
    const one = await weightsOf(gan);
    const other = smallGan();
    await other.train(smallImages(), { steps: 20, batchSize: 8, sampleInterval: 100, callbacks: set });
    const kernels = ({ generator, discriminator }: typeof one) => [generator[0], discriminator[0]];
    expect(kernels(await weightsOf(other))).toEqual(kernels(one));
  });

  test('modelCheckpoint saves both', async () => {
    const folder = scratchFolder();
    const filepath = join(folder, '{model}-{epoch}.safetensors');
    const gan = smallGan();
    await gan.train(smallImages(), { steps: 1, batchSize: 8, callbacks: callbacks.modelCheckpoint({ filepath }) });
    const saved = await loadModel(join(folder, 'discriminator-1.safetensors'));
    expect((await saved.getWeights()).map(({ data }) => data)).toEqual((await weightsOf(gan)).discriminator);
    expect(existsSync(join(folder, 'generator-1.safetensors'))).toBe(true);
  });

  test('a path for one file is refused before the first step', async () => {
    const filepath = join(scratchFolder(), 'best.safetensors');
    await expect(train({ steps: 1, callbacks: callbacks.modelCheckpoint({ filepath }) })).rejects.toThrow(
      error('CUDA_GAN_VALUE', 'one file for generator and discriminator; write {model} where their names are to be'),
    );
  });
});

/** Measured at step 200 first. */
const diversity = { monitor: 'diversity', mode: 'max' } as const;

describe('a figure that there is not', () => {
  test.each([
    ['earlyStopping', callbacks.earlyStopping()],
    ['reduceLROnPlateau', callbacks.reduceLROnPlateau()],
    ['modelCheckpoint', callbacks.modelCheckpoint({ filepath: 'x', saveBestOnly: true })],
  ])('ends %s before the first epoch', async (name, callback) => {
    const model = linearModel();
    const before = await contents(model);
    await expect(model.fit(x, y, { callbacks: callback })).rejects.toThrow(
      error('CUDA_GAN_VALUE', `callbacks.${name}: monitor is "valLoss", which this training does not have`),
    );
    expect(await contents(model)).toEqual(before);
  });

  test('may be one that another callback adds', async () => {
    const adds: Callbacks = {
      figures: ['depth'],
      onEpochEnd: (epoch, logs) => {
        logs.depth = -epoch;
      },
    };
    const stopping = callbacks.earlyStopping({ monitor: 'depth', mode: 'max', patience: 2 });
    expect((await linearModel().fit(x, y, { epochs: 9, callbacks: [adds, stopping] })).epoch).toEqual([0, 1, 2]);
  });

  test('is named beside those that there are', async () => {
    await expect(
      linearModel().fit(x, y, { callbacks: callbacks.earlyStopping({ monitor: 'los', mode: 'min' }) }),
    ).rejects.toThrow(error('CUDA_GAN_VALUE', 'did you mean "loss"? it has loss, learningRate'));
  });

  test.each([
    ['modelCheckpoint', () => callbacks.modelCheckpoint({ filepath: 'x-{model}', saveBestOnly: true, ...diversity })],
    ['earlyStopping', () => callbacks.earlyStopping(diversity)],
    ['reduceLROnPlateau', () => callbacks.reduceLROnPlateau(diversity)],
  ])('in any epoch of a run that is too short for it is said by %s', async (name, make) => {
    const emitted = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    await smallGan().train(smallImages(), { steps: 3, batchSize: 8, callbacks: make() });
    const said = emitted.mock.calls.map(([message]) => message);
    emitted.mockRestore();
    expect(said).toEqual([
      `callbacks.${name} did nothing: no epoch of this training had a figure for "diversity"; figures that are measured now and then need epochs as long`,
    ]);
  });

  test('whose better direction nobody can know needs a mode', () => {
    expect(() => callbacks.earlyStopping({ monitor: 'depth' })).toThrow(
      error('CUDA_GAN_VALUE', 'the name "depth" does not say whether less or more of it is better; give mode'),
    );
  });
});

describe('csvLogger', () => {
  test('makes the folder of its file', async () => {
    const path = join(scratchFolder(), 'logs', 'first', 'log.csv');
    await linearModel().fit(x, y, { callbacks: callbacks.csvLogger(path) });
    expect(readFileSync(path, 'utf8')).toMatch(/^epoch,loss/);
  });

  test('writes a line of names, and one per epoch', async () => {
    const path = join(scratchFolder(), 'log.csv');
    const { history } = await (await binaryModel()).fit(...binaryData, {
      epochs: 2,
      callbacks: callbacks.csvLogger(path, { separator: ';' }),
    });
    const row = (i: number) => `${i};${history.accuracy![i]};${history.loss![i]}`;
    expect(linesOf(path)).toEqual(['epoch;accuracy;loss', row(0), row(1)]);
  });

  test('has columns for figures that not every epoch has', async () => {
    const path = join(scratchFolder(), 'log.csv');
    await smallGan().train(smallImages(), {
      steps: 201,
      batchSize: 4,
      sampleInterval: 100,
      callbacks: callbacks.csvLogger(path),
    });
    const columns = linesOf(path).map((line) => line.split(','));
    const diversity = columns[0]!.indexOf('diversity');
    expect(columns.map((line) => line[diversity] === 'NA')).toEqual([false, true, true, false]);
  });

  test('replaces a file, or adds to it', async () => {
    const path = join(scratchFolder(), 'log.csv');
    writeFileSync(path, 'old\r\n');
    await linearModel().fit(x, y, { callbacks: callbacks.csvLogger(path) });
    expect(linesOf(path)[0]).toBe('epoch,loss');
    await linearModel().fit(x, y, { callbacks: callbacks.csvLogger(path, { append: true }) });
    expect(linesOf(path).map((line) => line.split(',')[0])).toEqual(['epoch', '0', '0']);
  });

  test('says when it cannot write', async () => {
    const path = join(scratchFolder(), 'log.csv');
    mkdirSync(path);
    await expect(linearModel().fit(x, y, { callbacks: callbacks.csvLogger(path) })).rejects.toThrow(
      error('CUDA_GAN_FILE', `cannot write ${path}: it is a folder`),
    );
    const below = join(scratchFolder(), 'file', 'log.csv');
    writeFileSync(dirname(below), '');
    await expect(linearModel().fit(x, y, { callbacks: callbacks.csvLogger(below) })).rejects.toThrow(
      error('CUDA_GAN_FILE', `cannot write into the folder ${dirname(below)}: a file of that name is in the way`),
    );
  });
});

describe('modelCheckpoint', () => {
  test.each(['keras', 'h5', 'onnx', 'json'])('writes .%s files, in mid-training', async (ending) => {
    const filepath = join(scratchFolder(), `{epoch}.${ending}`);
    const model = linearModel();
    const given = { epochs: 2, verbose: 0, callbacks: callbacks.modelCheckpoint({ filepath }) } as const;
    await model.fit(x, y, given);
    const saved = await loadModel(filepath.replace('{epoch}', '2'), { device: 'cpu' });
    expect(await saved.getWeights()).toEqual(await model.getWeights());
    const before = await loadModel(filepath.replace('{epoch}', '1'), { device: 'cpu' });
    expect(await before.getWeights()).not.toEqual(await model.getWeights());
  });

  test('fills in epoch and figures', async () => {
    const folder = scratchFolder();
    const filepath = join(folder, '{epoch:03d}-{loss:.2f}');
    const { history } = await linearModel().fit(x, y, {
      epochs: 2,
      callbacks: callbacks.modelCheckpoint({ filepath }),
    });
    expect(existsSync(join(folder, `002-${history.loss![1]!.toFixed(2)}`))).toBe(true);
  });

  test('refuses a place for what there is not', async () => {
    const filepath = join(scratchFolder(), '{valLoss}');
    await expect(linearModel().fit(x, y, { callbacks: callbacks.modelCheckpoint({ filepath }) })).rejects.toThrow(
      error('CUDA_GAN_VALUE', `${filepath} has {valLoss}; allowed are model, epoch, loss`),
    );
  });

  test('saves after so many batches, over the ends of epochs', async () => {
    const folder = scratchFolder();
    const filepath = join(folder, '{epoch}-{batch}');
    await linearModel().fit(x, y, {
      batchSize: 4,
      epochs: 2,
      callbacks: callbacks.modelCheckpoint({ filepath, saveFreq: 2 }),
    });
    expect(['1-2', '2-1', '2-3', '1-3'].map((name) => existsSync(join(folder, name)))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  test('says what it does with verbose', async () => {
    const filepath = join(scratchFolder(), 'best');
    const values = [2, 3, 1];
    const script: Callbacks = {
      onEpochEnd: (epoch, logs) => {
        logs.loss = values[epoch]!;
      },
    };
    const saving = callbacks.modelCheckpoint({ filepath, monitor: 'loss', saveBestOnly: true, verbose: 1 });
    expect(await printed(() => linearModel().fit(x, y, { epochs: 3, callbacks: [script, saving] }))).toEqual([
      'Epoch 1: loss improved from none to 2.00000',
      `Epoch 1: saved the model to ${filepath}`,
      'Epoch 2: loss did not improve from 2.00000',
      'Epoch 3: loss improved from 2.00000 to 1.00000',
      `Epoch 3: saved the model to ${filepath}`,
    ]);
  });
});

describe('learning rates', () => {
  test('learningRateScheduler asks at the beginning of every epoch, and notes what it set', async () => {
    const asked: [number, number][] = [];
    const schedule = (epoch: number, rate: number) => {
      asked.push([epoch, rate]);
      return rate / 2;
    };
    const { history } = await linearModel({ learningRate: 0.5 }).fit(x, y, {
      epochs: 3,
      callbacks: callbacks.learningRateScheduler(schedule),
    });
    expect(asked).toEqual([0.5, 0.25, 0.125].map((rate, epoch) => [epoch, rate]));
    expect(history.learningRate).toEqual([0.25, 0.125, 0.0625]);
  });

  test.each([0, Number.NaN, -1, '1'])('learningRateScheduler refuses the rate %p', async (rate) => {
    await expect(
      linearModel().fit(x, y, { callbacks: callbacks.learningRateScheduler(() => rate as number) }),
    ).rejects.toThrow(error('CUDA_GAN_VALUE', 'the result of schedule is'));
  });

  test('reduceLROnPlateau lowers those of both players, and notes them', async () => {
    const gan = smallGan();
    let logged: Record<string, number> = {};
    const set: Callbacks = {
      onEpochEnd: (_epoch, logs) => {
        logs.dLoss = 1;
      },
    };
    const look: Callbacks = {
      onEpochEnd: (_epoch, logs) => {
        logged = logs;
      },
    };
    await gan.train(smallImages(), {
      steps: 3,
      batchSize: 8,
      sampleInterval: 1,
      callbacks: [set, callbacks.reduceLROnPlateau({ monitor: 'dLoss', factor: 0.5, patience: 1 }), look],
    });
    // As they were in that epoch: the second reduction holds from the next on.
    expect(logged).toMatchObject({ generatorLearningRate: 0.0001, discriminatorLearningRate: 0.0001 });
  });
});

test('reduceLROnPlateau refuses a learning rate that follows a schedule, before anything is trained', async () => {
  const scheduled = {
    name: 'adam',
    learningRate: { name: 'cosineDecay', initialLearningRate: 1, decaySteps: 9 },
  } as const;
  const gan = smallGan({ discriminatorOptimizer: scheduled });
  const before = await weightsOf(gan);
  const watching = callbacks.reduceLROnPlateau({ monitor: 'dLoss' });
  await expect(gan.train(smallImages(), { steps: 3, batchSize: 8, callbacks: watching })).rejects.toThrow(
    error(
      'CUDA_GAN_STATE',
      'callbacks.reduceLROnPlateau: the learning rate of the discriminator follows the schedule cosineDecay, and cannot be reduced',
    ),
  );
  expect(await weightsOf(gan)).toEqual(before);
});

test.each(['on_epoch_end', 'onEpochEnds'])('a method that nothing calls is refused: %s', async (name) => {
  await expect(linearModel().fit(x, y, { callbacks: { [name]: () => undefined } })).rejects.toThrow(
    error('CUDA_GAN_VALUE', `unknown callback "${name}"; allowed are onTrainBegin`),
  );
});

describe('terminateOnNaN', () => {
  test('lets a fit that diverges end with the epochs that were done, in its last good state', async () => {
    const optimizer = optimizers.sgd({ learningRate: 0.01 });
    const model = linearModel();
    model.compile({ optimizer, loss: 'meanSquaredError' });
    let ended = false;
    const heat: Callbacks = {
      onEpochEnd: (epoch) => {
        if (epoch === 1) optimizer.learningRate = 1e30;
      },
      onTrainEnd: () => {
        ended = true;
      },
    };
    const lines = await printed(async () => {
      const options = { epochs: 50, batchSize: 4, callbacks: [heat, callbacks.terminateOnNaN()] };
      const { epoch } = await model.fit(x, y, options);
      expect(epoch.slice(0, 2)).toEqual([0, 1]);
      expect(epoch.length).toBeLessThan(50);
    });
    expect(ended).toBe(true);
    expect(lines).toEqual([expect.stringMatching(/^Training was terminated: (the loss|a weight) became /)]);
    expect((await contents(model)).flatMap((data) => [...data]).every(Number.isFinite)).toBe(true);
  });

  test('does so for a GAN, whose history has the steps that were done', async () => {
    const sgd = () => optimizers.sgd({ learningRate: 1e30 });
    const gan = smallGan({ generatorOptimizer: sgd(), discriminatorOptimizer: sgd() });
    const before = await weightsOf(gan);
    await printed(async () => {
      const callback = callbacks.terminateOnNaN();
      const history = await gan.train(smallImages(), { steps: 50, batchSize: 8, callbacks: callback });
      expect(history).toMatchObject({ aborted: false, steps: 0 });
    });
    expect(await weightsOf(gan)).toEqual(before);
  });
});

// A run that was ended or killed and is resumed comes to the bits of the run without a break.
import {
  cpSync,
  existsSync,
  mkdirSync,
  promises,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, jest, test } from '@jest/globals';
import { resolveDevice } from '../../lib/devices/select';
import {
  type Callbacks,
  callbacks,
  GAN,
  type GanOptions,
  layers,
  loadModel,
  optimizers,
  Sequential,
  type TrainOptions,
  type TrainProgress,
  tensor,
} from '../../lib/index';
import type { PlainOptimizer } from '../../lib/optimizers/index';
import { checkpointNames, copiesAtCheckpoints, hashOf, hashOfTensors, stateIn } from '../support/checkpoint-copies';
import { cudaDevices, sharingCpu, type TestedDevice } from '../support/devices';
import { fillDisk } from '../support/full-disk';
import { testNotOnWindows, testOnLinux } from '../support/platform';
import { expectError } from './rejects';
import { scratchFolder } from './scratch';
import { imageShape, latentDim, smallGan, smallImages, weightsOf } from './small-gan';

const images = smallImages();

/** With dropout, and batch normalisation in both networks. */
function newGan(options: GanOptions = {}): GAN {
  const generator = new Sequential({
    layers: [
      layers.dense({ units: 6, inputShape: [latentDim] }),
      layers.batchNormalization({ momentum: 0.8 }),
      layers.leakyReLU(),
      layers.dropout({ rate: 0.25 }),
      layers.dense({ units: 16, activation: 'tanh' }),
      layers.reshape({ targetShape: imageShape }),
    ],
    seed: 1,
  });
  const discriminator = new Sequential({
    layers: [
      layers.flatten({ inputShape: imageShape }),
      layers.spectralNormalization({ layer: layers.dense({ units: 8 }) }),
      layers.batchNormalization(),
      layers.dropout({ rate: 0.5 }),
      layers.dense({ units: 1, activation: 'sigmoid' }),
    ],
    seed: 2,
  });
  const discriminatorOptimizer = optimizers.rmsprop({ learningRate: 0.001 });
  return new GAN({ generator, discriminator, discriminatorOptimizer, seed: 3, ...options });
}

const checkpointsOf = (outDir: string) => join(outDir, 'checkpoints');
const linesOf = (outDir: string) => readFileSync(join(outDir, 'history.jsonl'), 'utf8');
const modelsOf = (outDir: string) =>
  ['generator', 'discriminator'].map((name) => hashOfTensors(join(outDir, `${name}.safetensors`)));

const filesOf = (outDir: string) =>
  readdirSync(outDir, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.includes('checkpoint'))
    .sort();

/** All that a run leaves: its state, its history, its models. */
const outcomeOf = (outDir: string) => [stateIn(checkpointsOf(outDir)), hashOf(linesOf(outDir)), ...modelsOf(outDir)];

const devices: readonly TestedDevice[] = [
  { label: 'cpu', device: sharingCpu(2) },
  { label: 'reference', device: resolveDevice('reference') },
  ...cudaDevices(),
];

describe.each(devices)('on $label, killed after any checkpoint', ({ device }) => {
  const options = { steps: 9, pretrainSteps: 4, batchSize: 8, sampleInterval: 4, checkpointInterval: 3 };

  test('a run is resumed to its own bits: in pretraining, between samples, at its end', async () => {
    const outDir = scratchFolder();
    let history: Awaited<ReturnType<GAN['train']>>;
    const copies = await copiesAtCheckpoints(outDir, async () => {
      history = await newGan({ device }).train(images, { ...options, outDir });
    });
    expect([...copies.keys()]).toEqual([0, 3, 6, 9, 12, 13]);
    for (const [, copy] of copies) {
      const { gan, history: resumed } = await GAN.resume(copy, images, { device });
      expect(resumed.figures).toEqual(history!.figures);
      expect(resumed).toMatchObject({ steps: 9, pretrainSteps: 4, aborted: false });
      expect(outcomeOf(copy)).toEqual(outcomeOf(outDir));
      gan.dispose();
    }
  });
});

test.each<[string, PlainOptimizer]>([
  ['adagrad', { name: 'adagrad', initialAccumulatorValue: 0.5 }],
  ['adam with its largest moments, decay and clipping', { name: 'adam', amsgrad: true, weightDecay: 0.1, clipNorm: 1 }],
  ['adamW', { name: 'adamW', globalClipNorm: 1 }],
  ['nadam', { name: 'nadam' }],
])('the state of %s is in the checkpoints', async (_, generatorOptimizer) => {
  const outDir = scratchFolder();
  const options = { steps: 6, batchSize: 8, sampleInterval: 4, checkpointInterval: 3, outDir };
  const copies = await copiesAtCheckpoints(outDir, async () => {
    await newGan({ generatorOptimizer }).train(images, options);
  });
  await GAN.resume(copies.get(3)!, images);
  expect(outcomeOf(copies.get(3)!)).toEqual(outcomeOf(outDir));
});

describe('a run that a signal ended', () => {
  /** Ends a run after so many steps; its folder. */
  async function ended(steps: number, options: TrainOptions = {}): Promise<string> {
    const outDir = scratchFolder();
    const controller = new AbortController();
    let done = 0;
    const count: Callbacks = {
      onBatchEnd: () => {
        if (++done === steps) controller.abort();
      },
    };
    const given = [options.callbacks ?? []].flat();
    const run = { steps: 12, batchSize: 8, sampleInterval: 5, ...options, outDir, signal: controller.signal };
    await newGan().train(images, { ...run, callbacks: [count, ...given] });
    return outDir;
  }

  async function whole(options: TrainOptions = {}): Promise<string> {
    const outDir = scratchFolder();
    await newGan().train(images, { steps: 12, batchSize: 8, sampleInterval: 5, ...options, outDir });
    return outDir;
  }

  test.each([1, 3, 6, 11])('after %d steps goes on to its own end', async (steps) => {
    const outDir = await ended(steps);
    const { history } = await GAN.resume(outDir, images);
    expect(history).toMatchObject({ steps: 12, aborted: false });
    expect(outcomeOf(outDir)).toEqual(outcomeOf(await whole()));
  });

  test('may be ended and resumed again and again', async () => {
    const outDir = await ended(2);
    for (let i = 0; i < 3; i++) {
      const controller = new AbortController();
      const onProgress = () => controller.abort();
      expect((await GAN.resume(outDir, images, { signal: controller.signal, onProgress })).history.aborted).toBe(true);
    }
    await GAN.resume(outDir, images);
    expect(outcomeOf(outDir)).toEqual(outcomeOf(await whole()));
  });

  test('takes what callbacks have set and counted: rates, waits, best weights', async () => {
    const watching = () => [
      callbacks.reduceLROnPlateau({ monitor: 'dAccuracy', factor: 0.5, patience: 1 }),
      callbacks.earlyStopping({ monitor: 'gLoss', patience: 3, restoreBestWeights: true }),
    ];
    const options = { steps: 30, sampleInterval: 2 };
    const unbroken = await whole({ ...options, callbacks: watching() });
    for (const steps of [4, 9]) {
      const outDir = await ended(steps, { ...options, callbacks: watching() });
      await GAN.resume(outDir, images, { callbacks: watching() });
      expect(outcomeOf(outDir)).toEqual(outcomeOf(unbroken));
    }
    await expectError(
      () => GAN.resume(unbroken, images),
      'CUDA_GAN_VALUE',
      'the run that is resumed has callbacks with a state: reduceLROnPlateau, earlyStopping; found are none',
    );
  });

  test('that was at its end resolves at once, to its history', async () => {
    const outDir = await whole();
    const before = outcomeOf(outDir);
    const { history } = await GAN.resume(outDir, images);
    expect(history.steps).toBe(12);
    expect([...history].map((figures) => JSON.stringify(figures)).join('\n')).toBe(linesOf(outDir).trimEnd());
    expect(outcomeOf(outDir)).toEqual(before);
  });

  test('leaves a GAN that goes on as the one that began it would', async () => {
    const first = newGan();
    const outDir = scratchFolder();
    await first.train(images, { steps: 3, batchSize: 8 });
    await first.generate(2);
    await first.train(images, { steps: 4, batchSize: 8, outDir });
    const { gan } = await GAN.resume(outDir, images);
    for (const one of [first, gan]) await one.train(images, { steps: 3, batchSize: 8, pretrainSteps: 1 });
    expect(await weightsOf(gan)).toEqual(await weightsOf(first));
    expect(await gan.generate(2)).toEqual(await first.generate(2));
  });
});

test('two checkpoints stay; leftovers of a process that was killed do not', async () => {
  const outDir = scratchFolder();
  await newGan().train(images, { steps: 8, batchSize: 8, checkpointInterval: 2, outDir });
  expect(checkpointNames(checkpointsOf(outDir))).toEqual([
    'checkpoint-000000006.safetensors',
    'checkpoint-000000008.safetensors',
  ]);
  const left = ['checkpoints', 'images', '.'].map((name) => join(outDir, name, `.${crypto.randomUUID()}.tmp`));
  for (const path of left) writeFileSync(path, 'half');
  await GAN.resume(outDir, images);
  expect(left.filter((path) => existsSync(path))).toEqual([]);
});

describe('a damaged checkpoint', () => {
  const begun = (async () => {
    const outDir = scratchFolder();
    await newGan().train(images, { steps: 8, batchSize: 8, checkpointInterval: 3, outDir });
    return outDir;
  })();
  const newest = 'checkpoint-000000008.safetensors';

  /** A copy of the run with something done to its newest checkpoint. */
  async function damaged(change: (bytes: Buffer) => Uint8Array): Promise<string> {
    const outDir = scratchFolder();
    cpSync(await begun, outDir, { recursive: true });
    const path = join(checkpointsOf(outDir), newest);
    writeFileSync(path, change(readFileSync(path)));
    return outDir;
  }

  const flipped = (bytes: Buffer, at: number) => {
    bytes[at]! ^= 1;
    return bytes;
  };
  const headerEnd = (bytes: Buffer) => 8 + Number(bytes.readBigUInt64LE(0));
  const within = (bytes: Buffer, text: string) => bytes.indexOf(text) + Math.floor(text.length / 2);

  test.each<[string, (bytes: Buffer) => Uint8Array, RegExp]>([
    ['that is cut', (bytes) => bytes.subarray(0, 5000), /is not a safetensors file: /],
    [
      'with a bit flipped in its tensors',
      (bytes) => flipped(bytes, headerEnd(bytes) + 100),
      /is damaged: its checksum /,
    ],
    ['with a bit flipped at its end', (bytes) => flipped(bytes, bytes.length - 1), /is damaged: its checksum /],
    ['with another number in its JSON', (bytes) => flipped(bytes, within(bytes, '"batchSize\\":8')), /is damaged: /],
    ['with JSON that is none', (bytes) => flipped(bytes, bytes.indexOf('{\\"gan')), /is damaged: /],
    ['with another name for a tensor', (bytes) => flipped(bytes, within(bytes, '"stepsDone"')), /is damaged: /],
  ])('%s gives way to the one before, which a warning says', async (_, change, reason) => {
    const outDir = await damaged(change);
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    await GAN.resume(outDir, images);
    const said = warned.mock.calls.map(([message, options]) => [options?.code, message]);
    warned.mockRestore();
    const before = join(checkpointsOf(outDir), 'checkpoint-000000006.safetensors');
    expect(said).toEqual([['CUDA_GAN_CHECKPOINT', expect.stringMatching(reason)]]);
    expect(String(said[0]![1])).toMatch(
      new RegExp(`^${join(checkpointsOf(outDir), newest)} .*goes on from ${before}$`),
    );
    expect(outcomeOf(outDir)).toEqual(outcomeOf(await begun));
  });

  test('is an error where there is none before, whatever is damaged; the run stays as it is', async () => {
    const intact = readFileSync(join(checkpointsOf(await begun), newest));
    const end = headerEnd(intact);
    for (let at = 8; at < intact.length; at += at < end ? 97 : 1013) {
      const outDir = await damaged((bytes) => flipped(bytes, at));
      rmSync(join(checkpointsOf(outDir), 'checkpoint-000000006.safetensors'));
      await expectError(() => GAN.resume(outDir, images), 'CUDA_GAN_FILE', new RegExp(newest));
      expect(hashOf(linesOf(outDir))).toEqual(hashOf(linesOf(await begun)));
    }
  });

  test('gives way only when it is damaged: one that cannot be read is an error, and stays', async () => {
    const outDir = await damaged((bytes) => bytes);
    const { open } = promises;
    const reading = jest.spyOn(promises, 'open').mockImplementation(async (path, ...rest) => {
      if (String(path).endsWith(newest)) throw Object.assign(new Error('no'), { code: 'EACCES' });
      return open(path, ...rest);
    });
    await expectError(() => GAN.resume(outDir, images), 'CUDA_GAN_FILE', /^cannot read .*: permission denied$/);
    reading.mockRestore();
    expect(outcomeOf(outDir)).toEqual(outcomeOf(await begun));
  });
});

describe('a run that is made longer', () => {
  const options = { batchSize: 8, sampleInterval: 4, pretrainSteps: 2 };
  const long = (async () => {
    const outDir = scratchFolder();
    await newGan().train(images, { ...options, steps: 14, outDir });
    return outDir;
  })();

  async function begun(steps: number): Promise<string> {
    const outDir = scratchFolder();
    const controller = new AbortController();
    const onProgress = ({ step }: TrainProgress) => {
      if (steps === Number.POSITIVE_INFINITY && step >= 5) controller.abort();
    };
    await newGan().train(images, { ...options, steps, outDir, onProgress, signal: controller.signal });
    return outDir;
  }

  test.each([1, 5, 7, 13, 14])('from %d steps comes to what a run of so many steps comes to', async (steps) => {
    const outDir = await begun(steps);
    const { history } = await GAN.resume(outDir, images, { steps: 14 });
    expect(history).toMatchObject({ steps: 14, pretrainSteps: 2, aborted: false });
    expect(outcomeOf(outDir)).toEqual(outcomeOf(await long));
    expect(filesOf(outDir)).toEqual(filesOf(await long));
  });

  test('and is killed goes on to its new end, which its checkpoints know', async () => {
    const outDir = await begun(7);
    const controller = new AbortController();
    const onProgress = () => controller.abort();
    await GAN.resume(outDir, images, { steps: 14, signal: controller.signal, onProgress });
    await GAN.resume(outDir, images);
    expect(outcomeOf(outDir)).toEqual(outcomeOf(await long));
  });

  test('from no end gets one', async () => {
    const outDir = await begun(Number.POSITIVE_INFINITY);
    const done = linesOf(outDir).trimEnd().split('\n').length;
    await expectError(
      () => GAN.resume(outDir, images, { steps: done - 1 }),
      'CUDA_GAN_VALUE',
      `steps is ${done - 1}; the run has done ${done} steps, and can only be made longer`,
    );
    expect((await GAN.resume(outDir, images, { steps: done + 3 })).history.steps).toBe(done + 3);
  });

  test('is not made shorter', async () => {
    const outDir = await begun(7);
    const before = outcomeOf(outDir);
    await expectError(
      () => GAN.resume(outDir, images, { steps: 6 }),
      'CUDA_GAN_VALUE',
      'steps is 6; the run was begun for 7 steps, and can only be made longer',
    );
    expect(outcomeOf(outDir)).toEqual(before);
  });
});

test('of a break nothing stays: neither its picture, nor a byte in the models', async () => {
  const options = { steps: 12, batchSize: 8, sampleInterval: 5 };
  const [outDir, whole] = [scratchFolder(), scratchFolder()];
  await newGan().train(images, { ...options, outDir: whole });
  const controller = new AbortController();
  const count: Callbacks = { onBatchEnd: (batch) => (batch === 2 ? controller.abort() : undefined) };
  await newGan().train(images, { ...options, outDir, signal: controller.signal, callbacks: count });
  expect(readdirSync(join(outDir, 'images'))).toContain('samples_3.png');
  await GAN.resume(outDir, images);
  expect(filesOf(outDir)).toEqual(filesOf(whole));
  for (const name of ['generator', 'discriminator']) {
    const file = `${name}.safetensors`;
    expect(readFileSync(join(outDir, file)).equals(readFileSync(join(whole, file)))).toBe(true);
  }
});

test('a new run in the place of another leaves nothing of it to resume', async () => {
  const outDir = scratchFolder();
  await newGan().train(images, { steps: 9, batchSize: 8, outDir });
  await newGan().train(images, { steps: 2, batchSize: 8, outDir, overwrite: true });
  expect((await GAN.resume(outDir, images)).history.steps).toBe(2);
});

describe('nothing of a run is lost to another', () => {
  const options = { steps: 9, batchSize: 8, sampleInterval: 4, checkpointInterval: 3 };

  async function finished(): Promise<string> {
    const outDir = scratchFolder();
    await newGan().train(images, { ...options, outDir });
    return outDir;
  }

  test('by two that would resume it at once: one does, and the other is told who', async () => {
    const outDir = await ended();
    const outcomes = await Promise.allSettled([1, 2].map(() => GAN.resume(outDir, images)));
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'CUDA_GAN_BUSY', message: expect.stringContaining(`${outDir} is in use by this process`) },
    });
    expect(outcomeOf(outDir)).toEqual(outcomeOf(await finished()));
  });

  test('by a new one in its place, resumed or not, while it is trained', async () => {
    const outDir = await ended();
    const during: Promise<unknown>[] = [];
    const onSample = () => {
      during.push(newGan().train(images, { ...options, outDir, overwrite: true }), GAN.resume(outDir, images));
    };
    await GAN.resume(outDir, images, { onSample });
    for (const { status } of await Promise.allSettled(during)) expect(status).toBe('rejected');
    expect(outcomeOf(outDir)).toEqual(outcomeOf(await finished()));
    expect(existsSync(join(outDir, 'run.lock'))).toBe(false);
  });

  /** Begins a run in the place of another; what ended it. */
  const overwrite = (outDir: string, more: TrainOptions = {}) =>
    newGan({ seed: 4 })
      .train(images, { ...options, ...more, steps: 2, outDir, overwrite: true })
      .then(
        () => undefined,
        (reason: Error) => reason,
      );

  test.each([
    ['checkpoints', 'checkpoints'],
    ['images', 'images'],
    ['generator.safetensors', 'it is a folder'],
    ['curves.png', 'it is a folder'],
  ])('by one that cannot write its %s', async (name, message) => {
    const outDir = await finished();
    const path = join(outDir, name);
    const isFolder = statSync(path).isDirectory();
    const aside = join(scratchFolder(), name);
    renameSync(path, aside);
    if (isFolder) writeFileSync(path, 'a file');
    else mkdirSync(path);
    const before = readFileSync(join(outDir, 'history.jsonl'));
    expect(await overwrite(outDir)).toMatchObject({ code: 'CUDA_GAN_FILE', message: expect.stringContaining(message) });
    expect(readFileSync(join(outDir, 'history.jsonl'))).toEqual(before);
    rmSync(path, { recursive: true });
    renameSync(aside, path);
    expect(outcomeOf(outDir)).toEqual(outcomeOf(await finished()));
  });

  testNotOnWindows('by one that finds the disk full', async () => {
    const outDir = await finished();
    const before = [filesOf(outDir), outcomeOf(outDir)];
    fillDisk(checkpointsOf(outDir));
    expect(await overwrite(outDir)).toMatchObject({ code: 'CUDA_GAN_FILE' });
    jest.restoreAllMocks();
    rmSync(join(checkpointsOf(outDir), '.0-0-0-0-0.tmp'), { force: true });
    expect([filesOf(outDir), outcomeOf(outDir)]).toEqual(before);
    expect((await GAN.resume(outDir, images)).history.steps).toBe(9);
  });

  test('by one that a callback ends before its first step', async () => {
    const outDir = await finished();
    const before = outcomeOf(outDir);
    const onTrainBegin = () => {
      throw new Error('not today');
    };
    expect(await overwrite(outDir, { callbacks: { onTrainBegin } })).toMatchObject({ message: 'not today' });
    expect(outcomeOf(outDir)).toEqual(before);
    expect((await GAN.resume(outDir, images)).history.steps).toBe(9);
  });

  test('by a process that is killed before its first checkpoint', async () => {
    const outDir = await finished();
    const copies: string[] = [];
    const copy = () => {
      copies.push(scratchFolder());
      cpSync(outDir, copies.at(-1)!, { recursive: true });
    };
    await overwrite(outDir, { callbacks: { onTrainBegin: copy } });
    expect(outcomeOf(copies[0]!)).toEqual(outcomeOf(await finished()));
    expect((await GAN.resume(copies[0]!, images)).history.steps).toBe(9);
  });

  testOnLinux('by a folder of checkpoints that cannot be read', async () => {
    const outDir = await finished();
    const names = jest.spyOn(promises, 'readdir').mockRejectedValue(Object.assign(new Error('no'), { code: 'EACCES' }));
    const refused = expect.objectContaining({
      code: 'CUDA_GAN_FILE',
      message: expect.stringMatching(/^cannot read the folder .*: permission denied$/),
    });
    await expect(GAN.resume(outDir, images)).rejects.toEqual(refused);
    await expect(newGan().train(images, { ...options, outDir })).rejects.toEqual(refused);
    names.mockRestore();
    expect(outcomeOf(outDir)).toEqual(outcomeOf(await finished()));
  });

  /** A run that a signal has ended after its first sample. */
  async function ended(): Promise<string> {
    const outDir = scratchFolder();
    const controller = new AbortController();
    const onSample = () => controller.abort();
    await newGan().train(images, { ...options, outDir, onSample, signal: controller.signal });
    return outDir;
  }
});

test('an average that a run has not is not that of the run before', async () => {
  const outDir = scratchFolder();
  await newGan({ ema: true }).train(images, { steps: 2, batchSize: 8, outDir });
  await newGan().train(images, { steps: 2, batchSize: 8, outDir, overwrite: true });
  expect((await GAN.load(outDir)).averagedGenerator).toBeUndefined();
});

test('without a folder there are no checkpoints, and checkpoints change no bit', async () => {
  const [quiet, kept] = [newGan(), newGan()];
  await quiet.train(images, { steps: 5, batchSize: 8, checkpointInterval: 1 });
  await kept.train(images, { steps: 5, batchSize: 8, checkpointInterval: 1, outDir: scratchFolder() });
  expect(await weightsOf(kept)).toEqual(await weightsOf(quiet));
});

describe('what cannot be resumed is an error that says why', () => {
  const options = { steps: 4, batchSize: 8, checkpointInterval: 2 };
  const begun = (async () => {
    const outDir = scratchFolder();
    await newGan().train(images, { ...options, outDir });
    return outDir;
  })();

  /** Changes the metadata of the only checkpoint. */
  function rewrite(outDir: string, change: (text: string) => string): void {
    for (const name of checkpointNames(checkpointsOf(outDir))) {
      const path = join(checkpointsOf(outDir), name);
      const bytes = readFileSync(path, 'latin1');
      writeFileSync(path, change(bytes), 'latin1');
    }
  }

  test('a folder without checkpoints', async () => {
    const outDir = scratchFolder();
    await expectError(
      () => GAN.resume(outDir, images),
      'CUDA_GAN_FILE',
      `${join(outDir, 'checkpoints')} holds no checkpoint: there is nothing to resume`,
    );
  });

  test.each([
    ['other pixels', tensor(new Uint8Array(12 * 16).fill(128), [12, ...imageShape]), 'images holds other numbers'],
    [
      'fewer',
      tensor(images.data.slice(0, 160), [10, ...imageShape]),
      'images is uint8 [10, 4, 4, 1], there uint8 [12, 4, 4, 1]',
    ],
    [
      'floats',
      tensor(new Float32Array(12 * 16).fill(0.5), [12, ...imageShape]),
      'images is float32 [12, 4, 4, 1], there uint8 [12, 4, 4, 1]',
    ],
  ])('other images: %s', async (_, other, difference) => {
    const outDir = await begun;
    const before = outcomeOf(outDir);
    const message = new RegExp(
      `checkpoint-000000004.safetensors was made by another training: ${difference.replace(/[[\]]/g, '\\$&')}`,
    );
    await expectError(() => GAN.resume(outDir, other), 'CUDA_GAN_DATA', message);
    expect(outcomeOf(outDir)).toEqual(before);
  });

  test('another version', async () => {
    const outDir = scratchFolder();
    await newGan().train(images, { ...options, outDir });
    rewrite(outDir, (text) => text.replace('"version":"0.1.0"', '"version":"0.0.9"'));
    await expectError(
      () => GAN.resume(outDir, images),
      'CUDA_GAN_FILE',
      /was written by cuda-gan 0\.0\.9, and this is 0\.1\.0: only the version that began a run can resume it$/,
    );
  });

  test('a history that was shortened', async () => {
    const outDir = scratchFolder();
    await newGan().train(images, { ...options, outDir });
    truncateSync(join(outDir, 'history.jsonl'), 100);
    await expectError(() => GAN.resume(outDir, images), 'CUDA_GAN_FILE', /history\.jsonl/);
  });

  test('settings that the run has itself', async () => {
    await expectError(
      async () => GAN.resume(await begun, images, { batchSize: 4 } as object),
      'CUDA_GAN_VALUE',
      /^GAN\.resume: unknown option "batchSize"; allowed are /,
    );
  });
});

describe('a disk that does not play along ends the run with its name, and keeps what there is', () => {
  const options = { steps: 40, batchSize: 8, sampleInterval: 4, checkpointInterval: 10 };

  /** Trains with something that happens at the sample of step 12; the error, and the last step that was done. */
  async function train(gan: GAN, outDir: string, happens: () => void) {
    let last = -1;
    const error = await gan
      .train(images, {
        ...options,
        outDir,
        onProgress: ({ step }) => {
          last = step;
        },
        onSample: async ({ step }) => {
          if (step !== 12) return;
          while (!existsSync(join(checkpointsOf(outDir), 'checkpoint-000000010.safetensors'))) await wait(5);
          happens();
        },
      })
      .then(
        () => undefined,
        (reason: Error) => reason,
      );
    return { error, last };
  }

  /** The weights are those of an unbroken run: steps behind the last one that was told of may have been done. */
  async function expectKept(gan: GAN, last: number): Promise<void> {
    const kept = await weightsOf(gan);
    const unbroken = await Promise.all(
      Array.from({ length: options.steps - last }, async (_, more) => {
        const other = newGan();
        await other.train(images, { ...options, steps: last + 1 + more });
        return weightsOf(other);
      }),
    );
    expect(unbroken).toContainEqual(kept);
  }

  testNotOnWindows('the disk is full', async () => {
    const outDir = scratchFolder();
    const gan = newGan();
    const { error, last } = await train(gan, outDir, () => fillDisk(checkpointsOf(outDir)));
    expect(error).toMatchObject({
      code: 'CUDA_GAN_FILE',
      message: `cannot write ${join(checkpointsOf(outDir), 'checkpoint-000000020.safetensors')}: the disk is full`,
    });
    await expectKept(gan, last);
    expect(readdirSync(checkpointsOf(outDir))).toContain('checkpoint-000000010.safetensors');
    const whole = scratchFolder();
    await newGan().train(images, { ...options, outDir: whole });
    rmSync(join(checkpointsOf(outDir), '.0-0-0-0-0.tmp'), { force: true });
    await GAN.resume(outDir, images);
    expect(outcomeOf(outDir)).toEqual(outcomeOf(whole));
  });

  testNotOnWindows('the folder is gone', async () => {
    const outDir = join(scratchFolder(), 'run');
    const gan = newGan();
    const { error, last } = await train(gan, outDir, () => rmSync(outDir, { recursive: true, force: true }));
    expect(error).toMatchObject({
      code: 'CUDA_GAN_FILE',
      message: expect.stringMatching(/^cannot write .*: no such file/),
    });
    await expectKept(gan, last);
    expect(existsSync(outDir)).toBe(false);
  });
});

test('a checkpoint says by path what it holds', async () => {
  const outDir = scratchFolder();
  await smallGan().train(images, { steps: 1, batchSize: 8, outDir });
  const header = readFileSync(join(checkpointsOf(outDir), 'checkpoint-000000001.safetensors'), 'latin1');
  for (const path of [
    'generator/dense/kernel',
    'generator/batch_normalization/moving_mean',
    'generatorOptimizer/dense/kernel/m',
    'generatorOptimizer/dense/kernel/updates',
    'discriminator/dense/kernel',
    'discriminatorOptimizer/dense/kernel/updates',
  ]) {
    expect(header).toContain(`"${path}"`);
  }
  expect((await loadModel(join(outDir, 'generator.safetensors'))).built).toBe(true);
});

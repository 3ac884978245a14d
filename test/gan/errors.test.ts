// Mistakes are named before anything is trained or written.
import { existsSync, mkdirSync, promises, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import {
  type DeviceChoice,
  GAN,
  type GanOptions,
  type GenerateOptions,
  input,
  layers,
  type Model,
  model,
  optimizers,
  type Prediction,
  Sequential,
  type SymbolicTensor,
  type TrainOptions,
  tensor,
} from '../../lib/index';
import { error } from '../support/errors';
import { testOnLinux } from '../support/platform';
import { expectError } from './rejects';
import { scratchFolder } from './scratch';
import { smallDiscriminator, smallGan, smallGenerator, smallImages, weightsOf } from './small-gan';

const discriminatorOf = (inputShape: number[], units = 1) =>
  new Sequential({ layers: [layers.flatten({ inputShape }), layers.dense({ units })] });

const reshaped = (inputTensor: SymbolicTensor, shape: number[]) => {
  const units = shape.reduce((product, size) => product * size, 1);
  const flat = layers.dense({ units }).apply(layers.flatten().apply(inputTensor));
  return layers.reshape({ targetShape: shape }).apply(flat);
};

function conditional(outputShape: number[]): Model<Prediction> {
  const [noise, label] = [input({ shape: [4] }), input({ shape: [2] })];
  const outputs = reshaped(layers.concatenate().apply([noise, label]), outputShape);
  return model({ inputs: { noise, label }, outputs });
}

function twoOutputs(inputShape: number[], outputShape: number[]): Model<Prediction> {
  const inputs = input({ shape: inputShape });
  const [first, second] = [reshaped(inputs, outputShape), reshaped(inputs, outputShape)];
  return model({ inputs, outputs: { first, second } }) as unknown as Model<Prediction>;
}

describe('networks that do not fit', () => {
  test.each<[string, () => GanOptions, string]>([
    [
      'the generator makes other images than the discriminator takes',
      () => ({ generator: smallGenerator(), discriminator: discriminatorOf([5, 5, 1]) }),
      'the generator makes images of [4, 4, 1], but the discriminator takes [5, 5, 1]',
    ],
    [
      'the discriminator answers with more than one number',
      () => ({ generator: smallGenerator(), discriminator: discriminatorOf([4, 4, 1], 2) }),
      "the discriminator's output is [2]; wanted is [1], the probability that the image is real",
    ],
    [
      'latentDim is not what the generator takes',
      () => ({ generator: smallGenerator(), discriminator: smallDiscriminator(), latentDim: 7 }),
      'the generator takes samples of [4]; wanted is a vector of latentDim 7',
    ],
    [
      'imageShape is not what the generator makes',
      () => ({ generator: smallGenerator(), imageShape: [8, 8, 1] }),
      'the generator makes images of [4, 4, 1], but imageShape is [8, 8, 1]',
    ],
    [
      'the generator takes no vector',
      () => ({ generator: discriminatorOf([2, 2]), discriminator: discriminatorOf([1]) }),
      'the generator takes samples of [2, 2]; wanted is a vector',
    ],
    [
      'the generator takes two vectors',
      () => ({ generator: conditional([4, 4, 1]) }),
      'the generator takes float32 for its second input; wanted is int32, as the class is',
    ],
    [
      'the discriminator takes two vectors',
      () => ({ generator: smallGenerator(), discriminator: conditional([1]) }),
      'the discriminator takes float32 for its second input; wanted is int32, as the class is',
    ],
    [
      'the generator makes two images',
      () => ({ generator: twoOutputs([4], [4, 4, 1]) }),
      'the generator has 2 outputs (first, second); wanted is one, the image',
    ],
    [
      'the discriminator tells classes that the generator is not given',
      () => ({ generator: smallGenerator(), discriminator: twoOutputs([4, 4, 1], [1]) }),
      'the discriminator tells classes, but the generator is not given any: it needs class labels for a second input',
    ],
    [
      'the generator looks its noise up',
      () => ({ generator: new Sequential({ layers: [layers.embedding({ inputDim: 3, outputDim: 4 })] }) }),
      'the generator takes int32; wanted is float32, as the noise is',
    ],
  ])('%s', async (_, options, message) => {
    await expectError(() => new GAN(options()), 'CUDA_GAN_SHAPE', message);
  });
});

describe('options of the constructor', () => {
  const allowed = 'allowed are whole numbers from';
  test.each<[string, GanOptions, string]>([
    ['seed -1', { seed: -1 }, `seed is -1; ${allowed} 0 to 4294967295`],
    ['seed 2³²', { seed: 2 ** 32 }, `seed is 4294967296; ${allowed} 0 to 4294967295`],
    ['seed NaN', { seed: Number.NaN }, `seed is NaN; ${allowed} 0 to 4294967295`],
    ['latentDim 0', { latentDim: 0 }, `latentDim is 0; ${allowed} 1 on`],
    ['latentDim NaN', { latentDim: Number.NaN }, `latentDim is NaN; ${allowed} 1 on`],
    ['latentDim Infinity', { latentDim: Infinity }, `latentDim is Infinity; ${allowed} 1 on`],
    ['imageShape with 1.5', { imageShape: [28, 1.5, 1] }, `a dimension of imageShape is 1.5; ${allowed} 1 on`],
    ['an unknown device', { device: 'gpu' as DeviceChoice }, 'unknown device "gpu"; allowed are auto, cpu, reference'],
  ])('%s', async (_, options, message) => {
    const start = options.device === undefined ? message : /^unknown device "gpu"; allowed are auto, cpu, /;
    await expectError(() => new GAN(options), 'CUDA_GAN_VALUE', start);
  });

  test.each<[string, object | null, string | RegExp]>([
    ['an unknown one', { lerningRate: 1 }, /^new GAN: unknown option "lerningRate"; /],
    ['null', null, /^new GAN: options is null; allowed are objects with /],
    ['a number for imageShape', { imageShape: 28 }, 'imageShape is 28; allowed are arrays of at most 32 whole numbers'],
    ['no model', { generator: {} }, 'generator is an object; allowed are models'],
    [
      'no optimizer',
      { discriminatorOptimizer: 'adamant' },
      'unknown optimizer "adamant"; allowed are adagrad, adam, adamW, nadam, rmsprop, sgd',
    ],
    ['no device', { device: null }, 'new GAN: device is null; give it a value, or leave it out'],
    ['a device that is none', { device: {} }, /^unknown device an object; allowed are auto, cpu, /],
    ['threads of a BigInt', { device: 'cpu', threads: 2n }, 'threads is 2n; allowed are whole numbers from 1 to 1024'],
  ])('%s', async (_, options, message) => {
    await expectError(() => new GAN(options as GanOptions), 'CUDA_GAN_VALUE', message);
  });

  test('one optimizer for both networks', async () => {
    const adam = optimizers.adam();
    await expectError(
      () => new GAN({ generatorOptimizer: adam, discriminatorOptimizer: adam }),
      'CUDA_GAN_VALUE',
      'both networks have the same optimizer; each needs its own, with its own state',
    );
  });
});

describe('options of train', () => {
  const gan = smallGan();
  const allowed = 'allowed are whole numbers from';
  test.each([
    [{ steps: 0 }, `steps is 0; ${allowed} 1 on, and Infinity`],
    [{ steps: 1.5 }, `steps is 1.5; ${allowed} 1 on, and Infinity`],
    [{ steps: Number.NaN }, `steps is NaN; ${allowed} 1 on, and Infinity`],
    [{ epochs: -Infinity }, `steps is -Infinity; ${allowed} 1 on, and Infinity`],
    [{ steps: 5, epochs: 6 }, 'steps is 5 and epochs is 6; both mean the number of steps, give one of them'],
    [{ batchSize: 7 }, 'batchSize is 7; it must be even, because half of each batch is real and half is generated'],
    [{ batchSize: 0 }, `batchSize is 0; ${allowed} 2 to 2147483647`],
    [{ batchSize: Number.NaN }, `batchSize is NaN; ${allowed} 2 to 2147483647`],
    [{ sampleInterval: 0 }, `sampleInterval is 0; ${allowed} 1 on`],
    [{ sampleInterval: Number.NaN }, `sampleInterval is NaN; ${allowed} 1 on`],
    [{ pretrainSteps: -1 }, `pretrainSteps is -1; ${allowed} 0 on`],
    [{ pretrainSteps: 0.5 }, `pretrainSteps is 0.5; ${allowed} 0 on`],
    [{ overwrite: 1 }, 'overwrite is 1; allowed are true and false'],
    [{ outDir: 7 }, 'outDir is 7; allowed are texts that are not empty'],
    [{ onSample: {} }, 'onSample is an object; allowed are functions'],
    [{ onBalance: 1 }, 'onBalance is 1; allowed are functions'],
    [{ onProgress: 'loud' }, 'onProgress is "loud"; allowed are functions'],
    [{ batchsize: 8 }, /^gan\.train: unknown option "batchsize"; did you mean "batchSize"\? Allowed are steps, /],
  ])('%j', async (options, message) => {
    const outDir = join(scratchFolder(), 'run');
    const given = { batchSize: 8, outDir, ...options } as TrainOptions;
    await expectError(() => gan.train(smallImages(), given), 'CUDA_GAN_VALUE', message);
    expect(existsSync(outDir)).toBe(false);
  });

  test('a controller in place of its signal', async () => {
    const signal = new AbortController() as unknown as AbortSignal;
    await expectError(
      () => gan.train(smallImages(), { signal }),
      'CUDA_GAN_VALUE',
      /^signal is an AbortController; allowed are AbortSignals/,
    );
  });

  test.each([
    [{ count: 0 }, `count is 0; ${allowed} 1 to 2147483647`],
    [{ count: Number.NaN }, `count is NaN; ${allowed} 1 to 2147483647`],
    [{ count: 1, seed: -1 }, `seed is -1; ${allowed} 0 to 4294967295`],
    [
      { count: 1, sead: 1 },
      'gan.generate: unknown option "sead"; did you mean "seed"? Allowed are seed, noise, truncation, labels, class',
    ],
  ])('generate: %j', async ({ count, ...options }, message) => {
    await expectError(() => gan.generate(count, options as GenerateOptions), 'CUDA_GAN_VALUE', message);
  });

  describe('more than memory holds', () => {
    // 2³¹ rows of 65536 float32 are 512 TiB: four times what a process can address.
    const wide = () =>
      new GAN({
        generator: new Sequential({
          layers: [layers.dense({ units: 65536, inputShape: [1] }), layers.dense({ units: 1, activation: 'tanh' })],
        }),
        discriminator: discriminatorOf([1]),
      });
    const image = tensor(Float32Array.of(-1, 1), [2, 1]);

    test('to generate', async () => {
      const message = `count is 2147483648; ${allowed} 1 to 2147483647`;
      await expectError(() => gan.generate(2 ** 31), 'CUDA_GAN_VALUE', message);
      await expectError(() => wide().generate(2 ** 31 - 1), 'CUDA_GAN_NO_MEMORY', /memory/);
    });

    test('in a batch', async () => {
      const message = `batchSize is 2147483648; ${allowed} 2 to 2147483647`;
      await expectError(() => wide().train(image, { batchSize: 2 ** 31 }), 'CUDA_GAN_VALUE', message);
      await expectError(() => wide().train(image, { batchSize: 2 ** 31 - 2 }), 'CUDA_GAN_NO_MEMORY', /memory/);
    });
  });
});

test('networks that could not be saved are refused before a run with a folder begins', async () => {
  const generator = smallGenerator(1);
  generator.layers[0]!.getConfig = () => ({ units: new Map() });
  const gan = smallGan({ generator });
  const outDir = join(scratchFolder(), 'run');
  await expectError(
    () => gan.train(smallImages(), { steps: 1, batchSize: 8, outDir }),
    'CUDA_GAN_VALUE',
    /^getConfig of layer "dense" \(Dense\): units is a Map; allowed are texts, finite numbers/,
  );
  expect(existsSync(outDir)).toBe(false);
  expect((await gan.train(smallImages(), { steps: 1, batchSize: 8 })).steps).toBe(1);
});

describe('images', () => {
  const gan = smallGan();
  const train = (images: unknown) => () => gan.train(images as ReturnType<typeof smallImages>, { batchSize: 8 });
  const floats = (wrong: number) => tensor(new Float32Array(12 * 16).fill(wrong, 50, 51), [12, 4, 4, 1]);

  test.each([[[12, 16]], [[16, 4, 3]], [[6, 4, 4, 2]], [[192]]])('of shape %j', async (shape) => {
    const found = `[${shape.join(', ')}]`;
    await expectError(
      train(tensor(new Uint8Array(192), shape)),
      'CUDA_GAN_SHAPE',
      `images has shape ${found}; wanted is [n, 4, 4, 1]`,
    );
  });

  test.each([Number.NaN, Infinity, -Infinity])('that contain %d', async (wrong) => {
    await expectError(
      train(floats(wrong)),
      'CUDA_GAN_DATA',
      `images contains ${wrong} in sample 3; all numbers must be finite`,
    );
  });

  test('none at all', async () => {
    await expectError(train(smallImages(0)), 'CUDA_GAN_DATA', 'images has no samples');
  });

  test('that are no tensor of pixels', async () => {
    const noTensor = 'images is not a tensor; make one by tensor(data, shape)';
    await expectError(train(undefined), 'CUDA_GAN_DATA', noTensor);
    await expectError(train(new Uint8Array(192)), 'CUDA_GAN_DATA', noTensor);
    await expectError(
      train(tensor(new Int32Array(192), [12, 4, 4, 1])),
      'CUDA_GAN_DATA',
      'images holds int32; pixels must be a Uint8Array, or a Float32Array of -1 to 1',
    );
  });
});

test('a second run while one is under way is refused, and the first goes on', async () => {
  const gan = smallGan();
  const first = gan.train(smallImages(), { steps: 20, batchSize: 8 });
  await expectError(
    () => gan.train(smallImages(), { steps: 1, batchSize: 8 }),
    'CUDA_GAN_BUSY',
    'this GAN is training already: wait for train() to end, or abort it',
  );
  expect((await first).steps).toBe(20);
});

test('new weights for a network are refused while a run is under way', async () => {
  const gan = smallGan();
  const weights = await gan.generator.getWeights();
  const run = gan.train(smallImages(), { steps: 20, batchSize: 8 });
  await expectError(
    () => gan.generator.setWeights(weights),
    'CUDA_GAN_BUSY',
    'model "generator" is in training: wait for it to end before setWeights',
  );
  expect((await run).steps).toBe(20);
});

test('dispose is refused while a run is under way', async () => {
  const gan = smallGan();
  const run = gan.train(smallImages(), { steps: 20, batchSize: 8 });
  await expectError(
    () => gan.dispose(),
    'CUDA_GAN_BUSY',
    'this GAN is training: wait for train() to end, or abort it, before dispose()',
  );
  expect((await run).steps).toBe(20);
});

describe('files', () => {
  test('a folder below a file', async () => {
    const file = join(scratchFolder(), 'file');
    writeFileSync(file, '');
    const outDir = join(file, 'run');
    await expectError(
      () => smallGan().train(smallImages(), { steps: 1, batchSize: 8, outDir }),
      'CUDA_GAN_FILE',
      `cannot write into the folder ${outDir}: a part of the path is not a folder`,
    );
  });

  testOnLinux('a disk that is full (Linux: /dev/full) when the history grows: the models are saved', async () => {
    const outDir = scratchFolder();
    symlinkSync('/dev/full', join(outDir, 'history.jsonl'));
    const gan = smallGan();
    await expectError(
      () => gan.train(smallImages(), { steps: 3, batchSize: 8, outDir, overwrite: true }),
      'CUDA_GAN_FILE',
      `cannot write ${join(outDir, 'history.jsonl')}: the disk is full`,
    );
    expect(await weightsOf(await GAN.load(outDir))).toEqual(await weightsOf(gan));
  });

  test('a disk that is full when models are saved: those of an earlier run stay', async () => {
    const outDir = scratchFolder();
    const gan = smallGan();
    await gan.train(smallImages(), { steps: 2, batchSize: 8, outDir });
    const path = join(outDir, 'generator.safetensors');
    const earlier = readFileSync(path);
    const rename = jest.spyOn(promises, 'rename').mockRejectedValue(Object.assign(new Error(), { code: 'ENOSPC' }));
    try {
      await expectError(
        () => gan.train(smallImages(), { steps: 2, batchSize: 8, outDir, overwrite: true }),
        'CUDA_GAN_FILE',
        /^cannot write .*: the disk is full$/,
      );
    } finally {
      rename.mockRestore();
    }
    expect(readFileSync(path).equals(earlier)).toBe(true);
  });

  test('a picture that cannot be written ends the run', async () => {
    const outDir = scratchFolder();
    const picture = join(outDir, 'images/samples_0.png');
    mkdirSync(picture, { recursive: true });
    await expectError(
      () => smallGan().train(smallImages(), { steps: 2, batchSize: 8, outDir, overwrite: true }),
      'CUDA_GAN_FILE',
      `cannot write ${picture}: it is a folder`,
    );
    expect(existsSync(join(outDir, 'generator.safetensors'))).toBe(true);
  });

  test('a folder that holds a run, also one of this GAN, is refused before anything is written', async () => {
    const outDir = scratchFolder();
    const gan = smallGan();
    await gan.train(smallImages(), { steps: 2, batchSize: 8, outDir });
    const contents = () =>
      readdirSync(outDir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => [entry.name, readFileSync(join(entry.parentPath, entry.name), 'base64')]);
    const before = contents();
    for (const second of [gan, smallGan({ seed: 2 })]) {
      await expectError(
        () => second.train(smallImages(), { steps: 3, batchSize: 8, outDir }),
        'CUDA_GAN_FILE',
        `${outDir} holds a run already (images, history.jsonl, generator.safetensors, discriminator.safetensors, curves.png, checkpoints, gan.json); ` +
          'resume it by GAN.resume, on the command line --resume; choose another folder; or allow that by overwrite: true, on the command line --overwrite',
      );
    }
    expect(contents()).toEqual(before);
  });

  test.each([
    'history.jsonl',
    'generator.safetensors',
    'discriminator.safetensors',
    'curves.png',
    'images/mnist_0.png',
    'checkpoints/checkpoint-000000000.safetensors',
    'run.json',
  ])('a folder with nothing of a run but %s is refused', async (file) => {
    const outDir = scratchFolder();
    mkdirSync(join(outDir, dirname(file)), { recursive: true });
    writeFileSync(join(outDir, file), 'precious');
    await expectError(
      () => smallGan().train(smallImages(), { steps: 1, batchSize: 8, outDir }),
      'CUDA_GAN_FILE',
      `${outDir} holds a run already (${file.split('/')[0]}); resume it by GAN.resume, on the command line --resume; choose another folder; or allow that by overwrite: true, on the command line --overwrite`,
    );
    expect(readFileSync(join(outDir, file), 'utf8')).toBe('precious');
  });

  test('a folder of a command that was ended before it made anything is taken', async () => {
    const outDir = scratchFolder();
    for (const folder of ['images', 'checkpoints']) mkdirSync(join(outDir, folder));
    writeFileSync(join(outDir, 'history.jsonl'), '');
    writeFileSync(join(outDir, 'run.json'), '{"command":"train","options":{}}');
    expect(await smallGan().train(smallImages(), { steps: 1, batchSize: 8, outDir })).toMatchObject({ steps: 1 });
    // It is no run of that command.
    expect(readdirSync(outDir)).not.toContain('run.json');
  });

  test('a folder with other files, and an empty one for pictures, is taken', async () => {
    const outDir = scratchFolder();
    mkdirSync(join(outDir, 'images'));
    writeFileSync(join(outDir, 'notes.txt'), '');
    expect(await smallGan().train(smallImages(), { steps: 1, batchSize: 8, outDir })).toMatchObject({ steps: 1 });
  });

  test('a folder that is no text', async () => {
    await expectError(
      () => GAN.load(undefined as unknown as string),
      'CUDA_GAN_VALUE',
      'folder is undefined; allowed are texts that are not empty',
    );
  });

  test('a run that is not there to load', async () => {
    const folder = join(scratchFolder(), 'none');
    await expectError(
      () => GAN.load(folder),
      'CUDA_GAN_FILE',
      `cannot read ${join(folder, 'generator.safetensors')}: no such file or folder`,
    );
  });
});

test('a network of a GAN cannot be disposed of while the GAN trains', async () => {
  const gan = smallGan();
  const attempts: unknown[] = [];
  await gan.train(smallImages(), {
    steps: 2,
    batchSize: 4,
    onSample: () => {
      for (const model of [gan.generator, gan.discriminator]) {
        try {
          model.dispose();
        } catch (reason) {
          attempts.push(reason);
        }
      }
    },
  });
  expect(attempts).toHaveLength(4);
  for (const attempt of attempts) expect(attempt).toMatchObject({ code: 'CUDA_GAN_BUSY' });
});

test('an option that does not exist is refused with the one that was probably meant', () => {
  const options = { lerningRate: 1 } as GanOptions;
  expect(() => new GAN(options)).toThrow(
    error('CUDA_GAN_VALUE', 'new GAN: unknown option "lerningRate"; did you mean "generatorOptimizer"?'),
  );
});

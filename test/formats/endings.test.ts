// A file's name does not promise another format than what is in it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import {
  callbacks,
  layers,
  plotModel,
  Sequential,
  saveGrid,
  saveMovie,
  saveNpy,
  saveNpz,
  saveSafetensors,
  tensor,
} from '../../lib/index';
import { scratchFolder } from '../gan/scratch';
import { error } from '../support/errors';

const images = tensor(new Float32Array(4), [1, 2, 2]);
const model = new Sequential({ layers: [layers.dense({ units: 1, inputShape: [1] })] });
const logged = (callback: unknown) => Promise.resolve(callback);

const writers: readonly [string, (path: string) => Promise<unknown>, string, string, readonly string[]][] = [
  ['saveGrid', (path) => saveGrid(path, images), 'a PNG file', '.png', ['.jpg', '.gif', '.apng', '.safetensors']],
  ['saveMovie', (path) => saveMovie(path, images), 'an animated PNG file', '.png, .apng', ['.gif', '.mp4']],
  ['plotModel', (path) => plotModel(model, path), 'an SVG file', '.svg', ['.png', '.pdf']],
  ['save', (path) => model.save(path), 'a model', '.safetensors, .keras, .h5, .hdf5, .onnx, .json', ['.pb', '.zip']],
  ['saveSafetensors', (path) => saveSafetensors(path, new Map()), 'a safetensors file', '.safetensors', ['.npz']],
  ['saveNpy', (path) => saveNpy(path, images), 'an NPY file', '.npy', ['.npz', '.csv']],
  ['saveNpz', (path) => saveNpz(path, new Map()), 'an NPZ file', '.npz', ['.npy', '.zip']],
  [
    'modelCheckpoint',
    async (path) => logged(callbacks.modelCheckpoint({ filepath: path })),
    'a model',
    '.safetensors, .keras, .h5, .hdf5, .onnx, .json',
    ['.pt', '.png'],
  ],
  ['csvLogger', async (path) => logged(callbacks.csvLogger(path)), 'a CSV file', '.csv, .tsv, .txt, .log', ['.json']],
];

test.each(writers)('%s refuses what others write, and writes nothing', async (_, write, format, endings, wrong) => {
  for (const ending of [
    ...wrong.flatMap((one) => [one, one.toUpperCase()]),
    '.typo',
    `${endings.split(', ')[0]}.bak`,
  ]) {
    const path = join(scratchFolder(), `x${ending}`);
    const message = `x${ending}", but what is written is ${format}; allowed are names that end in ${endings}`;
    // Texts in messages have at most 60 characters.
    const short = path.length > 60 ? message.slice(message.indexOf(',')) : message;
    await expect(write(path)).rejects.toThrow(error('CUDA_GAN_VALUE', short));
    expect(existsSync(path)).toBe(false);
  }
});

test.each(writers)('%s takes its own endings, and names that promise nothing', async (_, write, _format, endings) => {
  for (const name of [...endings.split(', '), '', '.v2', '-0.25', '.epoch3'].map((ending) => `x${ending}`)) {
    await write(join(scratchFolder(), name));
  }
});

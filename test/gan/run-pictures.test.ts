// The pictures of a run's samples in the order of their steps.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { runPictures } from '../../lib/index';
import { error } from '../support/errors';
import { junk, onlyCodedErrors } from '../support/junk';
import { scratchFolder } from './scratch';
import { smallGan, smallImages } from './small-gan';

/** A run's folder with such files. */
function folderWith(...files: string[]): string {
  const folder = scratchFolder();
  mkdirSync(join(folder, 'images'));
  for (const file of files) writeFileSync(join(folder, 'images', file), '');
  return folder;
}

test('a run has one for each of its samples', async () => {
  const outDir = scratchFolder();
  await smallGan().train(smallImages(), { steps: 12, batchSize: 4, sampleInterval: 5, outDir });
  const files = [0, 5, 10, 11].map((step) => join(outDir, 'images', `samples_${step}.png`));
  expect(await runPictures(outDir)).toEqual(files);
});

test('they are in the order of numbers, not of letters, and other files are left out', async () => {
  const folder = folderWith('a_b_100.png', 'a_b_20.png', 'a_b_3.png', 'notes.txt', 'cover.png', 'a_b_x.png');
  expect(await runPictures(folder)).toEqual([3, 20, 100].map((step) => join(folder, 'images', `a_b_${step}.png`)));
});

test('none, those of two data sets, and no folder at all are errors', async () => {
  const empty = folderWith('notes.txt');
  await expect(runPictures(empty)).rejects.toThrow(
    error('CUDA_GAN_FILE', `${join(empty, 'images')} holds no pictures of samples, which are called <name>_<step>.png`),
  );
  await expect(runPictures(folderWith('mnist_0.png', 'faces_0.png'))).rejects.toThrow(
    error('CUDA_GAN_FILE', 'holds pictures of faces and mnist: move away those that are not of this run'),
  );
  const missing = join(scratchFolder(), 'missing');
  await expect(runPictures(missing)).rejects.toThrow(
    error('CUDA_GAN_FILE', `cannot read ${join(missing, 'images')}: no such file or folder`),
  );
});

test('junk in place of a folder is an error with a code', async () => {
  await fc.assert(fc.asyncProperty(junk, (folder) => onlyCodedErrors(() => runPictures(folder as string))));
});

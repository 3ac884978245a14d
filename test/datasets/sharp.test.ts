// The package that decodes images, where it is not installed or does not load.
import { expect, jest, test } from '@jest/globals';
import { error } from '../support/errors';

/** Loads it where `require('sharp')` fails with this error. */
function loadWhere(failure: Error): unknown {
  let load: () => unknown = () => undefined;
  jest.isolateModules(() => {
    jest.doMock('../../lib/package-info.cts', () => ({
      requireHere: () => {
        throw failure;
      },
    }));
    load = require('../../lib/datasets/sharp.cts').loadSharp;
  });
  return load();
}

test('is named, with how to install it, where it is missing', () => {
  const missing = Object.assign(new Error("Cannot find module 'sharp'\nRequire stack:\n- x"), {
    code: 'MODULE_NOT_FOUND',
  });
  expect(() => loadWhere(missing)).toThrow(
    error(
      'CUDA_GAN_FILE',
      'images are decoded by the package sharp, which is not here: install it with `npm install sharp`',
    ),
  );
});

test('is named, with the reason, where it does not load', () => {
  const broken = new Error('Could not load the "sharp" module using the linux-x64 runtime\nPossible solutions: …');
  expect(() => loadWhere(broken)).toThrow(
    error('CUDA_GAN_FILE', 'which cannot be loaded (Could not load the "sharp" module using the linux-x64 runtime):'),
  );
});

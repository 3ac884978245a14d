// A disk that is full, for one folder.
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, jest } from '@jest/globals';

afterEach(() => {
  jest.restoreAllMocks();
});

/** Lets the next file that is written into `folder` find the disk full (Linux: /dev/full), until the test ends. */
export function fillDisk(folder: string): void {
  jest.spyOn(globalThis.crypto, 'randomUUID').mockReturnValue('0-0-0-0-0');
  symlinkSync('/dev/full', join(folder, '.0-0-0-0-0.tmp'));
}

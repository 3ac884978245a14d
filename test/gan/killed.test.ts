// A process that is killed by SIGKILL at whatever moment leaves a run that is resumed to its own bits.
import { expect } from '@jest/globals';
import { testNotOnWindows } from '../support/platform';
import { broken, unbroken } from './killed';

testNotOnWindows('a run that is killed four times', async () => {
  const run = { steps: 400, checkpointInterval: 30 };
  expect(await broken(run, 4)).toEqual(await unbroken(run));
});

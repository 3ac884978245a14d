// A long run that is killed again and again.
import { expect } from '@jest/globals';
import { testNotOnWindows } from '../support/platform';
import { broken, unbroken } from './killed';

const run = { steps: 3000, checkpointInterval: 20 };

testNotOnWindows.each([20, 200])('a run of 3000 steps that is killed at %d random moments', async (kills) => {
  expect(await broken(run, kills)).toEqual(await unbroken(run));
});

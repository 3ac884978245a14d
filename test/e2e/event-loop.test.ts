// A server that trains a GAN stays responsive: steps run off the JavaScript thread.
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ended, startScript } from '../cli/command';
import { scratchFolder } from '../gan/scratch';

test('while a GAN trains on the cpu and writes its files, 99 % of the turns of the event loop wait less than 20 ms', async () => {
  const { code, stdout, stderr } = await ended(startScript(join(__dirname, 'event-loop.mjs'), scratchFolder()));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { steps, seconds, p99 } = JSON.parse(stdout);
  expect(steps).toBeGreaterThan(0);
  expect(seconds).toBeGreaterThan(1);
  expect(p99).toBeLessThan(20);
});

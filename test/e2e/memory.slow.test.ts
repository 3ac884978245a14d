// A long run holds as much memory as a short one.
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ended, startScript } from '../cli/command';
import { scratchFolder } from '../gan/scratch';

test('over 10000 steps the resident memory grows by less than 5 % of what it is after 500', async () => {
  const { code, stdout, stderr } = await ended(startScript(join(__dirname, 'memory.mjs'), scratchFolder()));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const resident: number[] = JSON.parse(stdout);
  expect(resident).toHaveLength(20);
  expect(Math.max(...resident) / resident[0]!).toBeLessThan(1.05);
});

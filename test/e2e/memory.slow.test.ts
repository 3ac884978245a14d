// A long run holds as much memory as a short one.
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ended, startScript } from '../cli/command';
import { scratchFolder } from '../gan/scratch';

test('from step 500 to 10000 the resident memory stays within 5 % of what it is at step 500', async () => {
  const { code, stdout, stderr } = await ended(startScript(join(__dirname, 'memory.mjs'), scratchFolder()));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const resident: number[] = JSON.parse(stdout);
  // At the least, once for each picture.
  expect(resident.length).toBeGreaterThanOrEqual(48);
  expect(Math.max(...resident) / resident[0]!).toBeLessThan(1.05);
  expect(Math.min(...resident) / resident[0]!).toBeGreaterThan(0.95);
});

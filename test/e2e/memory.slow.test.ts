// A long run holds as much memory as a short one.
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ended, startScript } from '../cli/command';
import { scratchFolder } from '../gan/scratch';

test('over 10000 steps the resident memory stays within 5 % of what it is after 500', async () => {
  const { code, stdout, stderr } = await ended(startScript(join(__dirname, 'memory.mjs'), scratchFolder()));
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const resident: number[] = JSON.parse(stdout);
  expect(resident).toHaveLength(20);
  const changes = resident.map((bytes) => bytes / resident[0]! - 1);
  expect(changes.filter((change) => Math.abs(change) > 0.05)).toEqual([]);
});

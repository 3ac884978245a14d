// Files beyond the 2 GiB that one system call reads, and that Node's own readFile takes.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { loadSafetensors, saveSafetensors, type Tensor, tensor } from '../../lib/index';
import { scratchFolder } from '../gan/scratch';

test('a file of more than 2 GiB is loaded as it was saved', async () => {
  const path = join(scratchFolder(), 'large.safetensors');
  const bytes = new Uint8Array(2 ** 31 + 1_000_003);
  const marks = [0, 2 ** 26, 2 ** 31 - 1, 2 ** 31, bytes.length - 1];
  marks.forEach((at, i) => {
    bytes[at] = i + 1;
  });
  await saveSafetensors(
    path,
    new Map<string, Tensor>([
      ['before', tensor([1, 2])],
      ['large', tensor(bytes)],
      ['after', tensor([3])],
    ]),
  );
  expect(statSync(path).size).toBeGreaterThan(2 ** 31);

  const { tensors } = await loadSafetensors(path);
  expect([...tensors.keys()]).toEqual(['before', 'large', 'after']);
  expect(tensors.get('before')).toEqual(tensor([1, 2]));
  expect(tensors.get('after')).toEqual(tensor([3]));
  const { shape, data } = tensors.get('large')!;
  expect(shape).toEqual([bytes.length]);
  expect(marks.map((at) => data[at])).toEqual([1, 2, 3, 4, 5]);
  expect(Buffer.compare(data as Uint8Array, bytes)).toBe(0);
});

// HDF5 files that are written: they come back as they were given, the same content makes the same bytes, and h5py reads them.
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bytesSource } from '../../../lib/formats/byte-source';
import {
  type Hdf5Dataset,
  type Hdf5Group,
  hdf5Parts,
  type NewAttribute,
  type NewDataset,
  type NewGroup,
  readHdf5,
} from '../../../lib/formats/hdf5/index';
import { type Tensor, tensor } from '../../../lib/tensor';
import { error } from '../../support/errors';
import { contentOf } from '../../support/hdf5';
import { python, pythonMissing } from '../../support/python';

const group = (
  members: Readonly<Record<string, NewGroup | NewDataset>> = {},
  attributes: Readonly<Record<string, NewAttribute>> = {},
): NewGroup => ({
  kind: 'group',
  members: new Map(Object.entries(members)),
  attributes: new Map(Object.entries(attributes)),
});
const dataset = (data: Tensor, more: Partial<NewDataset> = {}): NewDataset => ({
  kind: 'dataset',
  tensor: data,
  ...more,
});
const bytesOf = (root: NewGroup) => new Uint8Array(Buffer.concat(hdf5Parts(root)));
const back = (root: NewGroup) => readHdf5(bytesSource(bytesOf(root), 'x.h5'));

const shapes = fc.array(fc.nat({ max: 4 }), { maxLength: 4 });
const someTensor: fc.Arbitrary<Tensor> = shapes.chain((shape) => {
  const length = shape.reduce((product, dimension) => product * dimension, 1);
  const exactly = { minLength: length, maxLength: length };
  return fc
    .oneof(fc.float32Array(exactly), fc.int32Array(exactly), fc.uint8Array(exactly))
    .map((data) => ({ shape, data }));
});
const names = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((name) => !/[/\0]|^\.$/.test(name));
const text = fc.string({ unit: 'grapheme' }).filter((given) => !given.includes('\0'));
const real = fc.double({ noNaN: true, noDefaultInfinity: true });
const someAttribute: fc.Arbitrary<NewAttribute> = fc.oneof(
  text,
  fc.array(text, { maxLength: 5 }),
  real,
  text.map((variableText) => ({ variableText })),
  fc.array(text, { maxLength: 5 }).map((variableText) => ({ variableText })),
);
const attributes = fc.array(fc.tuple(names, someAttribute), { maxLength: 4 }).map((entries) => new Map(entries));
const { tree } = fc.letrec<{ tree: NewGroup; member: NewGroup | NewDataset }>((tie) => ({
  tree: fc.record({
    kind: fc.constant('group' as const),
    attributes,
    members: fc.array(fc.tuple(names, tie('member')), { maxLength: 12 }).map((entries) => new Map(entries)),
  }),
  member: fc.oneof(
    { depthSize: 'small' },
    fc.record({ kind: fc.constant('dataset' as const), attributes, tensor: someTensor }),
    tie('tree'),
  ),
}));

async function expectSame(found: Hdf5Group | Hdf5Dataset, given: NewGroup | NewDataset): Promise<void> {
  const plain = (value: NewAttribute) =>
    typeof value === 'object' && 'variableText' in value ? value.variableText : value;
  expect(new Map(found.attributes)).toEqual(
    new Map([...(given.attributes ?? [])].map(([name, value]) => [name, plain(value)])),
  );
  if (given.kind === 'dataset') return expect(await (found as Hdf5Dataset).read()).toEqual(given.tensor);
  const { members } = found as Hdf5Group;
  expect([...members.keys()].sort()).toEqual([...given.members.keys()].sort());
  for (const [name, member] of given.members) await expectSame(members.get(name)!, member);
}

describe('a file', () => {
  test('comes back as it was given', async () => {
    await fc.assert(
      fc.asyncProperty(tree, async (given) => expectSame(await back(given), given)),
      { numRuns: 200 },
    );
  });

  test('has any number of members', async () => {
    for (const count of [0, 1, 8, 9, 256, 257, 8193]) {
      const members = Object.fromEntries(
        Array.from({ length: count }, (_, i) => [`x${(i * 7919) % count}`, dataset(tensor(Uint8Array.of(i)))]),
      );
      await expectSame(await back(group(members)), group(members));
    }
  });

  test('has the memory of its tensors among its parts', () => {
    const data = new Float32Array(100);
    const parts = hdf5Parts(group({ x: dataset(tensor(data)) }));
    expect(parts.filter(({ buffer }) => buffer === data.buffer)).toHaveLength(1);
  });

  test('has its elements at multiples of eight bytes', () => {
    const members = [1, 2, 3].map((length) => dataset(tensor(new Uint8Array(length).fill(0xaa))));
    let at = 0;
    const begins: number[] = [];
    for (const part of hdf5Parts(group({ a: members[0]!, b: members[1]!, c: members[2]! }))) {
      if (part[0] === 0xaa) begins.push(at % 8);
      at += part.length;
    }
    expect(begins).toEqual([0, 0, 0]);
  });

  test('is the same bytes for the same content, in whatever order its members came', () => {
    const [a, b] = [dataset(tensor([1, 2])), group({}, { x: 'text' })];
    expect(bytesOf(group({ a, b }))).toEqual(bytesOf(group({ a, b })));
  });

  test('has texts of any length', async () => {
    const long = 'grüße '.repeat(50_000);
    const given = group({}, { long, lists: { variableText: [long, '', 'short'] } });
    await expectSame(await back(given), given);
  });

  test('has other types where they are wanted', async () => {
    const { members } = await back(
      group({
        steps: dataset(tensor(Int32Array.of(7), []), { dtype: 'int64' }),
        seed: dataset(tensor(Int32Array.of(1, 2)), { dtype: 'uint32' }),
        double: dataset(tensor([0.5, -1]), { dtype: 'float64' }),
        whole: dataset(tensor([3, 4]), { dtype: 'int32' }),
      }),
    );
    const found = await Promise.all(
      [...members.values()].map(async (member) => [(member as Hdf5Dataset).dtype, (await contentOf(member)).values]),
    );
    expect(found).toEqual([
      ['float64', [0.5, -1]],
      ['uint32', [1, 2]],
      ['int64', [7]],
      ['int32', [3, 4]],
    ]);
  });

  test.each<[string, NewGroup, string, 'CUDA_GAN_VALUE' | 'CUDA_GAN_DATA']>([
    ['a name with a slash', group({ 'a/b': group() }), 'a member is called "a/b"', 'CUDA_GAN_VALUE'],
    ['no name', group({ '': group() }), 'a member is called ""', 'CUDA_GAN_VALUE'],
    [
      'a zero in a text',
      group({}, { x: 'a\0b' }),
      'attribute "x" of "/" has a text with a zero in it',
      'CUDA_GAN_VALUE',
    ],
    [
      'a list that is too long for an attribute',
      group({ a: group({}, { x: ['x'.repeat(70_000)] }) }),
      'attribute "x" of "/a" takes 70',
      'CUDA_GAN_VALUE',
    ],
    [
      'a fraction as a whole number',
      group({ x: dataset(tensor([1, 0.5]), { dtype: 'int64' }) }),
      'element 1 of "/x" is 0.5, which is no int64 number',
      'CUDA_GAN_DATA',
    ],
    ['no tensor', group({ x: dataset([1] as never) }), '"/x" is not a tensor', 'CUDA_GAN_DATA'],
  ])('with %s is refused', (_, given, message, code) => {
    expect(() => hdf5Parts(given)).toThrow(error(code, message));
  });
});

const script = `
import h5py, json, sys
def content(x):
    attributes = {name: plain(x.attrs[name]) for name in x.attrs}
    if isinstance(x, h5py.Group):
        return {"attributes": attributes, "members": {name: content(x[name]) for name in x}}
    return {"attributes": attributes, "dtype": str(x.dtype), "shape": x.shape, "values": x[()].ravel().tolist()}
def plain(x):
    if isinstance(x, (bytes, str)):
        return x if isinstance(x, str) else x.decode()
    x = x.tolist()
    return [y.decode() if isinstance(y, bytes) else y for y in x] if isinstance(x, list) else x
json.dump(content(h5py.File(sys.argv[1])), sys.stdout)
`;

(pythonMissing('h5py') === undefined ? describe : describe.skip)(`h5py ${pythonMissing('h5py') ?? ''}`, () => {
  test('reads what is written', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hdf5-'));
    const path = join(folder, 'a.h5');
    const many = Object.fromEntries(
      Array.from({ length: 3000 }, (_, i) => [`x${i}`, dataset(tensor(Int32Array.of(i), []))]),
    );
    const long = 'grüße '.repeat(50_000);
    const given = group(
      {
        grid: dataset(tensor(Float32Array.of(1, 2, 3, 4, 5, 6.5), [2, 3]), {
          attributes: new Map([['name', { variableText: 'kernel' }]]),
        }),
        steps: dataset(tensor(Int32Array.of(7), []), { dtype: 'int64' }),
        none: dataset(tensor(new Float32Array(0), [0, 3])),
        many: group(many),
        empty: group(),
      },
      {
        text: 'grüße',
        texts: ['a', 'bcd', ''],
        none: [],
        whole: 3,
        real: 0.1,
        long,
        variable: { variableText: ['a', '', 'ccc'] },
        matrix: tensor([
          [1, 2],
          [3, 4],
        ]),
      },
    );
    await writeFile(path, hdf5Parts(given));
    const { status, stdout, stderr } = spawnSync(python, ['-c', script, path], {
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const found = JSON.parse(stdout);
    expect(found.attributes).toEqual({
      text: 'grüße',
      texts: ['a', 'bcd', ''],
      none: [],
      whole: 3,
      real: 0.1,
      long,
      variable: ['a', '', 'ccc'],
      matrix: [
        [1, 2],
        [3, 4],
      ],
    });
    const { grid, steps, none, many: manyFound, empty } = found.members;
    expect(grid).toEqual({
      attributes: { name: 'kernel' },
      dtype: 'float32',
      shape: [2, 3],
      values: [1, 2, 3, 4, 5, 6.5],
    });
    expect([steps.dtype, steps.shape, steps.values]).toEqual(['int64', [], [7]]);
    expect([none.dtype, none.shape, none.values]).toEqual(['float32', [0, 3], []]);
    expect(empty.members).toEqual({});
    const values = Object.entries(manyFound.members).map(([name, { values }]: [string, any]) => [name, values[0]]);
    expect(Object.fromEntries(values)).toEqual(Object.fromEntries(Object.keys(many).map((name, i) => [name, i])));
    await rm(folder, { recursive: true });
  });
});

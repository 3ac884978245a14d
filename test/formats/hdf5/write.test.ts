// HDF5 files that are written: they come back as they were given, the same content makes the same bytes, and h5py reads them.
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  decodeHdf5,
  type Hdf5Dataset,
  hdf5Parts,
  type NewAttribute,
  type NewDataset,
  type NewGroup,
} from '../../../lib/formats/hdf5/index';
import { type Tensor, tensor } from '../../../lib/tensor';
import { error } from '../../support/errors';
import { type Content, contentOf, inWords } from '../../support/hdf5';
import { python, pythonLacks } from '../../support/python';

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
const back = (root: NewGroup) => decodeHdf5(bytesOf(root));

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
    members: fc.array(fc.tuple(names, tie('member')), { maxLength: 5 }).map((entries) => new Map(entries)),
  }),
  member: fc.oneof(
    { maxDepth: 3 },
    fc.record({ kind: fc.constant('dataset' as const), attributes, tensor: someTensor }),
    tie('tree'),
  ),
}));

/** What is to be read of it; members are in the order of their names in UTF-8. */
function contentGiven(given: NewGroup | NewDataset): Content {
  const plain = (value: NewAttribute) =>
    typeof value === 'object' && 'variableText' in value ? value.variableText : value;
  const found = [...(given.attributes ?? [])].map(([name, value]) => [name, plain(value)]);
  const attributes = Object.fromEntries(found);
  if (given.kind === 'dataset') {
    const { shape, data } = given.tensor;
    return { attributes, shape, values: Array.from(data, inWords) };
  }
  const members = [...given.members].map(([name, member]) => [name, contentGiven(member)] as const);
  return { attributes, members: members.sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b))) };
}

async function expectSame(given: NewGroup): Promise<void> {
  expect(await contentOf(await back(given))).toEqual(contentGiven(given));
}

describe('a file', () => {
  test('comes back as it was given', async () => {
    await fc.assert(fc.asyncProperty(tree, expectSame), { numRuns: 100 });
  });

  test('has any number of members', async () => {
    for (const count of [0, 1, 8, 9, 256, 257, 2100]) {
      const members = Object.fromEntries(
        Array.from({ length: count }, (_, i) => [`x${(i * 7919) % count}`, dataset(tensor(Uint8Array.of(i)))]),
      );
      await expectSame(group(members));
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
    await expectSame(given);
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

(pythonLacks('h5py') === undefined ? describe : describe.skip)('h5py', () => {
  test('reads what is written', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hdf5-'));
    const path = join(folder, 'a.h5');
    const many = Object.fromEntries(
      Array.from({ length: 2100 }, (_, i) => [`x${i}`, dataset(tensor(Int32Array.of(i), []))]),
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
    expect(Object.keys(many).map((name) => manyFound.members[name].values)).toEqual(
      Object.keys(many).map((_, i) => [i]),
    );
    await rm(folder, { recursive: true });
  });
});

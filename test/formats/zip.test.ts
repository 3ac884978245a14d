// ZIP archives that are damaged or hostile: an error that says what is wrong, before memory is taken for it.
import { constants, deflateRawSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bytesAt, bytesSource } from '../../lib/formats/byte-source';
import { memberSource, readEntries, unpack } from '../../lib/formats/zip';
import { zipParts } from '../../lib/formats/zip-writer';
import { error } from '../support/errors';
import { onlyCodedErrors } from '../support/junk';

const text = Buffer.from('to be, or not to be, that is the question');

/** An archive of two members without ZIP64, as other programs write it. */
function archive({
  method = 8,
  count = 2,
  flags = 0,
  bytes = text.length,
  packed = deflateRawSync(text),
} = {}): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  for (const name of ['a', 'b']) {
    const local = Buffer.alloc(30 + name.length);
    local.writeUInt32LE(0x04034b50);
    local.writeUInt16LE(name.length, 26);
    local.write(name, 30);
    const central = Buffer.alloc(46 + name.length);
    central.writeUInt32LE(0x02014b50);
    central.writeUInt16LE(flags, 8);
    central.writeUInt16LE(method, 10);
    central.writeUInt32LE(0x0a434971, 16);
    central.writeUInt32LE(packed.length, 20);
    central.writeUInt32LE(bytes, 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(Buffer.concat(locals).length, 42);
    central.write(name, 46);
    locals.push(local, packed);
    directory.push(central);
  }
  const end = Buffer.alloc(22 + 5);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(Buffer.concat(locals).length, 16);
  end.writeUInt16LE(5, 20);
  end.write('hello', 22);
  return Buffer.concat([...locals, ...directory, end]);
}

async function unpackAll(bytes: Uint8Array): Promise<string[]> {
  const source = bytesSource(bytes, 'a.zip');
  const texts: string[] = [];
  for (const entry of await readEntries(source)) texts.push(Buffer.from(await unpack(source, entry)).toString());
  return texts;
}

/** Writes `value` over the bytes of `from` at `offset`, counted from the first or last place of `signature`. */
function changed(
  bytes: Buffer,
  signature: number,
  offset: number,
  value: number,
  { last = false, width = 4 } = {},
): Buffer {
  const mark = Buffer.alloc(4);
  mark.writeUInt32LE(signature);
  const copy = Buffer.from(bytes);
  copy.writeUIntLE(value, (last ? copy.lastIndexOf(mark) : copy.indexOf(mark)) + offset, width);
  return copy;
}

const [local, central, end] = [0x04034b50, 0x02014b50, 0x06054b50];

describe('an archive', () => {
  test('of other programs is read, with the comment behind it', async () => {
    expect(await unpackAll(archive())).toEqual([String(text), String(text)]);
    expect(await unpackAll(archive({ method: 0, packed: text }))).toEqual([String(text), String(text)]);
  });

  test.each([true, false])('of our own is read, compressed: %s', async (compress) => {
    const parts = await zipParts([{ name: 'ä', parts: [text.subarray(0, 5), text.subarray(5)] }], compress);
    const bytes = Buffer.concat(parts);
    const [entry] = await readEntries(bytesSource(bytes, 'a.zip'));
    expect(entry).toMatchObject({ name: 'ä', bytes: text.length });
    expect(await unpackAll(bytes)).toEqual([String(text)]);
  });

  test.each([true, false])('has members as sources of their own, compressed: %s', async (compress) => {
    const parts = await zipParts([{ name: 'a', parts: [text] }], compress);
    const source = bytesSource(Buffer.concat(parts), 'a.zip');
    const member = await memberSource(source, (await readEntries(source))[0]!);
    expect([member.path, member.size]).toEqual(['"a" in a.zip', text.length]);
    expect(Buffer.from(await bytesAt(member, 3, 5))).toEqual(text.subarray(3, 8));
  });

  test('that is damaged has no member as a source', async () => {
    const bytes = Buffer.concat(await zipParts([{ name: 'a', parts: [text] }], false));
    bytes.writeUInt8(0x21, bytes.indexOf(text));
    const source = bytesSource(bytes, 'a.zip');
    await expect(memberSource(source, (await readEntries(source))[0]!)).rejects.toThrow(
      error('CUDA_GAN_FILE', 'a.zip is not a ZIP archive that can be read: the checksum of "a" is wrong'),
    );
  });

  test('may be empty', async () => {
    expect(await unpackAll(Buffer.concat(await zipParts([], false)))).toEqual([]);
  });
});

describe('what is damaged or hostile is an error:', () => {
  const bomb = deflateRawSync(Buffer.alloc(100_000), { level: constants.Z_BEST_COMPRESSION });
  test.each<[string, () => Buffer, string]>([
    ['nothing', () => Buffer.alloc(0), 'it has no end-of-archive record, as when it is truncated'],
    ['an end that is cut off', () => archive().subarray(0, -6), 'it has no end-of-archive record'],
    ['more members than there are', () => archive({ count: 3 }), 'its directory of 3 members should be at byte'],
    [
      'fewer bytes than the directory wants',
      () => changed(archive(), end, 12, 0xffff),
      'its directory of 2 members should be at byte 138, where there is no',
    ],
    ['a directory elsewhere', () => changed(archive(), end, 16, 1), 'member 0 of its directory is none'],
    [
      'a name that is too long',
      () => changed(archive(), central, 28, 60000, { width: 2 }),
      'member 0 of its directory is cut off',
    ],
    [
      'two members of one name',
      () => changed(archive(), central, 46, 0x62, { width: 1 }),
      'two members have the same name',
    ],
    [
      'two members in one place',
      () => changed(archive(), central, 42, 0, { last: true }),
      '"b" shares bytes with another member',
    ],
    ['a member elsewhere', () => changed(archive(), central, 42, 7), '"a" is not where the archive tells'],
    [
      'a member beyond the end',
      () => changed(archive(), central, 42, 0xfffffff0),
      '"a" is not where the archive tells',
    ],
    ['a local header that is none', () => changed(archive(), local, 0, 0), '"a" is not where the archive tells'],
    ['encryption', () => archive({ flags: 1 }), '"a" is encrypted'],
    [
      'another method',
      () => archive({ method: 14 }),
      '"a" is packed by method 14; allowed are 0, stored, and 8, deflated',
    ],
    ['a length that no data can have', () => archive({ bytes: 0xfffffffe }), '"a" cannot have 4294967294 bytes, for'],
    [
      'a stored member of another length',
      () => archive({ method: 0, packed: text, bytes: 40 }),
      '"a" cannot have 40 bytes',
    ],
    [
      'a bomb that tells less than it holds',
      () => archive({ packed: bomb, bytes: 1000 }),
      '"a" has not the 1000 bytes that',
    ],
    [
      'a member that holds less than it tells',
      () => archive({ bytes: 100 }),
      '"a" has not the 100 bytes that the archive tells',
    ],
    [
      'deflated data that is cut off',
      () => archive({ packed: deflateRawSync(text).subarray(0, 20) }),
      '"a" cannot be inflated: ',
    ],
    ['data that is not deflated', () => archive({ packed: text }), '"a" cannot be inflated: '],
    ['another checksum', () => changed(archive(), central, 16, 1), 'the checksum of "a" is wrong'],
  ])('%s', async (_, make, message) => {
    await expect(unpackAll(make())).rejects.toThrow(
      error('CUDA_GAN_FILE', `a.zip is not a ZIP archive that can be read: ${message}`),
    );
  });

  test('a ZIP64 record that is elsewhere', async () => {
    const bytes = Buffer.concat(await zipParts([{ name: 'a', parts: [text] }], false));
    const locator = 0x07064b50;
    for (const value of [0, 0xffffffff]) {
      await expect(unpackAll(changed(bytes, locator, 8, value))).rejects.toThrow(
        error('CUDA_GAN_FILE', 'its ZIP64 record is not where it should be'),
      );
    }
  });

  test('any bytes at all, with nothing but errors that have a code', async () => {
    const whole = [archive(), Buffer.concat(await zipParts([{ name: 'a', parts: [text] }], true))];
    const changes = fc.array(fc.tuple(fc.nat({ max: 300 }), fc.nat({ max: 255 })), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...whole), changes, fc.nat({ max: 320 }), async (bytes, places, length) => {
        const damaged = Buffer.from(bytes.subarray(0, Math.max(1, length)));
        for (const [at, value] of places) if (at < damaged.length) damaged[at] = value;
        await onlyCodedErrors(() => unpackAll(damaged));
      }),
      { numRuns: 1000 },
    );
  });
});

// Writes ZIP archives (PKWARE's APPNOTE.TXT), always as ZIP64: members may be of any size, and there is one way to write them.
import { promisify } from 'node:util';
import { type Field, fields } from './little-endian.js';

export interface ZipMember {
  readonly name: string;
  readonly parts: readonly Uint8Array[];
}

/** ZIP64 came with this version of the format. */
const version = 45;
const utf8Names = 1 << 11;
/** The first day that the format knows, so that the same members make the same bytes. */
const date = (1 << 5) | 1;
const inExtra = 0xffffffff;

/** An archive in parts, its members stored or deflated. */
export async function zipParts(members: readonly ZipMember[], compress: boolean): Promise<Uint8Array[]> {
  const archive: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let position = 0;
  for (const member of members) {
    const { crc32, deflateRaw } = await import('node:zlib'); // here, because it takes long to load
    const name = Buffer.from(member.name);
    const bytes = lengthOf(member.parts);
    const checksum = member.parts.reduce((value, part) => crc32(part, value), 0);
    const packed = compress ? [await promisify(deflateRaw)(Buffer.concat(member.parts))] : member.parts;
    const common = fields([
      [2, utf8Names],
      [2, compress ? 8 : 0],
      [4, date << 16],
      [4, checksum],
      [4, inExtra], // packed bytes
      [4, inExtra], // bytes
      [2, name.length],
    ]);
    const sizes: Field[] = [
      [8, bytes],
      [8, lengthOf(packed)],
    ];
    const local = [
      fields([
        [4, 0x04034b50],
        [2, version],
      ]),
      common,
      fields([[2, 20]]),
      name,
      extra(sizes),
    ];
    directory.push(
      fields([
        [4, 0x02014b50],
        [2, version],
        [2, version],
      ]),
      common,
      fields([
        [2, 28],
        [2, 0],
        [2, 0],
        [2, 0],
        [4, 0],
        [4, inExtra],
      ]),
      name,
      extra([...sizes, [8, position]]),
    );
    archive.push(...local, ...packed);
    position += lengthOf(local) + lengthOf(packed);
  }
  return [...archive, ...directory, ...endOf(members.length, lengthOf(directory), position)];
}

/** The ZIP64 record, where it is, and the record of old, which points to it. */
function endOf(count: number, directoryBytes: number, directoryBegin: number): Uint8Array[] {
  const record = fields([
    [4, 0x06064b50],
    [8, 44], // bytes of it that follow
    [2, version],
    [2, version],
    [4, 0],
    [4, 0],
    [8, count],
    [8, count],
    [8, directoryBytes],
    [8, directoryBegin],
  ]);
  const locator = fields([
    [4, 0x07064b50],
    [4, 0],
    [8, directoryBegin + directoryBytes],
    [4, 1],
  ]);
  const end = fields([
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, 0xffff],
    [2, 0xffff],
    [4, inExtra],
    [4, inExtra],
    [2, 0],
  ]);
  return [record, locator, end];
}

function extra(sizes: readonly Field[]): Uint8Array {
  return fields([[2, 0x0001], [2, 8 * sizes.length], ...sizes]);
}

function lengthOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}

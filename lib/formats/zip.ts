// Reads ZIP archives (PKWARE's APPNOTE.TXT) with members that are stored or deflated, ZIP64 or not. Node.js inflates; what
// libraries for the rest lack are the checks that a damaged or hostile archive needs: of checksums, and of lengths before memory is taken.
import { CudaGanError } from '../errors.js';
import { createTypedArray } from '../tensor.js';
import { type ByteSource, bytesAt, bytesSource, windowSource } from './byte-source.js';
import { maxExpansion } from './deflate.js';

export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly crc32: number;
  /** Bytes in the archive, and of the member itself. */
  readonly packedBytes: number;
  readonly bytes: number;
  /** Where the packed bytes begin. */
  readonly begin: number;
}

type Place = Omit<ZipEntry, 'begin'> & { readonly headerBegin: number };

const signatures = {
  localHeader: 0x04034b50,
  centralHeader: 0x02014b50,
  end: 0x06054b50,
  end64: 0x06064b50,
  end64Locator: 0x07064b50,
} as const;
const localHeaderBytes = 30;
const centralHeaderBytes = 46;
const endBytes = 22;
const locatorBytes = 20;
const end64Bytes = 56;
const maxCommentBytes = 2 ** 16 - 1;
const stored = 0;
const deflated = 8;
const zip64Extra = 0x0001;

/** What a checksum is taken of at once. */
const pieceBytes = 2 ** 20;

/** The members of an archive, in the order of its directory. @throws CudaGanError `CUDA_GAN_FILE` when it is damaged. */
export async function readEntries(source: ByteSource): Promise<readonly ZipEntry[]> {
  const directory = await findDirectory(source);
  const bytes = await bytesAt(source, directory.begin, directory.bytes);
  const places = placesIn(bytes, directory.count, source.path);
  const entries: ZipEntry[] = [];
  let end = 0;
  for (const place of [...places].sort((a, b) => a.headerBegin - b.headerBegin)) {
    const entry = await readLocalHeader(source, place, directory.begin);
    if (place.headerBegin < end) throw damaged(source.path, `"${place.name}" shares bytes with another member`);
    end = entry.begin + entry.packedBytes;
    entries.push(entry);
  }
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  if (byName.size !== places.length) throw damaged(source.path, 'two members have the same name');
  return places.map(({ name }) => byName.get(name)!);
}

/** The bytes of a member, held to its checksum. @throws CudaGanError `CUDA_GAN_FILE` when they are damaged. */
export async function unpack(source: ByteSource, entry: ZipEntry): Promise<Uint8Array> {
  const { crc32 } = await import('node:zlib'); // here, because it takes long to load
  const packed = await bytesAt(source, entry.begin, entry.packedBytes);
  const bytes = entry.method === deflated ? await inflate(packed, entry, source.path) : packed;
  if (crc32(bytes) === entry.crc32) return bytes;
  throw damaged(source.path, `the checksum of "${entry.name}" is wrong`);
}

/**
 * A member as a source of its own, held to its checksum. A stored one stays in the archive, since it may be large: it is
 * read once for the checksum, some 0.05 s for 100 MB, and again where it is wanted. Weights have no other checksum.
 * @throws CudaGanError `CUDA_GAN_FILE` when it is damaged.
 */
export async function memberSource(source: ByteSource, entry: ZipEntry): Promise<ByteSource> {
  const path = `"${entry.name}" in ${source.path}`;
  if (entry.method === deflated) return bytesSource(await unpack(source, entry), path);
  const { crc32 } = await import('node:zlib');
  const piece = createTypedArray('uint8', Math.min(pieceBytes, entry.bytes));
  let checksum = 0;
  for (let done = 0; done < entry.bytes; done += pieceBytes) {
    const bytes = piece.subarray(0, entry.bytes - done);
    await source.read(bytes, entry.begin + done);
    checksum = crc32(bytes, checksum);
  }
  if (checksum === entry.crc32) return windowSource(source, entry.begin, entry.bytes, path);
  throw damaged(source.path, `the checksum of "${entry.name}" is wrong`);
}

async function inflate(packed: Uint8Array, { name, bytes }: ZipEntry, path: string): Promise<Uint8Array> {
  const { createInflateRaw } = await import('node:zlib');
  const result = createTypedArray('uint8', bytes);
  const inflater = createInflateRaw({ chunkSize: 2 ** 16 });
  let filled = 0;
  try {
    inflater.end(packed);
    for await (const piece of inflater) {
      if (filled + piece.length <= bytes) result.set(piece, filled);
      filled += piece.length;
      if (filled > bytes) break;
    }
  } catch (cause) {
    throw damaged(path, `"${name}" cannot be inflated: ${(cause as Error).message}`, cause);
  }
  if (filled === bytes) return result;
  throw damaged(path, `"${name}" has not the ${bytes} bytes that the archive tells`);
}

interface Directory {
  readonly begin: number;
  readonly bytes: number;
  readonly count: number;
}

/** The central directory is told of at the end of the archive, before a comment. */
async function findDirectory(source: ByteSource): Promise<Directory> {
  const { size, path } = source;
  const tailBegin = Math.max(0, size - endBytes - maxCommentBytes);
  const tail = viewOf(await bytesAt(source, tailBegin, size - tailBegin));
  for (let at = tail.byteLength - endBytes; at >= 0; at--) {
    if (tail.getUint32(at, true) !== signatures.end) continue;
    if (at + endBytes + tail.getUint16(at + 20, true) !== tail.byteLength) continue;
    const end = tailBegin + at;
    const directory = (await findDirectory64(source, end)) ?? {
      count: tail.getUint16(at + 10, true),
      bytes: tail.getUint32(at + 12, true),
      begin: tail.getUint32(at + 16, true),
    };
    const { begin, bytes, count } = directory;
    if (begin + bytes <= end && count * centralHeaderBytes <= bytes) return directory;
    throw damaged(path, `its directory of ${count} members should be at byte ${begin}, where there is no room for it`);
  }
  throw damaged(path, 'it has no end-of-archive record, as when it is truncated');
}

/** The directory as ZIP64 tells, if the archive has that in front of its end. */
async function findDirectory64(source: ByteSource, end: number): Promise<Directory | undefined> {
  if (end < locatorBytes + end64Bytes) return undefined;
  const locator = viewOf(await bytesAt(source, end - locatorBytes, locatorBytes));
  if (locator.getUint32(0, true) !== signatures.end64Locator) return undefined;
  const at = uint64At(locator, 8);
  if (at <= end - locatorBytes - end64Bytes) {
    const record = viewOf(await bytesAt(source, at, end64Bytes));
    if (record.getUint32(0, true) === signatures.end64) {
      return { count: uint64At(record, 32), bytes: uint64At(record, 40), begin: uint64At(record, 48) };
    }
  }
  throw damaged(source.path, 'its ZIP64 record is not where it should be');
}

function placesIn(bytes: Uint8Array, count: number, path: string): Place[] {
  const view = viewOf(bytes);
  const places: Place[] = [];
  for (let at = 0; places.length < count; ) {
    if (at + centralHeaderBytes > bytes.length || view.getUint32(at, true) !== signatures.centralHeader) {
      throw damaged(path, `member ${places.length} of its directory is none`);
    }
    const nameEnd = at + centralHeaderBytes + view.getUint16(at + 28, true);
    const extraEnd = nameEnd + view.getUint16(at + 30, true);
    const next = extraEnd + view.getUint16(at + 32, true);
    if (next > bytes.length) throw damaged(path, `member ${places.length} of its directory is cut off`);
    const name = new TextDecoder().decode(bytes.subarray(at + centralHeaderBytes, nameEnd));
    const [plainBytes, packedBytes, headerBegin] = sizesOf(
      [view.getUint32(at + 24, true), view.getUint32(at + 20, true), view.getUint32(at + 42, true)],
      view,
      { begin: nameEnd, end: extraEnd },
    );
    const place = {
      name,
      method: view.getUint16(at + 10, true),
      crc32: view.getUint32(at + 16, true),
      bytes: plainBytes!,
      packedBytes: packedBytes!,
      headerBegin: headerBegin!,
    };
    requireReadable(place, view.getUint16(at + 8, true), path);
    places.push(place);
    at = next;
  }
  return places;
}

/** Sizes that do not fit into 32 bits are in an extra field, in their order. */
function sizesOf(sizes: readonly number[], view: DataView, extra: { begin: number; end: number }): number[] {
  for (let at = extra.begin; at + 4 <= extra.end; ) {
    const end = Math.min(extra.end, at + 4 + view.getUint16(at + 2, true));
    if (view.getUint16(at, true) === zip64Extra) {
      let next = at + 4;
      return sizes.map((size) => {
        if (size !== 0xffffffff || next + 8 > end) return size;
        next += 8;
        return uint64At(view, next - 8);
      });
    }
    at = end;
  }
  return [...sizes];
}

function requireReadable({ name, method, bytes, packedBytes }: Place, flags: number, path: string): void {
  if ((flags & 1) !== 0) throw damaged(path, `"${name}" is encrypted`);
  if (method !== stored && method !== deflated) {
    throw damaged(path, `"${name}" is packed by method ${method}; allowed are 0, stored, and 8, deflated`);
  }
  const most = method === stored ? packedBytes : packedBytes * maxExpansion;
  if (bytes > most || (method === stored && bytes < packedBytes)) {
    throw damaged(path, `"${name}" cannot have ${bytes} bytes, for ${packedBytes} are there of it`);
  }
}

/** The lengths of name and extra field may differ from those of the directory. */
async function readLocalHeader(source: ByteSource, place: Place, directoryBegin: number): Promise<ZipEntry> {
  const { headerBegin, ...entry } = place;
  if (headerBegin + localHeaderBytes <= directoryBegin) {
    const header = viewOf(await bytesAt(source, headerBegin, localHeaderBytes));
    const begin = headerBegin + localHeaderBytes + header.getUint16(26, true) + header.getUint16(28, true);
    const isHeader = header.getUint32(0, true) === signatures.localHeader;
    if (isHeader && begin + entry.packedBytes <= directoryBegin) return { ...entry, begin };
  }
  throw damaged(source.path, `"${entry.name}" is not where the archive tells`);
}

/** Above 2⁵³ rounded, which is more than any archive has. */
function uint64At(view: DataView, at: number): number {
  return view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

function damaged(path: string, what: string, cause?: unknown): CudaGanError {
  return new CudaGanError('CUDA_GAN_FILE', `${path} is not a ZIP archive that can be read: ${what}`, { cause });
}

// The structures of a file: all bytes but the data. They are read in pages, since most are small and lie side by side.
import { type ByteSource, bytesAt } from '../byte-source.js';
import { unreadable } from './damage.js';
import { Fields, textOf } from './fields.js';
import { lookup3 } from './lookup3.js';
import type { Superblock } from './superblock.js';

const pageBytes = 2 ** 14;
const signatureBytes = 4;
const checksumBytes = 4;

/** Structures do not share bytes. So much of what they say is read more than once, as their beginnings are. */
const readings = 4;
const slackBytes = 2 ** 16;

export class Metadata {
  readonly source: ByteSource;
  readonly superblock: Superblock;
  readonly #pages = new Map<number, Uint8Array>();
  readonly #parsed = new Map<string, unknown>();
  #mayRead: number;

  constructor(source: ByteSource, superblock: Superblock) {
    this.source = source;
    this.superblock = superblock;
    this.#mayRead = readings * source.size + slackBytes;
  }

  get path(): string {
    return this.source.path;
  }

  /** Bytes of the file from its base on. */
  get size(): number {
    return this.source.size - this.superblock.base;
  }

  /**
   * Counts bytes that are read, or made from what was. A file whose structures share bytes or lead in a circle ends here,
   * after a time that is linear in its size.
   */
  charge(bytes: number): void {
    this.#mayRead -= bytes;
    if (this.#mayRead < 0) throw unreadable(this.path, 'its structures share bytes, or lead in a circle');
  }

  /** The bytes of a structure, of which `what` is the name in errors. Leave them as they are. */
  async bytes(address: number | undefined, count: number, what: string): Promise<Uint8Array> {
    if (address === undefined) throw unreadable(this.path, `${what} is nowhere`);
    if (!(address + count <= this.size)) {
      throw unreadable(this.path, `${what} should have ${count} bytes from byte ${address} on, beyond the end`);
    }
    this.charge(count);
    const begin = this.superblock.base + address;
    const page = Math.floor(begin / pageBytes);
    const within = begin - page * pageBytes;
    if (within + count > pageBytes) return bytesAt(this.source, begin, count);
    return (await this.#page(page)).subarray(within, within + count);
  }

  async fields(address: number | undefined, count: number, what: string): Promise<Fields> {
    return this.parse(await this.bytes(address, count, what), what);
  }

  /** As `fields`, of fewer bytes where the file ends. */
  async fieldsUpTo(address: number | undefined, count: number, what: string): Promise<Fields> {
    return this.fields(address, Math.min(count, Math.max(0, this.size - (address ?? 0))), what);
  }

  /** What is behind the signature of a structure. */
  async signed(address: number | undefined, count: number, signature: string, what: string): Promise<Fields> {
    const fields = await this.fields(address, count, what);
    if (textOf(fields.bytes(signatureBytes)) === signature) return fields;
    throw fields.damaged(`does not begin with ${signature}`);
  }

  /** What is between the signature and the checksum, the last of the bytes. */
  async checked(address: number | undefined, count: number, signature: string, what: string): Promise<Fields> {
    const bytes = await this.bytes(address, count, what);
    const fields = this.parse(bytes.subarray(0, -checksumBytes), what);
    if (textOf(fields.bytes(signatureBytes)) !== signature) throw fields.damaged(`does not begin with ${signature}`);
    this.requireChecksum(bytes, what);
    return fields;
  }

  /** @throws CudaGanError `CUDA_GAN_FILE` unless the last four bytes are the checksum of those before. */
  requireChecksum(bytes: Uint8Array, what: string): void {
    const checksum = this.parse(bytes.subarray(-checksumBytes), what);
    if (checksum.uint(checksumBytes) === lookup3(bytes.subarray(0, -checksumBytes))) return;
    throw checksum.damaged('has a wrong checksum');
  }

  /** Fields of bytes that belong to a structure. */
  parse(bytes: Uint8Array, what: string): Fields {
    return new Fields(bytes, this.superblock, what);
  }

  /** A structure that others lead to, which is parsed once. */
  async once<Parsed>(kind: string, address: number | undefined, parse: () => Promise<Parsed>): Promise<Parsed> {
    const key = `${kind} ${address}`;
    if (!this.#parsed.has(key)) this.#parsed.set(key, await parse());
    return this.#parsed.get(key) as Parsed;
  }

  async #page(number: number): Promise<Uint8Array> {
    const known = this.#pages.get(number);
    if (known !== undefined) return known;
    const begin = number * pageBytes;
    const page = await bytesAt(this.source, begin, Math.min(pageBytes, this.source.size - begin));
    this.#pages.set(number, page);
    return page;
  }
}

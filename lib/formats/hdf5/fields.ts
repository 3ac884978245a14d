// The fields of one structure of a file, read one behind the other, little-endian and never beyond its end.
import { unreadable } from './damage.js';

/** What all structures of a file have in common. */
export interface FileSettings {
  /** For errors. */
  readonly path: string;
  /** Bytes of an address, and of a length. */
  readonly addressBytes: number;
  readonly lengthBytes: number;
}

export class Fields {
  readonly #bytes: Uint8Array;
  readonly #file: FileSettings;
  readonly #what: string;
  #at = 0;

  /** `what` names the structure in errors. */
  constructor(bytes: Uint8Array, file: FileSettings, what: string) {
    this.#bytes = bytes;
    this.#file = file;
    this.#what = what;
  }

  /** How many bytes were read. */
  get position(): number {
    return this.#at;
  }

  /** How many bytes are left. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  /** The next bytes, not copied. */
  bytes(count: number): Uint8Array {
    const begin = this.#take(count);
    return this.#bytes.subarray(begin, this.#at);
  }

  skip(count: number): void {
    this.#take(count);
  }

  /** A whole number of up to eight bytes; above 2⁵³ rounded, which is more than any file has. */
  uint(width: number): number {
    const begin = this.#take(width);
    let value = 0;
    for (let i = this.#at - 1; i >= begin; i--) value = value * 256 + this.#bytes[i]!;
    return value;
  }

  length(): number {
    return this.uint(this.#file.lengthBytes);
  }

  /** Undefined where nothing is there yet, which is written as ones. */
  address(): number | undefined {
    return this.#unlessOnes(this.#file.addressBytes);
  }

  /** A length, or Infinity, which is written as ones. */
  limit(): number {
    return this.#unlessOnes(this.#file.lengthBytes) ?? Number.POSITIVE_INFINITY;
  }

  #unlessOnes(width: number): number | undefined {
    const begin = this.#at;
    const value = this.uint(width);
    for (let i = begin; i < this.#at; i++) if (this.#bytes[i] !== 0xff) return value;
    return undefined;
  }

  /** Goes beyond the next bytes, and says where they begin. */
  #take(count: number): number {
    if (!(count <= this.left)) throw this.damaged(`has ${this.left} bytes where ${count} should be`);
    this.#at += count;
    return this.#at - count;
  }

  /** Bytes up to a zero, which is read, too. */
  untilZero(): Uint8Array {
    const end = this.#bytes.indexOf(0, this.#at);
    if (end < 0) throw this.damaged('has a text without end');
    const bytes = this.bytes(end - this.#at);
    this.skip(1);
    return bytes;
  }

  /** Skips to a multiple of eight bytes from the begin of the structure. */
  align8(): void {
    this.skip(Math.min(this.left, (8 - (this.#at % 8)) % 8));
  }

  /** @throws CudaGanError `CUDA_GAN_FILE` unless the next byte, a version, is one of those. */
  version(...allowed: readonly number[]): number {
    const version = this.uint(1);
    if (allowed.includes(version)) return version;
    throw this.damaged(`has version ${version}; allowed are ${allowed.join(', ')}`);
  }

  /** The error for this structure. */
  damaged(what: string): Error {
    return unreadable(this.#file.path, `${this.#what} ${what}`);
  }
}

/** UTF-8, of which ASCII is a part. */
export function textOf({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString();
}

export function textUpToZero(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return textOf(end < 0 ? bytes : bytes.subarray(0, end));
}

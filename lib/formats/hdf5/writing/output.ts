// A file in parts, which grows at its end.

const alignment = 8;

export class Output {
  readonly #parts: Uint8Array[] = [];
  #end: number;

  /** Nothing is written before `begin`. */
  constructor(begin: number) {
    this.#end = begin;
  }

  get end(): number {
    return this.#end;
  }

  get parts(): readonly Uint8Array[] {
    return this.#parts;
  }

  /** Adds bytes, which are not copied and may change as long as their number stays. Returns their address. */
  append(bytes: Uint8Array): number {
    const address = this.#end;
    const gap = -bytes.length & (alignment - 1);
    this.#parts.push(bytes);
    if (gap > 0) this.#parts.push(new Uint8Array(gap));
    this.#end += bytes.length + gap;
    return address;
  }
}

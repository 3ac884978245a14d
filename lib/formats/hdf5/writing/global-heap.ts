// Global heaps (section III.E) of texts, one behind the other.
import { fields } from '../../little-endian.js';
import type { Output } from './output.js';

const heapBytes = 4096;
const headBytes = 16;
const maxObjects = 2 ** 16 - 1;

/** Length, address of the heap and number in it: where a text is. */
export type TextPlace = readonly [length: number, address: number, number: number];

export class TextHeaps {
  readonly #output: Output;
  /** That has room left. */
  #heap: Uint8Array = new Uint8Array();
  #address = 0;
  #used = 0;
  #count = 0;

  constructor(output: Output) {
    this.#output = output;
  }

  add(text: Uint8Array): TextPlace {
    const bytes = headBytes + Math.ceil(text.length / 8) * 8;
    if (this.#used + bytes > this.#heap.length || this.#count === maxObjects) this.#begin(bytes);
    this.#count++;
    this.#heap.set(objectHead(this.#count, text.length), this.#used);
    this.#heap.set(text, this.#used + headBytes);
    this.#used += bytes;
    this.#markFree();
    return [text.length, this.#address, this.#count];
  }

  /** A new heap, with room for an object of so many bytes at least. */
  #begin(bytes: number): void {
    this.#heap = new Uint8Array(Math.max(heapBytes, headBytes + bytes));
    this.#heap.set(Buffer.from('GCOL\x01'));
    this.#heap.set(fields([[8, this.#heap.length]]), 8);
    this.#address = this.#output.append(this.#heap);
    this.#used = headBytes;
    this.#count = 0;
  }

  /** What is left is an object of number 0, whose size counts its head. */
  #markFree(): void {
    const left = this.#heap.length - this.#used;
    if (left >= headBytes) this.#heap.set(objectHead(0, left), this.#used);
  }
}

function objectHead(number: number, bytes: number): Uint8Array {
  return fields([
    [2, number],
    [2, 0],
    [4, 0],
    [8, bytes],
  ]);
}

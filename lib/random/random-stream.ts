// Random numbers on the host: initial weights and shuffled orders.
import { highProduct, philox, type Words } from './philox.js';

const { cos, log, PI, sqrt } = Math; // once: jest's sandbox is slow to look up a global

/** The stream of numbers of a (seed, stream) pair, both whole numbers in [0, 2³²). The same pair gives the same numbers. */
export class RandomStream {
  readonly #key: readonly [number, number];
  #words: Words = [0, 0, 0, 0];
  #position = 0;

  constructor(seed: number, stream: number) {
    this.#key = [seed, stream];
  }

  /** A word in [0, 2³²). */
  word(): number {
    const lane = this.#position % 4;
    if (lane === 0) this.#words = philox([this.#position / 4, 0, 0, 0], this.#key);
    this.#position++;
    return this.#words[lane]!;
  }

  /** Uniform in [0, 1), with 24 bits. */
  uniform(): number {
    return (this.word() >>> 8) * 2 ** -24;
  }

  /** Standard normal, by Box and Muller (1958). */
  normal(): number {
    const u = ((this.word() >>> 8) + 1) * 2 ** -24;
    const v = this.uniform();
    return sqrt(-2 * log(u)) * cos(2 * PI * v);
  }

  /** A whole number in [0, limit). */
  integer(limit: number): number {
    return highProduct(this.word(), limit);
  }

  /** Brings `items` into a random order, in place (Fisher & Yates; Durstenfeld 1964). */
  shuffle(items: Int32Array): void {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const item = items[i]!;
      items[i] = items[j]!;
      items[j] = item;
    }
  }
}

/** A seed for when none is given. @internal */
export function randomSeed(): number {
  return Math.floor(Math.random() * 2 ** 32);
}

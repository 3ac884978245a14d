// What the random kernels share: the words of lib/ops/random.ts.
import type { RandomAttributes } from '../../ops/random.js';
import { philox, type Words } from '../../random/philox.js';
import type { KernelCall } from './kernel.js';

/** Calls `use` for every element with the words of its block, and the number of its word among them. */
export function forEachWord(
  { outputs: [y], attributes, step }: KernelCall,
  use: (words: Words, word: number, element: number) => void,
): void {
  const { seed, stream } = attributes as RandomAttributes;
  const counter = [step >>> 0, Math.floor(step / 2 ** 32)] as const;
  for (let i = 0; i < y!.data.length; i += 4) {
    const words = philox([i / 4, 0, ...counter], [seed, stream]);
    for (let word = 0; word < 4 && i + word < y!.data.length; word++) use(words, word, i + word);
  }
}

/** The upper 24 bits of a word as a number in [0, 1). */
export function unit(word: number): number {
  return (word >>> 8) * 2 ** -24;
}

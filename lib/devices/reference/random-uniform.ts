// low + (high - low) · (word >> 8) · 2⁻²⁴.
import type { Kernel } from './kernel.js';
import { forEachWord, unit } from './random.js';

export const randomUniform: Kernel = (call) => {
  const { low, high } = call.attributes as { low: number; high: number };
  forEachWord(call, (words, word, i) => {
    call.outputs[0]!.data[i] = low + (high - low) * unit(words[word]!);
  });
};

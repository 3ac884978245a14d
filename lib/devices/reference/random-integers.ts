// low + (word · (limit - low)) >> 32.
import type { RandomIntegersAttributes } from '../../ops/random-integers.js';
import { highProduct } from '../../random/philox.js';
import type { Kernel } from './kernel.js';
import { forEachWord } from './random.js';

export const randomIntegers: Kernel = (call) => {
  const { low, limit } = call.attributes as RandomIntegersAttributes;
  forEachWord(call, (words, word, i) => {
    call.outputs[0]!.data[i] = low + highProduct(words[word]!, limit - low);
  });
};

// (word · limit) >> 32.
import { highProduct } from '../../random/philox.js';
import type { Kernel } from './kernel.js';
import { forEachWord } from './random.js';

export const randomIntegers: Kernel = (call) => {
  const limit = call.attributes.limit as number;
  forEachWord(call, (words, word, i) => {
    call.outputs[0]!.data[i] = highProduct(words[word]!, limit);
  });
};

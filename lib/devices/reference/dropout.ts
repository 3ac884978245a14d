// x / (1 - rate) where the element's uniform number is ≥ rate, else 0.
import type { Kernel } from './kernel.js';
import { forEachWord, unit } from './random.js';

export const dropout: Kernel = (call) => {
  const rate = call.attributes.rate as number;
  const [x, y] = [call.inputs[0]!.data, call.outputs[0]!.data];
  forEachWord(call, (words, word, i) => {
    y[i] = unit(words[word]!) >= rate ? x[i]! / (1 - rate) : 0;
  });
};

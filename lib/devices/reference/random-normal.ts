// Box and Muller: words (a, b) give √(-2 ln u) · cos 2πv and √(-2 ln u) · sin 2πv.
import type { Kernel } from './kernel.js';
import { forEachWord, unit } from './random.js';

export const randomNormal: Kernel = (call) => {
  const { mean, deviation } = call.attributes as { mean: number; deviation: number };
  forEachWord(call, (words, word, i) => {
    const first = word - (word % 2);
    const u = unit(words[first]!) + 2 ** -24;
    const angle = 2 * Math.PI * unit(words[first + 1]!);
    const radius = Math.sqrt(-2 * Math.log(u));
    call.outputs[0]!.data[i] = mean + deviation * radius * (word % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
  });
};

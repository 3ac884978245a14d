// Images of three classes that are easily told apart: a bright row at the top, in the middle or at the bottom, in noise.
import { tensor } from '../../lib/index';
import { RandomStream } from '../../lib/random/random-stream';

export const side = 8;
export const classes = 3;

export function smallImages(count: number, seed = 1) {
  const random = new RandomStream(seed, 0);
  const labels = Int32Array.from({ length: count }, (_, i) => i % classes);
  const pixels = Uint8Array.from({ length: count * side * side }, (_, i) => {
    const row = Math.floor((i % (side * side)) / side);
    const isBright = Math.floor((classes * row) / side) === labels[Math.floor(i / (side * side))];
    return random.integer(100) + (isBright ? 100 : 0);
  });
  return { images: tensor(pixels, [count, side, side, 1]), labels: tensor(labels) };
}

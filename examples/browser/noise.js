// Noise for a generator, and what its images are as pixels. Plain JavaScript, for browsers and Node.js alike.

/** Numbers from 0 to below 1 that follow from a seed (Mulberry32 of Tommy Ettinger). */
function uniform(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `length` standard normal numbers (Box & Muller 1958): the same for the same seed. */
export function noiseOf(seed, length) {
  const random = uniform(seed);
  return Float32Array.from({ length }, () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
}

/** Noise on the way from `seed` to the next one, `share` from 0 to 1: of the same variance everywhere. */
export function noiseBetween(seed, share, length) {
  const next = noiseOf(seed + 1, length);
  const [near, far] = [Math.cos((share * Math.PI) / 2), Math.sin((share * Math.PI) / 2)];
  return noiseOf(seed, length).map((value, i) => near * value + far * next[i]);
}

/** RGBA pixels of images [count, height, width, channels] from -1 to 1, `columns` beside each other. */
export function pixelsOf(images, [count, height, width, channels], columns) {
  const pixels = new Uint8ClampedArray(4 * count * height * width).fill(255);
  for (let i = 0; i < images.length; i++) {
    const channel = i % channels;
    const x = Math.floor(i / channels) % width;
    const y = Math.floor(i / channels / width) % height;
    const image = Math.floor(i / channels / width / height);
    const row = Math.floor(image / columns) * height + y;
    const column = (image % columns) * width + x;
    const at = 4 * (row * columns * width + column);
    const byte = Math.round((images[i] + 1) * 127.5);
    if (channels === 1) pixels.fill(byte, at, at + 3);
    else pixels[at + channel] = byte;
  }
  return pixels;
}

// DiffAugment (Zhao et al., Differentiable Augmentation for Data-Efficient GAN Training, 2020): colour, translation and
// cutout, each sample by its own random numbers, so that a discriminator cannot learn little data by heart.
import { builtIn } from '../../built-in.js';
import { notAllowed } from '../../checks.js';
import {
  add,
  affine,
  concat,
  fill,
  mean,
  multiply,
  pad,
  randomIntegers,
  randomUniform,
  reshape,
  subtract,
  translate2d,
} from '../../ops/index.js';
import { checkOptions, type OptionNames } from '../../options.js';
import type { Value } from '../../program/value.js';
import type { Augmentation } from './augmentation.js';

const policies = { color, translation, cutout };

/**
 * What is done to images: `color` changes brightness, saturation and contrast, `translation` moves them, `cutout` greys
 * out a square. @useDeclaredType
 */
export type DiffAugmentPolicy = keyof typeof policies;

/** What `diffAugment` takes. */
export interface DiffAugmentOptions {
  /** What is done, in this order. Default: `color`, `translation`, `cutout`. */
  readonly policy?: readonly DiffAugmentPolicy[] | undefined;
}

const optionNames: OptionNames<DiffAugmentOptions> = { policy: true };

/**
 * For images [height, width, channels] of -1 to 1. `color`: brightness by -0.5 to 0.5, saturation by a factor of 0 to 2,
 * contrast by one of 0.5 to 1.5. `translation`: by up to an eighth of the size, either way, zeros in the gap. `cutout`: zeros
 * in a rectangle of half the height and width, whose middle is anywhere.
 */
export function diffAugment(options?: DiffAugmentOptions): Augmentation {
  const all = Object.keys(policies) as DiffAugmentPolicy[];
  const { policy = all } = checkOptions('augmentations.diffAugment', options, optionNames);
  const isPolicy = Array.isArray(policy) && policy.length > 0 && policy.length <= all.length;
  if (!isPolicy || !Array.from(policy).every((name) => all.includes(name))) {
    throw notAllowed('policy', policy, `arrays of ${all.join(', ')}`);
  }
  return builtIn({
    name: 'diffAugment',
    options: { policy: [...policy] },
    apply: (images) => policy.reduce((augmented, name) => policies[name as DiffAugmentPolicy](augmented), images),
  });
}

function color(images: Value): Value {
  const [batch, , , channels] = sizesOf(images);
  const { graph } = images;
  const random = (low: number, high: number) => randomUniform(graph, [batch, 1, 1, 1], low, high);
  const bright = add(images, random(-0.5, 0.5));
  const saturated = channels === 1 ? bright : around(bright, [3], random(0, 2));
  return around(saturated, [1, 2, 3], random(0.5, 1.5));
}

/** Brings the differences from the mean over `axes` to `factor` times what they are. */
function around(images: Value, axes: readonly number[], factor: Value): Value {
  const kept = images.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const middle = reshape(mean(images, axes), kept);
  return add(multiply(subtract(images, middle), factor), middle);
}

function translation(images: Value): Value {
  const [batch, height, width] = sizesOf(images);
  const reach = (size: number): Places => {
    const most = Math.floor(size / 8 + 0.5);
    return { low: -most, limit: most + 1 };
  };
  return translate2d(images, drawn(images, batch, [reach(height), reach(width)]));
}

function cutout(images: Value): Value {
  const [batch, height, width] = sizesOf(images);
  const [rows, columns] = [cut(height), cut(width)];
  const rectangle = pad(
    fill(images.graph, [batch, rows.length, columns.length, 1], 1),
    [0, rows.start, columns.start, 0],
    [0, height - rows.start - rows.length, width - columns.start - columns.length, 0],
  );
  const moved = translate2d(rectangle, drawn(images, batch, [rows.moves, columns.moves]));
  return multiply(images, affine(moved, -1, 1));
}

/** Whole numbers from `low` to below `limit`. */
interface Places {
  readonly low: number;
  readonly limit: number;
}

/** Half of `size` places, from `start` on, and by how much to move them so that their middle is anywhere from 0 to `size`. */
function cut(size: number): { readonly length: number; readonly start: number; readonly moves: Places } {
  const length = Math.floor(size / 2 + 0.5);
  const start = Math.floor((size - length) / 2);
  const low = -start - Math.floor(length / 2);
  // Of an odd number of places the middle is one of them, of an even one between two.
  return { length, start, moves: { low, limit: low + size + 1 - (length % 2) } };
}

/** Moves of rows and columns [batch, 2], int32. */
function drawn({ graph }: Value, batch: number, places: readonly Places[]): Value {
  return concat(
    places.map(({ low, limit }) => randomIntegers(graph, [batch, 1], limit, { low })),
    1,
  );
}

function sizesOf({ shape }: Value): readonly [batch: number, height: number, width: number, channels: number] {
  if (shape.length === 4) return shape as unknown as readonly [number, number, number, number];
  throw notAllowed('what diffAugment is applied to', shape.slice(1), 'images of [height, width, channels]');
}

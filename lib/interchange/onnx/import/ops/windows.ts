// Where windows of convolutions and poolings lie, as files say it, in the words of the layers.

import type { Padding, Pair } from '../../../../ops/window.js';
import { paddings, reach } from '../../../../ops/window.js';
import type { Shape } from '../../../../tensor.js';
import type { ImportedNode } from '../node.js';

/** Rows and columns that are added: [[above, below], [to the left, to the right]]. */
export type Sides = readonly [rows: Pair, columns: Pair];

/** How windows lie over images of a size. */
export interface ImportedWindows {
  readonly size: Pair;
  readonly strides: Pair;
  readonly dilations: Pair;
  readonly sides: Sides;
}

export const noSides: Sides = [
  [0, 0],
  [0, 0],
];

export const hasSides = (sides: Sides) => sides.flat().some((length) => length !== 0);

/** The windows of a node over images [height, width, channels]; `size` is that of a kernel, where there is one. */
export function windowsOf(node: ImportedNode, images: Shape, size?: Pair): ImportedWindows {
  const kernelShape = pairOf(node, 'kernel_shape', size);
  const strides = pairOf(node, 'strides', [1, 1]);
  const dilations = pairOf(node, 'dilations', [1, 1]);
  const sides = sidesOf(node, images, { size: kernelShape, strides, dilations }, node.ints('pads'));
  return { size: kernelShape, strides, dilations, sides };
}

/** Along sequences [steps, channels]: the windows of a node over rows of images of height 1; `length` is that of a kernel. */
export function sequenceWindowsOf(node: ImportedNode, steps: number, length: number): ImportedWindows {
  const along = (name: string, otherwise: number): Pair => [1, lengthsOf(node, name, 1, [otherwise])[0]!];
  const windows = {
    size: along('kernel_shape', length),
    strides: along('strides', 1),
    dilations: along('dilations', 1),
  };
  const pads = node.ints('pads');
  if (pads !== undefined && pads.length !== 2) throw node.refuse(`pads has ${pads.length} lengths; allowed are 2`);
  return { ...windows, sides: sidesOf(node, [1, steps], windows, pads && [0, pads[0]!, 0, pads[1]!]) };
}

/** The padding of a layer that places windows over images as the file does, if one of them does. */
export function paddingFor({ size, strides, dilations, sides }: ImportedWindows, images: Shape): Padding | undefined {
  const same = samePlaces(images, { size, strides, dilations }, 'SAME_UPPER');
  return paddings.find((padding) => (padding === 'valid' ? !hasSides(sides) : sameSides(sides, same)));
}

/** Two whole numbers of at least 1. */
export function pairOf(node: ImportedNode, name: string, otherwise?: Pair): Pair {
  return lengthsOf(node, name, 2, otherwise) as unknown as Pair;
}

function lengthsOf(
  node: ImportedNode,
  name: string,
  count: number,
  otherwise: readonly number[] | undefined,
): readonly number[] {
  const found = node.ints(name) ?? otherwise;
  if (found?.length === count && found.every((length) => Number.isSafeInteger(length) && length >= 1)) return found;
  const given = found === undefined ? 'missing' : `[${found.slice(0, 8).join(', ')}]`;
  throw node.refuse(`${name} is ${given}; allowed ${count === 1 ? 'is one length' : `are ${count} lengths`}`);
}

/** The attribute `pads`, or what is there in its place. */
function sidesOf(
  node: ImportedNode,
  images: Shape,
  windows: Omit<ImportedWindows, 'sides'>,
  pads: readonly number[] | undefined,
): Sides {
  const auto = node.text('auto_pad', 'NOTSET');
  if (auto === 'VALID') return noSides;
  if (auto === 'SAME_UPPER' || auto === 'SAME_LOWER') return samePlaces(images, windows, auto);
  if (auto !== 'NOTSET')
    throw node.refuse(`auto_pad is "${auto.slice(0, 60)}"; allowed are NOTSET, VALID and SAME_UPPER`);
  return pads === undefined ? noSides : sidesOfPads(node, pads);
}

/** [top, left, bottom, right] by axes. */
export function sidesOfPads(node: ImportedNode, pads: readonly number[]): Sides {
  const [top, left, bottom, right] = pads as [number, number, number, number];
  if (pads.length === 4 && pads.every((length) => Number.isSafeInteger(length) && length >= 0)) {
    return [
      [top, bottom],
      [left, right],
    ];
  }
  throw node.refuse(`pads is [${pads.slice(0, 8).join(', ')}]; allowed are four whole numbers from 0 on`);
}

/** As many places as the image has, divided by the stride; what is odd comes behind, or in front. */
function samePlaces(
  images: Shape,
  { size, strides, dilations }: Omit<ImportedWindows, 'sides'>,
  odd: 'SAME_UPPER' | 'SAME_LOWER',
): Sides {
  const side = (axis: 0 | 1): Pair => {
    const places = Math.ceil(images[axis]! / strides[axis]);
    const total = Math.max((places - 1) * strides[axis] + reach(size[axis], dilations[axis]) - images[axis]!, 0);
    const [less, more] = [Math.floor(total / 2), Math.ceil(total / 2)];
    return odd === 'SAME_UPPER' ? [less, more] : [more, less];
  };
  return [side(0), side(1)];
}

const sameSides = (a: Sides, b: Sides) => a.flat().every((length, i) => length === b.flat()[i]);

// Dataspaces (section IV.A.2.b): how many elements there are.
import { maxRank } from '../../checks.js';
import type { Shape } from '../../tensor.js';
import type { Metadata } from './metadata.js';

export interface Dataspace {
  /** `[]` for a scalar, `[0]` where there is none. */
  readonly shape: Shape;
  /** How far each dimension may grow. */
  readonly maxShape: Shape;
}

const nullSpace = 2;

export function parseDataspace(file: Metadata, bytes: Uint8Array): Dataspace {
  const fields = file.parse(bytes, 'a dataspace');
  const version = fields.version(1, 2);
  const [rank, flags, type] = [fields.uint(1), fields.uint(1), fields.uint(1)];
  if (version === 1) fields.skip(4);
  if (version === 2 && type === nullSpace) return { shape: [0], maxShape: [0] };
  if (rank > maxRank) throw fields.damaged(`has ${rank} dimensions; allowed are at most ${maxRank}`);
  const shape = Array.from({ length: rank }, () => fields.length());
  const maxShape = (flags & 1) !== 0 ? shape.map(() => fields.limit()) : shape;
  return { shape, maxShape };
}

/** Also of shapes whose product of all but a zero is beyond all bounds. */
export function elementCount(shape: Shape): number {
  return shape.includes(0) ? 0 : shape.reduce((product, dimension) => product * dimension, 1);
}

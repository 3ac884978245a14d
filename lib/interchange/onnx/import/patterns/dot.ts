// The product of two vectors of each sample: the sum of their products, as [n, 1].
import * as layers from '../../../../layers/index.js';
import { sameShape, sizeOf } from '../../../../tensor.js';
import { asPlain, type Importer } from '../importer.js';
import type { ImportedNode } from '../node.js';
import { isFloats } from '../values.js';
import type { Made, Readers } from './index.js';

/** Mul, ReduceSum over the vector, and Reshape to [-1, 1] where the sum does not keep the dimension. */
export function dot(importer: Importer, product: ImportedNode, { onlyReader }: Readers): Made | undefined {
  const [a, b, ...others] = product.input.map((name) => importer.known(name));
  if (a?.kind !== 'computed' || b?.kind !== 'computed' || others.length > 0) return undefined;
  const { shape } = a.tensor;
  if (shape.length !== 1 || !sameShape(shape, b.tensor.shape)) return undefined;
  const sum = onlyReader(product);
  if (sum?.opType !== 'ReduceSum' || !['1', '-1'].includes(`${wholeNumbers(importer, sum, 'axes')}`)) return undefined;
  sum.ignore('noop_with_empty_axes');
  const keepsDimension = sum.int('keepdims', 1) === 1;
  const reshape = keepsDimension ? undefined : onlyReader(sum);
  if (!keepsDimension) {
    if (reshape?.opType !== 'Reshape' || `${wholeNumbers(importer, reshape, 'shape')}` !== '-1,1') return undefined;
    reshape.ignore('allowzero');
  }
  const tensor = layers.dot(importer.named(product)).apply([a.tensor, b.tensor]);
  return { made: asPlain(tensor), took: reshape === undefined ? [sum] : [sum, reshape] };
}

/** Those of an attribute or of the second input, if they are one or two. */
function wholeNumbers(importer: Importer, node: ImportedNode, name: string): readonly number[] | undefined {
  const found = importer.known(node.input[1] ?? '');
  if (found?.kind !== 'constant' || sizeOf(found.dims) > 2) return node.ints(name);
  return isFloats(found.data) ? undefined : found.data;
}

// Matrix products: dense layers.
import * as layers from '../../../../layers/index.js';
import { reordered } from '../../layouts.js';
import { asPlain, type Importer } from '../importer.js';
import type { ImportedNode } from '../node.js';
import type { Made, Readers } from '../patterns/index.js';
import { type Imported, isFloats } from '../values.js';

/** alpha · A · B + beta · C, with A computed, B and C constants. */
export function gemm(importer: Importer, node: ImportedNode): Imported {
  node.requireInt('transA', 0);
  const [alpha, beta] = [node.float('alpha', 1), node.float('beta', 1)];
  const { kernel, units } = matrix(importer, node, node.int('transB', 0) === 1);
  const x = importer.matrix(node, 0);
  const layer = layers.dense({ ...importer.named(node), units, useBias: node.has(2) });
  const bias = node.has(2) ? { bias: scaled(biasOf(importer, node, units), beta) } : {};
  return { ...x, tensor: importer.apply(layer, [x.tensor], { kernel: scaled(kernel, alpha), ...bias }) };
}

/** A · B along the last axis of A, with the bias that the only node that reads it adds, if it adds one. */
export function matMul(importer: Importer, node: ImportedNode, { onlyReader }: Readers): Made {
  const next = onlyReader(node);
  const { kernel, units } = matrix(importer, node, false);
  const given = importer.computedOrRows(node, 0);
  if (given.kind === 'rows' && given.rank === 1) throw node.refuse('input 1 has 1 dimension; allowed are at least 2');
  const x = given.kind === 'rows' ? given : asPlain(importer.plain(given));
  const bias = next && addedBias(importer, node, next, units);
  const layer = layers.dense({ ...importer.named(node), units, useBias: bias !== undefined });
  const tensor = importer.apply(layer, [x.tensor], bias === undefined ? { kernel } : { kernel, bias });
  return { made: { ...x, tensor }, took: bias === undefined ? [] : [next!] };
}

/** What `next` adds to the product of `node`, if it is a bias of so many units. */
function addedBias(
  importer: Importer,
  node: ImportedNode,
  next: ImportedNode,
  units: number,
): Float32Array | undefined {
  if (next.opType !== 'Add' || next.input.length !== 2) return undefined;
  const other = importer.known(next.input[next.input[0] === node.output[0] ? 1 : 0]!);
  if (other?.kind !== 'constant' || other.dims.length !== 1 || other.dims[0] !== units) return undefined;
  const { data } = other;
  return isFloats(data) ? data : undefined;
}

/** B as [in, out]. */
function matrix(importer: Importer, node: ImportedNode, isTransposed: boolean) {
  const { dims, data } = importer.floats(node, 1);
  if (dims.length !== 2) throw node.refuse(`input 2 has ${dims.length} dimensions; allowed are 2`);
  return isTransposed ? { units: dims[0]!, kernel: reordered(data, dims, [1, 0]) } : { units: dims[1]!, kernel: data };
}

/** C [1, out], [out], or one number for all. */
function biasOf(importer: Importer, node: ImportedNode, units: number): Float32Array {
  const { dims, data } = importer.floats(node, 2);
  if (data.length === units && dims.at(-1) === units) return data;
  if (data.length === 1) return new Float32Array(units).fill(data[0]!);
  throw node.refuse(`input 3 has ${data.length} elements; allowed are 1 and ${units}`);
}

const scaled = (data: Float32Array, factor: number) => (factor === 1 ? data : data.map((value) => factor * value));

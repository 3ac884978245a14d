// Rows by their numbers.
import type { KernelNode } from '../../../../program/value.js';
import { attributeOf } from '../../encode.js';
import { plain } from '../../layouts.js';
import type { Emitter, Placed } from '../emitter.js';
import { toFloat } from './elementwise.js';

/** Rows of a table, scaled. Of numbers outside, ONNX says nothing; here they are NaN. */
export function gather(
  emitter: Emitter,
  { inputs: [data, indices], attributes }: KernelNode<{ scale: number; offset: number }>,
): Placed {
  const { scale, offset } = attributes;
  const found = emitter.node('Gather', [emitter.tensor(data!), emitter.tensor(indices!)], [attributeOf.int('axis', 0)]);
  const rows = data!.dtype === 'uint8' ? toFloat(emitter, found) : found;
  const isPlainNumber = data!.dtype === 'int32';
  const scaled =
    isPlainNumber || scale === 1 ? rows : emitter.node('Mul', [rows, emitter.builder.number('scale', scale)]);
  const moved =
    isPlainNumber || offset === 0 ? scaled : emitter.node('Add', [scaled, emitter.builder.number('offset', offset)]);
  return { name: moved, order: plain(data!.shape.length) };
}

/** 1 where the number of a class is that of the place, by comparison: a number outside gives zeros, as here. */
export function oneHot(
  emitter: Emitter,
  { inputs: [labels], attributes: { classes } }: KernelNode<{ classes: number }>,
): Placed {
  const column = emitter.reshape(emitter.tensor(labels!), [...emitter.dimsOf(labels!), 1]);
  const numbers = emitter.builder.numbers(
    'classes',
    Int32Array.from({ length: classes }, (_, i) => i),
  );
  return { name: toFloat(emitter, emitter.node('Equal', [column, numbers])), order: plain(labels!.shape.length + 1) };
}

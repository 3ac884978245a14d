// The chain of ops by which `conv1d` works along sequences: they become rows of images of height 1, and the rows sequences again.
// ONNX has convolutions along one axis.
import { binaryOp } from '../../../ops/binary.js';
import { conv2dOp } from '../../../ops/conv2d.js';
import { padOp } from '../../../ops/pad.js';
import { reshapeOp } from '../../../ops/reshape.js';
import type { Fusion, Readers } from '../../../program/fuse.js';
import type { Node, Value } from '../../../program/value.js';
import { sameShape } from '../../../tensor.js';

/**
 * Inputs: x [n, steps, in], the kernel [length, in, out], and a bias [out] if there is one; attributes: the geometry of the rows,
 * which have `earlier` zeros in front.
 */
export const conv1d: Fusion = {
  op: { name: 'conv1d' },
  find(first, readers) {
    const padding = first.op.name === padOp.name ? first : undefined;
    const toRows = padding === undefined ? first : readers.onlyReader(padding.outputs[0]!);
    if (toRows?.op.name !== reshapeOp.name || !isRowOf(toRows.outputs[0]!, toRows.inputs[0]!)) return undefined;
    const convolution = readers.onlyReader(toRows.outputs[0]!);
    if (convolution?.op.name !== conv2dOp.name || convolution.inputs[0] !== toRows.outputs[0]) return undefined;
    const kernel = convolution.inputs[1]!.node;
    if (kernel?.op.name !== reshapeOp.name) return undefined;
    if (!sameShape([1, ...kernel.inputs[0]!.shape], kernel.outputs[0]!.shape)) return undefined;
    const back = readers.onlyReader(convolution.outputs[0]!);
    if (back?.op.name !== reshapeOp.name || !isRowOf(back.inputs[0]!, back.outputs[0]!)) return undefined;
    const earlier = padding === undefined ? 0 : earlierIn(padding);
    if (earlier === undefined) return undefined;
    const bias = biasAfter(back.outputs[0]!, readers);
    return {
      links: [...(padding ? [padding] : []), toRows, convolution, back, ...(bias ? [bias.node] : [])],
      inputs: [first.inputs[0]!, kernel.inputs[0]!, ...(bias ? [bias.vector] : [])],
      attributes: { ...convolution.attributes, earlier },
      outputs: bias?.node.outputs ?? back.outputs,
    };
  },
};

/** Images [n, 1, steps, channels] of sequences [n, steps, channels]. */
function isRowOf(row: Value, { shape: [samples, ...others] }: Value): boolean {
  return others.length === 2 && sameShape(row.shape, [samples!, 1, ...others]);
}

/** Steps that are added in front of all others, if nothing else is. */
function earlierIn({ attributes }: Node): number | undefined {
  const [before, after] = [attributes.before, attributes.after] as [readonly number[], readonly number[]];
  const isInFront = before[0] === 0 && before[2] === 0 && after.every((length) => length === 0);
  return isInFront ? before[1] : undefined;
}

/** The sum with one number for each place of the last axis. */
function biasAfter(value: Value, { onlyReader }: Readers): { readonly node: Node; readonly vector: Value } | undefined {
  const node = onlyReader(value);
  if (node?.op.name !== binaryOp.name || node.attributes.kind !== 'add') return undefined;
  const vector = node.inputs[node.inputs[0] === value ? 1 : 0]!;
  return sameShape(vector.shape, value.shape.slice(-1)) ? { node, vector } : undefined;
}

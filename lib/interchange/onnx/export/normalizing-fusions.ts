// The chains of ops by which layers normalise a sample by its own statistics, for which ONNX has operators: the mean over
// some axes is subtracted, and what is left divided by the root of its mean square.
import { affineOp } from '../../../ops/affine.js';
import { binaryOp } from '../../../ops/binary.js';
import { reshapeOp } from '../../../ops/reshape.js';
import { sumOp } from '../../../ops/sum.js';
import { unaryOp } from '../../../ops/unary.js';
import type { Fusion, Readers } from '../../../program/fuse.js';
import type { Node, Value } from '../../../program/value.js';
import { sameShape, sizeOf } from '../../../tensor.js';

/** (x - mean) / √(variance + epsilon), as a chain that begins with the sum over x. */
interface Standardization {
  readonly links: readonly Node[];
  readonly x: Value;
  readonly axes: readonly number[];
  readonly epsilon: number;
  readonly y: Value;
}

function standardizationFrom(first: Node, readers: Readers): Standardization | undefined {
  const [x] = first.inputs as [Value];
  const mean = meanFrom(first, readers);
  const centering = mean && readers.onlyReader(mean.kept);
  if (!centering || !isBinary(centering, 'subtract') || centering.inputs[0] !== x) return undefined;
  const [centered] = centering.outputs as [Value];
  const [square, , division] = readers.all(centered);
  if (readers.all(centered).length !== 3 || readers.isResult(centered) || !square || !division) return undefined;
  if (!isBinary(square, 'multiply') || !isBinary(division, 'divide') || division.inputs[0] !== centered)
    return undefined;
  const total = readers.onlyReader(square.outputs[0]!);
  const variance = total && meanFrom(total, readers);
  const sum = variance && readers.onlyReader(variance.kept);
  const root = sum && readers.onlyReader(sum.outputs[0]!);
  if (!sum || sum.op.name !== affineOp.name || sum.attributes.scale !== 1) return undefined;
  if (!root || root.op.name !== unaryOp.name || root.attributes.kind !== 'sqrt') return undefined;
  if (readers.onlyReader(root.outputs[0]!) !== division) return undefined;
  const [axes, others] = [first.attributes.axes, total.attributes.axes] as [readonly number[], readonly number[]];
  if (!sameShape(axes, others)) return undefined;
  return {
    links: [...mean.links, centering, square, ...variance.links, sum, root, division],
    x,
    axes,
    epsilon: sum.attributes.offset as number,
    y: division.outputs[0]!,
  };
}

/** The mean over the axes of a sum, which stay as axes of length 1. */
function meanFrom(
  sum: Node,
  { onlyReader }: Readers,
): { readonly links: readonly Node[]; readonly kept: Value } | undefined {
  if (sum.op.name !== sumOp.name) return undefined;
  const [total] = sum.outputs as [Value];
  const division = onlyReader(total);
  const count = sizeOf(sum.inputs[0]!.shape) / sizeOf(total.shape);
  if (division?.op.name !== affineOp.name || division.attributes.scale !== 1 / count) return undefined;
  const keeping = onlyReader(division.outputs[0]!);
  const axes = sum.attributes.axes as readonly number[];
  const shape = sum.inputs[0]!.shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
  if (keeping?.op.name !== reshapeOp.name || !sameShape(keeping.outputs[0]!.shape, shape)) return undefined;
  return { links: [sum, division, keeping], kept: keeping.outputs[0]! };
}

const isBinary = ({ op, attributes }: Node, kind: string) => op.name === binaryOp.name && attributes.kind === kind;

/**
 * Along the last axis, times gamma plus beta, vectors, as far as they are there: inputs x, gamma, beta; attributes `epsilon`, and
 * whether there are a `scale` gamma and an offset beta, `center`.
 */
export const layerNormalize: Fusion = {
  op: { name: 'layerNormalize' },
  find(first, readers) {
    const found = standardizationFrom(first, readers);
    if (found === undefined || !sameShape(found.axes, [found.x.shape.length - 1])) return undefined;
    const scaling = vectorFor(found.y, 'multiply', readers);
    const scaled = scaling?.node.outputs[0] ?? found.y;
    const moving = vectorFor(scaled, 'add', readers);
    const others = [scaling, moving].filter((part) => part !== undefined);
    return {
      links: [...found.links, ...others.map(({ node }) => node)],
      inputs: [found.x, ...others.map(({ vector }) => vector)],
      attributes: { epsilon: found.epsilon, scale: scaling !== undefined, center: moving !== undefined },
      outputs: [moving?.node.outputs[0] ?? scaled],
    };
  },
};

/** The node that multiplies by, or adds, one number for each place of the last axis. */
function vectorFor(value: Value, kind: string, { onlyReader }: Readers) {
  const node = onlyReader(value);
  if (node === undefined || !isBinary(node, kind)) return undefined;
  const vector = node.inputs[node.inputs[0] === value ? 1 : 0]!;
  return sameShape(vector.shape, value.shape.slice(-1)) ? { node, vector } : undefined;
}

/** The channels of a sample in groups, over all places: input x [n, .., channels]; attributes `groups` and `epsilon`. */
export const groupNormalize: Fusion = {
  op: { name: 'groupNormalize' },
  find(first, readers) {
    if (first.op.name !== reshapeOp.name) return undefined;
    const [x] = first.inputs as [Value];
    const [grouped] = first.outputs as [Value];
    const [places, groups, members] = grouped.shape.slice(1);
    const isGrouped = grouped.shape.length === 4 && x.shape[0] === grouped.shape[0];
    if (!isGrouped || groups! * members! !== x.shape.at(-1) || places !== sizeOf(x.shape.slice(1, -1)))
      return undefined;
    const sum = readers.all(grouped).find(({ op }) => op.name === sumOp.name);
    const found = sum && standardizationFrom(sum, readers);
    if (found === undefined || !sameShape(found.axes, [1, 3]) || readers.all(grouped).length !== 2) return undefined;
    const back = readers.onlyReader(found.y);
    if (back?.op.name !== reshapeOp.name || !sameShape(back.outputs[0]!.shape, x.shape)) return undefined;
    return {
      links: [first, ...found.links, back],
      inputs: [x],
      attributes: { groups: groups!, epsilon: found.epsilon },
      outputs: back.outputs,
    };
  },
};

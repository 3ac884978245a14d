// What moves elements and makes nothing of them. Axes in another order cost nothing: the value only says so. Layers see the
// elements as the file has them where they are counted, in Reshape and Flatten.
import * as layers from '../../../../layers/index.js';
import { formatShape, sameShape, sizeOf } from '../../../../tensor.js';
import { isPlain, plain } from '../../layouts.js';
import { asPlain, type Importer, shapeInFile } from '../importer.js';
import type { ImportedNode } from '../node.js';
import { type Computed, type Imported, isFloats, type Rows } from '../values.js';
import { sidesOfPads } from './windows.js';

export function identity(importer: Importer, node: ImportedNode): Imported {
  return importer.input(node, 0);
}

/** Of inference. */
export function dropout(importer: Importer, node: ImportedNode): Imported {
  node.ignore('ratio', 'seed', 'is_test');
  return importer.input(node, 0);
}

export function transpose(importer: Importer, node: ImportedNode): Imported {
  const x = importer.computed(node, 0);
  const rank = x.order.length;
  const permutation = node.ints('perm') ?? [...plain(rank)].reverse();
  const isOne = permutation.length === rank && plain(rank).every((axis) => permutation.includes(axis));
  if (!isOne || permutation[0] !== 0) {
    throw node.refuse(
      `perm is [${permutation.slice(0, 8).join(', ')}]; allowed are those that leave the batch in front`,
    );
  }
  return { ...x, order: permutation.map((axis) => x.order[axis]!) };
}

export function reshape(importer: Importer, node: ImportedNode): Imported {
  const given = importer.computedOrRows(node, 0);
  const wanted = importer.integersOf(node, 'shape', 1);
  if (wanted === undefined || wanted.length === 0) throw node.refuse('it has no shape of at least one dimension');
  if (node.int('allowzero', 0) !== 0 && wanted.includes(0))
    throw node.refuse('a length of its shape is 0, and means that');
  if (given.kind === 'computed') {
    return rowsOf(importer, given, wanted) ?? reshaped(importer, node, given, targetOf(importer, node, given, wanted));
  }
  if (wanted.includes(0)) throw node.refuse('a length of its shape is that of places of samples');
  const samples = asPlain(given.tensor);
  return reshaped(importer, node, samples, targetOf(importer, node, samples, wanted));
}

/** What a shape [-1, ..] makes of samples that end in the lengths behind it: their places as if each were a sample. */
function rowsOf(importer: Importer, x: Computed, [count, ...others]: readonly number[]): Rows | undefined {
  const shape = shapeInFile(x).slice(1);
  const places = shape.slice(0, shape.length - others.length);
  const isAll = count === -1 || count === sizeOf(places) * (importer.fixedBatch ?? Number.NaN);
  const keepsOthers = others.length < shape.length && sameShape(others, shape.slice(places.length));
  if (!isAll || !keepsOthers || sizeOf(places) === 1) return undefined;
  return { kind: 'rows', tensor: importer.plain(x), rank: 1 + others.length };
}

/** Lengths of a sample afterwards. */
function targetOf(importer: Importer, node: ImportedNode, x: Computed, wanted: readonly number[]): number[] {
  const shape = shapeInFile(x);
  const lengths = wanted.map((length, i) => (length === 0 ? shape[i]! : length));
  const [batch, ...sample] = lengths as [number, ...number[]];
  const size = sizeOf(x.tensor.shape);
  const known = sizeOf(sample.filter((length) => length !== -1));
  const target = sample.map((length) => (length === -1 ? size / known : length));
  const keepsBatch = Number.isNaN(batch) || batch === -1 || batch === importer.fixedBatch;
  const isOnce = sample.filter((length) => length === -1).length <= (batch === -1 ? 0 : 1);
  if (keepsBatch && isOnce && target.every((length) => length >= 1) && sizeOf(target) === size) return target;
  throw node.refuse(
    `it makes [${wanted.slice(0, 8).join(', ')}] of samples of ${formatShape(x.tensor.shape)}, which stay samples in layers`,
  );
}

function reshaped(importer: Importer, node: ImportedNode, x: Computed, targetShape: readonly number[]): Computed {
  const tensor = importer.plain(x);
  const isSame = tensor.shape.join() === targetShape.join();
  return asPlain(isSame ? tensor : layers.reshape({ ...importer.named(node), targetShape }).apply(tensor));
}

export function flatten(importer: Importer, node: ImportedNode): Imported {
  const x = importer.computed(node, 0);
  const axis = node.int('axis', 1);
  if (axis !== 1 && axis !== 1 - x.order.length)
    throw node.refuse(`axis is ${axis}; allowed is 1, so that samples stay samples`);
  const tensor = importer.plain(x);
  return asPlain(tensor.shape.length === 1 ? tensor : layers.flatten(importer.named(node)).apply(tensor));
}

/** Axes of length 1 come or go. */
export function squeeze(importer: Importer, node: ImportedNode): Imported {
  const x = importer.computed(node, 0);
  const shape = shapeInFile(x);
  const axes = importer.integersOf(node, 'axes', 1) ?? shape.flatMap((length, axis) => (length === 1 ? [axis] : []));
  const gone = new Set(axes.map((axis) => (axis < 0 ? axis + shape.length : axis)));
  if ([...gone].some((axis) => shape[axis] !== 1)) throw node.refuse('an axis that goes is not of length 1');
  const rest = shape.filter((_, axis) => !gone.has(axis));
  return reshaped(importer, node, x, rest.slice(1));
}

export function unsqueeze(importer: Importer, node: ImportedNode): Imported {
  const x = importer.computed(node, 0);
  const axes = importer.integersOf(node, 'axes', 1) ?? [];
  const shape = shapeInFile(x);
  const rank = shape.length + axes.length;
  const added = new Set(axes.map((axis) => (axis < 0 ? axis + rank : axis)));
  if (added.size !== axes.length || rank > 32 || [...added].some((axis) => !(axis >= 1 && axis < rank))) {
    throw node.refuse(`axes is [${axes.slice(0, 8).join(', ')}]; allowed are those behind the batch`);
  }
  const rest = [...shape];
  return reshaped(
    importer,
    node,
    x,
    plain(rank)
      .map((axis) => (added.has(axis) ? 1 : rest.shift()!))
      .slice(1),
  );
}

export function concat(importer: Importer, node: ImportedNode): Imported {
  const values = node.input.map((_, i) => importer.computed(node, i));
  const rank = values[0]?.order.length ?? 0;
  const given = node.int('axis', 1);
  const axis = given < 0 ? given + rank : given;
  if (!(axis >= 1 && axis < rank)) throw node.refuse(`axis is ${given}; allowed are those of a sample`);
  if (values.some(({ order }) => order.length !== rank))
    throw node.refuse('its inputs have different numbers of dimensions');
  const order = (values.find((value) => !isPlain(value.order)) ?? values[0]!).order;
  const tensors = values.map((value) => importer.inOrder(value, order));
  if (tensors.length === 1) return { kind: 'computed', order, tensor: tensors[0]! };
  const layer = layers.concatenate({ ...importer.named(node), axis: order[axis]! });
  return { kind: 'computed', order, tensor: layer.apply(tensors) };
}

/** Zeros around images. */
export function pad(importer: Importer, node: ImportedNode): Imported {
  const mode = node.text('mode', 'constant');
  const value = node.opset < 11 ? node.float('value', 0) : node.has(2) ? importer.constant(node, 2).data[0] : 0;
  if (mode !== 'constant' || value !== 0) {
    throw node.refuse(`mode is "${mode.slice(0, 60)}" with ${value}; allowed is constant with 0`);
  }
  if (node.has(3)) throw node.refuse('axes is not read');
  const pads = (node.opset < 11 ? node.ints('pads') : importer.integers(node, 1)) ?? [];
  const rank = pads.length / 2;
  const axes = plain(Math.ceil(rank)).filter((axis) => pads[axis] !== 0 || pads[axis + rank] !== 0);
  const x = importer.imagesOver(node, 0, axes);
  if (rank !== 4) throw node.refuse(`pads has ${pads.length} lengths; allowed are two for each axis`);
  const sides = [1, 2].flatMap((own) => [pads[x.order.indexOf(own)]!, pads[x.order.indexOf(own) + rank]!]);
  const [top, bottom, left, right] = sides as [number, number, number, number];
  const padding = sidesOfPads(node, [top, left, bottom, right]);
  return { ...x, tensor: layers.zeroPadding2d({ ...importer.named(node), padding }).apply(x.tensor) };
}

/** Images without some of their outer rows and columns. */
export function slice(importer: Importer, node: ImportedNode): Imported {
  const [starts, ends] = [boundsOf(importer, node, 'starts', 1), boundsOf(importer, node, 'ends', 2)];
  const steps = node.opset < 10 ? undefined : importer.integers(node, 4);
  const given = (node.opset < 10 ? node.ints('axes') : importer.integers(node, 3)) ?? plain(starts.length);
  const rank = importer.computed(node, 0).order.length;
  const axes = given.map((axis) => (axis < 0 ? axis + rank : axis));
  if ((steps ?? []).some((step) => step !== 1)) throw node.refuse('it takes steps of other lengths than 1');
  if (starts.length !== axes.length || ends.length !== axes.length)
    throw node.refuse('its bounds are not one for each axis');
  const x = importer.imagesOver(node, 0, axes);
  const cropping: [[number, number], [number, number]] = [
    [0, 0],
    [0, 0],
  ];
  for (const [i, axis] of axes.entries()) {
    const own = x.order[axis]! - 1;
    const length = x.tensor.shape[own]!;
    const at = (bound: number) => Math.min(Math.max(bound < 0 ? bound + length : bound, 0), length);
    cropping[own] = [at(starts[i]!), length - at(ends[i]!)];
  }
  return { ...x, tensor: layers.cropping2d({ ...importer.named(node), cropping }).apply(x.tensor) };
}

function boundsOf(importer: Importer, node: ImportedNode, name: string, i: number): readonly number[] {
  const found = node.opset < 10 ? node.ints(name) : importer.integers(node, i);
  if (found !== undefined) return found;
  throw node.refuse(`it has no ${name}`);
}

/** Rows of a table by their numbers. */
export function gather(importer: Importer, node: ImportedNode): Imported {
  node.requireInt('axis', 0);
  const { dims, data } = importer.constant(node, 0);
  const numbers = importer.computedOrRows(node, 1);
  if (dims.length !== 2 || !isFloats(data)) throw node.refuse('its table is no matrix of floats');
  if (numbers.tensor.dtype !== 'int32') throw node.refuse('its numbers are no whole numbers');
  const layer = layers.embedding({ ...importer.named(node), inputDim: dims[0]!, outputDim: dims[1]! });
  if (numbers.kind === 'computed') {
    return asPlain(importer.apply(layer, [importer.plain(numbers)], { embeddings: data }));
  }
  return {
    kind: 'rows',
    tensor: importer.apply(layer, [numbers.tensor], { embeddings: data }),
    rank: numbers.rank + 1,
  };
}

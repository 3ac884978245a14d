// What exporters compute of shapes before they reshape or pad: a few whole numbers, among which that of the samples may be.
import { type Shape, sizeOf } from '../../../../tensor.js';
import { ordered, plain } from '../../layouts.js';
import { dataTypes } from '../../model-proto.js';
import { type Importer, shapeInFile } from '../importer.js';
import type { ImportedNode } from '../node.js';
import { type Constant, type Imported, isFloats } from '../values.js';

/** Shapes and the like are far shorter; weights are not computed with. */
const maxNumbers = 256;

/** Whole numbers. */
interface Integers extends Constant {
  readonly data: readonly number[];
}

const integers = (data: readonly number[], dims: Shape = [data.length]): Integers => ({
  kind: 'constant',
  dims,
  data,
  isFloat: false,
  isWeight: false,
});

const floats = (data: readonly number[], dims: Shape = [data.length]): Constant => ({
  kind: 'constant',
  dims,
  data: Float32Array.from(data),
  isFloat: true,
  isWeight: false,
});

export function constant(importer: Importer, node: ImportedNode): Imported {
  const tensor = node.tensor('value');
  if (tensor !== undefined) return importer.constantIn(tensor, false);
  const whole = node.int('value_int');
  if (whole !== undefined) return integers([whole], []);
  const number = node.float('value_float', Number.NaN);
  if (!Number.isNaN(number)) return floats([number], []);
  const [list, numbers] = [node.ints('value_ints'), node.floats('value_floats')];
  if (list !== undefined) return integers(list);
  if (numbers !== undefined) return floats(numbers);
  throw node.refuse('it has no value that is read: a tensor, floats or whole numbers');
}

/** Lengths of what is computed, and of constants. */
export function shape(importer: Importer, node: ImportedNode): Imported {
  const value = importer.input(node, 0);
  const dims = value.kind === 'constant' ? value.dims : shapeInFile(importer.computed(node, 0));
  return integers(dims.slice(node.int('start', 0), node.int('end', dims.length)));
}

/** What operators make of whole numbers; undefined where they would make too many. */
const folds: Readonly<Record<string, (importer: Importer, node: ImportedNode) => Constant | undefined>> = {
  Cast(importer, node) {
    const { data, dims } = given(importer, node, 0);
    const to = node.int('to', 0);
    return to === dataTypes.INT64 || to === dataTypes.INT32 ? integers(data, dims) : undefined;
  },
  Concat(importer, node) {
    const lists = node.input.map((_, i) => given(importer, node, i));
    const isFlat = lists.every(({ dims }) => dims.length === 1) && [0, -1].includes(node.int('axis', 0));
    return isFlat ? integers(lists.flatMap(({ data }) => data)) : undefined;
  },
  ConstantOfShape(importer, node) {
    const dims = given(importer, node, 0).data;
    const value = node.tensor('value');
    const filler = value && importer.constantIn(value, false).data;
    const isFew = dims.every((length) => length >= 0) && sizeOf(dims) <= maxNumbers;
    if (!isFew || filler === undefined || isFloats(filler) || filler.length !== 1) return undefined;
    return integers(Array(sizeOf(dims)).fill(filler[0]), dims);
  },
  Gather(importer, node) {
    const [{ data, dims }, places] = [given(importer, node, 0), given(importer, node, 1)];
    const isFlat = dims.length === 1 && node.int('axis', 0) === 0;
    const found = places.data.map((place) => data[place < 0 ? place + data.length : place]);
    return !isFlat || found.includes(undefined) ? undefined : integers(found as number[], places.dims);
  },
  Reshape(importer, node) {
    node.requireInt('allowzero', 0);
    const [{ data }, { data: wanted }] = [given(importer, node, 0), given(importer, node, 1)];
    const known = sizeOf(wanted.filter((length) => length !== -1));
    const dims = wanted.map((length) => (length === -1 ? data.length / known : length));
    const isOnce = wanted.filter((length) => length === -1).length <= 1;
    return isOnce && dims.every(Number.isSafeInteger) && sizeOf(dims) === data.length
      ? integers(data, dims)
      : undefined;
  },
  Slice(importer, node) {
    const x = given(importer, node, 0);
    const list = (name: string, i: number) =>
      node.ints(name) ?? (node.has(i) ? given(importer, node, i).data : undefined);
    const [starts = [], ends = [], steps = []] = [list('starts', 1), list('ends', 2), list('steps', 4)];
    const axes = list('axes', 3) ?? plain(starts.length);
    const places = x.dims.map((length) => plain(length));
    for (const [i, given] of axes.entries()) {
      const axis = given < 0 ? given + x.dims.length : given;
      const length = x.dims[axis];
      if (length === undefined || ends[i] === undefined) return undefined;
      places[axis] = placesBetween(length, { start: starts[i]!, end: ends[i], step: steps[i] ?? 1 });
    }
    return picked(x, places);
  },
  Squeeze: (importer, node) => alone(importer, node, []),
  Transpose(importer, node) {
    const { data, dims } = given(importer, node, 0);
    const order = node.ints('perm') ?? [...plain(dims.length)].reverse();
    if (dims.length !== 2 || order.join() !== '1,0') return undefined;
    const [rows, columns] = dims as [number, number];
    const turned = plain(columns).flatMap((column) => plain(rows).map((row) => data[row * columns + column]!));
    return integers(turned, ordered(dims, order));
  },
  Unsqueeze: (importer, node) => alone(importer, node, [1]),
};

/** Whether a node only computes with known whole numbers. */
export function isFolded(importer: Importer, node: ImportedNode): boolean {
  const isInteger = (name: string) => {
    const value = importer.known(name);
    return value?.kind === 'constant' && !value.isFloat;
  };
  return Object.hasOwn(folds, node.opType) && node.input.every((name) => name === '' || isInteger(name));
}

export function fold(importer: Importer, node: ImportedNode): Imported {
  const result = folds[node.opType]!(importer, node);
  if (result !== undefined) return result;
  throw node.refuse('it computes with constants in a way that is not read');
}

function given(importer: Importer, node: ImportedNode, i: number): Integers {
  const { dims, data } = importer.constant(node, i);
  if (!isFloats(data) && data.length <= maxNumbers) return integers(data, dims);
  throw node.refuse(`input ${i + 1} has ${data.length} numbers; computed with are at most ${maxNumbers} whole ones`);
}

/** One number alone, or in a list. */
function alone(importer: Importer, node: ImportedNode, dims: Shape): Constant | undefined {
  const { data } = given(importer, node, 0);
  importer.integersOf(node, 'axes', 1);
  return data.length === 1 ? integers(data, dims) : undefined;
}

/** As Python slices, for steps of either sign. */
function placesBetween(
  length: number,
  { start, end, step }: Readonly<Record<'start' | 'end' | 'step', number>>,
): number[] {
  const [least, most] = step > 0 ? [0, length] : [-1, length - 1];
  const at = (bound: number) => Math.min(Math.max(bound < 0 ? bound + length : bound, least), most);
  const places: number[] = [];
  if (step > 0) for (let place = at(start); place < at(end); place += step) places.push(place);
  if (step < 0) for (let place = at(start); place > at(end); place += step) places.push(place);
  return places;
}

/** The elements at these places of every axis. */
function picked({ data, dims }: Integers, places: readonly (readonly number[])[]): Integers {
  const offsets = places.reduce<readonly number[]>(
    (before, along, axis) => before.flatMap((offset) => along.map((place) => offset * dims[axis]! + place)),
    [0],
  );
  return integers(
    offsets.map((offset) => data[offset]!),
    places.map(({ length }) => length),
  );
}

// What exporters compute of shapes before they reshape: known numbers, among which the number of samples may be.
import { dataTypes } from '../../model-proto.js';
import { type Importer, shapeInFile } from '../importer.js';
import type { ImportedNode } from '../node.js';
import { type Constant, type Imported, isFloats } from '../values.js';

const integers = (data: readonly number[], dims: readonly number[] = [data.length]): Constant => ({
  kind: 'constant',
  dims,
  data,
  isWeight: false,
});

export function constant(importer: Importer, node: ImportedNode): Imported {
  const tensor = node.tensor('value');
  if (tensor !== undefined) return importer.constantIn(tensor, false);
  const whole = node.ints('value_ints') ?? node.int('value_int');
  if (whole !== undefined) return typeof whole === 'number' ? integers([whole], []) : integers(whole);
  const floats = node.floats('value_floats') ?? node.float('value_float', Number.NaN);
  if (typeof floats !== 'number')
    return { kind: 'constant', dims: [floats.length], data: Float32Array.from(floats), isWeight: false };
  if (!Number.isNaN(floats)) return { kind: 'constant', dims: [], data: Float32Array.of(floats), isWeight: false };
  throw node.refuse('it has no value that is read: a tensor, floats or whole numbers');
}

export function shape(importer: Importer, node: ImportedNode): Imported {
  const value = importer.input(node, 0);
  const dims = value.kind === 'constant' ? value.dims : shapeInFile(value);
  return integers(dims.slice(node.int('start', 0), node.int('end', dims.length)));
}

/** By name, what can be done with a list of numbers; undefined where it cannot. */
const folds: Readonly<Record<string, (importer: Importer, node: ImportedNode) => Constant | undefined>> = {
  Concat(importer, node) {
    const lists = node.input.map((_, i) => importer.constant(node, i));
    node.requireInt('axis', 0);
    return lists.every(isList) ? integers(lists.flatMap(({ data }) => [...data])) : undefined;
  },
  Gather(importer, node) {
    node.requireInt('axis', 0);
    const [list, places] = [importer.constant(node, 0), importer.constant(node, 1)];
    if (!isList(list) || isFloats(places.data)) return undefined;
    const found = places.data.map((place) => list.data[place < 0 ? place + list.data.length : place]);
    return found.includes(undefined) ? undefined : integers(found as number[], places.dims);
  },
  Slice(importer, node) {
    const list = importer.constant(node, 0);
    const [start] = node.ints('starts') ?? importer.integers(node, 1) ?? [];
    const [end] = node.ints('ends') ?? importer.integers(node, 2) ?? [];
    const axes = node.ints('axes') ?? importer.integers(node, 3) ?? [0];
    const [step = 1] = importer.integers(node, 4) ?? [];
    if (!isList(list) || axes.join() !== '0' || step !== 1) return undefined;
    return integers(list.data.slice(start, end));
  },
  Squeeze: (importer, node) => atRank(importer, node, []),
  Unsqueeze: (importer, node) => atRank(importer, node, [1]),
  Cast(importer, node) {
    const { data, dims } = importer.constant(node, 0);
    const to = node.int('to', 0);
    return !isFloats(data) && (to === dataTypes.INT64 || to === dataTypes.INT32) ? integers(data, dims) : undefined;
  },
};

/** Whether a node only computes with known numbers. */
export function isFolded(importer: Importer, node: ImportedNode): boolean {
  return (
    Object.hasOwn(folds, node.opType) &&
    node.input.every((name) => name === '' || importer.known(name)?.kind === 'constant')
  );
}

export function fold(importer: Importer, node: ImportedNode): Imported {
  const result = folds[node.opType]!(importer, node);
  if (result !== undefined) return result;
  throw node.refuse('it computes with constants in a way that is not read');
}

/** One number alone, or in a list. */
function atRank(importer: Importer, node: ImportedNode, dims: readonly number[]): Constant | undefined {
  const { data } = importer.constant(node, 0);
  importer.integersOf(node, 'axes', 1);
  return data.length === 1 && !isFloats(data) ? integers(data, dims) : undefined;
}

interface List extends Constant {
  readonly data: readonly number[];
}

function isList(constant: Constant): constant is List {
  return constant.dims.length === 1 && !isFloats(constant.data);
}

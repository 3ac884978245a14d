// Functions of elements: activation functions by their layers, arithmetic by layers that merge, or with a constant.
import * as layers from '../../../../layers/index.js';
import type { Layer } from '../../../../layers/layer.js';
import { formatShape, sameShape } from '../../../../tensor.js';
import { plain, sameOrder } from '../../layouts.js';
import { type FunctionName, OnnxElementwise } from '../elementwise-layer.js';
import { type Importer, operandFor } from '../importer.js';
import type { ImportedNode } from '../node.js';
import type { Computed, Constant, Imported, Rows } from '../values.js';

type MakeLayer = (node: ImportedNode, options: { readonly name?: string | undefined }) => Layer;

/** A layer whose output has the axes of its input, in whatever order they are. */
function withLayer(make: MakeLayer) {
  return (importer: Importer, node: ImportedNode): Imported => {
    const x = importer.computedOrRows(node, 0);
    return { ...x, tensor: make(node, importer.named(node)).apply(x.tensor) };
  };
}

const named = (activation: layers.ActivationName) =>
  withLayer((_, options) => layers.activation({ activation, ...options }));
const functionOf = (name: FunctionName) =>
  withLayer((_, options) => new OnnxElementwise({ function: name, ...options }));

export const activations = {
  Relu: withLayer((_, options) => layers.reLU(options)),
  LeakyRelu: withLayer((node, options) => layers.leakyReLU({ negativeSlope: node.float('alpha', 0.01), ...options })),
  Elu: withLayer((node, options) => layers.elu({ alpha: node.float('alpha', 1), ...options })),
  Sigmoid: named('sigmoid'),
  Tanh: named('tanh'),
  Softplus: named('softplus'),
  Gelu: withLayer((node, options) => {
    const approximate = node.text('approximate', 'none');
    if (approximate === 'none') return layers.activation({ activation: 'gelu', ...options });
    throw node.refuse(`approximate is "${approximate.slice(0, 60)}"; allowed is none`);
  }),
  Abs: functionOf('abs'),
  Cos: functionOf('cos'),
  Erf: functionOf('erf'),
  Exp: functionOf('exp'),
  Floor: functionOf('floor'),
  Log: functionOf('log'),
  Neg: functionOf('negate'),
  Sign: functionOf('sign'),
  Sin: functionOf('sin'),
  Sqrt: functionOf('sqrt'),
} as const;

/** The slope is a number for each element, or for several. */
export function prelu(importer: Importer, node: ImportedNode): Imported {
  const x = importer.computed(node, 0);
  const slope = importer.constant(node, 1);
  const operand = operandFor(x, slope);
  if (operand === undefined) throw node.refuse('the slope does not stretch to the input');
  const shape = operand.shape.length === 0 ? x.tensor.shape.map(() => 1) : operand.shape;
  const sharedAxes = shape.flatMap((length, axis) => (length === 1 ? [axis + 1] : []));
  const layer = layers.prelu({ ...importer.named(node), sharedAxes });
  return { ...x, tensor: importer.apply(layer, [x.tensor], { alpha: operand.data }) };
}

export function softmax(importer: Importer, node: ImportedNode): Imported {
  const x = importer.computedOrRows(node, 0);
  const rank = x.kind === 'rows' ? x.rank : x.order.length;
  const given = node.int('axis', node.opset < 13 ? 1 : -1);
  const axis = given < 0 ? given + rank : given;
  if (!(axis >= 1 && axis < rank)) throw node.refuse(`axis is ${given}; allowed are those of a sample`);
  // Before version 13 it was over all axes from this one on.
  if (node.opset < 13 && axis !== rank - 1) throw node.refuse('it is over several axes, which is not read');
  if (x.kind === 'rows') {
    if (axis !== rank - 1) throw node.refuse(`axis is ${given}; allowed is the last one of places of samples`);
    return { ...x, tensor: layers.softmax(importer.named(node)).apply(x.tensor) };
  }
  const others = plain(rank).filter((other) => other !== axis);
  const last = plain(rank).map((other) => (other === axis ? rank - 1 : others.indexOf(other)));
  const order = x.order[axis] === rank - 1 ? x.order : last;
  return { kind: 'computed', order, tensor: layers.softmax(importer.named(node)).apply(importer.inOrder(x, order)) };
}

const merging: Partial<Record<FunctionName, (options: { readonly name?: string | undefined }) => Layer>> = {
  add: layers.add,
  multiply: layers.multiply,
  maximum: layers.maximum,
};

/** A function of two tensors, or of one and a constant; of more, one after the other. */
export function arithmetic(name: FunctionName) {
  return (importer: Importer, node: ImportedNode): Imported => {
    const inputs = node.input.map((_, i) => importer.input(node, i));
    if (inputs.length === 0) throw node.refuse('it has no inputs');
    return inputs.reduce((a, b) => ofTwo(importer, node, name, a, b));
  };
}

function ofTwo(importer: Importer, node: ImportedNode, name: FunctionName, a: Imported, b: Imported): Imported {
  if (a.kind === 'computed' && b.kind === 'computed') return ofComputed(importer, node, name, a, b);
  if (a.kind === 'rows' && b.kind === 'rows') return ofRows(importer, node, name, a, b);
  if (a.kind === 'constant' && b.kind === 'constant') {
    throw node.refuse('all its inputs are constants, which is not read');
  }
  if (b.kind === 'constant') return withConstant(importer, node, name, a as Computed | Rows, b, false);
  if (a.kind === 'constant') return withConstant(importer, node, name, b, a, true);
  throw node.refuse('one of its inputs has places of samples in the place of samples, and the other has not');
}

function ofRows(importer: Importer, node: ImportedNode, name: FunctionName, a: Rows, b: Rows): Rows {
  const [left, right] = [a.tensor.shape, b.tensor.shape];
  if (!sameShape(left, right)) {
    throw node.refuse(`its inputs are ${formatShape(left)} and ${formatShape(right)} of samples; allowed is one shape`);
  }
  return { ...a, tensor: mergedBy(name, importer.named(node)).apply([a.tensor, b.tensor]) };
}

function mergedBy(name: FunctionName, options: { readonly name?: string | undefined }): Layer {
  return merging[name]?.(options) ?? new OnnxElementwise({ function: name, ...options });
}

function ofComputed(importer: Importer, node: ImportedNode, name: FunctionName, a: Computed, b: Computed): Computed {
  if (a.order.length !== b.order.length) {
    throw node.refuse(`its inputs have ${a.order.length} and ${b.order.length} dimensions; allowed are equally many`);
  }
  const order = sameOrder(a.order, plain(a.order.length)) ? b.order : a.order;
  const layer = mergedBy(name, importer.named(node));
  return { kind: 'computed', order, tensor: layer.apply([importer.inOrder(a, order), importer.inOrder(b, order)]) };
}

function withConstant(
  importer: Importer,
  node: ImportedNode,
  name: FunctionName,
  x: Computed | Rows,
  constant: Constant,
  operandFirst: boolean,
): Computed | Rows {
  const operand = operandFor(x, constant);
  if (operand === undefined) throw node.refuse('a constant does not stretch to the samples of the other input');
  const layer = new OnnxElementwise({
    ...importer.named(node),
    function: name,
    operandShape: operand.shape,
    operandFirst,
    operandTrains: constant.isWeight && operand.shape.length > 0,
  });
  return { ...x, tensor: importer.apply(layer, [x.tensor], { operand: operand.data }) };
}

/** Not below `min`, nor above `max`, of which either may be missing. */
export function clip(importer: Importer, node: ImportedNode): Imported {
  const x = importer.computed(node, 0);
  const bound = (attribute: string, i: number): number | undefined => {
    if (node.opset < 11) {
      const found = node.float(attribute, Number.NaN);
      return Number.isNaN(found) ? undefined : found;
    }
    if (!node.has(i)) return undefined;
    const { data } = importer.constant(node, i);
    if (data.length === 1) return data[0]!;
    throw node.refuse(`${attribute} has ${data.length} elements; allowed is 1`);
  };
  const [low, high] = [bound('min', 1), bound('max', 2)];
  if (low === undefined && high === undefined) return x;
  const options = importer.named(node);
  const held = (value: Computed, name: FunctionName, limit: number, own: typeof options): Computed => {
    const layer = new OnnxElementwise({ function: name, operandShape: [], ...own });
    return { ...value, tensor: importer.apply(layer, [value.tensor], { operand: Float32Array.of(limit) }) };
  };
  const raised =
    low === undefined
      ? x
      : low === 0
        ? { ...x, tensor: layers.reLU(options).apply(x.tensor) }
        : held(x, 'maximum', low, options);
  return high === undefined ? raised : held(raised, 'minimum', high, low === undefined ? options : {});
}

/** From one type of floats or whole numbers to the same, as far as there are types here. */
export function cast(importer: Importer, node: ImportedNode): Imported {
  const to = node.int('to', 0);
  node.ignore('saturate', 'round_mode');
  const value = importer.input(node, 0);
  const isFloat = value.kind === 'constant' ? value.isFloat : value.tensor.dtype === 'float32';
  const isSame = isFloat ? to === 1 : to === 6 || to === 7;
  if (isSame) return value;
  if (value.kind === 'constant' && to === 1) return { ...value, data: Float32Array.from(value.data), isFloat: true };
  throw node.refuse(`it makes type ${to} of ${isFloat ? 'floats' : 'whole numbers'}, which is not read`);
}

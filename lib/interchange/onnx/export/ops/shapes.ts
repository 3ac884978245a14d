// Ops that move elements, and make nothing of them.
import type { KernelNode } from '../../../../program/value.js';
import type { Shape } from '../../../../tensor.js';
import { attributeOf } from '../../encode.js';
import { isPlain, ordered, permutationFrom, plain } from '../../layouts.js';
import type { Emitter, Placed } from '../emitter.js';

export function reshape(emitter: Emitter, { inputs: [x], outputs: [y] }: KernelNode): Placed {
  return { name: emitter.reshape(emitter.elements(x!), emitter.dimsOf(y!)), order: plain(y!.shape.length) };
}

export function transpose(
  emitter: Emitter,
  { inputs: [x], attributes: { permutation } }: KernelNode<{ permutation: readonly number[] }>,
): Placed {
  const order = emitter.orderFor([x!], x!.shape.length);
  const perm = permutationFrom(order, permutation);
  const tensor = emitter.tensor(x!, order);
  const name = isPlain(perm) ? tensor : emitter.node('Transpose', [tensor], [attributeOf.ints('perm', perm)]);
  return { name, order: plain(perm.length) };
}

export function concat(emitter: Emitter, { inputs, attributes: { axis } }: KernelNode<{ axis: number }>): Placed {
  const { names, order } = emitter.aligned(inputs, inputs[0]!.shape.length);
  return { name: emitter.node('Concat', names, [attributeOf.int('axis', order.indexOf(axis))]), order };
}

export function pad(
  emitter: Emitter,
  { inputs: [x], attributes: { before, after } }: KernelNode<{ before: readonly number[]; after: readonly number[] }>,
): Placed {
  const { names, order } = emitter.aligned([x!], x!.shape.length);
  const pads = emitter.builder.ints('pads', [...ordered(before, order), ...ordered(after, order)]);
  return { name: emitter.node('Pad', [...names, pads]), order };
}

/** Axes that stay whole are not named, so that the batch may have any length. */
export function slice(
  emitter: Emitter,
  { inputs: [x], attributes: { begin, size } }: KernelNode<{ begin: readonly number[]; size: Shape }>,
): Placed {
  const { names, order } = emitter.aligned([x!], x!.shape.length);
  const axes = order.filter((axis) => size[axis] !== x!.shape[axis]);
  if (axes.length === 0) return { name: names[0]!, order };
  const [starts, ends] = [axes.map((axis) => begin[axis]!), axes.map((axis) => begin[axis]! + size[axis]!)];
  const places = axes.map((axis) => order.indexOf(axis));
  const { builder } = emitter;
  const bounds = [builder.ints('starts', starts), builder.ints('ends', ends), builder.ints('axes', places)];
  return { name: emitter.node('Slice', [...names, ...bounds]), order };
}

/** Where an end lies in front of a beginning of -1, going backwards. */
const beforeTheFirst = -(2 ** 31);

export function reverse(
  emitter: Emitter,
  { inputs: [x], attributes: { axes } }: KernelNode<{ axes: readonly number[] }>,
): Placed {
  const { names, order } = emitter.aligned([x!], x!.shape.length);
  const all = (what: string, value: number) => emitter.builder.ints(what, Array(axes.length).fill(value));
  const places = emitter.builder.ints(
    'axes',
    axes.map((axis) => order.indexOf(axis)),
  );
  const bounds = [all('starts', -1), all('ends', beforeTheFirst), places, all('steps', -1)];
  return { name: emitter.node('Slice', [...names, ...bounds]), order };
}

/** A dimension that is as long already is 1 in the shape that x is expanded to, and so may grow with the batch. */
export function broadcastTo(emitter: Emitter, { inputs: [x], outputs: [y] }: KernelNode): Placed {
  const dims = emitter.dimsOf(y!).map((dim, i) => {
    const axis = i - y!.shape.length + x!.shape.length;
    return typeof dim !== 'number' && axis >= 0 && x!.shape[axis] === y!.shape[i] ? 1 : dim;
  });
  return { name: emitter.node('Expand', [emitter.tensor(x!), emitter.shape(dims)]), order: plain(dims.length) };
}

/** One number in every element, of a shape that grows with the batch; others are constants of the file. */
export function fill(emitter: Emitter, { outputs: [y], attributes: { value } }: KernelNode<{ value: number }>): Placed {
  const number = emitter.builder.number('value', value);
  return { name: emitter.node('Expand', [number, emitter.shape(emitter.dimsOf(y!))]), order: plain(y!.shape.length) };
}

// What is made of many elements: sums, means, softmax, the place of the largest.
import type { KernelNode, Value } from '../../../../program/value.js';
import { attributeOf } from '../../encode.js';
import { isPlain, type Order, plain } from '../../layouts.js';
import type { Emitter, Placed } from '../emitter.js';
import { toFloat } from './elementwise.js';

type Reduction = KernelNode<{ axes: readonly number[] }>;

export function sum(emitter: Emitter, { inputs: [x], attributes: { axes } }: Reduction): Placed {
  const order = orderOfRest(emitter, x!, axes);
  const places = emitter.builder.ints('axes', placesOf(axes, order));
  const settings = [attributeOf.int('keepdims', 0), attributeOf.int('noop_with_empty_axes', 1)];
  return rest(x!, axes, emitter.node('ReduceSum', [emitter.tensor(x!, order), places], settings));
}

/** A sum and the division by the number of its elements, over at least one axis. */
export function mean(emitter: Emitter, { inputs: [x], attributes: { axes } }: Reduction): Placed {
  const order = orderOfRest(emitter, x!, axes);
  const settings = [attributeOf.ints('axes', placesOf(axes, order)), attributeOf.int('keepdims', 0)];
  return rest(x!, axes, emitter.node('ReduceMean', [emitter.tensor(x!, order)], settings));
}

export function softmax(emitter: Emitter, { inputs: [x] }: KernelNode): Placed {
  const { names, order } = emitter.aligned([x!], x!.shape.length);
  const axis = attributeOf.int('axis', order.indexOf(x!.shape.length - 1));
  return { name: emitter.node('Softmax', names, [axis]), order };
}

/** -Σ targets · log softmax(logits), along the last axis. */
export function categoricalCrossentropy(emitter: Emitter, { inputs: [logits, targets] }: KernelNode): Placed {
  const axis = logits!.shape.length - 1;
  const logs = emitter.node('LogSoftmax', [emitter.tensor(logits!)], [attributeOf.int('axis', axis)]);
  const products = emitter.node('Mul', [emitter.tensor(targets!), logs]);
  const settings = [attributeOf.int('keepdims', 0)];
  const total = emitter.node('ReduceSum', [products, emitter.builder.ints('axes', [axis])], settings);
  return { name: emitter.node('Neg', [total]), order: plain(axis) };
}

export function argMax(emitter: Emitter, { inputs: [x] }: KernelNode): Placed {
  const axis = x!.shape.length - 1;
  const settings = [attributeOf.int('axis', axis), attributeOf.int('keepdims', 0)];
  return { name: toFloat(emitter, emitter.node('ArgMax', [emitter.tensor(x!)], settings)), order: plain(axis) };
}

/** Channels-first where that leaves the other axes in their own order. */
function orderOfRest(emitter: Emitter, x: Value, axes: readonly number[]): Order {
  const rank = x.shape.length;
  const order = emitter.orderFor([x], rank);
  const kept = order.filter((axis) => !axes.includes(axis));
  return isPlain(order) || kept.every((axis, i) => i === 0 || axis > kept[i - 1]!) ? order : plain(rank);
}

const placesOf = (axes: readonly number[], order: Order) => axes.map((axis) => order.indexOf(axis));

const rest = ({ shape }: Value, axes: readonly number[], name: string): Placed => ({
  name,
  order: plain(shape.length - axes.length),
});

// What compares the samples of a batch.
import type { Attributes } from '../../../../program/op.js';
import type { KernelNode } from '../../../../program/value.js';
import { ordered } from '../../layouts.js';
import { addMinibatchNodes } from '../../minibatch-nodes.js';
import type { Emitter, Placed } from '../emitter.js';

/** Of images in whatever order of axes. */
export function minibatchStdDev(
  emitter: Emitter,
  { inputs, attributes }: KernelNode<Attributes & { readonly groupSize: number; readonly epsilon: number }>,
): Placed {
  const [x] = inputs;
  const { names, order } = emitter.aligned([x!], 4);
  const shape = ordered(x!.shape, order).slice(1);
  const settings = { ...attributes, shape, channelAxis: order.indexOf(3) };
  return { name: addMinibatchNodes(emitter.builder, names[0]!, settings), order };
}

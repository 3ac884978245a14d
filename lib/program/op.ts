// What an op is: its name, its shape rule and its gradient rule. The kernels live with the devices.
import { notAllowed } from '../checks.js';
import type { Graph } from './graph.js';
import { type Node, type TensorType, Value } from './value.js';

/**
 * Settings of one application of an op: plain data, so that a Program can be serialised. A fused op keeps those of its
 * parts apart, by their names.
 */
export interface Attributes {
  readonly [name: string]: number | boolean | string | readonly number[] | Attributes;
}

/** What a Program has to know of an op; of a fused one there is no more. */
export interface KernelTraits {
  /** The same on every device, and the name of the files that implement it. */
  readonly name: string;

  /** The first `updates` inputs are Variables, and output `i` becomes the next content of input `i`, in place. */
  readonly updates?: number;

  /** The output is the input's memory under another shape; no kernel runs. */
  readonly alias?: boolean;

  /** What users call it, where they do not call it by its name: `multiply`, which is a kind of `binary`. */
  callName?(attributes: Attributes): string;
}

export interface Op<A extends Attributes = Attributes> extends KernelTraits {
  callName?(attributes: A): string;

  /**
   * Types of the outputs. Throws `CUDA_GAN_SHAPE` when the inputs do not fit, `CUDA_GAN_VALUE` when they have another
   * element type, or the attributes are not what the op takes.
   */
  infer(inputs: readonly TensorType[], attributes: A): readonly TensorType[];

  /**
   * Emits the gradients with respect to the inputs, given those of the outputs (undefined where an output does not
   * influence the result). Made of ordinary ops, hence differentiable again. Undefined for an input without gradient.
   */
  gradient?(node: Node<A>, outputGradients: readonly (Value | undefined)[]): readonly (Value | undefined)[];

  /** The output is filled with one number: the attributes are its shape and `value`. */
  readonly constant?: boolean;

  /** The number that fills the output where `value` fills the only input. Absent where more than that number counts. */
  fold?(value: number, attributes: A): number;
}

/**
 * Records one application of `op`. `graph` is needed only by ops without inputs.
 * @throws CudaGanError `CUDA_GAN_VALUE` and `CUDA_GAN_SHAPE` as `infer`; the message names the layers around it.
 */
export function apply<A extends Attributes>(
  op: Op<A>,
  inputs: readonly Value[],
  attributes: A,
  graph?: Graph,
): readonly Value[] {
  requireInputs(callNameOf(op, attributes), inputs);
  return (graph ?? inputs[0]!.graph).record(op, inputs, attributes);
}

/** What users call an application of `op`. */
export function callNameOf<A extends Attributes>(op: KernelTraits, attributes: A): string {
  return op.callName?.(attributes) ?? op.name;
}

/** Users call ops in layers of their own. @throws CudaGanError `CUDA_GAN_VALUE` for what is no Value. */
export function requireInputs(call: string, inputs: readonly Value[]): void {
  for (const [i, input] of inputs.entries()) {
    if (input instanceof Value) continue;
    throw notAllowed(
      `input ${i + 1} of ${call}`,
      input,
      'Values: what the call of a layer is given, what ops make of it, and numbers by fill',
    );
  }
}

/** `apply` for the many ops with one output. */
export function applyOne<A extends Attributes>(
  op: Op<A>,
  inputs: readonly Value[],
  attributes: A,
  graph?: Graph,
): Value {
  return apply(op, inputs, attributes, graph)[0]!;
}

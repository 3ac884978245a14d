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
}

export interface Op<A extends Attributes = Attributes> extends KernelTraits {
  /** Types of the outputs. Throws `CUDA_GAN_SHAPE` when the inputs do not fit. */
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

/** Records one application of `op`. `graph` is needed only by ops without inputs. */
export function apply<A extends Attributes>(
  op: Op<A>,
  inputs: readonly Value[],
  attributes: A,
  graph: Graph = graphOf(op, inputs),
): readonly Value[] {
  return graph.record(op, inputs, attributes);
}

/** Users call ops in layers of their own. @throws CudaGanError `CUDA_GAN_VALUE` for what is no Value. */
function graphOf({ name }: KernelTraits, inputs: readonly Value[]): Graph {
  const wrong = inputs.findIndex((input) => !(input instanceof Value));
  if (wrong < 0) return inputs[0]!.graph;
  throw notAllowed(
    `argument ${wrong} of ${name}`,
    inputs[wrong],
    'Values: what the call of a layer is given, and what ops make of it',
  );
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

// Symbolic tensors: what a Graph is made of.
import type { DType, Shape } from '../tensor.js';
import type { Graph } from './graph.js';
import type { Attributes, KernelTraits, Op } from './op.js';
import type { Variable } from './variable.js';

/** Shape and element type: all that is known of a tensor before a program runs. */
export interface TensorType {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** One application of an op or a fused op: which Values go in, which come out. @internal */
export interface KernelNode<A extends Attributes = Attributes> {
  readonly op: KernelTraits;
  readonly inputs: readonly Value[];
  readonly attributes: A;
  readonly outputs: readonly Value[];
}

/** One recorded application of an op. Ids rise in recording order. @internal */
export interface Node<A extends Attributes = Attributes> extends KernelNode<A> {
  readonly id: number;
  readonly op: Op<A>;
}

/** A symbolic tensor: made by a node, or the content of a Variable. */
export class Value implements TensorType {
  /** All dimensions, the batch first where there is one. */
  readonly shape: Shape;
  /** What its elements are. */
  readonly dtype: DType;

  /** @internal */
  constructor(
    /** What it was recorded in: ops without inputs, such as `randomNormal` and `fill`, take it. */
    readonly graph: Graph,
    type: TensorType,
    /** Who made it; undefined for the content of a Variable at the start of a step. @internal */
    readonly node: Node | undefined,
    /** The Variable that this Value is a version of, if it is one. @internal */
    readonly variable: Variable | undefined,
  ) {
    this.shape = type.shape;
    this.dtype = type.dtype;
  }
}

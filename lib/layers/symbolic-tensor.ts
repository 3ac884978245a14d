// What layers are connected by before there is data: the results of applying them.
import type { TensorType } from '../program/value.js';
import type { DType, Shape } from '../tensor.js';
import type { Layer } from './layer.js';

/** One place where a layer is applied. Keras calls it a node. @internal */
export interface LayerNode {
  readonly layer: Layer;
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
  /** The mode that this place always runs in; undefined: that of the model. */
  readonly training: boolean | undefined;
}

/** One symbolic tensor, several in order, or several by name. */
export type SymbolicTensors = SymbolicTensor | readonly SymbolicTensor[] | Readonly<Record<string, SymbolicTensor>>;

/** A batch of samples that a model will compute: made by `input` and by `layer.apply`, and given to `model`. */
export class SymbolicTensor implements TensorType {
  /** Shape of one sample, without the batch. */
  readonly shape: Shape;
  /** What its elements are. */
  readonly dtype: DType;

  /** @internal */
  constructor(
    type: TensorType,
    /** Where it comes from. @internal */
    readonly node: LayerNode,
    /** Which of the node's outputs it is. @internal */
    readonly index: number,
  ) {
    this.shape = type.shape;
    this.dtype = type.dtype;
  }

  /** The name of the layer that makes it. */
  get name(): string {
    return this.node.layer.name;
  }
}

// Where data enters a model.
import { notAllowed, shapeOption } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { DType, Shape } from '../tensor.js';
import { Layer, type LayerConfig } from './layer.js';
import { registerClass } from './registry.js';
import { type LayerNode, SymbolicTensor } from './symbolic-tensor.js';

/** What `input` takes. */
export interface InputOptions {
  /** Shape of one sample, without the batch. `[]` for single numbers. */
  readonly shape: Shape;
  /**
   * What layers are handed. int32: class numbers and the like, which stay whole. float32: uint8 pixels become the model's
   * `pixelRange`, other numbers stay as they are. Default `float32`.
   */
  readonly dtype?: 'float32' | 'int32' | undefined;
  /** Any text without `/`. Default: `input_layer`, numbered within its model. */
  readonly name?: string | undefined;
}

const optionNames: OptionNames<InputOptions> = { shape: true, dtype: true, name: true };

/** @internal */
export class InputLayer extends Layer {
  static override readonly className = 'InputLayer';
  readonly #shape: Shape;
  readonly #dtype: DType;
  /** What the input stands for. */
  readonly tensor: SymbolicTensor;

  constructor(options: InputOptions) {
    const { shape, dtype = 'float32', name } = checkOptions('input', options, optionNames);
    super({ name });
    if (dtype !== 'float32' && dtype !== 'int32') throw notAllowed('dtype', dtype, 'float32 and int32');
    this.#shape = [...shapeOption('shape', shape)];
    this.#dtype = dtype;
    const outputs: SymbolicTensor[] = [];
    const node: LayerNode = { layer: this, inputs: [], outputs, training: undefined };
    this.tensor = new SymbolicTensor({ shape: this.#shape, dtype }, node, 0);
    outputs.push(this.tensor);
  }

  override get built(): boolean {
    return true;
  }

  override get inputShapes(): readonly Shape[] {
    return [this.#shape];
  }

  override get outputShapes(): readonly Shape[] {
    return [this.#shape];
  }

  override apply(): never {
    throw new CudaGanError('CUDA_GAN_VALUE', `input "${this.name}" takes no other tensors: it is where data enters`);
  }

  override call(): never {
    throw new CudaGanError('CUDA_GAN_INTERNAL', `input "${this.name}" computes nothing`);
  }

  override getConfig(): LayerConfig {
    return { ...(this.named && { name: this.name }), shape: this.#shape, dtype: this.#dtype };
  }
}

registerClass(InputLayer);

/**
 * An input of a model that `model` makes: stands for a batch of samples of `shape`.
 * @throws CudaGanError `CUDA_GAN_VALUE` for an option that does not exist, or a value that is not allowed.
 */
export function input(options: InputOptions): SymbolicTensor {
  return new InputLayer(options).tensor;
}

// Joins tensors along one axis.
import { notAllowed } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { concat } from '../ops/index.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Value } from '../program/value.js';
import type { Shape } from '../tensor.js';
import { formatShapes, type LayerConfig, type LayerOptions, layerOptionNames } from './layer.js';
import { SeveralInputsLayer } from './merge.js';
import { registerClass } from './registry.js';

/** What `layers.concatenate` takes. */
export interface ConcatenateOptions extends LayerOptions {
  /** Along which axis, counted with the batch, which is axis 0 and cannot be it. Default -1: the last. */
  readonly axis?: number | undefined;
}

const optionNames: OptionNames<ConcatenateOptions> = { axis: true, ...layerOptionNames };

/** @internal */
export class Concatenate extends SeveralInputsLayer {
  static override readonly className = 'Concatenate';
  readonly #axis: number;

  constructor(options?: ConcatenateOptions) {
    const { axis = -1, ...base } = checkOptions('layers.concatenate', options, optionNames);
    super(base);
    if (!Number.isSafeInteger(axis) || axis === 0) throw notAllowed('axis', axis, 'whole numbers other than 0');
    this.#axis = axis;
  }

  override computeOutputShape(inputShapes: readonly Shape[]): Shape {
    const [first] = inputShapes as [Shape];
    const along = this.#axis < 0 ? this.#axis + first.length : this.#axis - 1;
    const fits = (shape: Shape) =>
      shape.length === first.length && first.every((dimension, i) => i === along || shape[i] === dimension);
    if (along < 0 || along >= first.length || !inputShapes.every(fits)) {
      throw new CudaGanError(
        'CUDA_GAN_SHAPE',
        `concatenate cannot join samples of ${formatShapes(inputShapes)} along axis ${this.#axis}`,
      );
    }
    const length = inputShapes.reduce((total, shape) => total + shape[along]!, 0);
    return first.map((dimension, i) => (i === along ? length : dimension));
  }

  override call(inputs: readonly Value[]): Value {
    return concat(inputs, this.#axis);
  }

  override getConfig(): LayerConfig {
    return { ...super.getConfig(), axis: this.#axis };
  }
}

registerClass(Concatenate);

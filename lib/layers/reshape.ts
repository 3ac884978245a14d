// Gives every sample another shape of as many elements.
import { inWords, listOfNumbers } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { reshape } from '../ops/index.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Value } from '../program/value.js';
import { formatShape, type Shape, sizeOf } from '../tensor.js';
import { Layer, type LayerConfig, type LayerOptions, layerOptionNames } from './layer.js';
import { registerClass } from './registry.js';

/** What `layers.reshape` takes. */
export interface ReshapeOptions extends LayerOptions {
  /** Shape of a sample afterwards. One dimension may be -1: it follows from the others. */
  readonly targetShape: Shape;
}

const optionNames: OptionNames<ReshapeOptions> = { targetShape: true, ...layerOptionNames };

/** @internal */
export class Reshape extends Layer {
  static override readonly className = 'Reshape';
  readonly #targetShape: Shape;

  constructor(options: ReshapeOptions) {
    const { targetShape, ...base } = checkOptions('layers.reshape', options, optionNames);
    super(base);
    const dimensions = [...listOfNumbers('targetShape', targetShape)];
    const valid = dimensions.every((dimension) => Number.isSafeInteger(dimension) && dimension >= -1);
    if (!valid || dimensions.filter((dimension) => dimension === -1).length > 1) {
      throw new CudaGanError(
        'CUDA_GAN_VALUE',
        `targetShape is ${inWords(dimensions)}; allowed are whole numbers from 0 on, and -1 once`,
      );
    }
    this.#targetShape = dimensions;
  }

  override computeOutputShape([inputShape]: readonly [Shape]): Shape {
    const size = sizeOf(inputShape);
    const known = sizeOf(this.#targetShape.filter((dimension) => dimension !== -1));
    const output = this.#targetShape.map((dimension) => (dimension === -1 ? size / known : dimension));
    if (sizeOf(output) !== size || !output.every(Number.isInteger)) {
      throw new CudaGanError(
        'CUDA_GAN_SHAPE',
        `cannot reshape samples of ${formatShape(inputShape)} (${size} elements) to ${formatShape(this.#targetShape)}`,
      );
    }
    return output;
  }

  override call([x]: readonly [Value]): Value {
    return reshape(x, [x.shape[0]!, ...this.computeOutputShape([x.shape.slice(1)])]);
  }

  override getConfig(): LayerConfig {
    return { ...super.getConfig(), targetShape: this.#targetShape };
  }
}

registerClass(Reshape);

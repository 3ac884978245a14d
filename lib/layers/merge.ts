// Layers that make one tensor of several, element by element: sum, product, mean, largest. Shapes of samples broadcast by
// NumPy's rule.
import { CudaGanError } from '../errors.js';
import { add, affine, maximum, multiply, reshape } from '../ops/index.js';
import { broadcastShapes } from '../ops/shapes.js';
import { checkOptions } from '../options.js';
import type { Value } from '../program/value.js';
import type { Shape } from '../tensor.js';
import { Layer, type LayerOptions, layerOptionNames } from './layer.js';
import { registerClass } from './registry.js';

/** A layer of at least two inputs. @internal */
export abstract class SeveralInputsLayer extends Layer {
  protected override requireInputCount(count: number): void {
    if (count < 2) throw new CudaGanError('CUDA_GAN_VALUE', `takes a list of at least 2 inputs, found ${count}`);
  }
}

abstract class Merge extends SeveralInputsLayer {
  readonly #factory: string;

  constructor(factory: string, options: LayerOptions | undefined) {
    super(checkOptions(`layers.${factory}`, options, layerOptionNames));
    this.#factory = factory;
  }

  protected abstract merge(a: Value, b: Value): Value;

  override computeOutputShape(inputShapes: readonly Shape[]): Shape {
    return inputShapes.reduce((a, b) => broadcastShapes(this.#factory, a, b));
  }

  override call(inputs: readonly Value[]): Value {
    const rank = Math.max(...inputs.map(({ shape }) => shape.length));
    return inputs.map((x) => withRank(x, rank)).reduce((a, b) => this.merge(a, b));
  }
}

/** Samples with dimensions of 1 in front of theirs. */
function withRank(x: Value, rank: number): Value {
  const [batch, ...sample] = x.shape as [number, ...number[]];
  return reshape(x, [batch, ...Array(rank - x.shape.length).fill(1), ...sample]);
}

/** @internal */
export class Add extends Merge {
  static override readonly className = 'Add';

  constructor(options?: LayerOptions) {
    super('add', options);
  }

  protected override merge(a: Value, b: Value): Value {
    return add(a, b);
  }
}

registerClass(Add);

/** @internal */
export class Multiply extends Merge {
  static override readonly className = 'Multiply';

  constructor(options?: LayerOptions) {
    super('multiply', options);
  }

  protected override merge(a: Value, b: Value): Value {
    return multiply(a, b);
  }
}

registerClass(Multiply);

/** @internal */
export class Average extends Merge {
  static override readonly className = 'Average';

  constructor(options?: LayerOptions) {
    super('average', options);
  }

  protected override merge(a: Value, b: Value): Value {
    return add(a, b);
  }

  override call(inputs: readonly Value[]): Value {
    return affine(super.call(inputs), 1 / inputs.length);
  }
}

registerClass(Average);

/** @internal */
export class Maximum extends Merge {
  static override readonly className = 'Maximum';

  constructor(options?: LayerOptions) {
    super('maximum', options);
  }

  protected override merge(a: Value, b: Value): Value {
    return maximum(a, b);
  }
}

registerClass(Maximum);

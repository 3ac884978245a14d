// The inner product of two vectors.
import { CudaGanError } from '../errors.js';
import { multiply, reshape, sum } from '../ops/index.js';
import { checkOptions } from '../options.js';
import type { Value } from '../program/value.js';
import { formatShape, type Shape, sameShape } from '../tensor.js';
import { Layer, type LayerOptions, layerOptionNames } from './layer.js';
import { registerClass } from './registry.js';

/** @internal */
export class Dot extends Layer {
  static override readonly className = 'Dot';

  constructor(options?: LayerOptions) {
    super(checkOptions('layers.dot', options, layerOptionNames));
  }

  protected override requireInputCount(count: number): void {
    if (count !== 2) throw new CudaGanError('CUDA_GAN_VALUE', `takes a list of 2 inputs, found ${count}`);
  }

  override computeOutputShape([a, b]: readonly [Shape, Shape]): Shape {
    if (a.length === 1 && sameShape(a, b)) return [1];
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `dot takes two vectors of one length, found ${formatShape(a)} and ${formatShape(b)}`,
    );
  }

  /** Vectors [batch, n]; the result is [batch, 1]. */
  override call([a, b]: readonly [Value, Value]): Value {
    return reshape(sum(multiply(a, b), 1), [a.shape[0]!, 1]);
  }
}

registerClass(Dot);

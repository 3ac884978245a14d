// Weights of PyTorch: what they are called in a state dict, and the order of their dimensions.
import { DepthwiseConv2D } from '../layers/depthwise-conv2d.js';
import { Embedding } from '../layers/embedding.js';
import type { Layer } from '../layers/layer.js';
import type { Variable } from '../program/variable.js';
import { createTypedArray, dtypeOf, sizeOf, type Tensor } from '../tensor.js';

/** What PyTorch calls a weight, behind the name of its module. */
const names: Readonly<Record<string, string>> = {
  kernel: 'weight',
  embeddings: 'weight',
  alpha: 'weight',
  bias: 'bias',
  gamma: 'weight',
  beta: 'bias',
  moving_mean: 'running_mean',
  moving_variance: 'running_var',
};

/** `main.0.weight`, of the kernel of what PyTorch calls `main.0`. */
export function pytorchName(module: string, weight: string): string {
  return `${module}.${names[weight] ?? weight}`;
}

/** What PyTorch keeps beside weights, and nothing here wants. */
export function isCounter(name: string): boolean {
  return name.endsWith('.num_batches_tracked');
}

/** The layers that have weights, by these. */
export function ownersOf(layer: Layer): ReadonlyMap<Variable, Layer> {
  const own = layer.weights.map((weight) => [weight, layer] as const);
  return new Map([...own, ...layer.layersWithin.flatMap((part) => [...ownersOf(part)])]);
}

/** A weight of `layer` with its dimensions in the order of this package; those of PyTorch begin with the outputs. */
export function fromPytorch(layer: Layer, tensor: Tensor): Tensor {
  const { shape, data } = tensor;
  if (layer instanceof Embedding) return tensor;
  if (layer instanceof DepthwiseConv2D && shape.length === 4) {
    // [channels · multiplier, 1, height, width]; the outputs of a channel are side by side.
    const [outputs, , height, width] = shape as [number, number, number, number];
    const channels = layer.inputShape.at(-1)!;
    return transposed({ shape: [channels, outputs / channels, height, width], data }, [2, 3, 0, 1]);
  }
  const order = orders[shape.length];
  return order === undefined ? tensor : transposed(tensor, order);
}

/** By the number of dimensions: of dense kernels, those of sequences and of images. */
const orders: Readonly<Record<number, readonly number[]>> = { 2: [1, 0], 3: [2, 1, 0], 4: [2, 3, 1, 0] };

function transposed({ shape, data }: Tensor, order: readonly number[]): Tensor {
  const result = createTypedArray(dtypeOf(data), data.length);
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const sizes = order.map((axis) => shape[axis]!);
  const steps = order.map((axis) => strides[axis]!);
  const place = sizes.map(() => 0);
  let from = 0;
  for (let to = 0; to < result.length; to++) {
    result[to] = data[from]!;
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      place[axis]!++;
      from += steps[axis]!;
      if (place[axis]! < sizes[axis]!) break;
      from -= steps[axis]! * sizes[axis]!;
      place[axis] = 0;
    }
  }
  return { shape: sizes, data: result };
}

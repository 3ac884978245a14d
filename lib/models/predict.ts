// Prediction: a model's outputs in inference mode.
import { wholeNumber } from '../checks.js';
import { type OwnFloat32Array, sizeOf, type Tensor, tensor } from '../tensor.js';
import { Batches, inOrder } from './batches.js';
import { requireData } from './data.js';
import type { Sequential } from './sequential.js';

/** Outputs [n, ...outputShape] for x [n, ...inputShape]. */
export async function predict(
  model: Sequential,
  x: Tensor,
  { batchSize = 32 }: { readonly batchSize?: number | undefined },
): Promise<Tensor<OwnFloat32Array>> {
  const { inputShape, outputShape, seed, device } = model;
  const data = requireData(x, undefined, inputShape, outputShape, undefined);
  const size = sizeOf(outputShape);
  const result = new Float32Array(data.rows * size);
  const batches = new Batches(data, wholeNumber('batchSize', batchSize, 1), seed, device, (graph, batch) => {
    graph.output('predictions', model.call(batch, { training: false }));
  });
  try {
    let row = 0;
    for await (const { outputs, batches: count, samples } of batches.run({ order: inOrder(data.rows) })) {
      result.set(outputs.get('predictions')!, row * size);
      row += count * samples;
    }
  } finally {
    batches.dispose();
  }
  return tensor(result, [data.rows, ...outputShape]);
}

// Prediction: a model's outputs in inference mode.
import { type OwnFloat32Array, sizeOf, type Tensor, tensor } from '../tensor.js';
import { BatchProgram } from './batch-program.js';
import { Batches, inOrder, type RecordStep } from './batches.js';
import { type DataSet, requireData } from './data.js';
import { batchSizeOf, type EvaluateOptions } from './fit-options.js';
import type { ProgramCache } from './program-cache.js';
import type { Sequential } from './sequential.js';

/** Outputs [n, ...outputShape] for x [n, ...inputShape]. */
export async function predict(
  model: Sequential,
  programs: ProgramCache<BatchProgram>,
  x: Tensor,
  options: EvaluateOptions | undefined,
): Promise<Tensor<OwnFloat32Array>> {
  const batchSize = batchSizeOf('predict', options);
  const { inputShape, outputShape, seed, device, pixelRange } = model;
  const data = requireData(x, undefined, inputShape, outputShape, undefined);
  const record: RecordStep = (graph, batch) => {
    graph.output('predictions', model.call(batch, { training: false }));
  };
  if (data.rows <= batchSize) {
    const program = programs.get(
      `predict ${BatchProgram.keyOf(data, pixelRange)}`,
      () => new BatchProgram(data, { seed, device, pixelRange, record }),
    );
    const { outputs } = await program.run(data);
    return tensor(outputs.get('predictions') as OwnFloat32Array, [data.rows, ...outputShape]);
  }
  const batches = new Batches(data, { batchSize, seed, device, pixelRange, record });
  try {
    return tensor(await predictions(batches, data, sizeOf(outputShape)), [data.rows, ...outputShape]);
  } finally {
    batches.dispose();
  }
}

async function predictions(batches: Batches, { rows }: DataSet, size: number): Promise<OwnFloat32Array> {
  const result = new Float32Array(rows * size);
  let row = 0;
  for await (const { outputs, batches: count, samples } of batches.run({ order: inOrder(rows) })) {
    result.set(outputs.get('predictions')!, row * size);
    row += count * samples;
  }
  return result;
}

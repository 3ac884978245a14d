// Prediction: a model's outputs in inference mode.
import { type OwnFloat32Array, sizeOf, type Tensor, tensor } from '../tensor.js';
import { BatchProgram } from './batch-program.js';
import { Batches, type RecordStep, rowNumbers } from './batches.js';
import { type DataSet, requireInputs, type Tensors } from './data.js';
import { batchSizeOf, type EvaluateOptions } from './fit-options.js';
import type { Model } from './model.js';
import type { ProgramCache } from './program-cache.js';
import type { Port } from './topology.js';

/** [n, ...outputShape] of every output, for samples of every input. */
export async function predict(
  model: Model,
  programs: ProgramCache<BatchProgram>,
  x: Tensors,
  options: EvaluateOptions | undefined,
): Promise<Tensor<OwnFloat32Array>[]> {
  const batchSize = batchSizeOf('predict', options);
  const { inputPorts, outputPorts, seed, device, pixelRange } = model;
  const data = requireInputs(x, inputPorts);
  const record: RecordStep = (graph, inputs) => {
    model.record(inputs, { training: false }).forEach((output, i) => {
      graph.output(String(i), output);
    });
  };
  const found =
    data.rows <= batchSize
      ? await predictBatch(data, outputPorts, () =>
          programs.get(
            `predict ${BatchProgram.keyOf(data, pixelRange)}`,
            () => new BatchProgram(data, { seed, device, pixelRange, record }),
          ),
        )
      : await predictBatches(new Batches(data, { batchSize, seed, device, pixelRange, record }), data, outputPorts);
  return outputPorts.map(({ shape }, i) => tensor(found[i]!, [data.rows, ...shape]));
}

async function predictBatch(
  data: DataSet,
  ports: readonly Port[],
  program: () => BatchProgram,
): Promise<OwnFloat32Array[]> {
  const { outputs } = await program().run(data);
  return ports.map((_, i) => outputs.get(String(i)) as OwnFloat32Array);
}

async function predictBatches(batches: Batches, { rows }: DataSet, ports: readonly Port[]): Promise<OwnFloat32Array[]> {
  try {
    const results = ports.map(({ shape }) => new Float32Array(rows * sizeOf(shape)));
    let row = 0;
    for await (const { outputs, batches: count, samples } of batches.run({ order: rowNumbers(rows) })) {
      results.forEach((result, i) => {
        result.set(outputs.get(String(i))!, row * sizeOf(ports[i]!.shape));
      });
      row += count * samples;
    }
    return results;
  } finally {
    batches.dispose();
  }
}

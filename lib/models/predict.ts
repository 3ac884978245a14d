// Prediction: a model's outputs in inference mode.
import { firstStream } from '../random/streams.js';
import { type OwnFloat32Array, sizeOf, type Tensor, tensor } from '../tensor.js';
import { BatchProgram } from './batch-program.js';
import { Batches, type RecordStep, rowNumbers } from './batches.js';
import { type DataSet, requireInputs, type Tensors } from './data.js';
import { batchSizeOf, type PredictOptions } from './fit-options.js';
import type { Model } from './model.js';
import type { Port } from './topology.js';
import type { ModelState } from './trainer.js';

/** [n, ...outputShape] of every output, for samples of every input. */
export async function predict(
  model: Model,
  { programs, inferenceClock }: ModelState,
  x: Tensors,
  options: PredictOptions | undefined,
): Promise<Tensor<OwnFloat32Array>[]> {
  const batchSize = batchSizeOf(options);
  const { inputPorts, outputPorts, seed, device, pixelRange } = model;
  const data = requireInputs(x, inputPorts);
  const firstStep = inferenceClock.takeSteps(Math.ceil(data.rows / batchSize));
  const record: RecordStep = (graph, { inputs }) => {
    model.record(inputs, { training: false }).forEach((output, i) => {
      graph.output(String(i), output);
    });
  };
  const recorded = { seed, stream: firstStream.inference, device, pixelRange, record };
  const program = () =>
    programs.get(`predict ${BatchProgram.keyOf(data, pixelRange)}`, () => new BatchProgram(data, recorded));
  const found =
    data.rows <= batchSize
      ? await predictBatch(program(), data, { outputPorts, firstStep })
      : await predictBatches(new Batches(data, { batchSize, ...recorded }), data, { outputPorts, firstStep });
  return outputPorts.map(({ shape }, i) => tensor(found[i]!, [data.rows, ...shape]));
}

interface PredictRun {
  readonly outputPorts: readonly Port[];
  /** What random numbers count from. */
  readonly firstStep: number;
}

async function predictBatch(
  program: BatchProgram,
  data: DataSet,
  { outputPorts, firstStep }: PredictRun,
): Promise<OwnFloat32Array[]> {
  const { outputs } = await program.run(data, firstStep);
  return outputPorts.map((_, i) => outputs.get(String(i)) as OwnFloat32Array);
}

async function predictBatches(
  batches: Batches,
  { rows }: DataSet,
  { outputPorts, firstStep }: PredictRun,
): Promise<OwnFloat32Array[]> {
  try {
    const results = outputPorts.map(({ shape }) => new Float32Array(rows * sizeOf(shape)));
    let row = 0;
    for await (const { outputs, batches: count, samples } of batches.run({ order: rowNumbers(rows), firstStep })) {
      results.forEach((result, i) => {
        result.set(outputs.get(String(i))!, row * sizeOf(outputPorts[i]!.shape));
      });
      row += count * samples;
    }
    return results;
  } finally {
    batches.dispose();
  }
}

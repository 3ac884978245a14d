// One training step on a batch that the caller hands over.
import type { Device, Executable } from '../devices/device.js';
import { CudaGanError } from '../errors.js';
import { Graph } from '../program/graph.js';
import { buildProgram } from '../program/program.js';
import type { Variable } from '../program/variable.js';
import type { Tensor } from '../tensor.js';
import type { RecordStep } from './batches.js';
import { type DataSet, dataVariable } from './data.js';
import { type Logs, logsOfBatch } from './mean-of.js';
import type { Sequential } from './sequential.js';

/** A compiled step for batches of one shape. */
export class SingleBatch {
  /** Shapes and types that this step was compiled for. */
  readonly key: string;
  /** The weights that it moves. */
  readonly weights: readonly Variable[];
  readonly #device: Device;
  readonly #x: Variable;
  readonly #y: Variable;
  readonly #executable: Executable;
  #steps = 0;

  constructor(key: string, weights: readonly Variable[], { x, y }: DataSet, model: Sequential, record: RecordStep) {
    this.key = key;
    this.weights = weights;
    this.#device = model.device;
    this.#x = dataVariable('x', pixelsAsFloats(x));
    this.#y = dataVariable('y', pixelsAsFloats(y!));
    const graph = new Graph(model.seed);
    record(graph, graph.read(this.#x), graph.read(this.#y));
    this.#executable = this.#device.compile(buildProgram(graph));
  }

  async run({ x, y }: DataSet): Promise<Logs> {
    const written = [
      this.#x.write(pixelsAsFloats(x).data, this.#device),
      this.#y.write(pixelsAsFloats(y!).data, this.#device),
    ];
    const running = this.#executable.run(1, { firstStep: this.#steps++ });
    await Promise.all(written);
    const { steps: batches, outputs } = await running;
    const logs = logsOfBatch({ first: 0, batches, samples: x.shape[0]!, outputs }, 0);
    if (Number.isFinite(logs.loss)) return logs;
    throw new CudaGanError(
      'CUDA_GAN_DIVERGED',
      `the loss became ${logs.loss}; a lower learning rate or other data scaling may help`,
    );
  }

  dispose(): void {
    this.#executable.dispose();
    this.#x.dispose();
    this.#y.dispose();
  }
}

function pixelsAsFloats({ shape, data }: Tensor): Tensor {
  return { shape, data: data instanceof Uint8Array ? Float32Array.from(data) : data };
}

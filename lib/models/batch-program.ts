// A recorded step for batches that the caller hands over, compiled for one number of rows.
import type { Device, RunResult } from '../devices/device.js';
import { gather } from '../ops/index.js';
import { CompiledProgram } from '../program/compiled-program.js';
import { Graph } from '../program/graph.js';
import type { Value } from '../program/value.js';
import { Variable } from '../program/variable.js';
import { bytesOf, copyOf, dtypeOf, type Tensor } from '../tensor.js';
import { type RecordStep, rowNumbers } from './batches.js';
import type { DataSet } from './data.js';
import { type PixelRange, scalingOf } from './pixel-range.js';
import type { CachedProgram } from './program-cache.js';

export interface BatchProgramOptions {
  readonly device: Device;
  readonly seed: number;
  /** The first of the streams of its random ops. */
  readonly stream: number;
  readonly pixelRange: PixelRange | undefined;
  readonly record: RecordStep;
}

export class BatchProgram implements CachedProgram {
  readonly #device: Device;
  readonly #data: readonly Variable[];
  readonly #program: CompiledProgram;

  /** For batches of the shapes and types of `data`. */
  constructor(data: DataSet, { device, seed, stream, pixelRange, record }: BatchProgramOptions) {
    this.#device = device;
    const variables = (name: string, tensors: readonly Tensor[]) =>
      tensors.map(({ shape, data }) => new Variable({ name, shape, dtype: dtypeOf(data) }));
    const [inputs, targets] = [variables('x', data.inputs), variables('y', data.targets)];
    const weights = variables('weights', data.weights);
    this.#data = [...inputs, ...targets, ...weights];
    const graph = new Graph(seed, stream);
    record(graph, {
      inputs: inputs.map((x) => contentOf(graph, x, pixelRange)),
      targets: targets.map((y) => contentOf(graph, y)),
      weights: weights.map((weight) => contentOf(graph, weight)),
    });
    this.#program = new CompiledProgram(graph, device);
  }

  /** Batches for which the same program serves have the same key. */
  static keyOf(data: DataSet, pixelRange: PixelRange | undefined): string {
    const types = tensorsOf(data).map(({ shape, data }) => `${dtypeOf(data)} ${shape}`);
    return `${types.join('; ')}; ${pixelRange}`;
  }

  get bytes(): number {
    return this.#data.reduce((sum, variable) => sum + bytesOf(variable), this.#program.bytes);
  }

  get current(): boolean {
    return this.#program.current;
  }

  /** One step on a batch, which may change as soon as this has returned. `step` is what random numbers count by. */
  async run(data: DataSet, step: number): Promise<RunResult> {
    const written = tensorsOf(data).map(async ({ data }, i) => this.#data[i]!.write(copyOf(data), this.#device));
    const [result] = await Promise.all([this.#program.run(1, { firstStep: step }), ...written]);
    return result;
  }

  dispose(): void {
    this.#program.dispose();
    for (const variable of this.#data) variable.dispose();
  }
}

function tensorsOf({ inputs, targets, weights }: DataSet): readonly Tensor[] {
  return [...inputs, ...targets, ...weights];
}

/** The content of a Variable as layers and losses want it: bytes as float32. */
function contentOf(graph: Graph, variable: Variable, pixelRange?: PixelRange): Value {
  const content = graph.read(variable);
  if (variable.dtype !== 'uint8') return content;
  const rows = new Variable({
    name: 'rows',
    shape: [variable.shape[0]!],
    dtype: 'int32',
    initial: () => rowNumbers(variable.shape[0]!),
  });
  return gather(content, graph.read(rows), scalingOf(pixelRange));
}

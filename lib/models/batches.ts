// Runs a recorded step over batches of rows that stay on the device.
import { ChunkSize } from '../devices/chunk-size.js';
import type { Device, Executable } from '../devices/device.js';
import { batchRow } from '../ops/batch-row.js';
import { gather } from '../ops/gather.js';
import { Graph } from '../program/graph.js';
import { buildProgram } from '../program/program.js';
import type { Value } from '../program/value.js';
import { Variable } from '../program/variable.js';
import type { TypedArray } from '../tensor.js';
import { type DataSet, dataVariable } from './data.js';

/** Records what happens to a batch; names its results with `graph.output`. */
export type RecordStep = (graph: Graph, x: Value, y: Value | undefined) => void;

export interface BatchResult {
  /** Number of the first of these batches. */
  readonly first: number;
  readonly batches: number;
  /** Samples per batch. */
  readonly samples: number;
  readonly outputs: ReadonlyMap<string, TypedArray>;
}

export interface RunBatches {
  /** Row numbers, one batch after the other. */
  readonly order: Int32Array;
  /** Which pass over the data this is: random numbers differ from one to the next. Default 0. */
  readonly epoch?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The data of one data set, cut into batches; the last one may be smaller. */
export class Batches {
  readonly #parts: Part[] = [];
  readonly #data: Variable[];

  constructor(data: DataSet, batchSize: number, seed: number, device: Device, record: RecordStep) {
    const x = dataVariable('x', data.x);
    const y = data.y && dataVariable('y', data.y);
    this.#data = y === undefined ? [x] : [x, y];
    const full = Math.floor(data.rows / batchSize);
    const rest = data.rows % batchSize;
    if (full > 0) this.#parts.push(new Part({ x, y }, full, batchSize, seed, device, record));
    if (rest > 0) this.#parts.push(new Part({ x, y }, 1, rest, seed, device, record));
  }

  /** Runs all batches, a number of them at a time; ends early when `signal` says so. */
  async *run({ order, epoch = 0, signal }: RunBatches): AsyncGenerator<BatchResult> {
    let begin = 0;
    let first = 0;
    for (const part of this.#parts) {
      const end = begin + part.steps * part.batch;
      for await (const result of part.run(order.subarray(begin, end), epoch, signal)) {
        yield { ...result, first: first + result.first };
      }
      begin = end;
      first += part.steps;
      if (signal?.aborted) return;
    }
  }

  dispose(): void {
    for (const part of this.#parts) part.dispose();
    for (const variable of this.#data) variable.dispose();
  }
}

/** Batches of one size: one program. */
class Part {
  readonly steps: number;
  readonly batch: number;
  readonly #device: Device;
  readonly #order: Variable;
  readonly #executable: Executable;
  readonly #chunk = new ChunkSize();

  constructor(
    { x, y }: { x: Variable; y: Variable | undefined },
    steps: number,
    batch: number,
    seed: number,
    device: Device,
    record: RecordStep,
  ) {
    this.steps = steps;
    this.batch = batch;
    this.#device = device;
    this.#order = new Variable({ name: 'order', shape: [steps, batch], dtype: 'int32' });
    const graph = new Graph(seed);
    const rows = batchRow(graph.read(this.#order));
    record(graph, gather(graph.read(x), rows), y && gather(graph.read(y), rows));
    this.#executable = device.compile(buildProgram(graph));
  }

  async *run(order: Int32Array, epoch: number, signal: AbortSignal | undefined): AsyncGenerator<BatchResult> {
    await this.#order.write(order, this.#device);
    for (let first = 0; first < this.steps && !signal?.aborted; ) {
      const begun = performance.now();
      const { steps, outputs } = await this.#executable.run(Math.min(this.#chunk.steps, this.steps - first), {
        firstStep: epoch * this.steps + first,
        stopOnNonFinite: true,
        ...(signal && { signal }),
      });
      if (steps === 0) return;
      this.#chunk.adjust(steps, (performance.now() - begun) / 1000);
      yield { first, batches: steps, samples: this.batch, outputs };
      first += steps;
    }
  }

  dispose(): void {
    this.#executable.dispose();
    this.#order.dispose();
  }
}

/** 0, 1, …, rows - 1. */
export function inOrder(rows: number): Int32Array {
  return Int32Array.from({ length: rows }, (_, i) => i);
}

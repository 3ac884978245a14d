// Runs a recorded step over batches of rows that stay on the device.
import { ChunkSize } from '../devices/chunk-size.js';
import type { Device, Executable } from '../devices/device.js';
import { batchRow } from '../ops/batch-row.js';
import { gather } from '../ops/index.js';
import { Graph } from '../program/graph.js';
import { buildProgram } from '../program/program.js';
import type { Value } from '../program/value.js';
import { Variable } from '../program/variable.js';
import type { TypedArray } from '../tensor.js';
import { type DataSet, dataVariable } from './data.js';
import { type PixelRange, scalingOf } from './pixel-range.js';

/** Records what happens to a batch of samples and targets; names its results with `graph.output`. */
export type RecordStep = (graph: Graph, inputs: readonly Value[], targets: readonly Value[]) => void;

export interface BatchResult {
  /** Number of the first of these batches. */
  readonly first: number;
  readonly batches: number;
  /** Samples per batch. */
  readonly samples: number;
  readonly outputs: ReadonlyMap<string, TypedArray>;
}

export interface BatchesOptions {
  readonly batchSize: number;
  readonly seed: number;
  /** The first of the streams of its random ops. */
  readonly stream: number;
  readonly device: Device;
  readonly pixelRange: PixelRange | undefined;
  readonly record: RecordStep;
}

export interface RunBatches {
  /** Row numbers, one batch after the other. */
  readonly order: Int32Array;
  /** Number of the step that the first batch is: what random numbers count by. */
  readonly firstStep: number;
  /** Run batch by batch, for the sake of who wants to look on, in place of many at a time. Default false. */
  readonly oneByOne?: boolean | undefined;
  /** Called before every run, with the number of the step that it begins with. */
  readonly beforeRun?: ((step: number) => Promise<void>) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The data of one data set, cut into batches; the last one may be smaller. */
export class Batches {
  /** Number of batches. */
  readonly count: number;
  readonly #parts: Part[] = [];
  readonly #data: Variable[];

  /** Copies the data to the device. */
  constructor(data: DataSet, options: BatchesOptions) {
    const { batchSize } = options;
    const inputs = data.inputs.map((tensor) => dataVariable('x', tensor));
    const targets = data.targets.map((tensor) => dataVariable('y', tensor));
    this.#data = [...inputs, ...targets];
    const full = Math.floor(data.rows / batchSize);
    const rest = data.rows % batchSize;
    if (full > 0) this.#parts.push(new Part({ inputs, targets, steps: full, batch: batchSize }, options));
    if (rest > 0) this.#parts.push(new Part({ inputs, targets, steps: 1, batch: rest }, options));
    this.count = full + Math.sign(rest);
  }

  /** Runs all batches, a number of them at a time; ends early when `signal` says so. */
  async *run({ order, firstStep, ...options }: RunBatches): AsyncGenerator<BatchResult> {
    let begin = 0;
    let first = 0;
    for (const part of this.#parts) {
      const end = begin + part.steps * part.batch;
      const run = part.run({ ...options, order: order.subarray(begin, end), firstStep: firstStep + first });
      for await (const result of run) yield { ...result, first: first + result.first };
      begin = end;
      first += part.steps;
      if (options.signal?.aborted) return;
    }
  }

  dispose(): void {
    for (const part of this.#parts) part.dispose();
    for (const variable of this.#data) variable.dispose();
  }
}

interface PartData {
  readonly inputs: readonly Variable[];
  readonly targets: readonly Variable[];
  readonly steps: number;
  readonly batch: number;
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
    { inputs, targets, steps, batch }: PartData,
    { seed, stream, device, pixelRange, record }: BatchesOptions,
  ) {
    this.steps = steps;
    this.batch = batch;
    this.#device = device;
    this.#order = new Variable({ name: 'order', shape: [steps, batch], dtype: 'int32' });
    const graph = new Graph(seed, stream);
    const rows = batchRow(graph.read(this.#order));
    const samples = inputs.map((x) => gather(graph.read(x), rows, x.dtype === 'uint8' ? scalingOf(pixelRange) : {}));
    record(
      graph,
      samples,
      targets.map((y) => gather(graph.read(y), rows)),
    );
    this.#executable = device.compile(buildProgram(graph, device));
  }

  async *run({ order, firstStep, oneByOne, beforeRun, signal }: RunBatches): AsyncGenerator<BatchResult> {
    await this.#order.write(rowsByStep(order, this.batch, firstStep), this.#device);
    for (let first = 0; first < this.steps && !signal?.aborted; ) {
      await beforeRun?.(firstStep + first);
      const begun = performance.now();
      const { steps, outputs } = await this.#executable.run(
        oneByOne ? 1 : Math.min(this.#chunk.steps, this.steps - first),
        { firstStep: firstStep + first, stopOnNonFinite: true, ...(signal && { signal }) },
      );
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

/** `batchRow` takes row (step mod steps): moves the batch of step `firstStep` there, and the others behind it. */
function rowsByStep(order: Int32Array, batch: number, firstStep: number): Int32Array {
  const shift = batch * (firstStep % (order.length / batch));
  const rows = new Int32Array(order.length);
  rows.set(order.subarray(0, order.length - shift), shift);
  rows.set(order.subarray(order.length - shift), 0);
  return rows;
}

/** 0, 1, …, rows - 1. */
export function rowNumbers(rows: number): Int32Array {
  return Int32Array.from({ length: rows }, (_, i) => i);
}

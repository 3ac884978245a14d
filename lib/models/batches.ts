// Runs a recorded step over batches of rows that stay on the device.
import { ChunkSize } from '../devices/chunk-size.js';
import type { Device, Executable, RunResult } from '../devices/device.js';
import { batchRow } from '../ops/batch-row.js';
import { gather } from '../ops/index.js';
import { Graph } from '../program/graph.js';
import { buildProgram } from '../program/program.js';
import type { Value } from '../program/value.js';
import { Variable } from '../program/variable.js';
import type { TypedArray } from '../tensor.js';
import { type DataSet, dataVariable } from './data.js';
import { type PixelRange, scalingOf } from './pixel-range.js';

/** A batch as a step sees it: samples, targets, and weights, of which there may be none. */
export interface BatchValues {
  readonly inputs: readonly Value[];
  readonly targets: readonly Value[];
  readonly weights: readonly Value[];
}

/** Records what happens to a batch; names its results with `graph.output`. */
export type RecordStep = (graph: Graph, batch: BatchValues) => void;

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

export interface PassOptions {
  /** Row numbers, one batch after the other. */
  readonly order: Int32Array;
  /** Number of the step that the first batch is: what random numbers count by. */
  readonly firstStep: number;
  /** Batches that were run before, by a run that is resumed. Default 0. */
  readonly done?: number | undefined;
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
    const weights = data.weights.map((tensor) => dataVariable('weights', tensor));
    this.#data = [...inputs, ...targets, ...weights];
    const variables = { inputs, targets, weights };
    const full = Math.floor(data.rows / batchSize);
    const rest = data.rows % batchSize;
    if (full > 0) this.#parts.push(new Part({ ...variables, steps: full, batch: batchSize }, options));
    if (rest > 0) this.#parts.push(new Part({ ...variables, steps: 1, batch: rest }, options));
    this.count = full + Math.sign(rest);
  }

  /** What every batch results in, by name. */
  get figures(): readonly string[] {
    return this.#parts[0]!.figures;
  }

  /** The Variables that a batch changes. */
  get updated(): readonly Variable[] {
    return this.#parts[0]!.updated;
  }

  /** Begins to go through the data, or goes on. */
  pass(options: PassOptions): Pass {
    return new Pass(this.#parts, options);
  }

  /** Runs all batches, a number of them at a time. */
  async *run(options: PassOptions): AsyncGenerator<BatchResult> {
    for (const pass = this.pass(options); pass.stepsAhead > 0; ) {
      const begun = performance.now();
      const result = await pass.run(Math.min(pass.chunk.steps, pass.stepsAhead));
      pass.chunk.adjust(result.batches, (performance.now() - begun) / 1000);
      yield result;
    }
  }

  dispose(): void {
    for (const part of this.#parts) part.dispose();
    for (const variable of this.#data) variable.dispose();
  }
}

/** One way through the data, batch by batch. */
export class Pass {
  readonly #parts: readonly Part[];
  readonly #order: Int32Array;
  readonly #firstStep: number;
  #done: number;
  /** The part whose order is on the device. */
  #written: Part | undefined;

  constructor(parts: readonly Part[], { order, firstStep, done = 0 }: PassOptions) {
    this.#parts = parts;
    this.#order = order;
    this.#firstStep = firstStep;
    this.#done = done;
  }

  /** Batches that were run. */
  get done(): number {
    return this.#done;
  }

  /** Batches of the same size that come next; 0 at the end. */
  get stepsAhead(): number {
    const place = this.#place();
    return place === undefined ? 0 : place.first + place.part.steps - this.#done;
  }

  /** How many batches of that size take the time of a chunk. */
  get chunk(): ChunkSize {
    return (this.#place() ?? { part: this.#parts.at(-1)! }).part.chunk;
  }

  /** Runs up to `count` of the batches ahead, fewer when `signal` says so. */
  async run(count: number, signal?: AbortSignal): Promise<BatchResult> {
    const { part, first, row } = this.#place()!;
    if (this.#written !== part) {
      const order = this.#order.subarray(row, row + part.steps * part.batch);
      await part.write(order, this.#firstStep + first);
      this.#written = part;
    }
    const { steps, outputs } = await part.run(count, this.#firstStep + this.#done, signal);
    const result = { first: this.#done, batches: steps, samples: part.batch, outputs };
    this.#done += steps;
    return result;
  }

  /** The part that the next batch is of, with the numbers of its first batch and row. */
  #place(): { readonly part: Part; readonly first: number; readonly row: number } | undefined {
    let [first, row] = [0, 0];
    for (const part of this.#parts) {
      if (this.#done < first + part.steps) return { part, first, row };
      first += part.steps;
      row += part.steps * part.batch;
    }
    return undefined;
  }
}

interface PartData {
  readonly inputs: readonly Variable[];
  readonly targets: readonly Variable[];
  readonly weights: readonly Variable[];
  readonly steps: number;
  readonly batch: number;
}

/** Batches of one size: one program. */
class Part {
  readonly steps: number;
  readonly batch: number;
  readonly #device: Device;
  readonly #order: Variable;
  readonly figures: readonly string[];
  readonly updated: readonly Variable[];
  readonly chunk = new ChunkSize();
  readonly #executable: Executable;

  constructor(
    { inputs, targets, weights, steps, batch }: PartData,
    { seed, stream, device, pixelRange, record }: BatchesOptions,
  ) {
    this.steps = steps;
    this.batch = batch;
    this.#device = device;
    this.#order = new Variable({ name: 'order', shape: [steps, batch], dtype: 'int32' });
    const graph = new Graph(seed, stream);
    const rows = batchRow(graph.read(this.#order));
    record(graph, {
      inputs: inputs.map((x) => gather(graph.read(x), rows, x.dtype === 'uint8' ? scalingOf(pixelRange) : {})),
      targets: targets.map((y) => gather(graph.read(y), rows)),
      weights: weights.map((weight) => gather(graph.read(weight), rows)),
    });
    this.figures = [...graph.outputs.keys()];
    this.updated = graph.updated;
    this.#executable = device.compile(buildProgram(graph, device));
  }

  /** Brings the rows of all batches to the device, of which step `firstStep` is the first. */
  async write(order: Int32Array, firstStep: number): Promise<void> {
    await this.#order.write(rowsByStep(order, this.batch, firstStep), this.#device);
  }

  run(steps: number, firstStep: number, signal: AbortSignal | undefined): Promise<RunResult> {
    return this.#executable.run(steps, { firstStep, stopOnNonFinite: true, ...(signal && { signal }) });
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

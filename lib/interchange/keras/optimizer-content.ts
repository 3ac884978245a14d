// The state of an optimizer on its way to a file of Keras and back.
import { CudaGanError } from '../../errors.js';
import type { NewDataset } from '../../formats/hdf5/index.js';
import type { Model } from '../../models/model.js';
import type { Compiled } from '../../models/trainer.js';
import { fill } from '../../ops/index.js';
import { Graph } from '../../program/graph.js';
import type { Variable } from '../../program/variable.js';
import { formatShape, sameShape, type Tensor, type TypedArray } from '../../tensor.js';
import type { RecordOrder } from './layer-order.js';
import { type OptimizerState, optimizerState } from './optimizer-state.js';
import { trainableInOrder } from './weight-places.js';

export interface OptimizerContent {
  /** What Keras calls it. */
  readonly name: string;
  /** Number of updates, learning rate (none where there is a schedule), moments. */
  readonly entries: readonly OptimizerEntry[];
}

export interface OptimizerEntry {
  readonly tensor: Tensor;
  readonly dtype?: NewDataset['dtype'];
  /** The weight that it is of, and what of it; none of what belongs to all. */
  readonly weight?: Variable;
}

/** What an optimizer that has moved the model has come to; undefined before its first update. */
export async function readOptimizerContent(
  model: Model,
  compiled: Compiled,
  order: RecordOrder,
): Promise<OptimizerContent | undefined> {
  const { optimizer } = compiled;
  const { updates, moments, shared } = stateOf(model, compiled, order);
  if (![updates, ...moments, ...shared].some((variable) => variable?.device !== undefined)) return undefined;
  const read = async (variable: Variable): Promise<OptimizerEntry> => ({
    tensor: { shape: variable.shape, data: await variable.read(model.device) },
  });
  const count = updates === undefined ? Int32Array.of(0) : await updates.read(model.device);
  const rate = optimizer.schedule === undefined ? [scalar(Float32Array.of(optimizer.learningRate))] : [];
  return {
    name: optimizer.className.toLowerCase(),
    entries: [
      { tensor: scalar(count), dtype: 'int64' },
      ...rate.map((tensor) => ({ tensor })),
      ...(await Promise.all([...moments, ...shared].map(read))),
    ],
  };
}

function scalar(data: TypedArray): Tensor {
  return { shape: [], data };
}

/** In the order in which Keras has the weights. */
function stateOf(model: Model, { optimizer, weights }: Compiled, order: RecordOrder): OptimizerState {
  const moved = new Set(weights);
  const inOrder = trainableInOrder(model, order).filter((weight) => moved.has(weight));
  return optimizerState(optimizer, inOrder);
}

/**
 * Brings an optimizer to the state that a file has: number of updates, learning rate, moments.
 * @throws CudaGanError `CUDA_GAN_VALUE` when they are not those of this optimizer and this model.
 */
export async function writeOptimizerContent(
  model: Model,
  compiled: Compiled,
  entries: readonly Tensor[],
  order: RecordOrder,
): Promise<void> {
  const { optimizer, weights } = compiled;
  makeState(compiled);
  const { updates, moments, shared } = stateOf(model, compiled, order);
  const [count, ...others] = entries;
  const all = [...moments, ...shared];
  // Optimizers before Keras 2.11 have no learning rate among their state.
  const hasRate = optimizer.schedule === undefined && others.length !== all.length;
  const rate = hasRate ? others[0] : undefined;
  const state = hasRate ? others.slice(1) : others;
  // Keras has no moments before the first update, nor where it has lost them, as it does with `.h5` files.
  const wanted = state.length === 0 ? [] : all;
  const fits = state.length === wanted.length && wanted.every(({ shape }, i) => sameShape(shape, state[i]!.shape));
  if (count === undefined || !fits) {
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `the state of the optimizer ${optimizer.className} in the file has ${state.length} parts ${shapesOf(state)}; wanted are ${wanted.length}: ${shapesOf(wanted)}, for ${weights.length} weights`,
    );
  }
  if (rate !== undefined) optimizer.learningRate = rate.data[0]!;
  const { device } = model;
  await Promise.all([
    ...(updates === undefined ? [] : [updates.write(Int32Array.from(count.data), device)]),
    ...wanted.map((variable, i) => variable.write(Float32Array.from(state[i]!.data), device)),
  ]);
}

/** An optimizer makes its state where an update is recorded. */
export function makeState({ optimizer, weights }: Compiled): void {
  const graph = new Graph();
  optimizer.applyGradients(
    graph,
    weights,
    weights.map(({ shape }) => fill(graph, shape, 0)),
  );
}

function shapesOf(parts: readonly { readonly shape: readonly number[] }[]): string {
  return parts.map(({ shape }) => formatShape(shape)).join(' ');
}

// What a model computes in inference, as ops, and which of their dimensions grow with the batch.
//
// The model is recorded for two sizes of the batch. A dimension that is the same in both is a constant; one that grows
// as the batch is a multiple of it. The smaller size is divisible by all numbers up to 16, so that what cuts a batch into
// groups of so many samples cuts it evenly, into a share of the batch.
import { CudaGanError } from '../../../errors.js';
import type { Layer } from '../../../layers/layer.js';
import { MinibatchStdDev } from '../../../layers/minibatch-std-dev.js';
import type { Model } from '../../../models/model.js';
import { withoutDeadCode } from '../../../program/dead-code.js';
import { fuse } from '../../../program/fuse.js';
import { Graph } from '../../../program/graph.js';
import type { Attributes, Op } from '../../../program/op.js';
import type { KernelNode, Value } from '../../../program/value.js';
import { Variable } from '../../../program/variable.js';
import type { Shape } from '../../../tensor.js';
import { maxGroupSize } from '../minibatch-nodes.js';
import { exportFusions } from './fusions.js';

/** So many times the batch, or that share of it: a whole number, or one divided by a whole number. */
export interface BatchMultiple {
  readonly times: number;
}

/** A length, or a multiple of the batch. */
export type Dim = number | BatchMultiple;

export interface Recording {
  readonly inputs: readonly Value[];
  /** Each behind those whose outputs it takes. */
  readonly nodes: readonly KernelNode[];
  readonly outputs: readonly Value[];
  readonly graph: Graph;
  dimsOf(value: Value): readonly Dim[];
  /** Names of the layers around what made a value, joined by `/`; without that of the model. */
  scopeOf(value: Value): string;
}

/** The smaller batch, where no layer wants groups of its own size. */
const leastBatch = 720_720;
/** Of larger ones, elements of images could be more than a number counts. */
const mostBatch = 2 ** 31;

/**
 * A batch that is divisible by the group sizes of a model, so that its groups are as large as they get.
 * @throws CudaGanError `CUDA_GAN_VALUE` where none is small enough.
 */
function batchFor(model: Model): number {
  return groupingLayers(model, []).reduce((batch, { path, groupSize }) => {
    const multiple = (batch / greatestDivisor(batch, groupSize)) * groupSize;
    if (groupSize <= maxGroupSize && multiple <= mostBatch) return multiple;
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `layer "${path}" cannot be exported to ONNX: its groupSize is ${groupSize}; supported are those up to ${maxGroupSize}, and in one model those with a common multiple that is not beyond ${mostBatch}`,
    );
  }, leastBatch);
}

function groupingLayers(
  layer: Layer,
  path: readonly string[],
): readonly { readonly path: string; readonly groupSize: number }[] {
  if (layer instanceof MinibatchStdDev) return [{ path: path.join('/'), groupSize: layer.groupSize }];
  return layer.layersWithin.flatMap((part) => groupingLayers(part, [...path, part.name]));
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

/** @throws CudaGanError `CUDA_GAN_VALUE` when a layer computes in another way for another size of the batch. */
export function recordInference(model: Model): Recording {
  const batch = batchFor(model);
  const [small, large] = [recordBatch(model, batch), recordBatch(model, 2 * batch)];
  const dims = new Map<Value, readonly Dim[]>();
  const pair = (a: Value, b: Value) => {
    const found = a.shape.map((dimension, i) => dimAt(dimension, b.shape[i]!, batch));
    if (a.shape.length !== b.shape.length || found.includes(undefined)) throw dependsOnBatch(small, a);
    dims.set(a, found as readonly Dim[]);
  };
  small.inputs.forEach((input, i) => {
    pair(input, large.inputs[i]!);
  });
  small.nodes.forEach((node, i) => {
    const other = large.nodes[i];
    if (other === undefined || !isSameComputation(node, other)) throw dependsOnBatch(small, node.outputs[0]!);
    node.outputs.forEach((output, j) => {
      pair(output, other.outputs[j]!);
    });
  });
  const { inputs, nodes, outputs, graph } = small;
  return {
    inputs,
    nodes,
    outputs,
    graph,
    dimsOf: (value) => dims.get(value) ?? value.shape,
    scopeOf: (value) => graph.scopeOf(value),
  };
}

interface BatchRecording extends Pick<Recording, 'inputs' | 'nodes' | 'outputs'> {
  readonly graph: ScopedGraph;
}

function recordBatch(model: Model, size: number): BatchRecording {
  const graph = new ScopedGraph();
  const { inputNames, inputShapes, inputDTypes } = model;
  const inputs = inputNames.map((name, i) =>
    graph.read(new Variable({ name, shape: [size, ...inputShapes[i]!], dtype: inputDTypes[i]! })),
  );
  const outputs = model.record(inputs, { training: false });
  const nodes = fuse(withoutDeadCode(graph.nodes, outputs), outputs, exportFusions);
  return { graph, inputs, nodes, outputs };
}

/** A graph that remembers in which layer a value was made. */
class ScopedGraph extends Graph {
  readonly #labels: string[] = [];
  readonly #scopes = new Map<Value, string>();

  override scope<Result>(label: string, build: () => Result): Result {
    this.#labels.push(label);
    try {
      return super.scope(label, build);
    } finally {
      this.#labels.pop();
    }
  }

  override record<A extends Attributes>(op: Op<A>, inputs: readonly Value[], attributes: A): readonly Value[] {
    const outputs = super.record(op, inputs, attributes);
    const scope = this.#labels.slice(1).join('/');
    for (const output of outputs) this.#scopes.set(output, scope);
    return outputs;
  }

  scopeOf(value: Value): string {
    return this.#scopes.get(value) ?? '';
  }
}

function dimAt(small: number, large: number, batch: number): Dim | undefined {
  if (small === large) return small;
  const times = small / batch;
  const isCounted = Number.isInteger(times) || Number.isInteger(1 / times);
  return large === 2 * small && isCounted ? { times } : undefined;
}

/** Whether two nodes do the same for another batch. Shapes of results may differ, and so may the size of a box that has a whole axis. */
function isSameComputation(a: KernelNode, b: KernelNode): boolean {
  const settings = ({ op, inputs, attributes: { shape: _shape, size, ...others } }: KernelNode) => {
    const box = (size as Shape | undefined)?.map((length, axis) =>
      length === inputs[0]!.shape[axis] ? 'whole' : length,
    );
    return JSON.stringify([op.name, inputs.length, box, others]);
  };
  return settings(a) === settings(b);
}

function dependsOnBatch({ graph }: BatchRecording, value: Value): CudaGanError {
  return new CudaGanError(
    'CUDA_GAN_VALUE',
    `layer "${graph.scopeOf(value)}" computes in another way for another number of samples; an ONNX file has one graph for all`,
  );
}

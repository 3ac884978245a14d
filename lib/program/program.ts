// The flat, serialisable result of building: tensors with a place in memory, and instructions over them.
import { CudaGanError } from '../errors.js';
import { foldConstants } from './constants.js';
import { withoutDeadCode } from './dead-code.js';
import { type Fusion, fuse } from './fuse.js';
import type { Graph } from './graph.js';
import { planMemory } from './memory-plan.js';
import { type Attributes, callNameOf } from './op.js';
import type { KernelNode, TensorType, Value } from './value.js';
import type { Variable } from './variable.js';

/** Where a tensor's elements are: in a Variable, or at a byte offset of the program's own memory, the arena. */
export type Place =
  | { readonly kind: 'variable'; readonly index: number }
  | { readonly kind: 'arena'; readonly offset: number };

export interface PlacedTensor extends TensorType {
  readonly place: Place;
}

export interface Instruction {
  readonly op: string;
  /** Indices into `Program.tensors`. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly attributes: Attributes;
}

/** A step as data: what every Device compiles. */
export interface Program {
  readonly tensors: readonly PlacedTensor[];
  readonly instructions: readonly Instruction[];
  readonly variables: readonly Variable[];
  /** Results recorded at every step: a name and an index into `tensors`. */
  readonly outputs: readonly { readonly name: string; readonly tensor: number }[];
  readonly arenaBytes: number;
}

export interface BuildOptions {
  /** Chains of ops that the device has one kernel for. Default: none. */
  readonly fusions?: readonly Fusion[];
}

/** Turns a recorded graph into a Program: folds constants, removes dead code, fuses, orders and places every tensor in memory. */
export function buildProgram(graph: Graph, { fusions = [] }: BuildOptions = {}): Program {
  const results = [...graph.outputs.values()];
  const live = withoutDeadCode(foldConstants(graph.nodes), results);
  return place(fuse(live, results, fusions), graph.outputs);
}

/** The Variables that running the program changes. */
export function updatedVariables({ tensors, instructions, variables }: Program): Variable[] {
  const places = instructions.flatMap(({ outputs }) => outputs.map((output) => tensors[output]!.place));
  return variables.filter((_, index) => places.some((place) => place.kind === 'variable' && place.index === index));
}

function place(nodes: readonly KernelNode[], results: ReadonlyMap<string, Value>): Program {
  const roots = new Map<Value, Value>();
  const rootOf = (value: Value): Value => roots.get(value) ?? value;
  for (const { op, inputs, outputs } of nodes) if (op.alias) roots.set(outputs[0]!, rootOf(inputs[0]!));

  const kernels = nodes.filter((node) => !node.op.alias);
  checkVersions(kernels, rootOf, [...results.values()]);

  const values = new Map<Value, number>();
  const tensors: PlacedTensor[] = [];
  const variables: Variable[] = [];
  const offsets = planMemory(kernels, rootOf, [...results.values()]);

  const placeOf = (value: Value): Place => {
    const { variable } = value;
    if (variable === undefined) return { kind: 'arena', offset: offsets.offsetOf(value) };
    if (!variables.includes(variable)) variables.push(variable);
    return { kind: 'variable', index: variables.indexOf(variable) };
  };
  const tensorOf = (value: Value): number => {
    let index = values.get(value);
    if (index === undefined) {
      index = tensors.push({ shape: value.shape, dtype: value.dtype, place: placeOf(rootOf(value)) }) - 1;
      values.set(value, index);
    }
    return index;
  };

  const instructions = kernels.map(({ op, inputs, outputs, attributes }) => ({
    op: op.name,
    inputs: inputs.map(tensorOf),
    outputs: outputs.map(tensorOf),
    attributes,
  }));
  const outputs = [...results].map(([name, value]) => ({ name, tensor: tensorOf(value) }));
  return { tensors, instructions, variables, outputs, arenaBytes: offsets.bytes };
}

/** In-place updates are sound only if nobody reads a Variable's earlier content after its update. */
function checkVersions(nodes: readonly KernelNode[], rootOf: (value: Value) => Value, results: readonly Value[]): void {
  const updated = new Map<Variable, Value>();
  const check = (value: Value, reader: string) => {
    const root = rootOf(value);
    const latest = root.variable && updated.get(root.variable);
    if (latest !== undefined && latest !== root) {
      throw new CudaGanError(
        'CUDA_GAN_VALUE',
        `${reader} reads "${root.variable!.name}" as it was before its update: read it again after that, by weight()`,
      );
    }
  };
  for (const node of nodes) {
    for (const input of node.inputs) check(input, callNameOf(node.op, node.attributes));
    for (const output of node.outputs) if (output.variable) updated.set(output.variable, output);
  }
  for (const result of results) check(result, 'an output');
}

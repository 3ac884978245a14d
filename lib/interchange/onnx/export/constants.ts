// What does not depend on the inputs of a model: weights, and what layers make of weights alone, such as a kernel that is
// divided by its largest singular value. The device of the model computes it once; the file has the result.
import { CudaGanError } from '../../../errors.js';
import type { Model } from '../../../models/model.js';
import { CompiledProgram } from '../../../program/compiled-program.js';
import type { KernelNode, Value } from '../../../program/value.js';
import { firstNonFinite, type TypedArray } from '../../../tensor.js';
import type { Recording } from './recording.js';

/** A tensor that is a part of the file. */
export interface Constant {
  readonly name: string;
  readonly data: TypedArray;
}

/**
 * What the nodes `dynamic` read, or the model puts out, and none of them makes.
 * @throws CudaGanError `CUDA_GAN_DATA` for NaN or Infinity.
 */
export async function constantsOf(
  model: Model,
  recording: Recording,
  dynamic: readonly KernelNode[],
): Promise<ReadonlyMap<Value, Constant>> {
  const made = new Set([...recording.inputs, ...dynamic.flatMap(({ outputs }) => outputs)]);
  const read = new Set([...dynamic.flatMap(({ inputs }) => inputs), ...recording.outputs]);
  const wanted = [...read].filter((value) => !made.has(value));
  const names = new Map(model.namedWeights.map(([name, variable]) => [variable, name]));
  const computed = wanted.filter(({ variable }) => variable === undefined);
  const results = await compute(model, recording, computed);
  const constants = new Map<Value, Constant>();
  for (const value of wanted) {
    const { variable } = value;
    const name = variable === undefined ? `${recording.scopeOf(value)}/constant` : names.get(variable);
    const data = variable === undefined ? results.get(value)! : await variable.read(model.device);
    constants.set(value, requireFinite({ name: name ?? variable!.name, data }));
  }
  return constants;
}

/** The nodes that cannot be computed once for all: they depend on the inputs or on how many samples there are, or are random. */
export function dynamicNodes({ inputs, nodes, dimsOf }: Recording): readonly KernelNode[] {
  const dynamic = new Set<Value>(inputs);
  return nodes.filter(({ op, inputs: from, outputs, attributes }) => {
    const isRandom = 'stream' in attributes;
    const growsWithBatch = outputs.some((output) => dimsOf(output).some((dim) => typeof dim !== 'number'));
    if (!isRandom && !growsWithBatch && !op.updates && !from.some((value) => dynamic.has(value))) return false;
    for (const output of outputs) dynamic.add(output);
    return true;
  });
}

async function compute(
  { device }: Model,
  { graph }: Recording,
  values: readonly Value[],
): Promise<ReadonlyMap<Value, TypedArray>> {
  if (values.length === 0) return new Map();
  values.forEach((value, i) => {
    graph.output(String(i), value);
  });
  const program = new CompiledProgram(graph, device);
  try {
    const { outputs } = await program.run(1);
    return new Map(values.map((value, i) => [value, outputs.get(String(i))!]));
  } finally {
    program.dispose();
  }
}

function requireFinite(constant: Constant): Constant {
  const { name, data } = constant;
  const wrong = firstNonFinite(data);
  if (wrong < 0) return constant;
  throw new CudaGanError(
    'CUDA_GAN_DATA',
    `"${name}" contains ${data[wrong]} at index ${wrong}; a model is saved with finite numbers only`,
  );
}

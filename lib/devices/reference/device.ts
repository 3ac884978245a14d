// The reference device: plain TypeScript in float64, written to be read. Other devices are compared with it.
import { CudaGanError } from '../../errors.js';
import type { Program } from '../../program/program.js';
import type { TensorType } from '../../program/value.js';
import { bytesPerElement, createTypedArray, sizeOf, type TypedArray } from '../../tensor.js';
import type { Device, DeviceBuffer, DeviceName, Executable, RunOptions, RunResult } from '../device.js';
import { Queue } from '../queue.js';
import type { Kernel, ReferenceTensor } from './kernel.js';
import * as kernels from './kernels.js';

/** Time after which a run lets other work of the process through. */
const millisecondsPerTurn = 10;

interface Call {
  readonly kernel: Kernel;
  readonly inputs: readonly ReferenceTensor[];
  readonly outputs: readonly ReferenceTensor[];
  readonly attributes: Program['instructions'][number]['attributes'];
}

interface Results {
  readonly steps: number;
  readonly outputs: ReadonlyMap<string, Float64Array>;
}

export interface ReferenceExecutable extends Executable {
  /** As `run`, with the outputs in the float64 that this device computes in. */
  runExact(steps: number, options?: RunOptions): Promise<Results>;
}

export class ReferenceDevice implements Device {
  readonly name: DeviceName = 'reference';
  readonly description = 'TypeScript, float64';
  readonly threads = 1;
  readonly fusions = [];
  readonly precision = 'float32';
  readonly keeps = 'float64';
  readonly #queue = new Queue();
  readonly #contents = new WeakMap<DeviceBuffer, Float64Array>();

  allocate(_type: TensorType, initial: ArrayLike<number>): DeviceBuffer {
    const content = Float64Array.from(initial);
    const buffer: DeviceBuffer = {
      write: (data) => this.#queue.enqueue(() => content.set(data)),
      read: (target) => this.#queue.enqueue(() => target.set(content)),
      dispose: () => undefined,
    };
    this.#contents.set(buffer, content);
    return buffer;
  }

  compile(program: Program): ReferenceExecutable {
    const variables = program.variables.map((variable) => this.#contents.get(variable.on(this))!);
    const tensors = placeTensors(program, variables);
    const calls = program.instructions.map(({ op, inputs, outputs, attributes }) => ({
      kernel: kernelOf(op),
      inputs: inputs.map((i) => tensors[i]!),
      outputs: outputs.map((i) => tensors[i]!),
      attributes,
    }));
    const results = program.outputs.map(({ name, tensor }) => ({ name, tensor: tensors[tensor]! }));
    const runExact = (steps: number, options: RunOptions = {}) =>
      this.#queue.enqueue(() => runSteps(calls, results, steps, options));
    return {
      runExact,
      run: async (steps, options) => rounded(await runExact(steps, options), results),
      dispose: () => undefined,
    };
  }
}

/** Gives every tensor its part of a Variable or of the arena, in which an element takes a float64 for every four bytes. */
function placeTensors({ tensors, arenaBytes }: Program, variables: readonly Float64Array[]): ReferenceTensor[] {
  const arena = new Float64Array(arenaBytes / bytesPerElement.float32);
  return tensors.map(({ shape, dtype, place }) => {
    if (place.kind === 'variable') return { shape, dtype, data: variables[place.index]! };
    const begin = place.offset / bytesPerElement.float32;
    return { shape, dtype, data: arena.subarray(begin, begin + sizeOf(shape)) };
  });
}

function kernelOf(op: string): Kernel {
  const kernel = (kernels as Readonly<Record<string, Kernel>>)[op];
  if (kernel === undefined) throw new CudaGanError('CUDA_GAN_INTERNAL', `the reference device has no kernel "${op}"`);
  return kernel;
}

async function runSteps(
  calls: readonly Call[],
  results: readonly { readonly name: string; readonly tensor: ReferenceTensor }[],
  steps: number,
  { firstStep = 0, signal, stopOnNonFinite = false }: RunOptions,
): Promise<Results> {
  const recorded = results.map(({ tensor }) => new Float64Array(steps * tensor.data.length));
  let completed = 0;
  let turn = performance.now();
  while (completed < steps && !signal?.aborted) {
    for (const { kernel, ...call } of calls) kernel({ ...call, step: firstStep + completed });
    results.forEach(({ tensor }, i) => {
      recorded[i]!.set(tensor.data, completed * tensor.data.length);
    });
    completed++;
    if (stopOnNonFinite && !results.every(({ tensor }) => tensor.data.every(isFiniteAsFloat32))) break;
    if (performance.now() - turn > millisecondsPerTurn) {
      await new Promise((resolve) => setImmediate(resolve));
      turn = performance.now();
    }
  }
  const outputs = results.map(
    ({ name, tensor }, i) => [name, recorded[i]!.subarray(0, completed * tensor.data.length)] as const,
  );
  return { steps: completed, outputs: new Map(outputs) };
}

/** What is handed back is rounded to float32, where large numbers are infinite. */
function isFiniteAsFloat32(value: number): boolean {
  return Number.isFinite(Math.fround(value));
}

function rounded({ steps, outputs }: Results, results: readonly { name: string; tensor: TensorType }[]): RunResult {
  const arrays = results.map(({ name, tensor }) => {
    const exact = outputs.get(name)!;
    const array: TypedArray = createTypedArray(tensor.dtype, exact.length);
    array.set(exact);
    return [name, array] as const;
  });
  return { steps, outputs: new Map(arrays) };
}

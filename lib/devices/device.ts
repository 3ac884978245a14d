// The interface that every device implements: allocate memory, compile Programs, run them.

import type { Fusion } from '../program/fuse.js';
import type { Program } from '../program/program.js';
import type { TensorType } from '../program/value.js';
import type { TypedArray } from '../tensor.js';
import type { GraphFigures } from './addon.cjs';
import type { Precision } from './cuda.js';

/** `reference`: TypeScript in float64, to check the others by; `cpu`: C++; `cuda`: an NVIDIA GPU. */
export type DeviceName = 'reference' | 'cpu' | 'cuda';

/** Elements of a tensor as a device keeps them: a float32 tensor may be kept in float64. @internal */
export type KeptArray = TypedArray | Float64Array;

/**
 * Memory of one tensor on a device. Reads, writes and runs of a device happen in the order they were asked for.
 * @internal
 */
export interface DeviceBuffer {
  write(data: KeptArray): Promise<void>;
  /** Fills `target`, which has the buffer's dtype and length; or is float64, on a device that keeps that. */
  read(target: KeptArray): Promise<void>;
  dispose(): void;
}

/** @internal */
export interface RunOptions {
  /** Number of the first step; random ops and `batchRow` count from it. Default 0. */
  readonly firstStep?: number;
  /** Ends the run after the step under way. The run then resolves with the steps that were done. */
  readonly signal?: AbortSignal;
  /** End the run after a step in which an output is NaN or infinite. Default false. */
  readonly stopOnNonFinite?: boolean;
}

/** @internal */
export interface RunResult {
  /** Steps that were completed: as many as asked for unless stopped. */
  readonly steps: number;
  /** Per output: its values of every completed step, one after the other. */
  readonly outputs: ReadonlyMap<string, TypedArray>;
}

/** A Program compiled for a Device. @internal */
export interface Executable {
  run(steps: number, options?: RunOptions): Promise<RunResult>;
  /** The graph that the cuda device makes of so many steps; other devices make none. */
  graph?(steps: number): GraphFigures | undefined;
  dispose(): void;
}

/** What Programs run on. `createDevice` opens one; models and GANs share one for each name unless they are given another. */
export interface Device {
  /** Which kind of device it is. */
  readonly name: DeviceName;
  /** Of a cuda device: which GPU it is, counted from 0 as the driver shows them. */
  readonly gpu?: number | undefined;
  /** For people: processor or GPU, instruction set, threads. */
  readonly description: string;
  /** Threads that compute; 1 on the reference device. */
  readonly threads: number;
  /** In what precision its large matrix products multiply. */
  readonly precision: Precision;
  /** What it keeps float32 tensors in between steps: to go on to the same bits, nothing less must be kept. @internal */
  readonly keeps: 'float32' | 'float64';
  /** Memory for one tensor, filled with `initial`. @internal */
  allocate(type: TensorType, initial: KeptArray): DeviceBuffer;
  /** What it has fused kernels for: to be handed to `buildProgram`. @internal */
  readonly fusions: readonly Fusion[];
  /** @internal */
  compile(program: Program): Executable;
}

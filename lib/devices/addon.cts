// Loads the native addon. A CommonJS module in both builds of the package, for `require`.
import { packageRoot } from '../package-info.cjs';

/** Memory of one tensor. */
export interface AddonBuffer {
  write(source: NodeJS.TypedArray): void;
  read(target: NodeJS.TypedArray): void;
  dispose(): void;
}

export interface AddonExecutable {
  /** Runs off the JavaScript thread and resolves with the number of completed steps. Fills `outputs`. */
  run(steps: number, firstStep: number, stopOnNonFinite: boolean, outputs: NodeJS.TypedArray[]): Promise<number>;
  /** Ends the run after the step under way. */
  cancel(): void;
  dispose(): void;
}

export interface AddonDevice {
  readonly description: string;
  readonly threads: number;
  allocate(bytes: number): AddonBuffer;
  /** `program` as lib/program/program.ts describes it; one buffer per Variable. */
  compile(program: object, variables: AddonBuffer[]): AddonExecutable;
}

/** A library of NVIDIA that is looked for at run time: where it was found, or what was tried and how that failed. */
export interface LibraryReport {
  readonly name: string;
  readonly path: string;
  readonly version: string;
  readonly tried: readonly string[];
}

export interface CudaReport {
  readonly gpu: string;
  readonly computeCapability: string;
  /** The CUDA version that the driver supports; empty without a driver. */
  readonly driverVersion: string;
  /** The CUDA version that this build was made with. */
  readonly runtimeVersion: string;
  readonly memoryBytes: number;
  readonly libraries: readonly LibraryReport[];
}

export interface Addon {
  /** `threads` 0 means all physical cores, an empty `instructionSet` the best. */
  openCpu(threads: number, instructionSet: string): AddonDevice;
  openCuda(precision: string): AddonDevice;
  /** Why there is no cuda device, and what to do. Empty when there is one. */
  cudaMissing(): string;
  cudaReport(): CudaReport;
  /** Instruction sets that this processor has and this build contains, best first. */
  instructionSets(): string[];
}

let addon: Addon | undefined;

/** The addon of the nearest enclosing package folder. Throws node-gyp-build's error when there is no build. */
export function loadAddon(): Addon {
  addon ??= require('node-gyp-build')(packageRoot()) as Addon;
  return addon;
}

// Finds and loads the native addon. A CommonJS module in both builds of the package, as package-info.cts.
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import { packageRoot, requireHere } from '../package-info.cjs';

/** Memory of one tensor. */
export interface AddonBuffer {
  write(source: NodeJS.TypedArray): void;
  read(target: NodeJS.TypedArray): void;
  dispose(): void;
}

/** The graph of launches that a device hands over at once for some steps. */
export interface GraphFigures {
  readonly nodes: number;
  /** Nodes of its longest path. */
  readonly levels: number;
  /** That its nodes hold. */
  readonly parameterBytes: number;
  /** Nodes whose kernels come to the device before those that they wait for have ended. */
  readonly early: number;
  /** What the nodes of such a path compute: names of ops, those of one node joined by ` + `. */
  readonly longestPath: readonly string[];
}

export interface AddonExecutable {
  /** What a user should know of how the Program was compiled. */
  readonly remarks: readonly string[];
  /** The graph of so many steps; undefined on a device that makes none. */
  graph(steps: number): GraphFigures | undefined;
  /** Runs off the JavaScript thread and resolves with the number of completed steps. Fills `outputs`. */
  run(steps: number, firstStep: number, stopOnNonFinite: boolean, outputs: NodeJS.TypedArray[]): Promise<number>;
  /** Ends the run after the step under way. */
  cancel(): void;
  dispose(): void;
}

export interface AddonDevice {
  readonly description: string;
  readonly threads: number;
  /** Memory filled with `initial`, which has so many bytes. What `mapFile` made is used in place, where a device can. */
  allocate(bytes: number, initial: NodeJS.TypedArray): AddonBuffer;
  /** `program` as lib/program/program.ts describes it; one buffer per Variable. */
  compile(program: object, variables: AddonBuffer[]): AddonExecutable;
}

/**
 * A library of NVIDIA that is looked for at run time: where it was found, or what was tried and how that failed. Where there
 * is a GPU, it is found when a handle of it can be made there.
 */
export interface LibraryReport {
  readonly name: string;
  readonly path: string;
  readonly version: string;
  /** Places before it, or all places, each with the reason. */
  readonly tried: readonly string[];
  /** Those of them where there was a copy, which will not do. */
  readonly refused: readonly string[];
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

/** Physical cores of the machine, and those of them that the affinity mask leaves this process; at least 1 each. */
export interface Cores {
  readonly all: number;
  readonly usable: number;
}

export interface Addon {
  cores(): Cores;
  /** An empty `instructionSet` means the best. A step gets one thread for each `workPerThread` multiplications in it. */
  openCpu(threads: number, instructionSet: string, workPerThread: number): AddonDevice;
  /** A GPU of which `cudaMissing` is empty. With `dependentLaunch`, kernels come to it before those that they wait for have ended. */
  openCuda(gpu: number, precision: string, dependentLaunch: boolean): AddonDevice;
  /** How many GPUs the driver shows. They are counted from 0. */
  gpuCount(): number;
  /** Why that GPU is no cuda device, and what to do. Empty when it is one. */
  cudaMissing(gpu: number): string;
  cudaReport(gpu: number): CudaReport;
  /** The bytes of a file from `offset` on, at least one; undefined where files cannot be mapped. */
  mapFile(path: string, offset: number, length: number): ArrayBuffer | undefined;
  /** Instruction sets that this processor has and this build contains, best first. */
  instructionSets(): string[];
}

let loaded: { readonly path: string; readonly addon: Addon } | undefined;

/**
 * The addon: the clone's or `cuda-gan build`'s own build, else the prebuild of this platform. A file that is there and
 * cannot be loaded is passed over for the next one.
 * @throws Error `CUDA_GAN_NO_DEVICE` that lists what was tried, when none can be loaded.
 */
export function loadAddon(): Addon {
  loaded ??= load(addonFiles());
  return loaded.addon;
}

/** The file that the addon was loaded from, or undefined before `loadAddon` and when it failed. */
export function addonPath(): string | undefined {
  return loaded?.path;
}

/**
 * Where the addon may be, in the order of trial, below `folder`. The environment variable CUDA_GAN_PREBUILD names a
 * folder to look in instead of the package's.
 */
export function addonFiles(folder = process.env.CUDA_GAN_PREBUILD || packageRoot()): string[] {
  const { platform, arch } = process;
  return [
    resolve(folder, 'build', 'Release', 'cuda-gan.node'),
    resolve(folder, 'prebuilds', `${platform}-${arch}`, `cuda-gan${libcTag()}.node`),
  ];
}

function load(paths: string[]): { readonly path: string; readonly addon: Addon } {
  const failures: string[] = [];
  for (const path of paths) {
    if (!existsSync(path)) {
      failures.push(`  ${path}: missing`);
      continue;
    }
    try {
      return { path, addon: requireHere(path) };
    } catch (error) {
      failures.push(`  ${path}: ${reason(error, path)}`);
    }
  }
  const tried = failures.join('\n');
  const message = `the native addon cannot be loaded. Tried:\n${tried}\nBuild it with: npx cuda-gan build`;
  throw Object.assign(new Error(message), { code: 'CUDA_GAN_NO_DEVICE' });
}

/** The dynamic linker's message without the path, which Linux has at its start and Windows within and in a second line. */
function reason(error: unknown, path: string): string {
  const [first = ''] = (error as Error).message.split(/\r?\n/);
  return first.startsWith(`${path}: `) ? first.slice(path.length + 2) : first.replace(`\\\\?\\${path}`, 'it');
}

/** As node-gyp-build names prebuilds. On Linux they differ by C library, which the linker that Node asks for tells. */
function libcTag(): string {
  if (process.platform !== 'linux') return '';
  try {
    const start = Buffer.alloc(4096);
    const node = openSync(process.execPath, 'r');
    readSync(node, start);
    closeSync(node);
    return start.includes('/ld-musl-') ? '.musl' : '.glibc';
  } catch {
    return '.glibc'; // Node may not read itself under its permission model
  }
}

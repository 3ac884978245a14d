// Devices written in C++, behind the addon.
import { CudaGanError, type ErrorCode } from '../errors.js';
import type { Program } from '../program/program.js';
import type { TensorType } from '../program/value.js';
import { bytesOf, createTypedArray, sizeOf, type TypedArray } from '../tensor.js';
import { type Addon, type AddonBuffer, type AddonDevice, type AddonExecutable, loadAddon } from './addon.cjs';
import type { Device, DeviceBuffer, DeviceName, Executable, RunOptions, RunResult } from './device.js';
import { Queue } from './queue.js';

/**
 * The addon.
 * @throws CudaGanError `CUDA_GAN_NO_DEVICE` when it is not built for this platform or cannot be loaded.
 */
export function requireAddon(): Addon {
  try {
    return loadAddon();
  } catch (cause) {
    throw new CudaGanError(
      'CUDA_GAN_NO_DEVICE',
      `the native addon cannot be loaded (${(cause as Error).message}); build it with: npm run build:native`,
      { cause },
    );
  }
}

/** SIMD kernels on the processor's cores, chosen at run time by what it can do. */
export class CpuDevice implements Device {
  readonly name: DeviceName = 'cpu';
  readonly #native: AddonDevice;
  readonly #queue = new Queue();
  readonly #buffers = new WeakMap<DeviceBuffer, AddonBuffer>();

  /**
   * @param threads Number of threads that compute, 1 to 1024. Default: all physical cores.
   * @throws CudaGanError `CUDA_GAN_NO_DEVICE` when the addon is missing, `CUDA_GAN_VALUE` for a wrong number of threads.
   */
  constructor(threads?: number) {
    if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1 && threads <= 1024)) {
      throw new CudaGanError('CUDA_GAN_VALUE', `threads is ${threads}; allowed are whole numbers from 1 to 1024`);
    }
    const addon = requireAddon();
    this.#native = translated(() => new addon.Device(threads ?? 0, process.env.CUDA_GAN_ISA ?? ''));
  }

  get description(): string {
    return this.#native.description;
  }

  get threads(): number {
    return this.#native.threads;
  }

  allocate(type: TensorType, initial: TypedArray): DeviceBuffer {
    const native = translated(() => this.#native.allocate(bytesOf(type)));
    translated(() => native.write(initial));
    const buffer: DeviceBuffer = {
      write: (data) => this.#queue.enqueue(() => translated(() => native.write(data))),
      read: (target) => this.#queue.enqueue(() => translated(() => native.read(target))),
      dispose: () => {
        this.#queue.enqueue(() => native.dispose());
      },
    };
    this.#buffers.set(buffer, native);
    return buffer;
  }

  compile(program: Program): Executable {
    const variables = program.variables.map((variable) => this.#buffers.get(variable.on(this))!);
    const native = translated(() => this.#native.compile(program, variables));
    return {
      run: (steps, options) => this.#queue.enqueue(() => runNative(program, native, steps, options)),
      dispose: () => {
        this.#queue.enqueue(() => native.dispose());
      },
    };
  }
}

async function runNative(
  { tensors, outputs }: Program,
  native: AddonExecutable,
  steps: number,
  { firstStep = 0, signal, stopOnNonFinite = false }: RunOptions = {},
): Promise<RunResult> {
  const wanted = signal?.aborted ? 0 : steps;
  const arrays = outputs.map(({ tensor }) => {
    const { dtype, shape } = tensors[tensor]!;
    return createTypedArray(dtype, wanted * sizeOf(shape));
  });
  const cancel = () => native.cancel();
  signal?.addEventListener('abort', cancel);
  try {
    const completed = await translated(() => native.run(wanted, firstStep, stopOnNonFinite, arrays));
    const results = outputs.map(({ name, tensor }, i) => {
      return [name, arrays[i]!.subarray(0, completed * sizeOf(tensors[tensor]!.shape))] as const;
    });
    return { steps: completed, outputs: new Map(results) };
  } catch (error) {
    throw asCudaGanError(error);
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

function translated<Result>(call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    throw asCudaGanError(error);
  }
}

function asCudaGanError(cause: unknown): unknown {
  if (!(cause instanceof Error) || !('code' in cause) || cause instanceof CudaGanError) return cause;
  const code = String(cause.code);
  return code.startsWith('CUDA_GAN_') ? new CudaGanError(code as ErrorCode, cause.message, { cause }) : cause;
}

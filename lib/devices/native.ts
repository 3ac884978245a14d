// Devices written in C++, behind the addon.
import { CudaGanError, type ErrorCode } from '../errors.js';
import type { Fusion } from '../program/fuse.js';
import type { Program } from '../program/program.js';
import type { TensorType } from '../program/value.js';
import { bytesOf, createTypedArray, sizeOf, type TypedArray } from '../tensor.js';
import { warnOnce } from '../warnings.js';
import { type Addon, type AddonBuffer, type AddonDevice, type AddonExecutable, loadAddon } from './addon.cjs';
import type { Precision } from './cuda.js';
import type { Device, DeviceBuffer, DeviceName, Executable, KeptArray, RunOptions, RunResult } from './device.js';
import { Queue } from './queue.js';

/**
 * The addon.
 * @throws CudaGanError `CUDA_GAN_NO_DEVICE` when it is not built for this platform or cannot be loaded.
 */
export function requireAddon(): Addon {
  return translated(loadAddon);
}

/** A device of the addon, seen from JavaScript: what it does happens in the order that was asked for. */
export class NativeDevice implements Device {
  readonly name: DeviceName;
  readonly fusions: readonly Fusion[];
  readonly precision: Precision;
  readonly gpu: number | undefined;
  readonly keeps = 'float32';
  readonly #native: AddonDevice;
  readonly #queue = new Queue();
  readonly #buffers = new WeakMap<DeviceBuffer, AddonBuffer>();

  constructor(
    name: DeviceName,
    native: AddonDevice,
    fusions: readonly Fusion[],
    precision: Precision = 'float32',
    gpu?: number,
  ) {
    this.name = name;
    this.fusions = fusions;
    this.precision = precision;
    this.gpu = gpu;
    this.#native = native;
  }

  get description(): string {
    return this.#native.description;
  }

  get threads(): number {
    return this.#native.threads;
  }

  allocate(type: TensorType, initial: KeptArray): DeviceBuffer {
    return this.#bufferOf(translated(() => this.#native.allocate(bytesOf(type), initial as TypedArray)));
  }

  /** Apart from `allocate`, whose `initial` its functions would keep in memory as long as the buffer. */
  #bufferOf(native: AddonBuffer): DeviceBuffer {
    const buffer: DeviceBuffer = {
      write: (data) => this.#queue.enqueue(() => translated(() => native.write(data as TypedArray))),
      read: (target) => this.#queue.enqueue(() => translated(() => native.read(target as TypedArray))),
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
    for (const remark of native.remarks) warnOnce('CUDA_GAN_LIBRARY', remark);
    return {
      run: (steps, options) => this.#queue.enqueue(() => runNative(program, native, steps, options)),
      graph: (steps) => translated(() => native.graph(steps)),
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

/** Calls the addon; its coded errors become CudaGanErrors. */
export function translated<Result>(call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    throw asCudaGanError(error);
  }
}

/** Errors of the addon carry a code; in a vm context they are not instances of that context's Error. */
function asCudaGanError(cause: unknown): unknown {
  const { code, message } = (cause ?? {}) as { code?: unknown; message?: unknown };
  if (cause instanceof CudaGanError || typeof code !== 'string' || !code.startsWith('CUDA_GAN_')) return cause;
  return new CudaGanError(code as ErrorCode, String(message), { cause });
}

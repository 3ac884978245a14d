// Named tensors that live on a device between runs: weights, moving statistics, optimizer moments, counters, data.
import type { Device, DeviceBuffer, KeptArray } from '../devices/device.js';
import { deviceLabel } from '../devices/names.js';
import { CudaGanError } from '../errors.js';
import { createTypedArray, type DType, formatShape, type Shape, sizeOf, type TypedArray } from '../tensor.js';
import type { TensorType } from './value.js';

/** @internal */
export interface VariableOptions {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype?: DType;
  /** First content, computed when it is first needed. Default: zeros. */
  readonly initial?: () => TypedArray;
}

/** A named tensor with a content. It moves to a device when the first Program that uses it is compiled there. */
export class Variable implements TensorType {
  /** What files and messages call it. */
  readonly name: string;
  /** `[]` for a scalar. */
  readonly shape: Shape;
  /** What its elements are. */
  readonly dtype: DType;
  /** The training that moved the content last; none when it was written or disposed of since. @internal */
  mover: object | undefined;
  readonly #initial: () => TypedArray;
  #home: { device: Device; buffer: DeviceBuffer } | undefined;

  /** @internal */
  constructor({ name, shape, dtype = 'float32', initial }: VariableOptions) {
    this.name = name;
    this.shape = [...shape];
    this.dtype = dtype;
    this.#initial = initial ?? (() => createTypedArray(dtype, sizeOf(shape)));
  }

  /** Number of elements. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /** The device that holds the content, once there is one. */
  get device(): Device | undefined {
    return this.#home?.device;
  }

  /**
   * The memory of this Variable on `device`, allocated and filled at the first call.
   * @internal
   * @throws CudaGanError `CUDA_GAN_STATE` when the Variable already lives on another device.
   */
  on(device: Device): DeviceBuffer {
    this.#home ??= { device, buffer: device.allocate(this, this.#initial()) };
    return this.#bufferOn(device, this.#home);
  }

  /** Replaces the content, after the runs before it: leave `data` as it is until the promise resolves. */
  async write(data: TypedArray, device: Device): Promise<void> {
    await this.writeKept(data, device);
  }

  /** As `write`, of what a device may have kept in float64. @internal */
  async writeKept(data: KeptArray, device: Device): Promise<void> {
    if (data.length !== this.size) {
      throw new CudaGanError(
        'CUDA_GAN_SHAPE',
        `variable "${this.name}" has shape ${formatShape(this.shape)} (${this.size} elements); the data has ${data.length}`,
      );
    }
    this.mover = undefined;
    const rounds = data.BYTES_PER_ELEMENT === 8 && device.keeps === 'float32';
    const content = rounds ? Float32Array.from(data) : data;
    // Where there is no content yet, none is made to be replaced: the initial one of a weight is drawn number by number.
    if (this.#home === undefined) this.#home = { device, buffer: device.allocate(this, content) };
    else await this.#bufferOn(device, this.#home).write(content);
  }

  /** A copy of the content. */
  async read(device: Device): Promise<TypedArray> {
    const data = createTypedArray(this.dtype, this.size);
    await this.on(device).read(data);
    return data;
  }

  #bufferOn(device: Device, home: { readonly device: Device; readonly buffer: DeviceBuffer }): DeviceBuffer {
    if (home.device === device) return home.buffer;
    throw new CudaGanError(
      'CUDA_GAN_STATE',
      `variable "${this.name}" lives on ${deviceLabel(home.device)} and cannot be used on ${deviceLabel(device)}: build the models of one program on one device`,
    );
  }

  /** Frees the device's memory; the content is lost and starts anew from its initial value. */
  dispose(): void {
    this.#home?.buffer.dispose();
    this.#home = undefined;
    this.mover = undefined;
  }
}

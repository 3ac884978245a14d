// The one error class of the package. Every mistake a user can make is a CudaGanError with a stable code.

/** What went wrong, in a word that programs can rely on. */
export type ErrorCode =
  /** Shapes that do not fit together. */
  | 'CUDA_GAN_SHAPE'
  /** An option or argument outside what is allowed. */
  | 'CUDA_GAN_VALUE'
  /** Data that cannot be trained on: NaN, Infinity, too few rows. */
  | 'CUDA_GAN_DATA'
  /** A file or folder that is missing, corrupt, truncated or not writable. */
  | 'CUDA_GAN_FILE'
  /** A device that was asked for and is not there. */
  | 'CUDA_GAN_NO_DEVICE'
  /** The GPU stopped working for this process. */
  | 'CUDA_GAN_DEVICE_LOST'
  /** A second training run while one is under way. */
  | 'CUDA_GAN_BUSY'
  /** A call out of order: used before build or compile, or after dispose. */
  | 'CUDA_GAN_STATE'
  /** A loss became NaN or infinite. */
  | 'CUDA_GAN_DIVERGED'
  /** An allocation failed. */
  | 'CUDA_GAN_NO_MEMORY'
  /** Compiling the addon failed, or a tool for it is missing. */
  | 'CUDA_GAN_BUILD'
  /** A broken promise of this package: please report it. */
  | 'CUDA_GAN_INTERNAL';

const brand = Symbol.for('cuda-gan.CudaGanError');

/**
 * An error with a stable `code`. `instanceof CudaGanError` also holds between the ESM and the CommonJS copy of the
 * package, which a process may load side by side.
 */
export class CudaGanError extends Error {
  /** What went wrong. It stays the same when messages are worded anew. */
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CudaGanError';
    this.code = code;
    Object.defineProperty(this, brand, { value: true });
  }

  /** Whether it is an error of this package, of whichever copy. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && brand in value;
  }
}

// Checks of options that users give.
import { describe } from './describe.js';
import { CudaGanError } from './errors.js';

/** `value` if it is a finite number. @throws CudaGanError `CUDA_GAN_VALUE` otherwise. */
export function finiteNumber(name: string, value: number): number {
  if (!Number.isFinite(value)) throw notAllowed(name, value, 'finite numbers');
  return value;
}

/** `value` if it is a number in [low, high). @throws CudaGanError `CUDA_GAN_VALUE` otherwise. */
export function numberIn(name: string, value: number, low: number, high: number): number {
  if (!(value >= low && value < high)) throw notAllowed(name, value, `numbers from ${low} to below ${high}`);
  return value;
}

/** `value` if it is a finite number above 0. @throws CudaGanError `CUDA_GAN_VALUE` otherwise. */
export function positiveNumber(name: string, value: number): number {
  if (!(value > 0 && Number.isFinite(value))) throw notAllowed(name, value, 'finite numbers above 0');
  return value;
}

/** `value` if it is a finite number of at least 0. @throws CudaGanError `CUDA_GAN_VALUE` otherwise. */
export function nonNegativeNumber(name: string, value: number): number {
  if (!(value >= 0 && Number.isFinite(value))) throw notAllowed(name, value, 'finite numbers from 0 on');
  return value;
}

/** `value` if it is a whole number of at least `least`. @throws CudaGanError `CUDA_GAN_VALUE` otherwise. */
export function wholeNumber(name: string, value: number, least: number): number {
  if (!Number.isSafeInteger(value) || value < least) throw notAllowed(name, value, `whole numbers from ${least} on`);
  return value;
}

/** `value` if it is an array. @throws CudaGanError `CUDA_GAN_VALUE` otherwise. */
export function listOfNumbers(name: string, value: readonly number[]): readonly number[] {
  if (!Array.isArray(value)) throw notAllowed(name, value, 'arrays of whole numbers');
  return value;
}

/** `value` if it can key a random stream. @throws CudaGanError `CUDA_GAN_VALUE` otherwise. */
export function seedNumber(name: string, value: number): number {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** 32) {
    throw notAllowed(name, value, 'whole numbers from 0 to 4294967295');
  }
  return value;
}

/** `value` if it is a text without the `/` that joins names in weights' names. @throws CudaGanError `CUDA_GAN_VALUE` otherwise. */
export function layerName(name: string, value: string): string {
  if (typeof value !== 'string' || value.includes('/')) throw notAllowed(name, value, 'texts without "/"');
  return value;
}

/** `table[name]`. @throws CudaGanError `CUDA_GAN_VALUE` that lists the names there are. */
export function named<Item>(kind: string, table: Readonly<Record<string, Item>>, name: string): Item {
  if (typeof name !== 'string' || !Object.hasOwn(table, name)) {
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `unknown ${kind} ${describe(name)}; allowed are ${Object.keys(table).join(', ')}`,
    );
  }
  return table[name]!;
}

/** `options` if they are an object. @throws CudaGanError `CUDA_GAN_VALUE` otherwise. */
export function optionsObject<Options extends object>(options: Options): Options {
  if (typeof options !== 'object' || options === null) throw notAllowed('options', options, 'objects');
  return options;
}

function notAllowed(name: string, value: unknown, allowed: string): CudaGanError {
  return new CudaGanError('CUDA_GAN_VALUE', `${name} is ${describe(value)}; allowed are ${allowed}`);
}

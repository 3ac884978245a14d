// What Keras makes of a layer, a model or a part of one in a file.
import { inWords, kindOf } from '../../checks.js';
import { CudaGanError } from '../../errors.js';

/** Options by Keras' names. */
export type KerasConfig = Readonly<Record<string, unknown>>;

export interface KerasObject {
  readonly class_name: string;
  readonly config: KerasConfig;
  /** Where Keras 3 finds the class. */
  readonly module?: string | null;
  /** The name of a class that is not Keras' own: `package>Class`. */
  readonly registered_name?: string | null;
}

/** A layer of a model. */
export interface KerasLayerObject extends KerasObject {
  /** Of a functional model. */
  readonly name?: string;
  /** Where the layer is applied. */
  readonly inbound_nodes?: unknown;
}

/** `keras3`: as Keras 3 writes; `keras2`: as Keras 2 did, which Keras 3, TensorFlow.js and Deeplearning4j read as well. */
export type Dialect = 'keras3' | 'keras2';

/** An object as `dialect` has it, of the class of that name in a module of Keras 3. */
export function kerasObject(dialect: Dialect, module: string, className: string, config: KerasConfig): KerasObject {
  if (dialect === 'keras2') return { class_name: className, config };
  return { module, class_name: className, config, registered_name: null };
}

export function isKerasObject(value: unknown): value is KerasObject {
  if (kindOf(value) !== 'Object') return false;
  const { class_name: className, config } = value as Partial<KerasObject>;
  return typeof className === 'string' && kindOf(config) === 'Object';
}

/** `value` as a record. @throws CudaGanError `CUDA_GAN_VALUE` */
export function requireRecord(what: string, value: unknown): Readonly<Record<string, unknown>> {
  if (kindOf(value) === 'Object') return value as Readonly<Record<string, unknown>>;
  throw new CudaGanError('CUDA_GAN_VALUE', `${what} is ${inWords(value)}; wanted is an object`);
}

/** `value` as a list. @throws CudaGanError `CUDA_GAN_VALUE` */
export function requireList(what: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new CudaGanError('CUDA_GAN_VALUE', `${what} is ${inWords(value)}; wanted is a list`);
}

/** Whether a class is of models, whose config has layers. */
export function isModelClass(className: string): boolean {
  return ['Sequential', 'Functional', 'Model'].includes(className);
}

/** `kernelSize` → `kernel_size`. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** `Conv2DTranspose` → `conv2d_transpose`, as Keras makes names of classes (`to_snake_case`). */
export function snakeCaseOfClass(className: string): string {
  return className
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

/** `kernel_size` → `kernelSize`. */
export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** `glorotUniform` → `GlorotUniform`. */
export function pascalCase(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** `GlorotUniform` → `glorotUniform`. */
export function lowerFirst(name: string): string {
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}

/** A record with `f` of every key. */
export function mapKeys(
  record: Readonly<Record<string, unknown>>,
  f: (key: string) => string,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [f(key), value]));
}

/** The value of `key` in a table; files may ask for `constructor`. */
export function ownValue<Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** Runs `read`, and puts where it was in front of its errors. */
export function within<Result>(where: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof CudaGanError)) throw error;
    throw new CudaGanError(error.code, `${where}: ${error.message}`, { cause: error });
  }
}

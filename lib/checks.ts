// Checks of options that users give.
import { CudaGanError } from './errors.js';

/** `value` if it is a finite number. @throws CudaGanError `CUDA_GAN_VALUE` otherwise. */
export function finiteNumber(name: string, value: number): number {
  if (!Number.isFinite(value)) throw notAllowed(name, value, 'finite numbers');
  return value;
}

/** `value` if it is a number in [low, high). @throws CudaGanError `CUDA_GAN_VALUE` otherwise. */
export function numberIn(name: string, value: number, low: number, high: number): number {
  if (!(Number.isFinite(value) && value >= low && value < high)) {
    throw notAllowed(name, value, `numbers from ${low} to below ${high}`);
  }
  return value;
}

/** `value` if it is a number in [least, most]. @throws CudaGanError `CUDA_GAN_VALUE` otherwise. */
export function numberFromTo(name: string, value: number, least: number, most: number): number {
  if (!(Number.isFinite(value) && value >= least && value <= most)) {
    throw notAllowed(name, value, `numbers from ${least} to ${most}`);
  }
  return value;
}

/** `value` if it is a finite number above 0. @throws CudaGanError `CUDA_GAN_VALUE` otherwise. */
export function positiveNumber(name: string, value: number): number {
  if (!(Number.isFinite(value) && value > 0)) throw notAllowed(name, value, 'finite numbers above 0');
  return value;
}

/** `value` if it is a finite number of at least 0. @throws CudaGanError `CUDA_GAN_VALUE` otherwise. */
export function nonNegativeNumber(name: string, value: number): number {
  if (!(Number.isFinite(value) && value >= 0)) throw notAllowed(name, value, 'finite numbers from 0 on');
  return value;
}

/** `value` if it is a whole number of at least `least`. @throws CudaGanError `CUDA_GAN_VALUE` otherwise. */
export function wholeNumber(name: string, value: number, least: number): number {
  if (!(Number.isSafeInteger(value) && value >= least)) throw notAllowed(name, value, `whole numbers from ${least} on`);
  return value;
}

/** `value` if it is a whole number in [least, most]. @throws CudaGanError `CUDA_GAN_VALUE` otherwise. */
export function wholeNumberIn(name: string, value: number, least: number, most: number): number {
  if (!(Number.isInteger(value) && value >= least && value <= most)) {
    throw notAllowed(name, value, `whole numbers from ${least} to ${most}`);
  }
  return value;
}

/** `value` if it can key a random stream. @throws CudaGanError `CUDA_GAN_VALUE` otherwise. */
export function seedNumber(name: string, value: number): number {
  return wholeNumberIn(name, value, 0, 2 ** 32 - 1);
}

/** `value` if it is true or false. @throws CudaGanError `CUDA_GAN_VALUE` otherwise. */
export function trueOrFalse(name: string, value: boolean): boolean {
  if (typeof value !== 'boolean') throw notAllowed(name, value, 'true and false');
  return value;
}

/** `value` if it is one of two texts. @throws CudaGanError `CUDA_GAN_VALUE` otherwise. */
export function oneOfTwo<Text extends string>(name: string, value: Text, first: Text, second: Text): Text {
  if (value !== first && value !== second) throw notAllowed(name, value, `${first} and ${second}`);
  return value;
}

/** `value` if it is a text that is not empty. @throws CudaGanError `CUDA_GAN_VALUE` otherwise. */
export function nonEmptyText(name: string, value: string): string {
  if (typeof value !== 'string' || value === '') throw notAllowed(name, value, 'texts that are not empty');
  return value;
}

/** As `wholeNumber`, or Infinity. @throws CudaGanError `CUDA_GAN_VALUE` otherwise. */
export function wholeNumberOrInfinity(name: string, value: number, least: number): number {
  if (value === Number.POSITIVE_INFINITY || (Number.isSafeInteger(value) && value >= least)) return value;
  throw notAllowed(name, value, `whole numbers from ${least} on, and Infinity`);
}

/** `value` if it is a function, or undefined. @throws CudaGanError `CUDA_GAN_VALUE` otherwise. */
export function optionalFunction<Callback>(name: string, value: Callback | undefined): Callback | undefined {
  if (value !== undefined && typeof value !== 'function') throw notAllowed(name, value, 'functions');
  return value;
}

/** `value` if it is an instance of `type`. @throws CudaGanError `CUDA_GAN_VALUE` otherwise. */
export function instanceOf<Type>(
  name: string,
  value: Type,
  type: abstract new (...args: never[]) => Type,
  allowed: string,
): Type {
  if (!(value instanceof type)) throw notAllowed(name, value, allowed);
  return value;
}

/** Enough dimensions for any use, and an end for a list that contains itself. */
export const maxRank = 32;

/** `value` if it is an array that may be a shape. @throws CudaGanError `CUDA_GAN_VALUE` otherwise. */
export function listOfNumbers(name: string, value: readonly number[]): readonly number[] {
  if (Array.isArray(value) && value.length <= maxRank) return value;
  throw notAllowed(name, value, `arrays of at most ${maxRank} whole numbers`);
}

/** `value` if it is an array of whole numbers of at least `least`. @throws CudaGanError `CUDA_GAN_VALUE` otherwise. */
export function wholeNumbers(name: string, value: readonly number[], least: number): readonly number[] {
  for (const [i, number] of listOfNumbers(name, value).entries()) wholeNumber(`${name}[${i}]`, number, least);
  return value;
}

/** `value` if it is an array of whole numbers from 1 on. @throws CudaGanError `CUDA_GAN_VALUE` otherwise. */
export function shapeOption(name: string, value: readonly number[]): readonly number[] {
  for (const dimension of listOfNumbers(name, value)) wholeNumber(`a dimension of ${name}`, dimension, 1);
  return value;
}

/**
 * `value` if it is a text, and without the `/` that joins names of layers to names of weights.
 * @throws CudaGanError `CUDA_GAN_VALUE` otherwise.
 */
export function layerName(name: string, value: string): string {
  if (nonEmptyText(name, value).includes('/')) throw notAllowed(name, value, 'texts without "/"');
  return value;
}

/** `value` if it is an AbortSignal, of whatever realm. @throws CudaGanError `CUDA_GAN_VALUE` otherwise. */
export function abortSignal(name: string, value: AbortSignal): AbortSignal {
  const listens = ['addEventListener', 'removeEventListener'] as const;
  if (typeof value?.aborted === 'boolean' && listens.every((name) => typeof value[name] === 'function')) return value;
  throw notAllowed(name, value, 'AbortSignals, such as the signal of an AbortController');
}

/** `table[name]`. @throws CudaGanError `CUDA_GAN_VALUE` that lists the names there are, and gives the `hint`. */
export function named<Item>(kind: string, table: Readonly<Record<string, Item>>, name: string, hint?: string): Item {
  if (typeof name === 'string' && Object.hasOwn(table, name)) return table[name]!;
  throw unknownName(kind, name, Object.keys(table), hint);
}

/** `name` if it is one of `allowed`. @throws CudaGanError `CUDA_GAN_VALUE` otherwise. */
export function oneOf<Name extends string>(kind: string, allowed: readonly Name[], name: Name): Name {
  if (!allowed.includes(name)) throw unknownName(kind, name, allowed);
  return name;
}

/** A value for a message: in few words, whatever it is. */
export function inWords(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
    case 'bigint':
      return BigInt.asIntN(64, value) === value ? `${value}n` : 'a BigInt of more than 64 bits';
    case 'function':
      return functionInWords(value);
    case 'object': {
      if (value === null) return 'null';
      if (Array.isArray(value)) return listInWords(value);
      const kind = kindOf(value);
      if (kind === 'Object') return 'an object';
      return `${/^[AEIO]/.test(kind) ? 'an' : 'a'} ${kind}`;
    }
    default:
      return String(value);
  }
}

function functionInWords(value: object): string {
  const kind = /^class\b/.test(Function.prototype.toString.call(value)) ? 'class' : 'function';
  const name: unknown = Object.getOwnPropertyDescriptor(value, 'name')?.value;
  return typeof name === 'string' && name !== '' ? `the ${kind} ${name.slice(0, 60)}` : `a ${kind}`;
}

function listInWords(list: readonly unknown[]): string {
  const items = list.slice(0, 8).map((item) => (Array.isArray(item) ? 'an array' : inWords(item)));
  return `[${[...items, ...(list.length > 8 ? ['…'] : [])].join(', ')}]`;
}

/** `Object`, `Array`, `Map`, …: what a value is, in whatever realm it was made. */
export function kindOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}

function unknownName(kind: string, name: unknown, allowed: readonly string[], hint?: string): CudaGanError {
  const message = `unknown ${kind} ${inWords(name)}; allowed are ${allowed.join(', ')}`;
  return new CudaGanError('CUDA_GAN_VALUE', hint === undefined ? message : `${message}; ${hint}`);
}

/** The error for a value that an option or argument must not have. */
export function notAllowed(name: string, value: unknown, allowed: string): CudaGanError {
  return new CudaGanError('CUDA_GAN_VALUE', `${name} is ${inWords(value)}; allowed are ${allowed}`);
}

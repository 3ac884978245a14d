// Plain data as JSON that keeps every number, with its arrays apart: JSON itself knows no NaN, infinity or -0.
import { types } from 'node:util';
import { CudaGanError } from '../errors.js';
import { copyOf, type TypedArray } from '../tensor.js';

/** What stands in the JSON for a number that it has no word for, or for an array. */
interface Stand {
  readonly $number?: string;
  readonly $array?: string;
}

/**
 * The JSON of `data`. Copies of its Float32Arrays, Int32Arrays and Uint8Arrays go into `arrays`, under names that begin with `path`.
 * @throws CudaGanError `CUDA_GAN_VALUE` for what JSON cannot keep; `label` says what it is of.
 */
export function encodePlain(label: string, data: unknown, path: string, arrays: Map<string, TypedArray>): string {
  const stand = (_: string, value: unknown): unknown => {
    if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))) {
      return { $number: Object.is(value, -0) ? '-0' : String(value) } satisfies Stand;
    }
    if (!isArray(value)) return value;
    const name = `${path}/${arrays.size}`;
    arrays.set(name, copyOf(value));
    return { $array: name } satisfies Stand;
  };
  try {
    return JSON.stringify(data, stand) ?? 'null';
  } catch (cause) {
    const { message } = cause as Error;
    throw new CudaGanError('CUDA_GAN_VALUE', `${label} is not plain data: ${message.split('\n')[0]}`, { cause });
  }
}

/** What `encodePlain` was given. */
export function decodePlain(json: string, arrays: ReadonlyMap<string, TypedArray>): unknown {
  return JSON.parse(json, (_, value: unknown) => {
    const { $number, $array } = (value ?? {}) as Stand;
    if ($number !== undefined) return Number($number);
    return $array === undefined ? value : arrays.get($array);
  });
}

function isArray(value: unknown): value is TypedArray {
  return types.isFloat32Array(value) || types.isInt32Array(value) || types.isUint8Array(value);
}

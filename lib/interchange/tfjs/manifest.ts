// What model.json says of the weights: in which files they lie one behind the other, their names, shapes and types.
import { inWords } from '../../checks.js';
import { CudaGanError } from '../../errors.js';
import { type ElementType, elementTypes } from '../../formats/npy-elements.js';
import { type Shape, sizeOf } from '../../tensor.js';
import { requireList, requireRecord, within } from '../keras/keras-object.js';

/** Files that hold tensors, which may go on in the next file. */
export interface WeightGroup {
  /** Relative to the folder of model.json. */
  readonly paths: readonly string[];
  readonly entries: readonly WeightEntry[];
  /** Of all entries. */
  readonly bytes: number;
}

export interface WeightEntry {
  readonly name: string;
  readonly shape: Shape;
  /** What lies in the file. */
  readonly elements: ElementType;
  /** What numbers of fewer bits stand for: value · scale + min. */
  readonly quantization: { readonly scale: number; readonly min: number } | undefined;
  /** Whether it is of the optimizer. */
  readonly ofOptimizer: boolean;
  /** In the files of its group, one behind the other. */
  readonly begin: number;
}

/** Types of tensors and of what they are quantized to, by their codes in NumPy. */
const types: ReadonlyMap<unknown, string> = new Map([
  ['float32', 'f4'],
  ['int32', 'i4'],
]);
const quantizedTypes: ReadonlyMap<unknown, string> = new Map([
  ['uint8', 'u1'],
  ['uint16', 'u2'],
  ['float16', 'f2'],
]);

/** @throws CudaGanError `CUDA_GAN_VALUE` for what is no such list, and names that two weights have. */
export function readManifest(given: unknown): readonly WeightGroup[] {
  const groups = requireList('weightsManifest', given).map((group) => readGroup(requireRecord('a group', group)));
  requireDistinct(
    'weights are called',
    groups.flatMap(({ entries }) => entries.map(({ name }) => name)),
  );
  requireDistinct(
    'parts of weightsManifest are the file',
    groups.flatMap(({ paths }) => paths),
  );
  return groups;
}

function requireDistinct(what: string, names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw new CudaGanError('CUDA_GAN_VALUE', `two ${what} ${inWords(name)}`);
    seen.add(name);
  }
}

function readGroup({ paths, weights }: Readonly<Record<string, unknown>>): WeightGroup {
  let bytes = 0;
  const entries = requireList('weights', weights).map((given) => {
    const entry = readEntry(requireRecord('a weight', given), bytes);
    bytes += sizeOf(entry.shape) * entry.elements.bytes;
    return entry;
  });
  return { paths: requireList('paths', paths).map((path) => requireText('a path', path)), entries, bytes };
}

function readEntry(given: Readonly<Record<string, unknown>>, begin: number): WeightEntry {
  const name = requireText('the name of a weight', given.name);
  return within(`weight ${inWords(name)}`, () => {
    const quantization =
      given.quantization === undefined ? undefined : requireRecord('quantization', given.quantization);
    requireType('dtype', given.dtype, types);
    return {
      name,
      shape: requireShape(given.shape),
      elements:
        quantization === undefined
          ? requireType('dtype', given.dtype, types)
          : requireType('quantization.dtype', quantization.dtype, quantizedTypes),
      quantization: quantization === undefined ? undefined : readQuantization(quantization),
      ofOptimizer: given.group === 'optimizer',
      begin,
    };
  });
}

function readQuantization({ dtype, scale, min }: Readonly<Record<string, unknown>>): WeightEntry['quantization'] {
  if (dtype === 'float16') return undefined;
  return { scale: requireNumber('quantization.scale', scale), min: requireNumber('quantization.min', min) };
}

function requireType(what: string, dtype: unknown, allowed: ReadonlyMap<unknown, string>): ElementType {
  const code = allowed.get(dtype);
  if (code !== undefined) return elementTypes.get(code)!;
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `its ${what} is ${inWords(dtype)}; supported are ${[...allowed.keys()].join(', ')}`,
  );
}

function requireShape(value: unknown): Shape {
  const shape = requireList('the shape', value);
  const fits = shape.every((size) => Number.isSafeInteger(size) && (size as number) >= 0);
  if (fits && Number.isSafeInteger(sizeOf(shape as Shape) * Float64Array.BYTES_PER_ELEMENT)) return shape as Shape;
  if (fits) {
    throw new CudaGanError('CUDA_GAN_VALUE', `its shape is ${inWords(value)}, more elements than any memory holds`);
  }
  throw new CudaGanError('CUDA_GAN_VALUE', `its shape is ${inWords(value)}; wanted are whole numbers from 0 on`);
}

function requireNumber(what: string, value: unknown): number {
  if (Number.isFinite(value)) return value as number;
  throw new CudaGanError('CUDA_GAN_VALUE', `its ${what} is ${inWords(value)}; wanted is a finite number`);
}

function requireText(what: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw new CudaGanError('CUDA_GAN_VALUE', `${what} is ${inWords(value)}; wanted is a text`);
}

// What must be the same in a run that is resumed as in the one that began it.
import { inWords } from '../checks.js';
import { CudaGanError } from '../errors.js';

/** What two pieces of plain data differ in first. */
export interface Difference {
  /** `a.b[2]` */
  readonly path: string;
  readonly found: unknown;
  readonly wanted: unknown;
}

/**
 * Holds what there is to what a checkpoint says. Seeds may differ: a run that is resumed goes on with its own.
 * @throws CudaGanError `CUDA_GAN_VALUE` that names the first difference.
 */
export function requireSame(
  what: 'figures' | 'metrics' | 'model' | 'optimizer' | 'options',
  found: unknown,
  wanted: unknown,
  checkpoint: string,
): void {
  const difference = firstDifference(found, wanted, what, ['seed']);
  if (difference === undefined) return;
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `${checkpoint} was made by another training: ${difference.path} is ${inWords(difference.found)}, there ${inWords(difference.wanted)}`,
  );
}

/** Undefined where there is none. What is called as one of `except` may differ. */
export function firstDifference(
  found: unknown,
  wanted: unknown,
  path = '',
  except: readonly string[] = [],
): Difference | undefined {
  if (Object.is(found, wanted)) return undefined;
  if (!isObject(found) || !isObject(wanted) || Array.isArray(found) !== Array.isArray(wanted)) {
    return { path, found, wanted };
  }
  if (Array.isArray(found) && found.length !== wanted.length) {
    return { path: `${path}.length`, found: found.length, wanted: wanted.length };
  }
  for (const name of new Set([...Object.keys(found), ...Object.keys(wanted)])) {
    if (except.includes(name)) continue;
    const inner = Array.isArray(found) ? `${path}[${name}]` : `${path === '' ? '' : `${path}.`}${name}`;
    const difference = firstDifference(found[name], wanted[name], inner, except);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

// How a config of Keras says what layers take: tensors, by the layers that make them.
import { inWords, kindOf } from '../../checks.js';
import { CudaGanError } from '../../errors.js';
import { isKerasObject, type KerasObject, ownValue, requireRecord } from './keras-object.js';
import { sortedKeys } from './layer-order.js';

/** A tensor: the name of the layer that makes it, in which of its places, and which of the outputs there. */
export type History = readonly [layer: string, node: number, output: number];

/**
 * The tensors that a place takes: as Keras 3 says it, or as earlier ones did.
 * @param names of a model that takes a record: the tensors come in their order, a list counting as the record by sorted keys
 */
export function tensorsOf(node: unknown, names?: readonly string[]): readonly History[] {
  if (Array.isArray(node)) {
    const tensors = isHistory(node) ? [node] : node;
    return tensors.map((tensor) => requireHistory(Array.isArray(tensor) ? tensor.slice(0, 3) : tensor));
  }
  const { args } = requireRecord('a place of the layer', node);
  const found: History[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      const isRecord = names !== undefined && value.length === names.length && value.every(isTensor);
      const inOrder = isRecord ? names.map((name) => value[sortedKeys(names).indexOf(name)]) : value;
      inOrder.forEach(visit);
    } else if (isTensor(value)) {
      found.push(requireHistory(value.config.keras_history));
    } else if (kindOf(value) === 'Object') {
      const record = value as Readonly<Record<string, unknown>>;
      for (const name of names ?? Object.keys(record)) visit(ownValue(record, name));
    } else {
      throw new CudaGanError('CUDA_GAN_VALUE', `it is applied to ${inWords(value)}; supported are tensors of layers`);
    }
  };
  visit(args);
  return found;
}

function isTensor(value: unknown): value is KerasObject {
  return isKerasObject(value) && value.class_name === '__keras_tensor__';
}

export function isHistory(value: unknown): value is History {
  return Array.isArray(value) && typeof value[0] === 'string';
}

export function requireHistory(value: unknown): History {
  if (isHistory(value) && value.length === 3 && Number.isInteger(value[1]) && Number.isInteger(value[2])) return value;
  throw new CudaGanError('CUDA_GAN_VALUE', `${inWords(value)} is no tensor; wanted is [layer, place, output]`);
}

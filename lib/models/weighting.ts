// How much samples count in a loss: weights that are given for each, or that follow from its class.
import { inWords, kindOf, nonNegativeNumber, notAllowed } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { formatShape, requireTensor, type Tensor } from '../tensor.js';
import { isItem, requireSamples, type TargetPort, type Tensors } from './data.js';
import { inOrder } from './structure.js';

/** What users give to train or evaluate on. */
export interface WeightedData {
  readonly x: Tensors;
  readonly y: Tensors;
  readonly sampleWeight?: Tensors | undefined;
}

/** Weights by class number. A class that is not there counts 1. */
export type ClassWeights = Readonly<Record<number, number>>;

/**
 * Weights of samples for every output: one tensor for all, or those of each.
 * @throws CudaGanError `CUDA_GAN_SHAPE` and `CUDA_GAN_DATA` unless there is one for each sample, from 0 on.
 */
export function requireWeights(given: Tensors, rows: number, ports: readonly TargetPort[]): readonly Tensor[] {
  const names = ports.map(({ name }) => name);
  const label = 'sampleWeight';
  return inOrder(label, given, names, { isItem, shared: true }).map((tensor) => {
    const { shape, data } = requireTensor(label, tensor);
    const column = shape.length === 2 && shape[1] === 1;
    const weights = requireSamples(label, { shape: column ? shape.slice(0, 1) : shape, data }, []);
    if (weights.shape[0] !== rows) {
      throw new CudaGanError(
        'CUDA_GAN_SHAPE',
        `there are ${rows} samples, and ${label} has ${weights.shape[0]}: each sample needs its weight`,
      );
    }
    const wrong = data.findIndex((weight) => weight < 0);
    if (wrong >= 0) {
      throw new CudaGanError(
        'CUDA_GAN_DATA',
        `${label} contains ${data[wrong]} at index ${wrong}; weights are from 0 on`,
      );
    }
    return { shape: weights.shape, data: Float32Array.from(data) };
  });
}

/**
 * The weights of samples by the classes that a target has: class numbers [n], distributions [n, classes], or [n, 1] with 1 for
 * what is above a half.
 * @throws CudaGanError `CUDA_GAN_VALUE` for a class that the output does not have, `CUDA_GAN_SHAPE` where samples have no class.
 */
export function weightsOfClasses(classWeight: ClassWeights, { shape, data }: Tensor, port: TargetPort): Tensor {
  const numbers = Array.from({ length: classesOf(port) }, (_, number) => number);
  requireClasses(classWeight, numbers);
  const weights = numbers.map((number) => classWeight[number] ?? 1);
  const rows = shape[0]!;
  const columns = data.length / rows;
  const classOf = (row: number): number => {
    const target = data.subarray(row * columns, (row + 1) * columns);
    if (port.classes !== undefined) return target[0]!;
    return columns === 1 ? Number(target[0]! > 0.5) : indexOfLargest(target);
  };
  return { shape: [rows], data: Float32Array.from({ length: rows }, (_, row) => weights[classOf(row)]!) };
}

/** `classWeight` if it is a record of weights. @throws CudaGanError `CUDA_GAN_VALUE` */
export function classWeightOption(classWeight: ClassWeights): ClassWeights {
  if (kindOf(classWeight) !== 'Object') {
    throw notAllowed('classWeight', classWeight, 'objects with a weight by class number, { 0: 1, 1: 5 }');
  }
  for (const [name, weight] of Object.entries(classWeight)) nonNegativeNumber(`classWeight[${name}]`, weight);
  return { ...classWeight };
}

/** How many classes an output tells; one number tells two. */
function classesOf({ name, shape, classes }: TargetPort): number {
  if (shape.length === 1) return classes ?? Math.max(2, shape[0]!);
  throw new CudaGanError(
    'CUDA_GAN_SHAPE',
    `classWeight needs one class for each sample; the output "${name}" has samples of ${formatShape(shape)}: give sampleWeight`,
  );
}

function requireClasses(classWeight: ClassWeights, numbers: readonly number[]): void {
  const unknown = Object.keys(classWeight).find((name) => !numbers.map(String).includes(name));
  if (unknown === undefined) return;
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `classWeight has a weight for the class ${inWords(unknown)}; the model's output has classes 0 to ${numbers.length - 1}`,
  );
}

function indexOfLargest(values: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[largest]!) largest = i;
  return largest;
}

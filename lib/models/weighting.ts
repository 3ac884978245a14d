// How much samples count in a loss: weights that are given for each, or that follow from its class.
import { inWords, kindOf, nonNegativeNumber, notAllowed } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { formatShape, type Tensor } from '../tensor.js';
import type { TargetPort } from './data.js';

/** Weights by class number. A class that is not there counts 1. */
export type ClassWeights = Readonly<Record<number, number>>;

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

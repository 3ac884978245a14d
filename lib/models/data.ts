// Training data: checked, and brought to the device once.
import { CudaGanError } from '../errors.js';
import { Variable } from '../program/variable.js';
import {
  type DType,
  dtypeOf,
  firstNonFinite,
  formatShape,
  requireTensor,
  type Shape,
  sameShape,
  sizeOf,
  type Tensor,
} from '../tensor.js';
import { inOrder, type Structure } from './structure.js';
import type { Port } from './topology.js';

/** What users give as samples or targets: of a single input or output a tensor, else an array or a record of them. */
export type Tensors = Structure<Tensor>;

/** Samples for every input, and targets for every output unless only predictions are wanted, in their order. */
export interface DataSet {
  readonly rows: number;
  readonly inputs: readonly Tensor[];
  readonly targets: readonly Tensor[];
  /** How much samples count in the loss of each output, float32 [rows] each; none where all count 1. */
  readonly weights: readonly Tensor[];
}

/** An output that is trained. */
export interface TargetPort extends Port {
  /** Number of classes when targets are class numbers; undefined when they have the output's shape. */
  readonly classes: number | undefined;
  /** The loss, where its targets are probabilities. */
  readonly ofProbabilities: string | undefined;
}

/** Checks that samples fit the inputs of a model. */
export function requireInputs(x: Tensors, ports: readonly Port[]): DataSet {
  const given = tensorsFor('x', x, ports);
  const inputs = ports.map(({ shape, dtype, numbers }, i) => {
    const { label, tensor } = given[i]!;
    const samples = requireSamples(label, withDType(label, requireTensor(label, tensor), dtype), shape);
    if (numbers !== undefined) requireNumbers(label, samples, numbers);
    return samples;
  });
  const rows = inputs[0]!.shape[0]!;
  inputs.forEach(({ shape: [found] }, i) => {
    if (found === rows) return;
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `${given[0]!.label} has ${rows} samples, ${given[i]!.label} has ${found}: they belong together`,
    );
  });
  return { rows, inputs, targets: [], weights: [] };
}

/** Checks that samples and targets fit a model. */
export function requireData(
  x: Tensors,
  y: Tensors,
  ports: readonly Port[],
  targetPorts: readonly TargetPort[],
): DataSet {
  const { rows, inputs } = requireInputs(x, ports);
  const given = tensorsFor('y', y, targetPorts);
  const targets = targetPorts.map(({ shape, classes, ofProbabilities }, i) => {
    const { label, tensor } = given[i]!;
    const found = requireTensor(label, tensor);
    if (classes !== undefined) return requireClasses(label, found, shape, classes);
    const samples = requireSamples(label, withDType(label, found, 'float32'), shape);
    if (ofProbabilities !== undefined) requireProbabilities(label, samples, ofProbabilities);
    return samples;
  });
  targets.forEach(({ shape: [found] }, i) => {
    if (found === rows) return;
    const [samples] = tensorsFor('x', x, ports);
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `${samples!.label} has ${rows} samples, ${given[i]!.label} has ${found}: each x needs its y`,
    );
  });
  return { rows, inputs, targets, weights: [] };
}

/** What a rounded sum of probabilities may have more than 1. */
const probabilityTolerance = 1e-5;

function requireProbabilities(name: string, { shape, data }: Tensor, loss: string): void {
  let wrong = 0; // findIndex is ten times slower, and targets may be as many as pixels
  while (wrong < data.length && data[wrong]! >= -probabilityTolerance && data[wrong]! <= 1 + probabilityTolerance)
    wrong++;
  if (wrong === data.length) return;
  const sample = Math.floor(wrong / sizeOf(shape.slice(1)));
  throw new CudaGanError(
    'CUDA_GAN_DATA',
    `${name} contains ${data[wrong]} in sample ${sample}; ${loss} takes probabilities, from 0 to 1, as targets`,
  );
}

/** The tensors for the ports in their order, and what messages call them: `x`, or `x "image"` where there are several. */
function tensorsFor(
  what: 'x' | 'y',
  given: Tensors,
  ports: readonly Port[],
): readonly { readonly label: string; readonly tensor: Tensor }[] {
  const names = ports.map(({ name }) => name);
  const single = ports.length === 1;
  const tensors = single && !holdsOnly(given, names[0]!) ? [given as Tensor] : inOrder(what, given, names, { isItem });
  return tensors.map((tensor, i) => ({ label: single ? what : `${what} "${names[i]}"`, tensor }));
}

/** Whether the tensor of the only port comes in an array, or by name. */
function holdsOnly(given: Tensors, name: string): boolean {
  if (typeof given !== 'object' || given === null || isItem(given)) return false;
  return Array.isArray(given) ? given.length === 1 && isItem(given[0]) : Object.hasOwn(given, name);
}

/** Whether it is a tensor, not several. */
export function isItem(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'data' in value && 'shape' in value && isData(value.data);
}

const isData = (data: unknown) => ArrayBuffer.isView(data);

/** Rows [begin, end) of a data set. */
export function rowsOf(tensorOfRows: Tensor, begin: number, end: number): Tensor {
  const size = sizeOf(tensorOfRows.shape.slice(1));
  return {
    shape: [end - begin, ...tensorOfRows.shape.slice(1)],
    data: tensorOfRows.data.subarray(begin * size, end * size),
  };
}

/** A Variable that holds a tensor's data. */
export function dataVariable(name: string, { shape, data }: Tensor): Variable {
  return new Variable({ name, shape, dtype: dtypeOf(data), initial: () => data });
}

/** Checks shape and numbers of [n, ...sampleShape]. A last axis of length 1 may be missing, as in Keras. */
export function requireSamples(name: string, { shape: found, data }: Tensor, sampleShape: Shape): Tensor {
  const wanted = [found[0] ?? 0, ...sampleShape];
  const shape = sampleShape.at(-1) === 1 && sameShape(found, wanted.slice(0, -1)) ? wanted : found;
  if (!sameShape(shape, wanted)) {
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `${name} has shape ${formatShape(shape)}; wanted is [${['n', ...sampleShape].join(', ')}]`,
    );
  }
  if (shape[0] === 0) throw new CudaGanError('CUDA_GAN_DATA', `${name} has no samples`);
  const wrong = firstNonFinite(data);
  if (wrong >= 0) {
    const row = Math.floor(wrong / sizeOf(sampleShape));
    throw new CudaGanError(
      'CUDA_GAN_DATA',
      `${name} contains ${data[wrong]} in sample ${row}; all numbers must be finite`,
    );
  }
  return { shape, data };
}

/** Class numbers [n, ...] as int32. They may be float32, as `tensor([0, 2, 1])` is, and have an axis of length 1 at the end. */
function requireClasses(label: string, { shape, data }: Tensor, outputShape: Shape, classes: number): Tensor {
  const perSample = outputShape.slice(0, -1);
  const column = shape.length === perSample.length + 2 && shape.at(-1) === 1;
  const wrong = data.findIndex((label) => !(Number.isInteger(label) && label >= 0 && label < classes));
  if (wrong >= 0) {
    throw new CudaGanError(
      'CUDA_GAN_DATA',
      `${label} contains the class ${data[wrong]} at index ${wrong}; the model's output has classes 0 to ${classes - 1}`,
    );
  }
  const labels = dtypeOf(data) === 'int32' ? data : Int32Array.from(data);
  return requireSamples(label, { shape: column ? shape.slice(0, -1) : shape, data: labels }, perSample);
}

/** Numbers that embeddings look up. */
function requireNumbers(label: string, { data }: Tensor, count: number): void {
  const wrong = data.findIndex((value) => value < 0 || value >= count);
  if (wrong < 0) return;
  throw new CudaGanError(
    'CUDA_GAN_DATA',
    `${label} contains the number ${data[wrong]} at index ${wrong}; the model's embedding has numbers 0 to ${count - 1}`,
  );
}

/** int32 numbers stay as they are for an input of int32, and become floats for others, whose bytes are scaled on the device. */
function withDType(label: string, found: Tensor, dtype: DType): Tensor {
  const given = dtypeOf(found.data);
  if (given === dtype) return found;
  if (dtype === 'float32') return given === 'int32' ? { ...found, data: Float32Array.from(found.data) } : found;
  const wrong = found.data.findIndex((value) => !Number.isInteger(value) || Math.abs(value) >= 2 ** 31);
  if (wrong < 0) return { ...found, data: Int32Array.from(found.data) };
  throw new CudaGanError(
    'CUDA_GAN_DATA',
    `${label} contains ${found.data[wrong]} at index ${wrong}; wanted are whole numbers of int32`,
  );
}

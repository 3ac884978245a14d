// The contents of a model's weights: read, checked, replaced.
import type { Device } from '../devices/device.js';
import { CudaGanError } from '../errors.js';
import type { Variable } from '../program/variable.js';
import {
  firstNonFinite,
  formatShape,
  type OwnFloat32Array,
  requireTensor,
  sameShape,
  type Tensor,
  type TypedArray,
  tensor,
} from '../tensor.js';

export type NamedVariables = readonly (readonly [name: string, variable: Variable])[];

/** Each Variable once, under the first of its names: layers may be shared between parts of a model. */
export function withoutRepeats(named: NamedVariables): NamedVariables {
  const seen = new Set<Variable>();
  return named.filter(([, variable]) => !seen.has(variable) && seen.add(variable));
}

/** Copies of the contents. */
export async function readWeights(weights: NamedVariables, device: Device): Promise<Tensor<OwnFloat32Array>[]> {
  return Promise.all(
    weights.map(async ([, weight]) => tensor((await weight.read(device)) as OwnFloat32Array, weight.shape)),
  );
}

/**
 * Replaces all contents. Values that are `owned` are not copied: nobody else may change them.
 * @throws CudaGanError when one does not fit; nothing changes then.
 */
export async function writeWeights(
  weights: NamedVariables,
  values: readonly Tensor<Float32Array>[],
  device: Device,
  { owned }: { readonly owned: boolean },
): Promise<void> {
  const contents = weights.map(([name, weight], i) => {
    const data = requireContent(name, weight, values[i]!);
    return owned ? data : Float32Array.from(data);
  });
  await Promise.all(weights.map(([, weight], i) => weight.write(contents[i]!, device)));
}

/** What is to be the content of a weight. */
function requireContent(name: string, weight: Variable, value: Tensor<Float32Array>): TypedArray {
  const { shape, data } = requireTensor(`the value for weight "${name}"`, value);
  if (!sameShape(weight.shape, shape)) {
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `weight "${name}" has shape ${formatShape(weight.shape)}, found ${formatShape(shape)}`,
    );
  }
  const wrong = firstNonFinite(data);
  if (wrong >= 0) {
    throw new CudaGanError('CUDA_GAN_DATA', `element ${wrong} for weight "${name}" is ${data[wrong]}`);
  }
  return data;
}

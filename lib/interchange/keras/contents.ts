// The contents of a model's weights on their way to a file and back.
import { CudaGanError } from '../../errors.js';
import type { Hdf5Dataset, Hdf5Group, NewDataset, NewGroup } from '../../formats/hdf5/index.js';
import type { Model } from '../../models/model.js';
import type { Variable } from '../../program/variable.js';
import { dtypeOf, firstNonFinite, formatShape, sameShape, type Tensor } from '../../tensor.js';
import type { Contents } from './spectral-kernel.js';

/** All weights of a model as they are. @throws CudaGanError `CUDA_GAN_DATA` for one that is not finite. */
export async function readContents(model: Model): Promise<Contents> {
  const values = await model.getWeights();
  return new Map(
    model.namedWeights.map(([name, variable], i) => {
      const wrong = firstNonFinite(values[i]!.data);
      if (wrong < 0) return [variable, values[i]!] as const;
      throw new CudaGanError(
        'CUDA_GAN_DATA',
        `weight "${name}" contains ${values[i]!.data[wrong]} at index ${wrong}; a model is saved with finite numbers only`,
      );
    }),
  );
}

/** Replaces all weights of a model. Nobody else may change the contents. @throws CudaGanError as `setWeights`. */
export async function writeContents(model: Model, contents: Contents): Promise<void> {
  await model.takeWeights(model.namedWeights.map(([, variable]) => contents.get(variable) as Tensor<Float32Array>));
}

export function dataset(tensor: Tensor, dtype?: NewDataset['dtype']): NewDataset {
  return { kind: 'dataset', tensor, ...(dtype !== undefined && { dtype }) };
}

/** A tree of groups, of datasets by path. */
export class GroupBuilder {
  readonly #members = new Map<string, GroupBuilder | NewDataset>();
  readonly #attributes = new Map<string, string | readonly string[]>();

  /** The group at a path, made where there is none; the empty path is this one. */
  at(path: string): GroupBuilder {
    if (path === '') return this;
    const [first, ...rest] = path.split('/');
    const found = this.#members.get(first!);
    const group = found instanceof GroupBuilder ? found : new GroupBuilder();
    this.#members.set(first!, group);
    return group.at(rest.join('/'));
  }

  put(name: string, tensor: Tensor, dtype?: NewDataset['dtype']): void {
    this.#members.set(name, dataset(tensor, dtype));
  }

  say(name: string, value: string | readonly string[]): void {
    this.#attributes.set(name, value);
  }

  build(): NewGroup {
    const members = [...this.#members].map(([name, member]) => {
      return [name, member instanceof GroupBuilder ? member.build() : member] as const;
    });
    return { kind: 'group', attributes: this.#attributes, members: new Map(members) };
  }
}

/** What is at a path in a file. */
export function find(root: Hdf5Group, path: string): Hdf5Group | Hdf5Dataset | undefined {
  let found: Hdf5Group | Hdf5Dataset | undefined = root;
  for (const name of path.split('/').filter((part) => part !== '')) {
    found = found?.kind === 'group' ? found.members.get(name) : undefined;
  }
  return found;
}

export function findGroup(root: Hdf5Group, path: string): Hdf5Group | undefined {
  const found = find(root, path);
  return found?.kind === 'group' ? found : undefined;
}

export function findDataset(root: Hdf5Group, path: string): Hdf5Dataset | undefined {
  const found = find(root, path);
  return found?.kind === 'dataset' ? found : undefined;
}

/** The content for a weight. @throws CudaGanError `CUDA_GAN_VALUE` when the file has none, or one that does not fit. */
export async function contentFor(what: string, found: Hdf5Dataset | undefined, { shape }: Variable): Promise<Tensor> {
  if (found === undefined) throw new CudaGanError('CUDA_GAN_VALUE', `the file has no ${what}`);
  if (!sameShape(found.shape, shape)) {
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `${what} has shape ${formatShape(found.shape)} in the file; the model wants ${formatShape(shape)}`,
    );
  }
  const tensor = await found.read();
  if (dtypeOf(tensor.data) === 'float32') return tensor;
  return { shape: tensor.shape, data: Float32Array.from(tensor.data) };
}

// Weights and optimizer state as Keras 3 has them in `model.weights.h5`.
import { CudaGanError } from '../../errors.js';
import type { Hdf5Group } from '../../formats/hdf5/index.js';
import type { Model } from '../../models/model.js';
import type { Variable } from '../../program/variable.js';
import type { Tensor } from '../../tensor.js';
import { contentFor, findDataset, findGroup, GroupBuilder } from './contents.js';
import type { OptimizerContent } from './optimizer-content.js';
import { type Contents, dividedKernels, ownGroup, spectralNormalizations, warnOfStretch } from './spectral-kernel.js';
import { weightGroups } from './weight-places.js';

export function writeKeras3Weights(model: Model, contents: Contents, optimizer?: OptimizerContent): GroupBuilder {
  const root = new GroupBuilder();
  const divided = dividedKernels(model, contents);
  for (const { path, name, weights } of weightGroups(model)) {
    const vars = root.at(path).at('vars');
    vars.say('name', name);
    weights.forEach((weight, i) => {
      vars.put(String(i), divided.get(weight) ?? contents.get(weight)!);
      if (divided.has(weight)) root.at(`${ownGroup}/${path}/vars`).put(String(i), contents.get(weight)!);
    });
  }
  if (optimizer !== undefined) {
    const vars = root.at('optimizer/vars');
    vars.say('name', optimizer.name);
    optimizer.entries.forEach(({ tensor, dtype }, i) => {
      vars.put(String(i), tensor, dtype);
    });
  }
  return root;
}

/** @throws CudaGanError `CUDA_GAN_VALUE` when a weight is missing, left over, or has another shape. */
export async function readKeras3Weights(model: Model, root: Hdf5Group): Promise<Contents> {
  const contents = new Map<Variable, Tensor>();
  const groups = weightGroups(model);
  requireNoOthers(root, new Set(groups.map(({ path }) => `${path}/vars`)));
  for (const { path, name, weights } of groups) {
    const vars = `${path}/vars`;
    const count = findGroup(root, vars)?.members.size ?? 0;
    if (count !== weights.length) {
      throw new CudaGanError(
        'CUDA_GAN_VALUE',
        `layer "${name}" has ${weights.length} weights, and the file has ${count} in ${vars}`,
      );
    }
    for (const [i, weight] of weights.entries()) {
      const own = findDataset(root, `${ownGroup}/${vars}/${i}`);
      const found = own ?? findDataset(root, `${vars}/${i}`);
      contents.set(weight, await contentFor(`weight ${i} of layer "${name}"`, found, weight));
    }
  }
  if (findGroup(root, ownGroup) === undefined) {
    for (const layer of spectralNormalizations(model)) warnOfStretch(layer.name, layer, contents);
  }
  return contents;
}

/** What is no layer's: the optimizer's state, what this package keeps beside, and seeds, which versions of Keras 3 have had. */
const ofNoLayer = ['optimizer', ownGroup, 'seed_generator'];

/** @throws CudaGanError `CUDA_GAN_VALUE` for weights of a layer that the model does not have. */
function requireNoOthers(root: Hdf5Group, wanted: ReadonlySet<string>): void {
  const visit = (group: Hdf5Group, path: string): void => {
    for (const [name, member] of group.members) {
      if (member.kind !== 'group' || ofNoLayer.includes(name)) continue;
      const at = path === '' ? name : `${path}/${name}`;
      if (name === 'vars' && member.members.size > 0 && !wanted.has(at)) {
        throw new CudaGanError('CUDA_GAN_VALUE', `the file has weights at ${at}, for which the model has no layer`);
      }
      visit(member, at);
    }
  };
  visit(root, '');
}

/** The optimizer's state in the order of the file. */
export async function readKeras3Optimizer(root: Hdf5Group): Promise<readonly Tensor[]> {
  const vars = findGroup(root, 'optimizer/vars');
  const count = vars?.members.size ?? 0;
  return Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const found = findDataset(root, `optimizer/vars/${i}`);
      if (found !== undefined) return found.read();
      throw new CudaGanError('CUDA_GAN_VALUE', `the file has no optimizer/vars/${i}`);
    }),
  );
}

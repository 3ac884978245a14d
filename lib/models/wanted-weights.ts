// Which weights of a safetensors file a model takes: what the file calls them, and how their dimensions lie there.
import { inWords, kindOf, notAllowed } from '../checks.js';
import type { Layer } from '../layers/layer.js';
import { checkOptions } from '../options.js';
import type { Variable } from '../program/variable.js';
import type { Tensor } from '../tensor.js';
import type { WantedWeight } from './files.js';
import { fromPytorch, ownersOf, pytorchName } from './pytorch-weights.js';

/** What `Model.loadWeights` takes beside a path. */
export interface LoadWeightsOptions {
  /**
   * What a safetensors file calls weights, by their names here: `{ 'dense/kernel': 'head.w' }`; or what it calls layers, by theirs:
   * `{ dense: 'head' }`. Others have the same name in both. Default: all have.
   */
  readonly names?: Readonly<Record<string, string>> | undefined;
  /**
   * `pytorch`: weights are called `weight`, `bias`, `running_mean` and so on behind the name of the layer and a point, and their
   * dimensions are in PyTorch's order. Counters of batches are left out. Default: as here.
   */
  readonly layout?: 'pytorch' | undefined;
}

/** @throws CudaGanError `CUDA_GAN_VALUE` for a name that the model has not. */
export function wantedWeights(model: Layer, options: LoadWeightsOptions | undefined): readonly WantedWeight[] {
  const checked = checkOptions<LoadWeightsOptions>('loadWeights', options, { names: true, layout: true });
  const { names = {}, layout } = checked;
  if (layout !== undefined && layout !== 'pytorch') throw notAllowed('layout', layout, 'pytorch');
  if (kindOf(names) !== 'Object') throw notAllowed('names', names, 'records of texts');
  for (const [name, other] of Object.entries(names)) {
    if (typeof other !== 'string') throw notAllowed(`the name for ${inWords(name)} in names`, other, 'texts');
  }
  const unused = new Set(Object.keys(names));
  const nameInFile = (path: string): string => {
    if (unused.delete(path) || Object.hasOwn(names, path)) return names[path]!;
    const end = path.lastIndexOf('/');
    const [layer, weight] = [path.slice(0, end), path.slice(end + 1)];
    unused.delete(layer);
    const module = Object.hasOwn(names, layer) ? names[layer]! : layer;
    return layout === 'pytorch' ? pytorchName(module, weight) : `${module}/${weight}`;
  };
  const owners = layout === 'pytorch' ? ownersOf(model) : new Map<Variable, Layer>();
  const wanted = model.namedWeights.map(([name, variable]) => {
    const owner = owners.get(variable);
    const convert = owner && ((found: Tensor) => fromPytorch(owner, found));
    return { name, nameInFile: nameInFile(name), ...(convert && { convert }) };
  });
  const [unknown] = unused;
  if (unknown === undefined) return wanted;
  throw notAllowed('a name in names', unknown, model.namedWeights.map(([name]) => name).join(', '));
}

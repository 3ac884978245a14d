// Models as safetensors files: weights by name, the structure as JSON in the metadata.
import { CudaGanError } from '../errors.js';
import { loadMetadata, loadSafetensors, writeSafetensors } from '../formats/safetensors.js';
import { isSavedLayer, type SavedLayer } from '../layers/registry.js';
import { dtypeOf, firstNonFinite, type Tensor } from '../tensor.js';

export type NamedWeight = readonly [name: string, tensor: Tensor];

export interface ModelFile {
  readonly path: string;
  readonly config: SavedLayer;
  readonly weights: Iterable<NamedWeight>;
}

/**
 * Writes only what loading accepts. Leave the weights as they are until the promise resolves.
 * @throws CudaGanError `CUDA_GAN_DATA` for NaN or Infinity, `CUDA_GAN_VALUE` for a name that two weights have,
 * `CUDA_GAN_FILE` when the file cannot be written.
 */
export async function saveModel(path: string, config: SavedLayer, weights: Iterable<NamedWeight>): Promise<void> {
  await saveModels([{ path, config, weights }]);
}

/** Writes models one after the other, and none when one of them holds a number that is not finite. @throws as `saveModel`. */
export async function saveModels(models: readonly ModelFile[]): Promise<void> {
  const files = models.map(({ path, config, weights }) => ({ path, config, tensors: tensorsOf(weights) }));
  for (const { path, config, tensors } of files) {
    await writeSafetensors(path, tensors, { format: 'cuda-gan', model: JSON.stringify(config) });
  }
}

function tensorsOf(weights: Iterable<NamedWeight>): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  for (const [name, weight] of weights) {
    if (tensors.has(name)) {
      throw new CudaGanError('CUDA_GAN_VALUE', `two weights are called "${name}"; a file needs a name for each`);
    }
    const wrong = firstNonFinite(weight.data);
    if (wrong >= 0) {
      throw new CudaGanError(
        'CUDA_GAN_DATA',
        `weight "${name}" contains ${weight.data[wrong]} at index ${wrong}; a model is saved with finite numbers only`,
      );
    }
    tensors.set(name, weight);
  }
  return tensors;
}

/** @throws CudaGanError `CUDA_GAN_FILE` when the file holds no model of this package. */
export async function loadConfig(path: string): Promise<SavedLayer> {
  const metadata = await loadMetadata(path);
  try {
    const config: unknown = JSON.parse(metadata.model ?? '');
    if (isSavedLayer(config)) return config;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new CudaGanError('CUDA_GAN_FILE', `${path} holds no model of cuda-gan: its metadata has no "model"`);
}

/** What is wanted of a file. */
export interface WantedWeight {
  /** What the model calls it, for errors. */
  readonly name: string;
  /** What the file calls it. */
  readonly nameInFile: string;
  /** Makes the content of what the file has. */
  readonly convert?: (found: Tensor) => Tensor;
}

/**
 * The tensors for `wanted`, in its order. `isExtra` says what a file may have besides.
 * @throws CudaGanError `CUDA_GAN_FILE` when names differ.
 */
export async function loadWeights(
  path: string,
  wanted: readonly WantedWeight[],
  isExtra: (name: string) => boolean = () => false,
): Promise<Tensor<Float32Array>[]> {
  const { tensors } = await loadSafetensors(path);
  const names = new Set(wanted.map(({ nameInFile }) => nameInFile));
  const missing = wanted.find(({ nameInFile }) => !tensors.has(nameInFile));
  const unknown = [...tensors.keys()].find((name) => !names.has(name) && !isExtra(name));
  if (missing !== undefined) {
    const { name, nameInFile } = missing;
    const forWhat = name === nameInFile ? '' : `, for "${name}"`;
    throw new CudaGanError('CUDA_GAN_FILE', `${path} has no weight "${nameInFile}" that the model wants${forWhat}`);
  }
  if (unknown !== undefined) {
    throw new CudaGanError('CUDA_GAN_FILE', `${path} has a weight "${unknown}" that the model does not`);
  }
  return wanted.map(({ nameInFile, convert }) => {
    const found = tensors.get(nameInFile)!;
    if (dtypeOf(found.data) !== 'float32') {
      throw new CudaGanError(
        'CUDA_GAN_FILE',
        `weight "${nameInFile}" in ${path} has whole numbers, read as ${dtypeOf(found.data)}; wanted are floating-point ones`,
      );
    }
    return (convert?.(found) ?? found) as Tensor<Float32Array>;
  });
}

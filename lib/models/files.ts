// Models as safetensors files: weights by name, the structure as JSON in the metadata.
import { CudaGanError } from '../errors.js';
import { loadSafetensors, saveSafetensors } from '../formats/safetensors.js';
import type { Variable } from '../program/variable.js';
import type { Tensor } from '../tensor.js';
import { isModelConfig, type ModelConfig } from './config.js';

export async function saveModel(
  path: string,
  config: ModelConfig,
  weights: ReadonlyMap<string, Tensor>,
): Promise<void> {
  await saveSafetensors(path, weights, { format: 'cuda-gan', model: JSON.stringify(config) });
}

/** @throws CudaGanError `CUDA_GAN_FILE` when the file holds no model of this package. */
export async function loadConfig(path: string): Promise<ModelConfig> {
  const { metadata } = await loadSafetensors(path);
  try {
    const config: unknown = JSON.parse(metadata.model ?? '');
    if (isModelConfig(config)) return config;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new CudaGanError('CUDA_GAN_FILE', `${path} holds no model of cuda-gan: its metadata has no "model"`);
}

/** The tensors for `wanted`, in its order. @throws CudaGanError `CUDA_GAN_FILE` when names differ. */
export async function loadWeights(
  path: string,
  wanted: readonly (readonly [name: string, variable: Variable])[],
): Promise<Tensor<Float32Array>[]> {
  const { tensors } = await loadSafetensors(path);
  const names = new Set(wanted.map(([name]) => name));
  const missing = wanted.find(([name]) => !tensors.has(name));
  const unknown = [...tensors.keys()].find((name) => !names.has(name));
  if (missing !== undefined) {
    throw new CudaGanError('CUDA_GAN_FILE', `${path} has no weight "${missing[0]}" that the model wants`);
  }
  if (unknown !== undefined) {
    throw new CudaGanError('CUDA_GAN_FILE', `${path} has a weight "${unknown}" that the model does not`);
  }
  return wanted.map(([name]) => {
    const found = tensors.get(name)!;
    if (found.data instanceof Float32Array) return { shape: found.shape, data: found.data };
    throw new CudaGanError('CUDA_GAN_FILE', `weight "${name}" in ${path} is not float32`);
  });
}

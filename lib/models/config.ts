// Models as plain data.
import { kindOf, notAllowed } from '../checks.js';
import { CudaGanError } from '../errors.js';
import type { Layer, LayerConfig } from '../layers/layer.js';
import type { SavedLayer } from '../layers/registry.js';

/**
 * Class and options of a layer or model, its layers included; no weights.
 * @throws CudaGanError `CUDA_GAN_VALUE` when its `getConfig` returns what a file cannot keep.
 */
export function modelConfig(layer: Layer): SavedLayer {
  const label = `getConfig of layer "${layer.name}" (${layer.className})`;
  const config: unknown = layer.getConfig();
  if (kindOf(config) !== 'Object') throw notAllowed(`the result of ${label}`, config, 'objects of options');
  requirePlainData(label, '', config, []);
  return { className: layer.className, config: config as LayerConfig };
}

/**
 * `modelConfig` of a layer by the name that the model around it calls it. The name is in front, as in the config of a layer that
 * was given it: a model that is made again has the same config.
 */
export function namedConfig(layer: Layer, name: string): SavedLayer {
  const { className, config } = modelConfig(layer);
  const { name: _, ...options } = config;
  return { className, config: { name, ...options } };
}

/** Holds what is at `path` to what JSON keeps as it is. An option that is undefined is one that is not given. */
function requirePlainData(label: string, path: string, value: unknown, around: readonly unknown[]): void {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) return;
  if (around.includes(value)) throw new CudaGanError('CUDA_GAN_VALUE', `${label}: ${path} contains itself`);
  const inner = [...around, value];
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) requirePlainData(label, `${path}[${i}]`, item, inner);
  } else if (isPlainObject(value)) {
    for (const [name, item] of Object.entries(value)) {
      if (item !== undefined) requirePlainData(label, path === '' ? name : `${path}.${name}`, item, inner);
    }
  } else {
    throw notAllowed(
      `${label}: ${path}`,
      value,
      'texts, finite numbers, true, false, null, and plain arrays and objects of them',
    );
  }
}

/** Made by `{}` or without a prototype, in whatever realm; instances of classes would lose their class. */
function isPlainObject(value: unknown): value is object {
  if (kindOf(value) !== 'Object') return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

// Models as plain data.
import type { Layer, LayerConfig } from '../layers/layer.js';

export interface ModelConfig {
  readonly className: string;
  readonly config: LayerConfig;
}

/** Class and options of a layer or model, its layers included; no weights. */
export function modelConfig(layer: Layer): ModelConfig {
  return { className: layer.className, config: layer.getConfig() };
}

export function isModelConfig(value: unknown): value is ModelConfig {
  return isObject(value) && 'className' in value && 'config' in value && isObject(value.config);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

// Models as plain data.
import type { Layer } from '../layers/layer.js';
import type { SavedLayer } from '../layers/registry.js';

/** Class and options of a layer or model, its layers included; no weights. */
export function modelConfig(layer: Layer): SavedLayer {
  return { className: layer.className, config: layer.getConfig() };
}

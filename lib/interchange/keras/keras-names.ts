// Names that Keras computes with: TensorFlow makes scopes of them.
import { inWords } from '../../checks.js';
import { CudaGanError } from '../../errors.js';
import { InputLayer } from '../../layers/input.js';
import type { Layer } from '../../layers/layer.js';
import { Model } from '../../models/model.js';

const ofLayer = /^[\w.>-]+$/;
const ofModel = /^[A-Za-z0-9.][\w.>-]*$/;

/**
 * Holds the names of a model and its layers to those with which Keras' `predict` runs.
 * @throws CudaGanError `CUDA_GAN_VALUE`
 */
export function requireKerasNames(model: Model): void {
  if (!ofModel.test(model.name)) throw wrong('model', model.name, ', the first a letter, digit or point');
  requireWithin(model);
}

function requireWithin(layer: Layer): void {
  for (const part of layer.layersWithin) {
    const name = layer instanceof Model ? layer.nameOf(part) : part.name;
    if (!ofLayer.test(name) && !(part instanceof InputLayer)) throw wrong('layer', name, '');
    requireWithin(part);
  }
}

function wrong(what: string, name: string, more: string): CudaGanError {
  return new CudaGanError(
    'CUDA_GAN_VALUE',
    `a ${what} is called ${inWords(name)}, with which Keras' predict fails; allowed are letters from a to z, digits, "_", "-", "." and ">"${more}`,
  );
}

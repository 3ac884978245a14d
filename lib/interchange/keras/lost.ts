// What a model loses on its way to Keras.
import { CudaGanError } from '../../errors.js';
import type { Layer } from '../../layers/layer.js';
import { Model } from '../../models/model.js';
import { requireKerasNames } from './keras-names.js';
import type { Dialect } from './keras-object.js';
import { kerasLayers } from './layer-table.js';
import { writeCompilation } from './training-config.js';
import { recordOrder, writeModel } from './write-config.js';

/** In words, each a thing. @throws CudaGanError `CUDA_GAN_VALUE` for what Keras cannot be told at all. */
export function lostInKeras(model: Model, dialect: Dialect): readonly string[] {
  requireKerasNames(model);
  writeModel(model, dialect);
  const own = [...new Set(ownClasses(model))];
  return [
    ...own.map(
      (className) => `the class ${className}, which Keras has not: it loads where Python registers one of that name`,
    ),
    ...(model.pixelRange === undefined
      ? []
      : ['the pixelRange: in Keras, bytes are scaled before they are given to it']),
    ...lostOfCompilation(model, dialect),
  ];
}

/** Classes of layers within that Keras has not. */
export function ownClasses(layer: Layer): readonly string[] {
  const within = layer.layersWithin.flatMap(ownClasses);
  const isKnown =
    layer instanceof Model || layer.className === 'InputLayer' || Object.hasOwn(kerasLayers, layer.className);
  return isKnown ? within : [layer.className, ...within];
}

function lostOfCompilation(model: Model, dialect: Dialect): readonly string[] {
  const { compiled } = model;
  if (compiled === undefined) return [];
  try {
    const { left } = writeCompilation(model, compiled, dialect, recordOrder(dialect));
    return left.map((metric) => `a metric: ${metric}`);
  } catch (error) {
    if (!(error instanceof CudaGanError)) throw error;
    return [`what compile chose: ${error.message}`];
  }
}

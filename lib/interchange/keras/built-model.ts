// A model of a Keras config.
import { CudaGanError } from '../../errors.js';
import type { Layer } from '../../layers/layer.js';
import { layerFromConfig } from '../../layers/registry.js';
import { Model } from '../../models/model.js';
import { withRecords } from './kept-records.js';
import { settingsFrom } from './kept-settings.js';
import { within } from './keras-object.js';
import { type CustomObjects, type ExpectedAxis, readModelConfig } from './read-config.js';

/**
 * @param kept what `keptSettings` said of the model that was saved, if it was one of this package
 * @throws CudaGanError as `readModelConfig`, and what layers say of options and shapes.
 */
export function builtModel(config: unknown, customObjects: CustomObjects, kept: unknown): Model {
  const { saved: read, expectedAxes } = readModelConfig(config, customObjects);
  const saved = withRecords(read, kept);
  const model = layerFromConfig({ ...saved, config: { ...saved.config, ...settingsFrom(kept) } }) as Model;
  for (const expected of expectedAxes) requireLastAxis(model, expected);
  return model;
}

/** Holds an axis that the file counts from the front to be the last. */
function requireLastAxis(model: Model, { path: [, ...names], axis }: ExpectedAxis): void {
  let layer: Layer = model;
  for (const name of names) if (layer instanceof Model) layer = layer.getLayer(name);
  within(`layer "${layer.name}" (${layer.className})`, () => {
    const last = layer.inputShape.length;
    if (axis === last) return;
    throw new CudaGanError('CUDA_GAN_VALUE', `axis is ${axis}; supported is the last one, ${last}`);
  });
}

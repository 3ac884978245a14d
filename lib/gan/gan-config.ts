// A GAN as plain data, to make it again for a run that is resumed.
import { CudaGanError } from '../errors.js';
import { layerFromConfig, type SavedLayer } from '../layers/registry.js';
import { modelConfig } from '../models/config.js';
import { Model, type Prediction } from '../models/model.js';
import { optimizerFromConfig, type SavedOptimizer, savedOptimizer } from '../optimizers/index.js';
import type { GanOptions } from './gan-options.js';
import type { Player } from './step.js';

export interface GanConfig {
  readonly seed: number;
  readonly generator: SavedLayer;
  readonly discriminator: SavedLayer;
  readonly generatorOptimizer: SavedOptimizer;
  readonly discriminatorOptimizer: SavedOptimizer;
}

/** @throws CudaGanError `CUDA_GAN_VALUE` when the config of a layer is no plain data. */
export function ganConfig(generator: Player, discriminator: Player, seed: number): GanConfig {
  return {
    seed,
    generator: modelConfig(generator.model),
    discriminator: modelConfig(discriminator.model),
    generatorOptimizer: savedOptimizer(generator.optimizer),
    discriminatorOptimizer: savedOptimizer(discriminator.optimizer),
  };
}

/** Options that make the GAN again, but for its device. @throws CudaGanError `CUDA_GAN_VALUE` for an unknown class. */
export function ganOptions(config: GanConfig): GanOptions {
  return {
    seed: config.seed,
    generator: modelOf('generator', config.generator),
    discriminator: modelOf('discriminator', config.discriminator),
    generatorOptimizer: optimizerFromConfig(config.generatorOptimizer),
    discriminatorOptimizer: optimizerFromConfig(config.discriminatorOptimizer),
  };
}

function modelOf(what: string, saved: SavedLayer): Model<Prediction> {
  const model = layerFromConfig(saved);
  if (model instanceof Model) return model as Model<Prediction>;
  throw new CudaGanError('CUDA_GAN_FILE', `the ${what} of the run is a ${saved.className}, not a model`);
}

// `train --config`: the whole composition of a run as a JSON file, in the words of the options that code would give.
import { kindOf, notAllowed } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { readBytes } from '../formats/files.js';
import { isSavedLayer, layerFromConfig } from '../layers/registry.js';
import type { Model, Prediction } from '../models/model.js';
import { checkOptions, type OptionNames } from '../options.js';

/** What a file asks for, each option where it belongs; networks as `getConfig` has them. */
export interface RunConfig<ModelOptions, TrainingOptions> {
  readonly model: Partial<ModelOptions>;
  readonly training: Partial<TrainingOptions>;
}

/**
 * @param names Those of the options of what is trained, and of its training.
 * @throws CudaGanError `CUDA_GAN_FILE` for what cannot be read or is no JSON; `CUDA_GAN_VALUE` for an option that does not
 * exist, or cannot be in a file.
 */
export async function readConfig<ModelOptions, TrainingOptions>(
  path: string,
  names: { readonly model: OptionNames<ModelOptions>; readonly training: OptionNames<TrainingOptions> },
): Promise<RunConfig<ModelOptions, TrainingOptions>> {
  const found = parse(path, new TextDecoder().decode(await readBytes(path)));
  if (kindOf(found) !== 'Object') throw notAllowed(path, found, 'objects of options');
  const options = checkOptions(path, found as object, { ...names.model, ...names.training } as never);
  const part = (wanted: object) =>
    Object.fromEntries(Object.entries(options).filter(([name]) => Object.hasOwn(wanted, name)));
  return { model: part(names.model), training: part(names.training) } as RunConfig<ModelOptions, TrainingOptions>;
}

/** The options with the models that they have in the words of a file, and how many these are. */
export function withModels<Options extends object>(
  options: Options,
): { readonly options: Options; readonly models: number } {
  const models = Object.entries(options).flatMap(([name, value]) =>
    isSavedLayer(value) ? [[name, layerFromConfig(value) as Model<Prediction>] as const] : [],
  );
  return { options: { ...options, ...Object.fromEntries(models) }, models: models.length };
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CudaGanError('CUDA_GAN_FILE', `${path} is no JSON: ${(error as Error).message}`, { cause: error });
  }
}

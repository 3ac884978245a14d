// `train --config`: the whole composition of a run as a JSON file, in the words of the options of `new GAN` and `train`.
import { kindOf, notAllowed } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { readBytes } from '../formats/files.js';
import { type GanOptions, ganOptionNames } from '../gan/gan-options.js';
import { type TrainOptions, trainOptionNames } from '../gan/train-options.js';
import { checkOptions } from '../options.js';

/** What a file asks for, each option where it belongs; networks as `getConfig` of a GAN has them. */
export interface RunConfig {
  readonly gan: Partial<GanOptions>;
  readonly training: Partial<TrainOptions>;
}

/**
 * @throws CudaGanError `CUDA_GAN_FILE` for what cannot be read or is no JSON; `CUDA_GAN_VALUE` for an option that does not
 * exist, or cannot be in a file.
 */
export async function readConfig(path: string): Promise<RunConfig> {
  const found = parse(path, new TextDecoder().decode(await readBytes(path)));
  if (kindOf(found) !== 'Object') throw notAllowed(path, found, 'objects of options');
  // What no file can hold, what `--out` says, and a second name for steps.
  const { callbacks, epochs, heldOut, metricsNetwork, onBalance, onProgress, onSample, outDir, signal, ...trainNames } =
    trainOptionNames;
  const names = { ...ganOptionNames, ...trainNames };
  const options = checkOptions(path, found as GanOptions & TrainOptions, names as never);
  const entries = Object.entries(options);
  const isGan = ([name]: readonly [string, unknown]) => Object.hasOwn(ganOptionNames, name);
  return {
    gan: Object.fromEntries(entries.filter(isGan)),
    training: Object.fromEntries(entries.filter((entry) => !isGan(entry))),
  };
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CudaGanError('CUDA_GAN_FILE', `${path} is no JSON: ${(error as Error).message}`, { cause: error });
  }
}

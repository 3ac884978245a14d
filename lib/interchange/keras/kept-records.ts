// Names of inputs and outputs, in files that have lists of them: in the words of Keras 2, a record becomes a list.
import { inWords } from '../../checks.js';
import { CudaGanError } from '../../errors.js';
import type { SavedLayer } from '../../layers/registry.js';
import { Functional } from '../../models/functional.js';
import { Model } from '../../models/model.js';
import { ownValue, requireList, requireRecord } from './keras-object.js';

/** The names of the inputs and outputs that are records, of a model and of the models within it, by their path. */
type Records = Readonly<Record<string, { readonly inputs?: readonly string[]; readonly outputs?: readonly string[] }>>;

export function recordsIn(model: Model, path = ''): Records {
  const { inputs, outputs } = model instanceof Functional ? model.ends : {};
  const own = {
    ...(inputs?.names !== undefined && { inputs: inputs.names }),
    ...(outputs?.names !== undefined && { outputs: outputs.names }),
  };
  const within = model.layers.map((layer) =>
    layer instanceof Model ? recordsIn(layer, `${path}/${model.nameOf(layer)}`) : {},
  );
  return Object.assign({}, Object.keys(own).length > 0 ? { [path]: own } : {}, ...within);
}

/**
 * A model that a file has lists of, with the records that they were.
 * @throws CudaGanError `CUDA_GAN_VALUE` for records that are none, or not of as many names as the lists have.
 */
export function withRecords(saved: SavedLayer, kept: unknown): SavedLayer {
  const given = kept === undefined ? undefined : requireRecord('cuda_gan', kept).records;
  return given === undefined ? saved : restored(saved, requireRecord('records', given), '');
}

function restored(saved: SavedLayer, records: Readonly<Record<string, unknown>>, path: string): SavedLayer {
  const { className, config } = saved;
  if (className !== 'Functional' && className !== 'Sequential') return saved;
  const given = ownValue(records, path);
  const ends = given === undefined ? {} : requireRecord(`records of ${inWords(path)}`, given);
  const named = (['inputs', 'outputs'] as const).flatMap((what) =>
    ends[what] === undefined ? [] : [[what, recordOf(ends[what], config[what])] as const],
  );
  const layers = (config.layers as readonly SavedLayer[]).map((layer) => ({
    ...layer,
    ...restored(layer, records, `${path}/${layer.config.name}`),
  }));
  return { className, config: { ...config, ...Object.fromEntries(named), layers } };
}

/** What a file has one tensor or a list for, by names. */
function recordOf(given: unknown, ends: unknown): unknown {
  const names = requireList('names of a record', given);
  const tensors = Array.isArray(ends) && Array.isArray(ends[0]) ? ends : [ends];
  if (names.every((name) => typeof name === 'string') && names.length === tensors.length) {
    return Object.fromEntries(names.map((name, i) => [name, tensors[i]]));
  }
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `names of a record are ${inWords(given)}; wanted are ${tensors.length} texts`,
  );
}

// `.h5` files, as Keras 1 and 2 wrote them and Keras 3 still does: structure and compilation as JSON in attributes, weights by layer.
import { CudaGanError } from '../../errors.js';
import { fileSource } from '../../formats/byte-source.js';
import { hdf5 } from '../../formats/endings.js';
import { InputFile, writeFileAtomic } from '../../formats/files.js';
import { type Hdf5Group, hdf5Parts, readHdf5 } from '../../formats/hdf5/index.js';
import type { Layer } from '../../layers/layer.js';
import { Functional } from '../../models/functional.js';
import { Model } from '../../models/model.js';
import { type ModelFormat, mistakeOfFile, type ReadOptions, type SaveOptions } from '../../models/model-formats.js';
import { builtModel } from './built-model.js';
import { GroupBuilder, readContents, writeContents } from './contents.js';
import { lostInDeeplearning4j, saveForDeeplearning4j } from './deeplearning4j/save.js';
import { encodeJson } from './encode-json.js';
import { keptSettings, writerOf } from './kept-settings.js';
import { requireKerasNames } from './keras-names.js';
import { type Dialect, requireRecord } from './keras-object.js';
import {
  readKeras2Optimizer,
  readKeras2Weights,
  version,
  weightsGroup,
  writeKeras2Optimizer,
  writeKeras2Weights,
} from './keras2-weights.js';
import { readKeras3Weights, writeKeras3Weights } from './keras3-weights.js';
import type { RecordOrder } from './layer-order.js';
import { lostInKeras } from './lost.js';
import { readOptimizerContent, writeOptimizerContent } from './optimizer-content.js';
import { compileArguments, compileAs } from './training-config.js';
import { recordOrder, writeModel } from './write-config.js';

const signature = [0x89, 0x48, 0x44, 0x46];

export const h5Format: ModelFormat = {
  file: hdf5,
  readers: ['keras', 'deeplearning4j'],
  recognizes: (head) => signature.every((byte, i) => head[i] === byte),
  save: (model, path, { for: reader }) => {
    if (isOfWeights(path)) return saveWeights(model, path, reader);
    return (reader === 'deeplearning4j' ? saveForDeeplearning4j : save)(model, path);
  },
  lost: (model, { for: reader }) =>
    reader === 'deeplearning4j' ? lostInDeeplearning4j(model) : lostInKeras(model, 'keras2'),
  writer: (path) =>
    withFile(path, async (root) => writerOf(root.attributes.get('keras_version'), json(root, 'cuda_gan'))),
  load: (path, options) => withFile(path, (root) => load(root, options)),
  loadWeights: (model, path) =>
    withFile(path, async (root) => {
      const contents =
        weightsGroup(root) === undefined
          ? await readKeras3Weights(model, root)
          : await readKeras2Weights(model, root, orderIn(root));
      await writeContents(model, contents);
    }),
};

/** By such a name Keras 3 knows a file of weights alone, which is otherwise than one of a model. */
function isOfWeights(path: string): boolean {
  return path.toLowerCase().endsWith('.weights.h5');
}

/** What Keras 3's `load_weights` takes. */
async function saveWeights(model: Model, path: string, reader: SaveOptions['for']): Promise<void> {
  if (reader === 'deeplearning4j') {
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `${path} is called as weights alone, and Deeplearning4j's importer reads whole models: call it otherwise`,
    );
  }
  const { compiled } = model;
  const optimizer = compiled && (await readOptimizerContent(model, compiled, 'sorted'));
  const root = writeKeras3Weights(model, await readContents(model), optimizer);
  await writeFileAtomic(path, hdf5Parts(root.build()));
}

async function save(model: Model, path: string): Promise<void> {
  requireKerasNames(model);
  const dialect = dialectOf(model);
  const order = recordOrder(dialect);
  const config = writeModel(model, dialect);
  const contents = await readContents(model);
  const root = new GroupBuilder();
  for (const [attribute, value] of Object.entries(version)) root.say(attribute, value);
  root.say('model_config', encodeJson(config));
  root.say('cuda_gan', encodeJson(keptSettings(model, dialect)));
  writeKeras2Weights(root, model, contents, order);
  await writeCompiled(root, model, order);
  await writeFileAtomic(path, hdf5Parts(root.build()));
}

/** Keras 2 and 3 count the places of models within connected models otherwise: such files are for Keras 3. */
function dialectOf(layer: Layer): Dialect {
  const isConnected = layer instanceof Functional && layer.layers.some((part) => part instanceof Model);
  return isConnected || layer.layersWithin.some((part) => dialectOf(part) === 'keras3') ? 'keras3' : 'keras2';
}

async function writeCompiled(root: GroupBuilder, model: Model, order: RecordOrder): Promise<void> {
  const { compiled } = model;
  const chosen = compiled && compileArguments(model, compiled, 'keras2', order);
  if (chosen === undefined) return;
  const { optimizer, ...objective } = chosen;
  root.say('training_config', encodeJson({ ...objective, sample_weight_mode: null, optimizer_config: optimizer }));
  const state = await readOptimizerContent(model, compiled!, order);
  if (state !== undefined) writeKeras2Optimizer(root, state);
}

async function load(root: Hdf5Group, { customObjects, compile, device }: ReadOptions): Promise<Model> {
  const config = json(root, 'model_config');
  if (config === undefined) {
    const what = weightsGroup(root) === undefined && !root.members.has('layers') ? 'no model' : 'weights alone';
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `it holds ${what}: its attribute model_config, the structure, is missing${what === 'no model' ? '' : '; build the model, and call its loadWeights'}`,
    );
  }
  const model = builtModel(config, customObjects, json(root, 'cuda_gan'));
  if (device !== undefined) model.device = device;
  if (model.built) await writeContents(model, await readKeras2Weights(model, root, orderIn(root)));
  const chosen = compile ? json(root, 'training_config') : undefined;
  if (chosen === undefined) return model;
  await compileAs(model, chosen, async (compiled) => {
    const state = await readKeras2Optimizer(root);
    if (state.length > 0) await writeOptimizerContent(model, compiled, state, orderIn(root));
  });
  return model;
}

/** Of what this package has written in the words of Keras 2, it is that of the record; files of Keras 3 say modules of classes. */
function orderIn(root: Hdf5Group): RecordOrder {
  const { module } = requireRecord('model_config', json(root, 'model_config') ?? {});
  return root.attributes.has('cuda_gan') && module === undefined ? 'given' : 'sorted';
}

function json(root: Hdf5Group, attribute: string): unknown {
  const text = root.attributes.get(attribute);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(String(text));
  } catch (cause) {
    throw new CudaGanError('CUDA_GAN_VALUE', `its attribute ${attribute} is not JSON`, { cause });
  }
}

async function withFile<Result>(path: string, use: (root: Hdf5Group) => Promise<Result>): Promise<Result> {
  return InputFile.with(path, async (file) => {
    try {
      return await use(await readHdf5(await fileSource(file)));
    } catch (error) {
      throw mistakeOfFile(path, error);
    }
  });
}

// `model.json` of TensorFlow.js, with files of weights beside it: structure and compilation as JSON, by Keras' words.
import { CudaGanError } from '../../errors.js';
import { tfjs } from '../../formats/endings.js';
import { InputFile } from '../../formats/files.js';
import type { Model } from '../../models/model.js';
import { type ModelFormat, mistakeOfFile, type ReadOptions } from '../../models/model-formats.js';
import type { Compiled } from '../../models/trainer.js';
import { packageVersion } from '../../package-info.cjs';
import type { Variable } from '../../program/variable.js';
import { dtypeOf, formatShape, sameShape, type Tensor } from '../../tensor.js';
import { builtModel } from '../keras/built-model.js';
import { readContents, writeContents } from '../keras/contents.js';
import { keptSettings } from '../keras/kept-settings.js';
import { type KerasConfig, requireRecord } from '../keras/keras-object.js';
import { version } from '../keras/keras2-weights.js';
import { compileArguments, compileAs, compiling } from '../keras/training-config.js';
import { lostInTfjs } from './lost.js';
import { readManifest } from './manifest.js';
import { type NamedTensor, readState, writeState } from './optimizer-weights.js';
import { readTopology } from './read-topology.js';
import { openWeights, type StoredWeight } from './read-weights.js';
import { readTrainingConfig, writeTrainingConfigIfKnown } from './training-config.js';
import { namesInFile } from './weight-names.js';
import { writeTopology } from './write-topology.js';
import { shardsOf, writeWithWeights } from './write-weights.js';

/** More JSON than any structure has. */
const maxJsonBytes = 2 ** 26;

export const tfjsFormat: ModelFormat = {
  file: tfjs,
  // A safetensors file may begin with the same bytes, but has zeros among the first eight.
  recognizes: (head) => !head.includes(0) && /^\s*\{/.test(new TextDecoder().decode(head)),
  save,
  lost: lostInTfjs,
  writer: (path) => withFile(path, async (json) => writerOf(json)),
  load: (path, options) => withFile(path, (json) => load(path, json, options)),
  loadWeights: (model, path) => withFile(path, (json) => loadWeights(model, path, json)),
};

async function save(model: Model, path: string): Promise<void> {
  const { config, weights } = writeTopology(model);
  const contents = await readContents(model);
  const tensors: NamedTensor[] = weights.map(([name, variable]) => [name, contents.get(variable)!]);
  const { compiled } = model;
  const chosen = compiled && compileArguments(model, compiled, 'keras2', 'given');
  const names = new Map(weights.map(([name, variable]) => [variable, name]));
  const state = chosen === undefined ? [] : await readState(model, compiled!, names);
  const trainingConfig = chosen && writeTrainingConfigIfKnown(compiled!);
  const shards = await shardsOf(
    path,
    [...tensors, ...state].map(([, tensor]) => tensor),
  );
  const entries = [...tensors.map(entryOf), ...state.map((tensor) => ({ ...entryOf(tensor), group: 'optimizer' }))];
  const json = {
    format: 'layers-model',
    generatedBy: `cuda-gan v${packageVersion()}`,
    convertedBy: null,
    // `training_config` is all of it, which TensorFlow.js does not look at; `trainingConfig` is what it knows.
    modelTopology: { ...version, model_config: config, ...(chosen && { training_config: inKeras2(chosen) }) },
    ...(trainingConfig && { trainingConfig }),
    weightsManifest: shards.length === 0 ? [] : [{ paths: shards.map(({ name }) => name), weights: entries }],
    userDefinedMetadata: { cuda_gan: keptSettings(model, 'keras2') },
  };
  await writeWithWeights(path, JSON.stringify(json), shards);
}

function entryOf([name, { shape, data }]: NamedTensor): { name: string; shape: readonly number[]; dtype: string } {
  return { name, shape, dtype: dtypeOf(data) };
}

function inKeras2({ optimizer, ...objective }: KerasConfig): KerasConfig {
  return { ...objective, optimizer_config: optimizer };
}

async function load(path: string, json: KerasConfig, { customObjects, compile, device }: ReadOptions): Promise<Model> {
  const { config, trainingConfig, inOrder } = readTopology(json, customObjects);
  const model = builtModel(config, customObjects, keptIn(json));
  if (device !== undefined) model.device = device;
  const stored = await openWeights(path, readManifest(json.weightsManifest ?? []));
  const contents = model.built ? await readModelWeights(model, stored, inOrder) : undefined;
  if (contents !== undefined) await writeContents(model, contents);
  if (compile) await compileAsSaid(model, trainingConfig, json.trainingConfig, stored);
  return model;
}

/** As the topology says, which has all, or else as TensorFlow.js does. */
async function compileAsSaid(
  model: Model,
  ofTopology: unknown,
  ofTfjs: unknown,
  stored: ReadonlyMap<string, StoredWeight>,
): Promise<void> {
  const bringState = async (compiled: Compiled): Promise<void> => {
    const state = [...stored.values()].filter(({ entry }) => entry.ofOptimizer);
    if (state.length === 0) return;
    const tensors = await Promise.all(state.map(async (part) => [part.entry.name, await part.read()] as const));
    await writeState(model, compiled, tensors);
  };
  if (ofTopology !== undefined) {
    await compileAs(model, ofTopology, bringState);
  } else if (ofTfjs !== undefined && ofTfjs !== null) {
    await compiling(async () => {
      model.compile(readTrainingConfig(requireRecord('trainingConfig', ofTfjs), model.outputNames));
      await bringState(model.compiled!);
    });
  }
}

function writerOf({ generatedBy, convertedBy }: KerasConfig): string {
  const writer = typeof generatedBy === 'string' ? generatedBy : 'an unknown program';
  return typeof convertedBy === 'string' ? `${writer}, converted by ${convertedBy}` : writer;
}

/** What this package has kept; the user's own metadata is anything. */
function keptIn({ userDefinedMetadata: given }: KerasConfig): unknown {
  return typeof given === 'object' && given !== null && 'cuda_gan' in given ? given.cuda_gan : undefined;
}

async function loadWeights(model: Model, path: string, json: KerasConfig): Promise<void> {
  const { inOrder } = readTopology(json);
  const stored = await openWeights(path, readManifest(json.weightsManifest ?? []));
  await writeContents(model, await readModelWeights(model, stored, inOrder));
}

/** Names and shapes are compared before anything is read. */
async function readModelWeights(
  model: Model,
  stored: ReadonlyMap<string, StoredWeight>,
  inOrder: boolean,
): Promise<ReadonlyMap<Variable, Tensor>> {
  const names = [...stored.values()].filter(({ entry }) => !entry.ofOptimizer).map(({ entry }) => entry.name);
  const found = [...namesInFile(model, names, inOrder)].map(
    ([variable, name]) => [variable, stored.get(name)!] as const,
  );
  for (const [variable, { entry }] of found) requireFits(variable, entry);
  const contents = new Map<Variable, Tensor>();
  for (const [variable, weight] of found) contents.set(variable, await weight.read());
  return contents;
}

function requireFits(variable: Variable, { name, shape, elements, quantization }: StoredWeight['entry']): void {
  if (!sameShape(shape, variable.shape)) {
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `weight "${name}" has shape ${formatShape(shape)} in the file; the model wants ${formatShape(variable.shape)}`,
    );
  }
  if (quantization !== undefined || elements.dtype === 'float32') return;
  throw new CudaGanError('CUDA_GAN_VALUE', `weight "${name}" is ${elements.name} in the file; supported is float32`);
}

/** @throws CudaGanError `CUDA_GAN_FILE` for what is no JSON, or too much, and as `use`. */
async function withFile<Result>(path: string, use: (json: KerasConfig) => Promise<Result>): Promise<Result> {
  const text = await InputFile.with(path, async (file) => {
    if (file.size === undefined || file.size <= maxJsonBytes) return new TextDecoder().decode(await file.readAll());
    throw new CudaGanError('CUDA_GAN_FILE', `${path} has ${file.size} bytes; at most ${maxJsonBytes} of JSON are read`);
  });
  try {
    return await use(requireRecord('it', parse(text)));
  } catch (error) {
    throw mistakeOfFile(path, error);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CudaGanError('CUDA_GAN_VALUE', 'it begins as JSON does, and is not JSON', { cause });
  }
}

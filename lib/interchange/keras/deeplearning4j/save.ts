// Writes `.h5` files for Deeplearning4j's importer of Keras' models.
import { CudaGanError } from '../../../errors.js';
import { writeFileAtomic } from '../../../formats/files.js';
import { hdf5Parts } from '../../../formats/hdf5/index.js';
import { BatchNormalization } from '../../../layers/batch-normalization.js';
import type { Layer } from '../../../layers/layer.js';
import { SpectralNormalization } from '../../../layers/spectral-normalization.js';
import type { Model } from '../../../models/model.js';
import { formatShape, type Tensor } from '../../../tensor.js';
import { GroupBuilder, readContents } from '../contents.js';
import { encodeJson } from '../encode-json.js';
import type { KerasObject } from '../keras-object.js';
import { sayList } from '../keras2-weights.js';
import { type Contents, dividedKernels } from '../spectral-kernel.js';
import { flatConfig } from './config.js';
import { withCopies } from './copies.js';
import { type FlatModel, flatModel } from './flat-model.js';
import { Names } from './names.js';
import { withoutRepeatedReshapes } from './reshapes.js';
import { separate } from './separate.js';
import { withoutSingleNumbers } from './single-numbers.js';

/** The importer reads the first digit, and takes samples to have their channels last with this backend. */
const version = { keras_version: '2.1.2', backend: 'tensorflow' };

/**
 * Writes structure and weights, without what concerns training: a model in a model is dissolved into its layers, and spectral
 * normalisation becomes the layer within, with the kernel as inference uses it.
 * @throws CudaGanError `CUDA_GAN_VALUE` for what the importer does not take, with the names of layer and option, and
 * `CUDA_GAN_DATA` for a weight that is not finite, before anything is written; `CUDA_GAN_FILE`.
 */
export async function saveForDeeplearning4j(model: Model, path: string): Promise<void> {
  const { flat, config } = prepare(model);
  const contents = await inferenceContents(model);
  const root = new GroupBuilder();
  for (const [attribute, value] of Object.entries(version)) root.say(attribute, value);
  root.say('model_config', encodeJson(config));
  putWeights(root.at('model_weights'), flat, contents);
  await writeFileAtomic(path, hdf5Parts(root.build()));
}

/**
 * What of a model the importer is not given.
 * @throws CudaGanError as `saveForDeeplearning4j`, for a model that the importer does not take.
 */
export function lostInDeeplearning4j(model: Model): readonly string[] {
  prepare(model);
  return [
    'initializers, regularizers and constraints, which concern training',
    ...(model.compiled === undefined ? [] : ["what compile chose, and the optimizer's state"]),
    ...(model.pixelRange === undefined ? [] : ['the pixelRange: scale bytes before they are given to it']),
  ];
}

/** The same computation in layers that the importer reads, connected as it can. */
function prepare(model: Model): { readonly flat: FlatModel; readonly config: KerasObject } {
  requireShapes(model);
  const names = new Names();
  const nameFor = (wanted: string) => names.next(wanted);
  const whole = withoutSpectralNormalizations(flatModel(model, nameFor));
  const readable = withoutRepeatedReshapes(withoutSingleNumbers(whole, nameFor));
  const flat = withCopies(separate(readable, nameFor), nameFor);
  return { flat, config: flatConfig(flat, model.name) };
}

function requireShapes(model: Model): void {
  if (!model.built) {
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `model "${model.name}" has no shapes yet, which Deeplearning4j's importer needs: give its first layer an inputShape`,
    );
  }
  const wrong = model.inputShapes.find(({ length }) => length > 3);
  if (wrong === undefined) return;
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `model "${model.name}" takes samples of ${formatShape(wrong)}; Deeplearning4j's importer takes samples of at most 3 dimensions`,
  );
}

function withoutSpectralNormalizations({ layers, ...ends }: FlatModel): FlatModel {
  return {
    ...ends,
    layers: layers.map((flat) =>
      flat.layer instanceof SpectralNormalization ? { ...flat, layer: flat.layer.layer } : flat,
    ),
  };
}

async function inferenceContents(model: Model): Promise<Contents> {
  const contents = await readContents(model);
  return new Map([...contents, ...dividedKernels(model, contents)]);
}

/** One group a layer, with a group of its weights in it. */
function putWeights(group: GroupBuilder, { inputs, layers }: FlatModel, contents: Contents): void {
  for (const [attribute, value] of Object.entries(version)) group.say(attribute, value);
  const names = [...inputs, ...layers].map(({ name }) => name);
  sayList(group, 'layer_names', names);
  for (const name of names) group.at(name).say('weight_names', []);
  for (const { name, layer } of layers) {
    const weights = weightsOf(layer, contents).map(([weight, tensor]) => [`${weight}:0`, tensor] as const);
    const ofLayer = group.at(name);
    ofLayer.say(
      'weight_names',
      weights.map(([weight]) => `${name}/${weight}`),
    );
    for (const [weight, tensor] of weights) ofLayer.at(name).put(weight, tensor);
  }
}

function weightsOf(layer: Layer, contents: Contents): readonly (readonly [name: string, tensor: Tensor])[] {
  const weights = layer.namedWeights.map(([name, variable]) => [name, contents.get(variable)!] as const);
  if (!(layer instanceof BatchNormalization)) return weights;
  const shape = [layer.inputShape.at(-1)!];
  const constant = (value: number) => ({ shape, data: new Float32Array(shape[0]!).fill(value) });
  return [...new Map([['gamma', constant(1)], ['beta', constant(0)], ...weights])];
}

// The structure of a model in model.json as Keras' config.
import { kindOf } from '../../checks.js';
import { CudaGanError } from '../../errors.js';
import { isRegistered } from '../../layers/registry.js';
import {
  camelCase,
  isKerasObject,
  isModelClass,
  type KerasConfig,
  type KerasObject,
  ownValue,
  requireList,
  requireRecord,
} from '../keras/keras-object.js';
import { kerasLayers } from '../keras/layer-table.js';
import type { CustomObjects } from '../keras/read-config.js';
import { ownClass } from '../keras/write-config.js';
import { isModel } from './places.js';

export interface SavedTopology {
  readonly config: unknown;
  /** What the model was compiled with, in Keras' words. */
  readonly trainingConfig: unknown;
  /** Whether TensorFlow.js has written it, and no converter of a model of Keras. */
  readonly ofTfjs: boolean;
  /** Whether the weights lie in Keras' order of layers: the converter sorts them by names. */
  readonly inOrder: boolean;
}

/** @throws CudaGanError `CUDA_GAN_VALUE` for what is no model of layers, and what TensorFlow.js computes otherwise. */
export function readTopology(json: KerasConfig, customObjects: CustomObjects = {}): SavedTopology {
  const { modelTopology, format = 'layers-model', generatedBy } = json;
  if (modelTopology === undefined) {
    throw new CudaGanError('CUDA_GAN_VALUE', 'it is JSON without "modelTopology": no model of TensorFlow.js');
  }
  if (format !== 'layers-model') {
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `it is a ${JSON.stringify(format)}; supported is "layers-model", which TensorFlow.js saves and its converter makes of Keras models`,
    );
  }
  const topology = requireRecord('modelTopology', modelTopology);
  const config = topology.model_config ?? topology;
  const ofTfjs = String(generatedBy).startsWith('TensorFlow.js');
  const settings = { ofTfjs, customObjects };
  return {
    config: isModel(config) ? keras2Model(config, settings) : config,
    trainingConfig: topology.training_config ?? undefined,
    ofTfjs,
    inOrder: String(generatedBy).startsWith('cuda-gan'),
  };
}

interface Settings extends Pick<SavedTopology, 'ofTfjs'> {
  readonly customObjects: CustomObjects;
}

/** The config of a model as Keras 2 has it. */
function keras2Model(object: KerasObject, settings: Settings): KerasObject {
  const layers = (object.config.layers as readonly unknown[]).map((layer, i) => {
    if (!isKerasObject(layer)) return layer;
    const isFirst = object.class_name === 'Sequential' && i === 0;
    return keras2Layer(settings.ofTfjs && !isFirst ? withoutInputShape(layer) : layer, settings);
  });
  return { ...object, config: { ...object.config, layers } };
}

/** TensorFlow.js makes up shapes of inputs that it does not know. */
function withoutInputShape(object: KerasObject): KerasObject {
  if (object.class_name === 'InputLayer') return object;
  const { batch_input_shape: _, ...config } = object.config;
  return { ...object, config };
}

function keras2Layer(object: KerasObject, settings: Settings): KerasObject {
  if (isModel(object)) return keras2Model(object, settings);
  const { class_name: className, config } = object;
  if (className === 'InputLayer' || Object.hasOwn(kerasLayers, className)) {
    const mend = settings.ofTfjs ? ownValue(mended, className) : undefined;
    return mend === undefined ? object : { ...object, config: mend(config) };
  }
  const isRegisteredOnly =
    !Object.hasOwn(settings.customObjects, className) && !isModelClass(className) && isRegistered(className);
  return {
    ...object,
    class_name: isRegisteredOnly ? ownClass(className) : className,
    config: settings.ofTfjs ? (inCamelCase(config) as KerasConfig) : config,
  };
}

/** What TensorFlow.js writes otherwise than Keras, by the class of the layer. */
const mended: Readonly<Record<string, (config: KerasConfig) => KerasConfig>> = {
  // TensorFlow.js 4 writes the regularizer in the place of the constraint, which is lost.
  DepthwiseConv2D: ({ depthwise_constraint: _, ...config }) => config,
  Reshape: (config) => ({
    ...config,
    target_shape: requireList('target_shape', config.target_shape).map((size) => size ?? -1),
  }),
  UpSampling2D: (config) => {
    if (config.interpolation !== 'bilinear') return config;
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `layer "${config.name}" (UpSampling2D): interpolation is "bilinear", which TensorFlow.js computes otherwise than Keras and this package`,
    );
  },
};

/** Options of a layer of the user's, as its class says them: TensorFlow.js writes all names in snake case. */
function inCamelCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inCamelCase);
  if (kindOf(value) !== 'Object') return value;
  return Object.fromEntries(Object.entries(value as object).map(([key, item]) => [camelCase(key), inCamelCase(item)]));
}

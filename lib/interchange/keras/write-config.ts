// The structure of a model as Keras' config.
import { CudaGanError } from '../../errors.js';
import { InputLayer } from '../../layers/input.js';
import type { Layer } from '../../layers/layer.js';
import type { SavedLayer } from '../../layers/registry.js';
import { SpectralNormalization } from '../../layers/spectral-normalization.js';
import type { SymbolicTensor } from '../../layers/symbolic-tensor.js';
import { Wrapper } from '../../layers/wrapper.js';
import { namedConfig } from '../../models/config.js';
import { type Ends, Functional } from '../../models/functional.js';
import { placeOf, type TensorConfig } from '../../models/functional-config.js';
import { Model } from '../../models/model.js';
import { Sequential } from '../../models/sequential.js';
import { inForm } from '../../models/structure.js';
import type { DType, Shape } from '../../tensor.js';
import { floatInputs } from './float-inputs.js';
import {
  type Dialect,
  type KerasConfig,
  type KerasLayerObject,
  type KerasObject,
  kerasObject,
  ownValue,
  snakeCase,
} from './keras-object.js';
import { layersInKerasOrder, namesInOrder, type RecordOrder } from './layer-order.js';
import { type KerasLayer, kerasLayers } from './layer-table.js';
import { writeOption } from './parts.js';

/** By which Keras knows classes that are this package's, or the user's. */
const packageName = 'cuda_gan';

/**
 * A model as Keras' config.
 * @throws CudaGanError `CUDA_GAN_VALUE` for a layer with what Keras has not.
 */
export function writeModel(model: Model, dialect: Dialect, name = model.name): KerasObject {
  const writer = new ConfigWriter(dialect);
  return writer.model(model, name);
}

/** A layer by itself, by that name. @throws CudaGanError as `writeModel`. */
export function writeLayer(dialect: Dialect, layer: Layer, name: string): KerasObject {
  return new ConfigWriter(dialect).layer(layer, name);
}

/** Files of Keras 2 have lists in place of records, as its older versions do. */
export function recordOrder(dialect: Dialect): RecordOrder {
  return dialect === 'keras2' ? 'given' : 'sorted';
}

class ConfigWriter {
  readonly #dialect: Dialect;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  model(model: Model, name: string): KerasObject {
    if (model instanceof Sequential) return this.#sequential(model, name);
    if (model instanceof Functional) return this.#functional(model, name);
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `model "${name}" is a ${model.className}, and Keras has Sequential and Functional: save its parts`,
    );
  }

  #sequential(model: Sequential, name: string): KerasObject {
    const dtype = model.layers[0] instanceof SpectralNormalization ? 'float32' : model.inputDType;
    const first = model.built ? [this.#input('input_layer', model.inputShape, dtype)] : [];
    const layers = [...first, ...model.layers.map((layer) => this.layer(layer, model.nameOf(layer)))];
    return kerasObject(this.#dialect, 'keras', 'Sequential', { name, trainable: model.trainable, layers });
  }

  #functional(model: Functional, name: string): KerasObject {
    const { inputs, outputs } = model.ends;
    const floats = floatInputs(model);
    const layers = layersInKerasOrder(model, recordOrder(this.#dialect)).map((layer) =>
      this.#connected(model, layer, floats),
    );
    const className = this.#dialect === 'keras2' ? 'Model' : 'Functional';
    return kerasObject(this.#dialect, 'keras.src.models.functional', className, {
      name,
      trainable: model.trainable,
      layers,
      input_layers: this.#ends(model, inputs),
      output_layers: this.#ends(model, outputs),
    });
  }

  #ends(model: Functional, { form, names, tensors }: Ends): unknown {
    const found = tensors.map((tensor) => this.#place(model, tensor, 'end'));
    return this.#dialect === 'keras2' ? found : inForm(form, names ?? [], found);
  }

  /** A layer of a functional model, with the places where it is applied. */
  #connected(model: Functional, layer: Layer, floats: ReadonlySet<Layer>): KerasLayerObject {
    const name = model.nameOf(layer);
    const places = layer instanceof InputLayer ? [] : model.placesOf(layer);
    const inboundNodes = places.map(({ inputs, training }) => {
      const settings = training === undefined ? {} : { training };
      return this.#dialect === 'keras2'
        ? inputs.map((tensor) => [...this.#place(model, tensor, 'node'), settings])
        : { args: this.#arguments(model, layer, inputs), kwargs: settings };
    });
    const object = floats.has(layer) ? this.#input(name, layer.inputShapes[0]!, 'float32') : this.layer(layer, name);
    return { ...object, name, inbound_nodes: inboundNodes };
  }

  /**
   * A tensor, where a node takes it or as an end of the model. A model within counts the place where it was connected itself, as 0:
   * Keras 2 does so throughout, Keras 3 for connected models that are ends.
   */
  #place(model: Functional, tensor: SymbolicTensor, where: 'node' | 'end'): TensorConfig {
    const [name, node, output] = placeOf(model, tensor);
    const { layer } = tensor.node;
    const counts = this.#dialect === 'keras2' ? layer instanceof Model : layer instanceof Functional && where === 'end';
    return [name, counts ? node + 1 : node, this.#outputOf(layer, output)];
  }

  /** Which of its outputs a model within counts one as. */
  #outputOf(layer: Layer, output: number): number {
    const names = layer instanceof Functional ? layer.ends.outputs.names : undefined;
    if (names === undefined) return output;
    return namesInOrder({ names }, recordOrder(this.#dialect))!.indexOf(names[output]!);
  }

  /** Several tensors are one list, which layers of Keras take as their first argument; a model, too. */
  #arguments(model: Functional, layer: Layer, inputs: readonly SymbolicTensor[]): readonly unknown[] {
    const tensors = inputs.map((tensor) => ({
      class_name: '__keras_tensor__',
      config: {
        shape: [null, ...tensor.shape],
        dtype: tensor.dtype,
        keras_history: this.#place(model, tensor, 'node'),
      },
    }));
    if (tensors.length === 1) return tensors;
    if (layer instanceof Functional && layer.ends.inputs.form === 'record') {
      return [Object.fromEntries(layer.inputNames.map((name, i) => [name, tensors[i]!]))];
    }
    return [tensors];
  }

  layer(layer: Layer, name: string): KerasObject {
    if (layer instanceof InputLayer) return this.#input(name, layer.tensor.shape, layer.tensor.dtype);
    if (layer instanceof Sequential || layer instanceof Functional) return this.model(layer, name);
    const saved = namedConfig(layer, name);
    const entry = ownValue(kerasLayers, saved.className);
    if (entry === undefined) return this.#ownLayer(saved, name);
    try {
      const within = layer instanceof Wrapper ? { layer: layerWithin(layer) } : {};
      const config = { ...this.#options(saved, entry), ...within };
      return kerasObject(this.#dialect, 'keras.layers', entry.className ?? saved.className, config);
    } catch (error) {
      if (!(error instanceof CudaGanError)) throw error;
      throw new CudaGanError(error.code, `layer "${name}" (${saved.className}): ${error.message}`, { cause: error });
    }
  }

  #input(name: string, shape: Shape, dtype: DType): KerasObject {
    const batchShape = [null, ...shape];
    const config: KerasConfig =
      this.#dialect === 'keras2'
        ? { batch_input_shape: batchShape, dtype, sparse: false, name }
        : { batch_shape: batchShape, dtype, sparse: false, ragged: false, name };
    return kerasObject(this.#dialect, 'keras.layers', 'InputLayer', config);
  }

  #options({ className, config }: SavedLayer, entry: KerasLayer): KerasConfig {
    const options: Record<string, unknown> = {};
    for (const [option, value] of Object.entries(config)) {
      if (option === 'inputShape' || option === 'layer') continue;
      if (entry.without?.includes(option)) {
        if (option === 'trainable') continue;
        throw new CudaGanError('CUDA_GAN_VALUE', `Keras' ${className} takes no ${option}`);
      }
      options[this.#optionName(option, entry)] = writeOption(this.#dialect, option, value);
    }
    for (const [name, [value]] of Object.entries(entry.only ?? {})) options[name] = this.#only(name, value);
    return { ...options, dtype: 'float32' };
  }

  #only(name: string, value: unknown): unknown {
    if (!name.endsWith('_initializer')) return value;
    return writeOption(this.#dialect, 'movingInitializer', { name: value, config: {} });
  }

  #optionName(option: string, entry: KerasLayer): string {
    const older = this.#dialect === 'keras2' ? entry.keras2Names?.[option] : undefined;
    return older ?? entry.names?.[option] ?? snakeCase(option);
  }

  /** Of this package alone, or of the user's: Keras loads it where it has a class of that name. */
  #ownLayer({ className, config }: SavedLayer, name: string): KerasObject {
    const { inputShape: _, ...options } = config;
    const own = { ...options, name, dtype: 'float32' };
    const registered = ownClass(className);
    if (this.#dialect === 'keras2') return { class_name: registered, config: own };
    return { module: null, class_name: className, config: own, registered_name: registered };
  }
}

/** The name by which Keras knows a class that is this package's, or the user's. */
export function ownClass(className: string): string {
  return `${packageName}>${className}`;
}

/** In the way of Keras 3, whose wrappers read no other. */
function layerWithin({ layer }: Wrapper): KerasObject {
  return new ConfigWriter('keras3').layer(layer, layer.name);
}

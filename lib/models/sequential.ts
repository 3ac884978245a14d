// A stack of layers, each with one input and one output.
import { inWords, shapeOption } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { Layer, type LayerConfig, shapesOf, WeightStreams } from '../layers/layer.js';
import { isSavedLayer, layerFromConfig, registerClass } from '../layers/registry.js';
import { checkOptions, type OptionNames } from '../options.js';
import { type DType, formatShape, type Shape, sameShape } from '../tensor.js';
import { namedConfig } from './config.js';
import { readModel } from './load-model.js';
import { Model, type ModelOptions, modelOptionNames, type Prediction } from './model.js';
import type { Form } from './structure.js';
import type { Topology } from './topology.js';

/** What `new Sequential` takes. */
export interface SequentialOptions extends ModelOptions {
  /** In their order; `add` adds others. Default: none. */
  readonly layers?: readonly Layer[] | undefined;
}

const optionNames: OptionNames<SequentialOptions> = { layers: true, ...modelOptionNames };

/**
 * A linear stack of layers, as in Keras.
 *
 * @example
 * const model = new Sequential({ layers: [
 *   layers.dense({ units: 128, activation: 'relu', inputShape: [784] }),
 *   layers.dense({ units: 10, activation: 'softmax' }),
 * ] });
 * model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
 * await model.fit(x, y, { epochs: 5 });
 */
export class Sequential extends Model<Prediction> {
  static override readonly className = 'Sequential';
  readonly #layers: Layer[] = [];
  #streams: WeightStreams;

  /**
   * @throws CudaGanError `CUDA_GAN_SHAPE` when the layers do not fit each other, `CUDA_GAN_VALUE` for an option that does
   * not exist or a value that is not allowed.
   */
  constructor(options: SequentialOptions = {}) {
    const { layers, ...base } = checkOptions('Sequential', options, optionNames);
    super(base);
    this.#streams = new WeightStreams(this.seed);
    if (layers === undefined) return;
    if (!Array.isArray(layers)) throw new CudaGanError('CUDA_GAN_VALUE', 'layers must be an array of layers');
    for (const layer of layers) this.add(layer);
  }

  get layers(): readonly Layer[] {
    return this.#layers;
  }

  /** A chain. @internal */
  get topology(): Topology {
    const nodes = this.#layers.map((layer, i) => {
      const { inputShapes, outputShapes } = layer;
      return { layer, inputs: [i], outputs: [i + 1], inputShapes, outputShapes };
    });
    return { inputs: [{ name: 'input' }], nodes, outputs: [{ name: this.outputNames[0]!, value: nodes.length }] };
  }

  override get inputNames(): readonly string[] {
    return ['input'];
  }

  /** The name of the last layer. */
  override get outputNames(): readonly string[] {
    const last = this.#layers.at(-1);
    return [last === undefined ? 'output' : this.nameOf(last)];
  }

  /** @internal */
  protected get forms(): { readonly inputs: Form; readonly outputs: Form } {
    return { inputs: 'one', outputs: 'one' };
  }

  /** @internal */
  get inputDTypes(): readonly DType[] {
    return [this.#layers[0]?.inputDType ?? 'float32'];
  }

  /**
   * Appends a layer. As soon as the input shape is known, layers are built as they come.
   * @throws CudaGanError `CUDA_GAN_SHAPE` when it does not fit, naming the layer and the shapes; `CUDA_GAN_STATE` when
   * this model is built and part of another, or of a GAN.
   */
  add(layer: Layer): this {
    if (!(layer instanceof Layer)) {
      throw new CudaGanError('CUDA_GAN_VALUE', `model "${this.name}" was given ${inWords(layer)} for a layer`);
    }
    this.requireNoFit('add');
    if (contains(layer, this)) {
      throw new CudaGanError('CUDA_GAN_VALUE', `model "${this.name}" cannot be a part of itself`);
    }
    if (this.takenBy !== undefined && this.built) {
      throw new CudaGanError(
        'CUDA_GAN_STATE',
        `model "${this.name}" is part of ${this.takenBy} already: add layers to it before`,
      );
    }
    this.nameLayer(layer, this.#layers);
    const shape = this.#layers.length === 0 ? inputShapeOf(layer) : this.#outputSoFar();
    if (shape !== undefined) this.#buildLayer(layer, shape);
    this.#layers.push(layer);
    layer.becomePartOf(`model "${this.name}"`);
    this.layersChanged();
    return this;
  }

  /** Builds for samples of `inputShape`, when the first layer has not named it. Does nothing when built. */
  override build(inputShape: Shape | readonly Shape[], streams: WeightStreams = this.#streams): void {
    this.#streams = streams;
    const shapes = shapesOf(inputShape);
    this.requireInputCount(shapes.length);
    let shape = shapeOption('inputShape', shapes[0]!);
    for (const layer of this.#layers) {
      if (!layer.built) this.#buildLayer(layer, shape);
      if (!sameShape(layer.inputShape, shape)) {
        throw new CudaGanError(
          'CUDA_GAN_SHAPE',
          `${this.name} > ${layer.name}: is built for samples of ${formatShape(layer.inputShape)}, not of ${formatShape(shape)}`,
        );
      }
      shape = layer.outputShape;
    }
  }

  /** Whether the first layer knows the shape of its inputs, so that all have their weights. */
  override get built(): boolean {
    return this.#layers.length > 0 && this.#layers.every(({ built }) => built);
  }

  override get inputShapes(): readonly Shape[] {
    return [this.requireLayers()[0]!.inputShape];
  }

  override get outputShapes(): readonly Shape[] {
    return [this.requireLayers().at(-1)!.outputShape];
  }

  /**
   * Makes a model from what `getConfig` returned: the same structure, with the weights that it began with.
   * @throws CudaGanError `CUDA_GAN_VALUE` when it is no such config.
   */
  static fromConfig(config: LayerConfig): Sequential {
    const { layers, ...options } = (config ?? {}) as SequentialOptions & { readonly layers?: unknown };
    if (!Array.isArray(layers) || !layers.every(isSavedLayer)) {
      throw new CudaGanError('CUDA_GAN_VALUE', 'a config of a Sequential needs a list of layers');
    }
    return new Sequential({ ...options, layers: layers.map(layerFromConfig) });
  }

  /**
   * Reads a stack that `save` wrote; `loadModel` reads models of all kinds.
   * @throws CudaGanError `CUDA_GAN_FILE` when the file is missing, damaged, or holds no such model.
   */
  static async load(path: string, options?: Pick<ModelOptions, 'device'>): Promise<Sequential> {
    return (await readModel('Sequential.load', path, options, Sequential.className)) as Sequential;
  }

  override getConfig(): LayerConfig {
    return {
      ...super.getConfig(),
      layers: this.#layers.map((layer) => namedConfig(layer, this.nameOf(layer))),
    };
  }

  #buildLayer(layer: Layer, shape: Shape): void {
    try {
      layer.build(shape, this.#streams);
    } catch (error) {
      if (!(error instanceof CudaGanError)) throw error;
      throw new CudaGanError(error.code, `${this.name} > ${layer.name}: ${error.message}`, { cause: error });
    }
  }

  #outputSoFar(): Shape | undefined {
    const last = this.#layers.at(-1)!;
    return last.built ? last.outputShape : undefined;
  }
}

registerClass(Sequential);

function inputShapeOf(layer: Layer): Shape | undefined {
  return layer.built ? layer.inputShape : layer.wantedInputShape;
}

/** Whether `layer` is `model`, or has it somewhere within. */
function contains(layer: Layer, model: Model): boolean {
  return layer === model || layer.layersWithin.some((part) => contains(part, model));
}

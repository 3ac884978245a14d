// A model of layers that are connected in any way without a cycle: several inputs and outputs, layers in several places,
// models as layers, ways around layers.
import { inWords, kindOf } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { InputLayer } from '../layers/input.js';
import { formatShapes, type Layer, type LayerConfig, sameShapes, shapesOf, WeightStreams } from '../layers/layer.js';
import { registerClass } from '../layers/registry.js';
import { type LayerNode, SymbolicTensor, type SymbolicTensors } from '../layers/symbolic-tensor.js';
import { checkOptions, type OptionNames } from '../options.js';
import { type DType, formatShape, type Shape } from '../tensor.js';
import { connectionsConfig, tensorsFromConfig } from './functional-config.js';
import { Model, type ModelOptions, modelOptionNames, type Prediction, type Predictions } from './model.js';
import type { Form } from './structure.js';
import type { Topology } from './topology.js';

/** What a model predicts, in the form in which it was given its outputs. */
export type PredictionsOf<Outputs extends SymbolicTensors> = Outputs extends SymbolicTensor
  ? Prediction
  : Outputs extends readonly SymbolicTensor[]
    ? readonly Prediction[]
    : { readonly [Name in keyof Outputs]: Prediction };

/** What `model` takes. */
export interface FunctionalOptions<Outputs extends SymbolicTensors = SymbolicTensors> extends ModelOptions {
  /** What `input` made: one, an array, or a record. The names of a record are those by which data is given. */
  readonly inputs: SymbolicTensors;
  /** What the model computes: one, an array, or a record. Predictions come in the same form; figures have its names. */
  readonly outputs: Outputs;
}

const optionNames: OptionNames<FunctionalOptions> = { inputs: true, outputs: true, ...modelOptionNames };

/** The inputs or outputs of a model. @internal */
export interface Ends {
  readonly form: Form;
  /** Of a record. */
  readonly names: readonly string[] | undefined;
  readonly tensors: readonly SymbolicTensor[];
}

/** A model that `model` made. */
export class Functional<Predicted extends Predictions = Predictions> extends Model<Predicted> {
  static override readonly className = 'Functional';
  readonly layers: readonly Layer[];
  /** @internal */
  readonly topology: Topology;
  readonly #inputs: Ends;
  readonly #outputs: Ends;
  readonly #nodes: readonly LayerNode[];

  /** @throws CudaGanError as `model`, which is shorter to write and knows the types of predictions. */
  constructor(options: FunctionalOptions) {
    const { inputs, outputs, ...base } = checkOptions('model', options, optionNames);
    super(base);
    this.#inputs = endsOf('inputs', inputs);
    this.#outputs = endsOf('outputs', outputs);
    this.#checkEnds();
    this.#nodes = this.#nodesInOrder();
    const layers = [...new Set(this.#nodes.map(({ layer }) => layer))];
    this.#nameLayers(layers);
    this.layers = layers;
    this.topology = this.#connect();
    const streams = new WeightStreams(this.seed);
    for (const layer of layers) {
      layer.takeStreams(streams);
      layer.becomePartOf(`model "${this.name}"`);
    }
  }

  /** What it was given as inputs, in order: with other outputs, they make another model of the same layers. */
  get inputs(): readonly SymbolicTensor[] {
    return this.#inputs.tensors;
  }

  /** What it was given as outputs, in order. */
  get outputs(): readonly SymbolicTensor[] {
    return this.#outputs.tensors;
  }

  /** What it was given as inputs and outputs, and in which form. @internal */
  get ends(): { readonly inputs: Ends; readonly outputs: Ends } {
    return { inputs: this.#inputs, outputs: this.#outputs };
  }

  /** Where a layer is applied in this model, in their order. @internal */
  placesOf(layer: Layer): readonly LayerNode[] {
    return this.#nodes.filter((node) => node.layer === layer);
  }

  /** @internal */
  protected get forms(): { readonly inputs: Form; readonly outputs: Form } {
    return { inputs: this.#inputs.form, outputs: this.#outputs.form };
  }

  /** @internal */
  get inputDTypes(): readonly DType[] {
    return this.inputs.map(({ dtype }) => dtype);
  }

  /** Always true: its layers are there before it. */
  override get built(): boolean {
    return true;
  }

  override get inputShapes(): readonly Shape[] {
    return this.inputs.map(({ shape }) => shape);
  }

  override get outputShapes(): readonly Shape[] {
    return this.outputs.map(({ shape }) => shape);
  }

  /** It is built from the start. @throws CudaGanError `CUDA_GAN_SHAPE` for samples of another shape. */
  override build(inputShape: Shape | readonly Shape[]): void {
    const shapes = shapesOf(inputShape);
    if (sameShapes(shapes, this.inputShapes)) return;
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `model "${this.name}" is built for samples of ${formatShapes(this.inputShapes)}, not of ${shapes.map(inWords).join(' and ')}`,
    );
  }

  override getConfig(): LayerConfig {
    return { ...super.getConfig(), ...connectionsConfig(this) };
  }

  /**
   * Makes a model from what `getConfig` returned: the same structure, with the weights that it began with.
   * @throws CudaGanError `CUDA_GAN_VALUE` when it is no such config, or connects layers in a cycle; `CUDA_GAN_SHAPE` when
   * the layers do not fit each other.
   */
  static fromConfig(config: LayerConfig): Functional {
    const { layers, inputs, outputs, ...options } = config ?? {};
    return new Functional({ ...(options as ModelOptions), ...tensorsFromConfig({ layers, inputs, outputs }) });
  }

  #checkEnds(): void {
    const known = new Set<SymbolicTensor>();
    for (const tensor of this.inputs) {
      if (!(tensor.node.layer instanceof InputLayer)) {
        throw this.#mistake('CUDA_GAN_VALUE', `${described(tensor)} cannot be an input: it must come from input()`);
      }
      if (known.has(tensor)) throw this.#mistake('CUDA_GAN_VALUE', `${described(tensor)} is given twice as an input`);
      known.add(tensor);
    }
    for (const tensor of this.outputs) {
      if (tensor.dtype === 'float32') continue;
      throw this.#mistake('CUDA_GAN_VALUE', `${described(tensor)} is ${tensor.dtype}; outputs must be float32`);
    }
  }

  /** The nodes between inputs and outputs, each behind those that it takes from: the order follows from the structure alone. */
  #nodesInOrder(): readonly LayerNode[] {
    const nodes = new Set<LayerNode>();
    const inputs = new Set(this.inputs.map(({ node }) => node));
    const visit = ({ node }: SymbolicTensor, output: SymbolicTensor): void => {
      if (nodes.has(node)) return;
      if (node.layer instanceof InputLayer && !inputs.has(node)) {
        throw this.#mistake(
          'CUDA_GAN_VALUE',
          `${described(output)} is not connected to the given inputs alone: it needs the input "${node.layer.name}" of ${formatShape(node.outputs[0]!.shape)}`,
        );
      }
      for (const tensor of node.inputs) visit(tensor, output);
      nodes.add(node);
    };
    for (const output of this.outputs) visit(output, output);
    for (const tensor of this.inputs) {
      if (nodes.has(tensor.node)) continue;
      throw this.#mistake(
        'CUDA_GAN_VALUE',
        `no output needs the input "${tensor.name}" of ${formatShape(tensor.shape)}`,
      );
    }
    return [...nodes];
  }

  /** Names that were given come first, so that no number takes one away. */
  #nameLayers(layers: readonly Layer[]): void {
    const done: Layer[] = [];
    for (const layer of [...layers.filter(({ named }) => named), ...layers.filter(({ named }) => !named)]) {
      this.nameLayer(layer, done);
      done.push(layer);
    }
  }

  #connect(): Topology {
    const values = new Map(this.inputs.map((tensor, i) => [tensor, i] as const));
    const numberOf = (tensor: SymbolicTensor) => values.get(tensor)!;
    const nodes = this.#nodes
      .filter(({ layer }) => !(layer instanceof InputLayer))
      .map(({ layer, inputs, outputs, training }) => {
        for (const tensor of outputs) values.set(tensor, values.size);
        return {
          layer,
          inputs: inputs.map(numberOf),
          outputs: outputs.map(numberOf),
          inputShapes: inputs.map(({ shape }) => shape),
          outputShapes: outputs.map(({ shape }) => shape),
          training,
        };
      });
    const nameOf = ({ node }: SymbolicTensor) => this.nameOf(node.layer);
    const inputs = this.#inputs.names ?? distinct(this.inputs.map(nameOf));
    const outputs = this.#outputs.names ?? distinct(this.outputs.map(nameOf));
    return {
      inputs: this.inputs.map(({ node: { layer } }, i) => ({ name: inputs[i]!, layer })),
      nodes,
      outputs: this.outputs.map((tensor, i) => ({ name: outputs[i]!, value: numberOf(tensor) })),
    };
  }

  #mistake(code: 'CUDA_GAN_VALUE', message: string): CudaGanError {
    return new CudaGanError(code, `model "${this.name}": ${message}`);
  }
}

registerClass(Functional);

/**
 * Makes a model of connected layers, as in TensorFlow.js and Keras' functional API.
 *
 * @example
 * const image = input({ shape: [28, 28, 1] });
 * const label = input({ shape: [10] });
 * const hidden = layers.concatenate().apply([layers.flatten().apply(image), label]);
 * const judge = model({ inputs: { image, label }, outputs: layers.dense({ units: 1 }).apply(hidden) });
 * @throws CudaGanError `CUDA_GAN_VALUE` when an output needs an input that is not given, an input is not needed, or two
 * layers have one name; the message names the layer and its shape.
 */
export function model<Outputs extends SymbolicTensors>(
  options: FunctionalOptions<Outputs>,
): Functional<PredictionsOf<Outputs>> {
  return new Functional(options) as unknown as Functional<PredictionsOf<Outputs>>;
}

function endsOf(what: 'inputs' | 'outputs', given: SymbolicTensors): Ends {
  const { form, names, tensors } = listed(given);
  for (const tensor of tensors) {
    if (tensor instanceof SymbolicTensor) continue;
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `${what} of a model: found ${inWords(tensor)}; wanted is what input() or the apply() of a layer returns, an array or a record of them`,
    );
  }
  if (tensors.length === 0) throw new CudaGanError('CUDA_GAN_VALUE', `a model needs at least one of its ${what}`);
  if (names?.includes('')) throw new CudaGanError('CUDA_GAN_VALUE', `one of the ${what} of a model has no name`);
  return { form, names, tensors: [...tensors] };
}

function listed(given: SymbolicTensors): Ends {
  if (Array.isArray(given)) return { form: 'list', names: undefined, tensors: given };
  if (kindOf(given) !== 'Object' || given instanceof SymbolicTensor) {
    return { form: 'one', names: undefined, tensors: [given as SymbolicTensor] };
  }
  return { form: 'record', names: Object.keys(given), tensors: Object.values(given) };
}

/** For messages: `"dense" of [4]`. */
function described({ name, shape }: SymbolicTensor): string {
  return `"${name}" of ${formatShape(shape)}`;
}

/** Numbers names that occur again. */
function distinct(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((base) => {
    let name = base;
    for (let number = 1; taken.has(name); number++) name = `${base}_${number}`;
    taken.add(name);
    return name;
  });
}

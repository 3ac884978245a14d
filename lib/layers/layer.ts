// What layers have in common: a name, weights, and a rule that records their computation.
import { inWords, kindOf, layerName, notAllowed, shapeOption, trueOrFalse } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { type Initializer, type InitializerLike, toInitializer } from '../initializers/index.js';
import { affine } from '../ops/index.js';
import { checkOptions, type OptionNames } from '../options.js';
import { Graph } from '../program/graph.js';
import { type TensorType, Value } from '../program/value.js';
import { Variable } from '../program/variable.js';
import { RandomStream, randomSeed } from '../random/random-stream.js';
import { firstStream } from '../random/streams.js';
import { type DType, formatShape, type Shape, sameShape } from '../tensor.js';
import type { ConstraintLike } from './constraints/index.js';
import { savedPart } from './part.js';
import { type LayerRegularizer, type LayerRegularizerLike, toLayerRegularizer } from './regularizers/index.js';
import { type LayerNode, SymbolicTensor, type SymbolicTensors } from './symbolic-tensor.js';
import { type WeightRules, weightRules } from './weight-settings.js';

/** What all layers take. */
export interface LayerOptions {
  /** Any text without `/`. Default: the class in snake case, numbered within its model. */
  readonly name?: string | undefined;
  /** Shape of one sample, for the first layer of a model. */
  readonly inputShape?: Shape | undefined;
  /** Default true. */
  readonly trainable?: boolean | undefined;
  /**
   * Added to the loss for what the layer puts out, divided by the number of samples, wherever the layer is applied. Default:
   * nothing.
   */
  readonly activityRegularizer?: LayerRegularizerLike | undefined;
}

/** @internal */
export const layerOptionNames: OptionNames<LayerOptions> = {
  name: true,
  inputShape: true,
  trainable: true,
  activityRegularizer: true,
};

/** How a layer is called. */
export interface CallOptions {
  /** Training mode: batch statistics, dropout, noise. In inference mode layers are deterministic. */
  readonly training: boolean;
  /**
   * What the step under construction moves: weights, by an optimizer, and statistics, by their own layers. What is not
   * among them stays as it is, in training mode too. Default: nothing moves.
   */
  readonly moves?: ReadonlySet<Variable> | undefined;
  /** The weights of the model that is recorded as a whole: its layers may read no others. @internal */
  readonly owned?: ReadonlySet<Variable> | undefined;
  /** Takes what activity regularizers add to the loss, scalars. Default: they add nothing. @internal */
  readonly penalties?: Value[] | undefined;
}

/** What `Layer.apply` takes beside its inputs. */
export interface ApplyOptions {
  /**
   * The mode that this place always runs in, whatever the model does: with false, a part infers while the rest trains;
   * with true, dropout stays on in use, and every `predict` draws other numbers. Default: as the model.
   */
  readonly training?: boolean | undefined;
}

/** What `Layer.addWeight` takes. */
export interface WeightOptions {
  /** Whether an optimizer moves it; moving statistics have false. Default true. */
  readonly trainable?: boolean | undefined;
  /** What is added to the loss for it, where it trains. Default: nothing. */
  readonly regularizer?: LayerRegularizerLike | undefined;
  /** What it is held to after every update. Default: nothing. */
  readonly constraint?: ConstraintLike | undefined;
}

const weightOptionNames: OptionNames<WeightOptions> = { trainable: true, regularizer: true, constraint: true };

/** Plain data, enough to make a layer again. */
export type LayerConfig = Readonly<Record<string, unknown>>;

/** Where the initial weights of a model come from: each draws from a stream of its own. */
export class WeightStreams {
  #next: number = firstStream.weights;
  constructor(readonly seed: number) {}

  /** Makes the next stream, from its start at every call. */
  next(): () => RandomStream {
    const stream = this.#next++;
    return () => new RandomStream(this.seed, stream);
  }
}

interface Weight {
  readonly name: string;
  readonly variable: Variable;
  readonly trainable: boolean;
  readonly rules: WeightRules;
  /** Where its first content comes from, once a model has taken the layer. */
  random: (() => RandomStream) | undefined;
}

/** Of one sample each. */
interface Shapes {
  readonly inputs: readonly Shape[];
  readonly outputs: readonly Shape[];
}

/**
 * What a model is made of. A layer of one's own has a `call` that records its computation by `ops`, makes its weights in
 * `createWeights`, and has a `static className` and a `getConfig` for `registerClass`.
 *
 * @example
 * class Scale extends Layer {
 *   static className = 'Scale';
 *   createWeights([inputShape]) {
 *     this.addWeight('factor', [inputShape.at(-1)], 'ones');
 *   }
 *   call([x]) {
 *     return ops.multiply(x, this.weight('factor', x));
 *   }
 * }
 * registerClass(Scale);
 */
export abstract class Layer {
  /** The name of the class in files and summaries, as in Keras: `Dense`, `LeakyReLU`, … */
  static readonly className: string = 'Layer';

  #name: string | undefined;
  #named: boolean;
  /**
   * Whether training moves the weights and statistics; it changes nothing else. What a model trains is fixed by its
   * `compile`: a later change needs another.
   */
  trainable: boolean;
  readonly #wantedInputShape: Shape | undefined;
  readonly #activityRegularizer: LayerRegularizer | undefined;
  /** How many trainings are under way in models that have it. */
  #trainings = 0;
  /** Those of its first place. */
  #shapes: Shapes | undefined;
  readonly #weights: Weight[] = [];
  /** What stands for weights in the call under way. */
  #replaced: Readonly<Record<string, Value>> = {};
  /** Names of those that the `createWeights` under way has made or met. */
  #made: Set<string> | undefined;

  constructor({ name, inputShape, trainable = true, activityRegularizer }: LayerOptions = {}) {
    this.#name = name === undefined ? undefined : layerName('name', name);
    this.#named = name !== undefined;
    this.trainable = trueOrFalse('trainable', trainable);
    this.#wantedInputShape = inputShape === undefined ? undefined : [...shapeOption('inputShape', inputShape)];
    this.#activityRegularizer = activityRegularizer === undefined ? undefined : toLayerRegularizer(activityRegularizer);
  }

  /** That of its class; where the class has none, the class' name. */
  get className(): string {
    const layerClass = this.constructor as typeof Layer;
    return Object.hasOwn(layerClass, 'className') ? layerClass.className : layerClass.name;
  }

  /** Unique in its model. Default: the class in snake case, which a model numbers where it is taken. */
  get name(): string {
    return this.#name ?? snakeCase(this.className);
  }

  /** @throws CudaGanError `CUDA_GAN_VALUE` for a text that is empty or has a `/`. */
  set name(name: string) {
    this.#name = layerName('name', name);
    this.#named = true;
  }

  /** Whether the name was given, rather than made of the class. */
  get named(): boolean {
    return this.#named;
  }

  /** The name that the first model around a layer without one gives it. @internal */
  numberName(name: string): void {
    this.#name ??= name;
  }

  /** Shape of one sample that was given as `inputShape`, if it was. */
  get wantedInputShape(): Shape | undefined {
    return this.#wantedInputShape;
  }

  /** Whether it has its weights: from its first place in a model on. */
  get built(): boolean {
    return this.#shapes !== undefined;
  }

  /** What counts on it already, in words: of a layer that is built, a model. @internal */
  get takenBy(): string | undefined {
    return this.built ? 'a model' : undefined;
  }

  /** From now on `owner` counts on it, which a layer knows by being built. @internal */
  becomePartOf(_owner: string): void {}

  /** The layers that it is made of, if it is: of a wrapper one, of a model all. @internal */
  get layersWithin(): readonly Layer[] {
    return [];
  }

  /** Counts a training that begins (1) or ends (-1), in the layers within too. @internal */
  countTrainings(change: 1 | -1): void {
    this.#trainings += change;
    for (const layer of this.layersWithin) layer.countTrainings(change);
  }

  /** Whether a training has it or a layer within: nobody else may dispose of its weights or write them meanwhile. @internal */
  get inTraining(): boolean {
    return this.#trainings > 0 || this.layersWithin.some((layer) => layer.inTraining);
  }

  /** Element type of the inputs, where no `input` says it: int32 of layers that look things up. Default float32. */
  get inputDType(): DType {
    return 'float32';
  }

  /** Of an int32 input whose numbers are looked up as they are: how many there are, from 0 on. @internal */
  numbersOfInput(_input: number): number | undefined {
    return undefined;
  }

  /** Shape of one sample of each input; for a layer in several places, in the first of them. @throws as `inputShape`. */
  get inputShapes(): readonly Shape[] {
    return this.#built().inputs;
  }

  /** Shape of one sample of each output; for a layer in several places, in the first of them. @throws as `inputShape`. */
  get outputShapes(): readonly Shape[] {
    return this.#built().outputs;
  }

  /** Shape of one input sample. @throws CudaGanError `CUDA_GAN_STATE` before `build`, and where there are several inputs. */
  get inputShape(): Shape {
    return this.#only('input', this.inputShapes);
  }

  /** Shape of one output sample. @throws CudaGanError `CUDA_GAN_STATE` before `build`, and where there are several outputs. */
  get outputShape(): Shape {
    return this.#only('output', this.outputShapes);
  }

  /**
   * Connects the layer: what it makes of one tensor, or of several in an array; an array, too, where it makes several.
   * The first time, its weights are made; applied again, it shares them.
   * @throws CudaGanError `CUDA_GAN_SHAPE` when it cannot take such samples, or its weights were made for others;
   * `CUDA_GAN_VALUE` for a wrong number of inputs, or what is no symbolic tensor. The message names the layer.
   */
  apply<Result extends SymbolicTensors = SymbolicTensor>(inputs: SymbolicTensors, options?: ApplyOptions): Result {
    const { training } = checkOptions<ApplyOptions>(`${this.name}.apply`, options, { training: true });
    if (training !== undefined) trueOrFalse('training', training);
    const tensors = this.inputsInOrder(inputs);
    const types = this.#naming(() => this.#outputTypes(tensors));
    const outputs: SymbolicTensor[] = [];
    const node: LayerNode = { layer: this, inputs: tensors, outputs, training };
    types.forEach((type, i) => {
      outputs.push(new SymbolicTensor(type, node, i));
    });
    return this.outputsInForm(outputs) as Result;
  }

  /** What `apply` was given, as a list. @internal */
  protected inputsInOrder(given: SymbolicTensors): readonly SymbolicTensor[] {
    const list: readonly unknown[] = Array.isArray(given) ? given : [given];
    for (const tensor of list) {
      if (tensor instanceof SymbolicTensor) continue;
      throw new CudaGanError(
        'CUDA_GAN_VALUE',
        `layer "${this.name}" was applied to ${inWords(tensor)}; wanted is what input() or the apply() of a layer returns`,
      );
    }
    return list as readonly SymbolicTensor[];
  }

  /** What `apply` returns. @internal */
  protected outputsInForm(outputs: readonly SymbolicTensor[]): unknown {
    return outputs.length === 1 ? outputs[0]! : outputs;
  }

  /** Creates the weights for samples of `inputShape`. @internal @throws CudaGanError `CUDA_GAN_SHAPE` when the layer cannot take them. */
  build(inputShape: Shape | readonly Shape[], streams?: WeightStreams): void {
    if (this.built) {
      throw new CudaGanError(
        'CUDA_GAN_STATE',
        `layer "${this.name}" is part of a model already; make a layer for each`,
      );
    }
    this.prepare(shapesOf(inputShape));
    if (streams !== undefined) this.takeStreams(streams);
  }

  /** Makes the weights for samples of these shapes, or holds those that were made to them. @internal */
  prepare(inputs: readonly Shape[], dtypes: readonly DType[] = inputs.map(() => this.inputDType)): void {
    this.requireInputCount(inputs.length);
    try {
      const ruled = this.computeOutputShape?.(inputs);
      this.#makeWeights(inputs);
      const outputs =
        ruled === undefined ? this.#trace(inputs, dtypes).map(({ shape }) => shape.slice(1)) : shapesOf(ruled);
      this.#shapes ??= { inputs, outputs };
    } catch (error) {
      if (!this.built) this.#weights.length = 0;
      throw error;
    }
  }

  #makeWeights(inputs: readonly Shape[]): void {
    this.#made = new Set();
    try {
      this.createWeights(inputs);
    } finally {
      this.#made = undefined;
    }
  }

  /** Draws the weights that have no stream yet from those of a model. @internal */
  takeStreams(streams: WeightStreams): void {
    for (const weight of this.#weights) weight.random ??= streams.next();
  }

  /** Records the layer's computation, so that errors name it. @internal */
  record(inputs: readonly Value[], options: CallOptions): readonly Value[] {
    const { graph } = inputs[0]!;
    return graph.scope(this.name, () => this.callOn(inputs, options));
  }

  /** `record` for layers with one input and one output. @internal */
  recordOne(x: Value, options: CallOptions): Value {
    return this.record([x], options)[0]!;
  }

  /** `call`, with a check of what it returns. @internal */
  callOn(inputs: readonly Value[], options: CallOptions): readonly Value[] {
    const result: unknown = this.call(inputs, options);
    const values: readonly unknown[] = Array.isArray(result) ? result : [result];
    const batch = inputs[0]?.shape[0];
    for (const value of values) {
      if (!(value instanceof Value)) {
        throw new CudaGanError(
          'CUDA_GAN_VALUE',
          `layer "${this.name}" returned ${inWords(value)}; wanted is a Value, or an array of Values`,
        );
      }
      if (value.graph !== inputs[0]?.graph) {
        throw new CudaGanError('CUDA_GAN_VALUE', `layer "${this.name}" returned a Value of another graph`);
      }
      if (value.shape[0] !== batch) {
        throw new CudaGanError(
          'CUDA_GAN_SHAPE',
          `layer "${this.name}" made ${formatShape(value.shape)} of a batch of ${batch}; the first dimension must stay`,
        );
      }
    }
    this.#penalize(values as readonly Value[], options);
    return values as readonly Value[];
  }

  /** Adds what the activity regularizer says of outputs to the penalties of the step. */
  #penalize(outputs: readonly Value[], { penalties }: CallOptions): void {
    const regularizer = this.#activityRegularizer;
    if (regularizer === undefined || penalties === undefined) return;
    for (const output of outputs) penalties.push(affine(regularizer.penalty(output), 1 / output.shape[0]!));
  }

  /**
   * `call` with other Values in place of some weights, by name: what a wrapper makes of them, say.
   * @throws CudaGanError `CUDA_GAN_VALUE` for a name that no weight of this layer has, and what is no Value of float32;
   * `CUDA_GAN_SHAPE` for one of another shape than the weight's.
   */
  callWithWeights(
    inputs: readonly Value[],
    options: CallOptions,
    weights: Readonly<Record<string, Value>>,
  ): Value | readonly Value[] {
    this.#requireReplacements(weights);
    const outer = this.#replaced;
    this.#replaced = weights;
    try {
      const outputs = this.call(inputs, options);
      this.#penalize([outputs].flat(), options);
      return outputs;
    } finally {
      this.#replaced = outer;
    }
  }

  /**
   * Records the computation on inputs of [batch, ...sample] each, by `ops`, in their graph. The results have the same
   * batch; several come as an array.
   */
  abstract call(inputs: readonly Value[], options: CallOptions): Value | readonly Value[];

  /**
   * Shape of one output sample, or a list of them, for samples of these shapes. Without it `call` is recorded once to find
   * out; a rule of its own lets a layer say in its own words what does not fit.
   */
  computeOutputShape?(inputShapes: readonly Shape[]): Shape | readonly Shape[];

  /** Makes the weights by `addWeight`, for samples of these shapes. Default: none. */
  protected createWeights(_inputShapes: readonly Shape[]): void {}

  /** Throws unless the layer takes so many inputs. Default: one. */
  protected requireInputCount(count: number): void {
    if (count !== 1) throw new CudaGanError('CUDA_GAN_VALUE', `takes 1 input, found ${count}`);
  }

  /** Options that make this layer again. */
  getConfig(): LayerConfig {
    return {
      ...(this.named && { name: this.name }),
      trainable: this.trainable,
      ...(this.#wantedInputShape && { inputShape: this.#wantedInputShape }),
      ...(this.#activityRegularizer && { activityRegularizer: savedPart(this.#activityRegularizer) }),
    };
  }

  /** All weights by name, the moving statistics included. */
  get namedWeights(): readonly (readonly [name: string, variable: Variable])[] {
    return this.#weights.map(({ name, variable }) => [name, variable]);
  }

  /** All weights, the moving statistics included. */
  get weights(): readonly Variable[] {
    return this.#weights.map(({ variable }) => variable);
  }

  /** What training does with weights besides moving them, of those of which it is to do something. @internal */
  get weightRules(): ReadonlyMap<Variable, WeightRules> {
    const ruled = this.#weights.filter(({ rules }) => rules.regularizer ?? rules.constraint);
    return new Map(ruled.map(({ variable, rules }) => [variable, rules]));
  }

  /** The weights that an optimizer moves: none when `trainable` is false. */
  get trainableWeights(): readonly Variable[] {
    return this.trainable ? this.#weights.filter(({ trainable }) => trainable).map(({ variable }) => variable) : [];
  }

  /** All that training moves, the moving statistics included: nothing when `trainable` is false. */
  get movingWeights(): readonly Variable[] {
    return this.trainable ? this.weights : [];
  }

  /**
   * Makes a weight, in `createWeights`; where the layer has made it before, for another place, returns that.
   * @throws CudaGanError `CUDA_GAN_SHAPE` when that has another shape: the layer shares it with other samples;
   * `CUDA_GAN_VALUE` when two weights would have one name, and for an option that does not exist.
   */
  protected addWeight(name: string, shape: Shape, initializer: InitializerLike, options: WeightOptions = {}): Variable {
    layerName('the name of a weight', name);
    const { trainable = true, ...wanted } = checkOptions('addWeight', options, weightOptionNames);
    trueOrFalse(`trainable of the weight "${name}"`, trainable);
    if (this.#made?.has(name)) {
      throw new CudaGanError('CUDA_GAN_VALUE', `it makes two weights called "${name}"; each needs a name of its own`);
    }
    this.#made?.add(name);
    const known = this.#weights.find((weight) => weight.name === name);
    if (known !== undefined) {
      if (sameShape(known.variable.shape, shape)) return known.variable;
      throw new CudaGanError(
        'CUDA_GAN_SHAPE',
        `its weight "${name}" has shape ${formatShape(known.variable.shape)}, but these samples need ${formatShape(shape)}`,
      );
    }
    const { create }: Initializer = toInitializer(initializer);
    const initial = () => create(shape, (weight.random ?? unseeded)());
    const variable = new Variable({ name: `${this.name}/${name}`, shape: shapeOption('shape', shape), initial });
    const weight: Weight = { name, variable, trainable, rules: rulesFor(variable, wanted), random: undefined };
    this.#weights.push(weight);
    return variable;
  }

  /**
   * The content of a weight at this point of the step, in the graph of `x`.
   * @throws CudaGanError `CUDA_GAN_VALUE` when there is no such weight, or x is no Value.
   */
  weight(name: string, x: Value): Value {
    if (!(x instanceof Value)) {
      throw notAllowed(`what follows the name in weight() of layer "${this.name}"`, x, "Values, as call's inputs are");
    }
    return Object.hasOwn(this.#replaced, name) ? this.#replaced[name]! : x.graph.read(this.#weightNamed(name));
  }

  /** Whether the step moves a weight; a moving statistic may only be updated where it does. @throws as `weight`. */
  protected isMoved(name: string, { moves }: CallOptions): boolean {
    return moves?.has(this.#weightNamed(name)) ?? false;
  }

  #weightNamed(name: string): Variable {
    const weight = this.#weights.find((weight) => weight.name === name);
    if (weight !== undefined) return weight.variable;
    throw notAllowed(
      `a weight of layer "${this.name}"`,
      name,
      this.#weights.map((weight) => weight.name).join(', ') || 'none',
    );
  }

  #requireReplacements(weights: Readonly<Record<string, Value>>): void {
    const label = `callWithWeights of layer "${this.name}"`;
    if (kindOf(weights) !== 'Object') throw notAllowed(`${label}: weights`, weights, 'objects of Values by name');
    for (const [name, value] of Object.entries(weights)) {
      const { shape } = this.#weightNamed(name);
      if (!(value instanceof Value && value.dtype === 'float32')) {
        throw notAllowed(`${label}: ${name}`, value, 'Values of float32');
      }
      if (sameShape(value.shape, shape)) continue;
      throw new CudaGanError(
        'CUDA_GAN_SHAPE',
        `${label}: ${name} has shape ${formatShape(value.shape)}; wanted is the weight's, ${formatShape(shape)}`,
      );
    }
  }

  #outputTypes(tensors: readonly SymbolicTensor[]): readonly TensorType[] {
    const inputShapes = tensors.map(({ shape }) => shape);
    const dtypes = tensors.map(({ dtype }) => dtype);
    this.prepare(inputShapes, dtypes);
    const ruled = this.computeOutputShape?.(inputShapes);
    const types = this.#trace(inputShapes, dtypes).map(({ shape, dtype }) => ({ shape: shape.slice(1), dtype }));
    const shapes = types.map(({ shape }) => shape);
    if (ruled === undefined || sameShapes(shapesOf(ruled), shapes)) return types;
    throw new CudaGanError(
      'CUDA_GAN_SHAPE',
      `computeOutputShape says ${formatShapes(shapesOf(ruled))}, but call makes samples of ${formatShapes(shapes)}`,
    );
  }

  /** What `call` makes of a batch of such samples. */
  #trace(inputShapes: readonly Shape[], dtypes: readonly DType[]): readonly Value[] {
    return this.callOn(this.tracedInputs(inputShapes, dtypes), { training: false });
  }

  /** A batch of such samples, in a graph of its own, to find out what becomes of it. @internal */
  protected tracedInputs(inputShapes: readonly Shape[], dtypes: readonly DType[]): readonly Value[] {
    const graph = new Graph();
    return inputShapes.map((shape, i) =>
      graph.read(new Variable({ name: 'input', shape: [tracedBatch, ...shape], dtype: dtypes[i]! })),
    );
  }

  #naming<Result>(call: () => Result): Result {
    try {
      return call();
    } catch (error) {
      if (!(error instanceof CudaGanError)) throw error;
      throw new CudaGanError(error.code, `${this.name}: ${error.message}`, { cause: error });
    }
  }

  #only(what: 'input' | 'output', shapes: readonly Shape[]): Shape {
    if (shapes.length === 1) return shapes[0]!;
    throw new CudaGanError(
      'CUDA_GAN_STATE',
      `layer "${this.name}" has ${shapes.length} ${what}s: their shapes are its ${what}Shapes`,
    );
  }

  #built() {
    if (this.#shapes === undefined) {
      throw new CudaGanError(
        'CUDA_GAN_STATE',
        `layer "${this.name}" has no shapes yet: give the first layer an inputShape, or call build`,
      );
    }
    return this.#shapes;
  }
}

/** A layer that leaves the shape as it is. @internal */
export abstract class ShapePreservingLayer extends Layer {
  override computeOutputShape([inputShape]: readonly [Shape]): Shape {
    return inputShape;
  }
}

/** The rules, which are tried once: one that does not suit the weight shows when that is made. */
function rulesFor(variable: Variable, wanted: Omit<WeightOptions, 'trainable'>): WeightRules {
  const rules = weightRules(wanted);
  const { regularizer, constraint } = rules;
  const graph = new Graph();
  graph.scope(`weight "${variable.name}"`, () => {
    regularizer?.penalty(graph.read(variable));
    constraint?.constrain(graph.read(variable));
  });
  return rules;
}

/** Any number would do; with two, a layer that mixes samples up shows. */
const tracedBatch = 2;

/** For a weight that is looked at before a model has taken its layer. */
const unseeded = () => new RandomStream(randomSeed(), firstStream.weights);

/** One shape or a list of them, as a list. @internal */
export function shapesOf(given: Shape | readonly Shape[]): readonly Shape[] {
  const several = Array.isArray(given) && given.length > 0 && given.every((shape) => Array.isArray(shape));
  return several ? (given as readonly Shape[]) : [given as Shape];
}

/** @internal */
export function sameShapes(a: readonly Shape[], b: readonly Shape[]): boolean {
  return a.length === b.length && a.every((shape, i) => sameShape(shape, b[i]!));
}

/** `[2, 3] and [4]`, for messages. @internal */
export function formatShapes(shapes: readonly Shape[]): string {
  return shapes.map(formatShape).join(' and ');
}

/** `BatchNormalization` → `batch_normalization`, `LeakyReLU` → `leaky_re_lu`, as Keras names layers. */
function snakeCase(className: string): string {
  return className
    .replace(/(.)([A-Z][a-z0-9]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

// What optimizers have in common: a learning rate, and a state of their own for every weight.
import { positiveNumber } from '../checks.js';
import type { Graph } from '../program/graph.js';
import type { Value } from '../program/value.js';
import { Variable } from '../program/variable.js';

export abstract class Optimizer {
  /** As in Keras: `Adam`, `SGD`, `RMSprop`. */
  abstract readonly className: string;
  readonly #rate: Variable;
  #learningRate: number;
  readonly #state = new Map<Variable, readonly Variable[]>();

  constructor(learningRate: number) {
    this.#learningRate = positiveNumber('learningRate', learningRate);
    this.#rate = new Variable({
      name: 'learning_rate',
      shape: [],
      initial: () => Float32Array.of(this.#learningRate),
    });
  }

  get learningRate(): number {
    return this.#learningRate;
  }

  /** Takes effect with the next run. @throws CudaGanError `CUDA_GAN_VALUE` when not a finite number above 0. */
  set learningRate(value: number) {
    this.#learningRate = positiveNumber('learningRate', value);
    const { device } = this.#rate;
    if (device !== undefined) void this.#rate.write(Float32Array.of(value), device);
  }

  /** Records one update of `weights` along `gradients`, one of the same shape for each. @internal */
  applyGradients(graph: Graph, weights: readonly Variable[], gradients: readonly Value[]): void {
    const learningRate = graph.read(this.#rate);
    this.beginUpdate(graph);
    weights.forEach((weight, i) => {
      this.update(graph, weight, gradients[i]!, learningRate);
    });
  }

  /** Counters and moments so far, to be saved and restored with the weights. */
  get variables(): readonly Variable[] {
    return [...this.#state.values()].flat();
  }

  /** Options that make this optimizer again, without its state. */
  getConfig(): Readonly<Record<string, number | boolean>> {
    return { learningRate: this.#learningRate };
  }

  /** Frees the device's memory; the state starts anew. */
  dispose(): void {
    for (const variable of [this.#rate, ...this.variables]) variable.dispose();
  }

  /** What happens once per update, before the weights. @internal */
  protected beginUpdate(_graph: Graph): void {}

  /** @internal */
  protected abstract update(graph: Graph, weight: Variable, gradient: Value, learningRate: Value): void;

  /** The state of `weight`: tensors of zeros of its shape, one per name, made at the first call. @internal */
  protected stateOf(weight: Variable, names: readonly string[]): readonly Variable[] {
    let state = this.#state.get(weight);
    if (state === undefined) {
      state = names.map((name) => new Variable({ name: `${weight.name}/${name}`, shape: weight.shape }));
      this.#state.set(weight, state);
    }
    return state;
  }
}

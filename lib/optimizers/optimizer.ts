// What optimizers have in common: a learning rate, and a state of their own for every weight. One optimizer may serve
// several models, as in the article's script: weights that are updated together count their updates together.
import { positiveNumber } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { cast } from '../ops/cast.js';
import { increment } from '../ops/increment.js';
import type { Graph } from '../program/graph.js';
import { requireReturned } from '../program/returned.js';
import type { Value } from '../program/value.js';
import { Variable } from '../program/variable.js';
import { type Schedule, type ScheduleLike, toSchedule } from './schedules/index.js';

/** What one update of a weight is made of. @internal */
export interface Update {
  readonly graph: Graph;
  readonly weight: Variable;
  readonly gradient: Value;
  /** A scalar. */
  readonly learningRate: Value;
  /** The number of this update, from 1 on, where the optimizer counts updates. */
  readonly count: Value | undefined;
}

export abstract class Optimizer {
  /** As in Keras: `Adam`, `SGD`, `RMSprop`. */
  abstract readonly className: string;
  readonly #rate: Variable;
  #learningRate: number;
  /** What moves the rate, where something does. */
  readonly schedule: Schedule | undefined;
  /** Moments and the like, by weight. */
  readonly #state = new Map<Variable, readonly Variable[]>();
  /** Numbers of updates, by the first of the weights that are updated together. */
  readonly #counters = new Map<Variable, Variable>();

  constructor(learningRate: number | ScheduleLike) {
    this.schedule = typeof learningRate === 'object' ? toSchedule(learningRate) : undefined;
    this.#learningRate = typeof learningRate === 'object' ? Number.NaN : positiveNumber('learningRate', learningRate);
    this.#rate = new Variable({
      name: 'learning_rate',
      shape: [],
      initial: () => Float32Array.of(this.#learningRate),
    });
  }

  /** NaN where a schedule says what it is at each update. */
  get learningRate(): number {
    return this.#learningRate;
  }

  /**
   * Takes effect with the next run.
   * @throws CudaGanError `CUDA_GAN_VALUE` when not a finite number above 0, `CUDA_GAN_STATE` where there is a schedule.
   */
  set learningRate(value: number) {
    if (this.schedule !== undefined) {
      throw new CudaGanError(
        'CUDA_GAN_STATE',
        `the learning rate follows the schedule ${this.schedule.name}, and cannot be set`,
      );
    }
    this.#learningRate = positiveNumber('learningRate', value);
    const { device } = this.#rate;
    if (device !== undefined) void this.#rate.write(Float32Array.of(value), device);
  }

  /** Records one update of `weights` along `gradients`, one of the same shape for each. @internal */
  applyGradients(graph: Graph, weights: readonly Variable[], gradients: readonly Value[]): void {
    if (weights.length === 0) return;
    const { schedule } = this;
    const counts = this.countsUpdates || schedule !== undefined;
    const before = counts ? graph.read(this.#counterOf(weights[0]!)) : undefined;
    const learningRate =
      schedule === undefined
        ? graph.read(this.#rate)
        : requireReturned(`rate of the schedule ${schedule.name}`, schedule.rate(cast(before!)), []);
    const count = before && increment(before);
    weights.forEach((weight, i) => {
      this.update({ graph, weight, gradient: gradients[i]!, learningRate, count });
    });
  }

  /** Counters and moments so far, to be saved and restored with the weights: all, or those of `weights`. */
  variables(weights: readonly Variable[] = [...this.#state.keys()]): readonly Variable[] {
    return weights.flatMap((weight) => [this.#counters.get(weight) ?? [], this.#state.get(weight) ?? []].flat());
  }

  /** Counters and moments of `weights`, given by path, by paths below theirs: `dense/kernel/m`, `dense/kernel/updates`. */
  state(weights: ReadonlyMap<string, Variable>): ReadonlyMap<string, Variable> {
    const found = [...weights].flatMap(([path, weight]) =>
      this.variables([weight]).map((variable) => [`${path}/${lastName(variable)}`, variable] as const),
    );
    return new Map(found);
  }

  /** Options that make this optimizer again, without its state. */
  getConfig(): { readonly learningRate: unknown; readonly [option: string]: unknown } {
    const { schedule } = this;
    if (schedule === undefined) return { learningRate: this.#learningRate };
    return { learningRate: { name: schedule.name, ...schedule.options } };
  }

  /** Frees the device's memory of all state, or of that of `weights`; it starts anew. */
  dispose(weights?: readonly Variable[]): void {
    for (const variable of this.variables(weights)) variable.dispose();
    for (const weight of weights ?? []) {
      this.#state.delete(weight);
      this.#counters.delete(weight);
    }
    if (weights === undefined || this.#state.size === 0) this.#rate.dispose();
  }

  /** Whether an update depends on how many there were before. @internal */
  protected get countsUpdates(): boolean {
    return false;
  }

  /** @internal */
  protected abstract update(update: Update): void;

  /** The state of `weight`: tensors of zeros of its shape, one per name, made at the first call. @internal */
  protected stateOf(weight: Variable, names: readonly string[]): readonly Variable[] {
    let state = this.#state.get(weight);
    if (state === undefined) {
      state = names.map((name) => new Variable({ name: `${weight.name}/${name}`, shape: weight.shape }));
      this.#state.set(weight, state);
    }
    return state;
  }

  #counterOf(weight: Variable): Variable {
    let counter = this.#counters.get(weight);
    if (counter === undefined) {
      counter = new Variable({ name: `${weight.name}/updates`, shape: [], dtype: 'int32' });
      this.#counters.set(weight, counter);
    }
    return counter;
  }
}

/** What a Variable of the state is called behind the name of its weight. */
function lastName({ name }: Variable): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

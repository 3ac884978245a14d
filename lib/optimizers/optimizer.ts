// What optimizers have in common: a learning rate, and a state of their own for every weight. One optimizer may serve
// several models, as in the article's script: weights that are updated together count their updates together.
import { nonNegativeNumber, positiveNumber } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { increment } from '../ops/increment.js';
import { affine, cast, fill, lerp } from '../ops/index.js';
import type { OptionNames } from '../options.js';
import type { Graph } from '../program/graph.js';
import { requireReturned } from '../program/returned.js';
import type { Value } from '../program/value.js';
import { Variable } from '../program/variable.js';
import { createTypedArray, type DType, type Shape, sizeOf } from '../tensor.js';
import { type Clipping, clipGradients, clippingNames, planClipping } from './clipping.js';
import { type Schedule, type ScheduleLike, toSchedule } from './schedules/index.js';

/** Options that all optimizers have. */
export interface OptimizerOptions {
  /** A number, or what `schedules` makes. */
  readonly learningRate?: number | ScheduleLike | undefined;
  /**
   * Before every update a weight loses this share of it, times the learning rate: decoupled weight decay (Loshchilov & Hutter
   * 2019). From 0 on. Default 0.
   */
  readonly weightDecay?: number | undefined;
  /** The Euclidean norm that the gradient of a weight has at most: longer ones are shortened to it. Default: any. */
  readonly clipNorm?: number | undefined;
  /** The size that the elements of gradients have at most. Default: any. */
  readonly clipValue?: number | undefined;
  /** The Euclidean norm that the gradients of all weights of an update have together at most. Default: any. */
  readonly globalClipNorm?: number | undefined;
}

/** @internal */
export const optimizerOptionNames: OptionNames<OptimizerOptions> = {
  learningRate: true,
  weightDecay: true,
  ...clippingNames,
};

/** What an update is made of, that of the weights that move together. @internal */
export interface Update {
  readonly graph: Graph;
  /** A scalar. */
  readonly learningRate: Value;
  /** The number of this update, from 1 on, where the optimizer counts updates. */
  readonly count: Value | undefined;
  /** What names the weights that move together: the first of them. */
  readonly first: Variable;
}

/** Records how a weight moves along its gradient. @internal */
export type Move = (weight: Variable, gradient: Value) => void;

/** What moves weights along their gradients, with a state for each weight. One optimizer may serve several models. */
export abstract class Optimizer {
  /** As in Keras: `Adam`, `SGD`, `RMSprop`. */
  abstract readonly className: string;
  /** By which `compile` and files know it: `adam`, `sgd`, `rmsprop`. */
  abstract readonly name: string;
  readonly #rate: Variable;
  #learningRate: number;
  /** What moves the rate, where something does. */
  readonly schedule: Schedule | undefined;
  /** Moments and the like, by weight. */
  readonly #state = new Map<Variable, readonly Variable[]>();
  /** Numbers of updates and the like, by the first of the weights that are updated together. */
  readonly #sharedState = new Map<Variable, Variable[]>();
  readonly #weightDecay: number;
  readonly #clipping: Clipping | undefined;

  /** @internal */
  constructor({
    learningRate,
    weightDecay = 0,
    ...clipping
  }: OptimizerOptions & { readonly learningRate: number | ScheduleLike }) {
    this.#weightDecay = nonNegativeNumber('weightDecay', weightDecay);
    this.#clipping = planClipping(clipping);
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
    const first = weights[0]!;
    const before = counts ? graph.read(this.sharedState(first, { name: 'updates', dtype: 'int32' })) : undefined;
    const learningRate =
      schedule === undefined
        ? graph.read(this.#rate)
        : requireReturned(`rate of the schedule ${schedule.name}`, schedule.rate(cast(before!)), []);
    const count = before && increment(before);
    const move = this.mover({ graph, learningRate, count, first });
    const clipped = this.#clipping === undefined ? gradients : clipGradients(gradients, this.#clipping);
    const share = this.#weightDecay > 0 ? affine(learningRate, this.#weightDecay) : undefined;
    weights.forEach((weight, i) => {
      if (share !== undefined) decay(graph.read(weight), share);
      move(weight, clipped[i]!);
    });
  }

  /** Counters and moments so far, to be saved and restored with the weights: all, or those of `weights`. */
  variables(weights: readonly Variable[] = [...this.#state.keys()]): readonly Variable[] {
    return weights.flatMap((weight) => [this.#sharedState.get(weight) ?? [], this.#state.get(weight) ?? []].flat());
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
    return {
      learningRate: schedule === undefined ? this.#learningRate : { name: schedule.name, ...schedule.options },
      ...(this.#weightDecay > 0 && { weightDecay: this.#weightDecay }),
      ...this.#clipping,
    };
  }

  /** Frees the device's memory of all state, or of that of `weights`; it starts anew. */
  dispose(weights?: readonly Variable[]): void {
    for (const variable of this.variables(weights)) variable.dispose();
    for (const weight of weights ?? []) {
      this.#state.delete(weight);
      this.#sharedState.delete(weight);
    }
    if (weights === undefined || this.#state.size === 0) this.#rate.dispose();
  }

  /** Whether an update depends on how many there were before. @internal */
  protected get countsUpdates(): boolean {
    return false;
  }

  /** Records what the weights of an update have in common, and makes what moves one of them. @internal */
  protected abstract mover(update: Update): Move;

  /** The state of `weight`: tensors of its shape, one per name, filled with `initial`, made at the first call. @internal */
  protected stateOf(weight: Variable, names: readonly string[], initial = 0): readonly Variable[] {
    let state = this.#state.get(weight);
    if (state === undefined) {
      state = names.map((name) => filled(`${weight.name}/${name}`, weight.shape, initial));
      this.#state.set(weight, state);
    }
    return state;
  }

  /** A scalar of the weights that move together with `first`, made at the first call. @internal */
  protected sharedState(first: Variable, { name, dtype, initial = 0 }: SharedState): Variable {
    const known = this.#sharedState.get(first) ?? [];
    const found = known.find((variable) => lastName(variable) === name);
    if (found !== undefined) return found;
    const made = filled(`${first.name}/${name}`, [], initial, dtype);
    this.#sharedState.set(first, [...known, made]);
    return made;
  }
}

/** @internal */
export interface SharedState {
  readonly name: string;
  readonly dtype: 'float32' | 'int32';
  readonly initial?: number;
}

/** Moves a weight towards 0 by a share of it, a scalar. */
function decay(weight: Value, share: Value): void {
  lerp(weight, fill(weight.graph, weight.shape, 0), share);
}

function filled(name: string, shape: Shape, initial: number, dtype: DType = 'float32'): Variable {
  return new Variable({ name, shape, dtype, initial: () => createTypedArray(dtype, sizeOf(shape)).fill(initial) });
}

/** What a Variable of the state is called behind the name of its weight. */
function lastName({ name }: Variable): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

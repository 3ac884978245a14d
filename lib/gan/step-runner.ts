// Runs a training program step after step, and goes back to the last good state when a number stops being one.
import type { Device, RunResult } from '../devices/device.js';
import { CudaGanError } from '../errors.js';
import type { Variable } from '../program/variable.js';
import { Snapshot } from '../training/snapshot.js';
import type { StepPrograms } from './step-programs.js';

/** Steps between two copies of the state. A copy costs about as much as a few steps. */
const snapshotInterval = 1000;

/** How many states before a diverged step are looked at for one that is finite. */
const statesToTry = 4;

/** A number became NaN or infinite; the state is that before step `restored`. */
export interface Divergence {
  /** What happened, up to the word before the step: `dLoss became NaN at`. */
  readonly event: string;
  readonly step: number;
  readonly restored: number;
}

export interface StepsResult extends RunResult {
  readonly divergence?: Divergence;
}

export class StepRunner {
  readonly #programs: StepPrograms;
  readonly #updated: readonly Variable[];
  /** The copy to go back to, and memory for the next, which may turn out not to be worth keeping. */
  #snapshot: Snapshot;
  #spare: Snapshot;
  #snapshotStep: number | undefined;
  #step: number;

  /** `firstStep` is where the programs' random numbers start. */
  constructor(programs: StepPrograms, device: Device, firstStep: number) {
    this.#programs = programs;
    this.#updated = programs.updated;
    this.#snapshot = new Snapshot(this.#updated, device);
    this.#spare = new Snapshot(this.#updated, device);
    this.#step = firstStep;
  }

  /**
   * Runs `count` steps, fewer when `signal` ends the run, or where steps of another kind follow. Steps from a divergence on
   * are undone and not counted.
   */
  async run(count: number, signal?: AbortSignal): Promise<StepsResult> {
    if (this.#snapshotStep === undefined || this.#step - this.#snapshotStep >= snapshotInterval || this.#changed) {
      const divergence = await this.#takeSnapshot();
      if (divergence !== undefined) return { steps: 0, outputs: new Map(), divergence };
    }
    const { executable, steps } = this.#programs.at(this.#step);
    for (const variable of this.#programs.variables) variable.mover = this;
    const options = { firstStep: this.#step, stopOnNonFinite: true };
    const result = await executable.run(
      Math.min(count, steps),
      signal === undefined ? options : { ...options, signal },
    );
    const event = result.steps === 0 ? undefined : nonFiniteOutput(result);
    if (event === undefined) {
      this.#step += result.steps;
      return result;
    }
    const divergence = await this.#goBack(event, this.#step + result.steps - 1);
    return { ...result, steps: result.steps - 1, divergence };
  }

  /** Whether somebody else has written what a step reads, a learning rate say: steps before it would not be the same again. */
  get #changed(): boolean {
    return this.#programs.variables.some(({ mover }) => mover !== this);
  }

  /** Makes sure that the steps so far have left finite numbers: losses may be finite where weights are not. */
  async check(): Promise<Divergence | undefined> {
    return this.#snapshotStep === undefined ? undefined : this.#takeSnapshot();
  }

  async #takeSnapshot(): Promise<Divergence | undefined> {
    await this.#spare.take();
    if (this.#snapshotStep !== undefined && !this.#spare.finite) {
      return this.#goBack('a weight was NaN or infinite after', this.#step - 1);
    }
    [this.#snapshot, this.#spare] = [this.#spare, this.#snapshot];
    this.#snapshotStep = this.#step;
    return undefined;
  }

  async #goBack(event: string, step: number): Promise<Divergence> {
    this.#step = await this.#restore(step);
    return { event, step, restored: this.#step };
  }

  /** Goes back to the last state before `failedStep` in which every number is finite; returns the number of its next step. */
  async #restore(failedStep: number): Promise<number> {
    const start = this.#snapshotStep!;
    for (let step = failedStep; step > start && step > failedStep - statesToTry; step--) {
      await this.#snapshot.restore();
      await this.#replay(start, step);
      await this.#spare.take();
      if (this.#spare.finite) return step;
    }
    await this.#snapshot.restore();
    return start;
  }

  /** Runs the steps from `begin` up to before `end`. */
  async #replay(begin: number, end: number): Promise<void> {
    for (let step = begin; step < end; ) {
      const { executable, steps } = this.#programs.at(step);
      const count = Math.min(steps, end - step);
      await executable.run(count, { firstStep: step });
      step += count;
    }
  }

  dispose(): void {
    this.#programs.dispose();
  }
}

function nonFiniteOutput({ outputs, steps }: RunResult): string | undefined {
  for (const [output, values] of outputs) {
    const value = values[steps - 1]!;
    if (!Number.isFinite(value)) return `${output} became ${value} at`;
  }
  return undefined;
}

/** The error for a divergence in `phase`, whose steps count from `firstStep` on. */
export function divergenceError(
  { event, step, restored }: Divergence,
  firstStep: number,
  phase: 'step' | 'pretraining step',
): CudaGanError {
  return new CudaGanError(
    'CUDA_GAN_DIVERGED',
    `${event} ${phase} ${step - firstStep}; training stopped and the models are as before ${phase} ${restored - firstStep}. A lower learning rate or other data scaling may help`,
  );
}

// Runs a training program step after step, and goes back to the last good state when a loss stops being a number.
import type { Device, Executable, RunResult } from '../devices/device.js';
import { CudaGanError } from '../errors.js';
import type { Graph } from '../program/graph.js';
import { buildProgram, updatedVariables } from '../program/program.js';
import type { Variable } from '../program/variable.js';
import { Snapshot } from '../training/snapshot.js';

/** Steps between two copies of the state. A copy costs about as much as a few steps. */
const snapshotInterval = 1000;

/** How many states before a diverged step are looked at for one that is finite. */
const statesToTry = 4;

/** A loss became NaN or infinite at `step`; the state is that before step `restored`. */
export interface Divergence {
  readonly output: string;
  readonly value: number;
  readonly step: number;
  readonly restored: number;
}

export class StepRunner {
  readonly #device: Device;
  readonly #executable: Executable;
  readonly #updated: readonly Variable[];
  readonly #snapshot: Snapshot;
  #snapshotStep: number | undefined;
  #step: number;

  /** `firstStep` is where the program's random numbers start. */
  constructor(graph: Graph, device: Device, firstStep: number) {
    const program = buildProgram(graph);
    this.#device = device;
    this.#executable = device.compile(program);
    this.#updated = updatedVariables(program);
    this.#snapshot = new Snapshot(this.#updated, device);
    this.#step = firstStep;
  }

  /** The number of the next step. */
  get step(): number {
    return this.#step;
  }

  /**
   * Runs `count` steps, fewer when `signal` ends the run. Steps from a divergence on are undone and not counted.
   */
  async run(count: number, signal?: AbortSignal): Promise<RunResult & { divergence?: Divergence }> {
    if (this.#snapshotStep === undefined || this.#step - this.#snapshotStep >= snapshotInterval) {
      await this.#snapshot.take();
      this.#snapshotStep = this.#step;
    }
    const options = { firstStep: this.#step, stopOnNonFinite: true };
    const result = await this.#executable.run(count, signal === undefined ? options : { ...options, signal });
    const failure = result.steps === 0 ? undefined : nonFiniteOutput(result);
    if (failure === undefined) {
      this.#step += result.steps;
      return result;
    }
    const failedStep = this.#step + result.steps - 1;
    this.#step = await this.#restore(failedStep);
    return { ...result, steps: result.steps - 1, divergence: { ...failure, step: failedStep, restored: this.#step } };
  }

  /** Goes back to the last state before `failedStep` in which every number is finite; returns the number of its next step. */
  async #restore(failedStep: number): Promise<number> {
    const start = this.#snapshotStep!;
    for (let step = failedStep; step > start && step > failedStep - statesToTry; step--) {
      await this.#snapshot.restore();
      await this.#executable.run(step - start, { firstStep: start });
      if (await this.#isFinite()) return step;
    }
    await this.#snapshot.restore();
    return start;
  }

  async #isFinite(): Promise<boolean> {
    for (const variable of this.#updated) {
      if (!(await variable.read(this.#device)).every(Number.isFinite)) return false;
    }
    return true;
  }

  dispose(): void {
    this.#executable.dispose();
  }
}

function nonFiniteOutput({ outputs, steps }: RunResult): { output: string; value: number } | undefined {
  for (const [output, values] of outputs) {
    const value = values[steps - 1]!;
    if (!Number.isFinite(value)) return { output, value };
  }
  return undefined;
}

/** The error for a divergence in `phase`, whose steps count from `firstStep` on. */
export function divergenceError(
  { output, value, step, restored }: Divergence,
  firstStep: number,
  phase: 'step' | 'pretraining step',
): CudaGanError {
  return new CudaGanError(
    'CUDA_GAN_DIVERGED',
    `${output} became ${value} at ${phase} ${step - firstStep}; training stopped and the models are as before ${phase} ${restored - firstStep}. A lower learning rate or other data scaling may help`,
  );
}

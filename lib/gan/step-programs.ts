// The programs of a training: one for every kind of step, because regularizers with an interval take part in some steps only.
import type { Device, Executable } from '../devices/device.js';
import { buildProgram, type Program, updatedVariables } from '../program/program.js';
import type { Variable } from '../program/variable.js';
import type { Regularizer } from './regularizers/regularizer.js';
import { recordStep, type StepParts } from './step.js';

/** A program and how many steps in a row it is for. */
export interface Turn {
  readonly executable: Executable;
  readonly steps: number;
}

export class StepPrograms {
  readonly #parts: StepParts;
  readonly #device: Device;
  readonly #pretraining: boolean;
  readonly #compiled = new Map<string, { readonly program: Program; readonly executable: Executable }>();

  constructor(parts: StepParts, device: Device, options: { readonly pretraining: boolean }) {
    this.#parts = parts;
    this.#device = device;
    this.#pretraining = options.pretraining;
  }

  /** The program of step number `step`. Each is compiled when its first turn comes. */
  at(step: number): Turn {
    const { regularizers } = this.#parts.composition;
    const steps = Math.min(...regularizers.map(({ interval = 1 }) => stepsAlike(step, interval)));
    return { executable: this.#program(regularizers.filter((one) => isDue(one, step))).executable, steps };
  }

  /** Everything that steps move. */
  get updated(): readonly Variable[] {
    return updatedVariables(this.#fullest);
  }

  /** Everything that steps read or move. */
  get variables(): readonly Variable[] {
    return this.#fullest.variables;
  }

  /** The names of all figures. */
  get figures(): readonly string[] {
    return this.#fullest.outputs.map(({ name }) => name);
  }

  dispose(): void {
    for (const { executable } of this.#compiled.values()) executable.dispose();
    this.#compiled.clear();
  }

  /** That of the steps in which every regularizer takes part. */
  get #fullest(): Program {
    return this.#program(this.#parts.composition.regularizers).program;
  }

  #program(regularizers: readonly Regularizer[]) {
    const key = regularizers.map(({ name }) => name).join(' ');
    let compiled = this.#compiled.get(key);
    if (compiled === undefined) {
      const graph = recordStep(this.#parts, { pretraining: this.#pretraining, regularizers });
      const program = buildProgram(graph, this.#device);
      compiled = { program, executable: this.#device.compile(program) };
      this.#compiled.set(key, compiled);
    }
    return compiled;
  }
}

function isDue({ interval = 1 }: Regularizer, step: number): boolean {
  return step % interval === 0;
}

/** How many steps from `step` on are like it for a regularizer that is due every `interval` steps. */
function stepsAlike(step: number, interval: number): number {
  if (interval === 1) return Number.POSITIVE_INFINITY;
  return step % interval === 0 ? 1 : interval - (step % interval);
}

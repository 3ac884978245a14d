// How many steps to run at a time, so that a long run can be looked at and stopped.

const secondsPerChunk = 0.1;

/** Starts at one step and grows, at most twofold at a time, until a chunk takes about a tenth of a second. */
export class ChunkSize {
  #steps = 1;

  get steps(): number {
    return this.#steps;
  }

  /** Learns from a chunk of `steps` steps that took `seconds`. */
  adjust(steps: number, seconds: number): void {
    const fitting = Math.floor((steps * secondsPerChunk) / seconds);
    this.#steps = Math.max(1, Math.min(fitting, 2 * this.#steps));
  }
}

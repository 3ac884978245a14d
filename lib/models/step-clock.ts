// How far a model has been trained, or used. Random numbers and orders are counted by it, so that no two steps draw the
// same.

/** Goes forward only: whoever takes a number is the only one to get it, through any number of programs and compiles. */
export class StepClock {
  #steps = 0;
  #epochs = 0;

  /** Takes the numbers of `count` steps; returns the first. */
  takeSteps(count: number): number {
    this.#steps += count;
    return this.#steps - count;
  }

  /** Takes the number of a pass over the data. */
  takeEpoch(): number {
    return this.#epochs++;
  }
}

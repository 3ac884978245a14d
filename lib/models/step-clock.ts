// How far a model has been trained, or used. Random numbers and orders are counted by it, so that no two steps draw the
// same.

/** Where a clock stands. */
export interface ClockReading {
  readonly steps: number;
  readonly epochs: number;
}

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

  get reading(): ClockReading {
    return { steps: this.#steps, epochs: this.#epochs };
  }

  /** Sets it to what it showed when the training that is resumed was written down. */
  set reading({ steps, epochs }: ClockReading) {
    this.#steps = steps;
    this.#epochs = epochs;
  }
}

/** The two clocks of a model. */
export type Clocks<Kind = StepClock> = Readonly<Record<'training' | 'inference', Kind>>;

export function readClocks({ training, inference }: Clocks): Clocks<ClockReading> {
  return { training: training.reading, inference: inference.reading };
}

export function setClocks(clocks: Clocks, { training, inference }: Clocks<ClockReading>): void {
  clocks.training.reading = training;
  clocks.inference.reading = inference;
}

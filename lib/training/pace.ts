// How fast a training goes, and how long it will.

export interface PaceFigures {
  readonly stepsPerSecond: number;
  readonly secondsLeft: number;
}

/** The pace of a training of which `done` steps took `seconds`, and `left` steps are to come. */
export function paceOf(done: number, seconds: number, left: number): PaceFigures {
  const secondsPerStep = seconds / done;
  return { stepsPerSecond: 1 / secondsPerStep, secondsLeft: secondsPerStep * left };
}

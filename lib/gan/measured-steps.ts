// Steps at which a training is measured now and then: every so many, the first of which is at that step.

/** Whether the step is one of those that are measured every `interval` steps. */
export function isMeasured(step: number, interval: number): boolean {
  return step > 0 && step % interval === 0;
}

/** How many steps there are from step number `step` up to the next that is measured, that one included. */
export function stepsToMeasured(step: number, interval: number): number {
  return Math.max(1, Math.ceil(step / interval)) * interval + 1 - step;
}

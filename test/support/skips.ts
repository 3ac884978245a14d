// Tests that want something of the machine.

/** Whether it is there; prints once why tests are skipped where it is not, which a run of several suites does not say of their names. */
export function isThere(condition: boolean, what: string, reason: string): boolean {
  if (!condition) console.warn(`skipped, ${what}: ${reason}`);
  return condition;
}

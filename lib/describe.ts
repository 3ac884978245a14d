// Values in messages.
import { inspect } from 'node:util';

/** A value as messages show it, whatever it is: short, and on one line. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 100 ? `${value.slice(0, 100)}…` : value);
  return inspect(value, { depth: 0, compact: true, breakLength: Infinity, maxArrayLength: 4, customInspect: false });
}

// The functions of one number.
import type { UnaryAttributes, UnaryKind } from '../../ops/unary.js';
import { elementwise } from './elementwise.js';
import type { Kernel } from './kernel.js';

const functions: Readonly<Record<UnaryKind, (x: number) => number>> = {
  abs: Math.abs,
  cos: Math.cos,
  erf,
  exp: Math.exp,
  floor: Math.floor,
  log: Math.log,
  sign: Math.sign,
  sin: Math.sin,
  sqrt: Math.sqrt,
};

/** By its Maclaurin series where that is short, else by the continued fraction of 1 - erf (Abramowitz & Stegun 7.1.6, 7.1.14). */
function erf(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x < 0) return -erf(-x);
  if (x > 6) return 1;
  if (x > 2.5) {
    let fraction = 0;
    for (let k = 60; k > 0; k--) fraction = k / 2 / (x + fraction);
    return 1 - Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
  }
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-18 * sum; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

export const unary: Kernel = (call) => elementwise(functions[(call.attributes as UnaryAttributes).kind])(call);

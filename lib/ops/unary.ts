// Functions of one number, element by element: one op, so that a function is a line here and a line on each device.
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { affine, negate } from './affine.js';
import { divide, multiply } from './binary.js';
import { inferLike } from './shapes.js';

export type UnaryKind = 'abs' | 'cos' | 'erf' | 'exp' | 'floor' | 'log' | 'sign' | 'sin' | 'sqrt';

export type UnaryAttributes = { kind: UnaryKind };

/** dx, from dy, x and y = f(x); undefined where it is zero. */
const gradients: Readonly<Record<UnaryKind, (dy: Value, x: Value, y: Value) => Value | undefined>> = {
  abs: (dy, x) => multiply(dy, sign(x)),
  cos: (dy, x) => negate(multiply(dy, sin(x))),
  erf: (dy, x) => multiply(dy, affine(exp(negate(multiply(x, x))), 2 / Math.sqrt(Math.PI))),
  exp: (dy, _, y) => multiply(dy, y),
  floor: () => undefined,
  log: (dy, x) => divide(dy, x),
  sign: () => undefined,
  sin: (dy, x) => multiply(dy, cos(x)),
  sqrt: (dy, _, y) => divide(affine(dy, 0.5), y),
};

/** @internal */
export const unaryOp: Op<UnaryAttributes> = {
  name: 'unary',
  callName: ({ kind }) => kind,
  infer: ([x], { kind }) => inferLike(kind, x!),
  gradient: ({ inputs: [x], outputs: [y], attributes: { kind } }, [dy]) => [gradients[kind](dy!, x!, y!)],
};

function unary(kind: UnaryKind, x: Value): Value {
  return applyOne(unaryOp, [x], { kind });
}

/** Absolute value; its gradient at 0 is 0. */
export const abs = (x: Value): Value => unary('abs', x);
/** Cosine of an angle in radians, of any size. Errs by at most 2⁻²³. */
export const cos = (x: Value): Value => unary('cos', x);
/** The error function 2/√π ∫₀ˣ e^(-t²) dt. */
export const erf = (x: Value): Value => unary('erf', x);
/** Exponential. */
export const exp = (x: Value): Value => unary('exp', x);
/** The largest whole number that is not above x. Its gradient is zero. */
export const floor = (x: Value): Value => unary('floor', x);
/** Natural logarithm. */
export const log = (x: Value): Value => unary('log', x);
/** -1, 0 or 1. Its gradient is zero. */
export const sign = (x: Value): Value => unary('sign', x);
/** Sine of an angle in radians, of any size. Errs by at most 2⁻²³. */
export const sin = (x: Value): Value => unary('sin', x);
/** Square root. */
export const sqrt = (x: Value): Value => unary('sqrt', x);

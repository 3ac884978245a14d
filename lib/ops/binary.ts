// Functions of two numbers, element by element, with NumPy's broadcasting: one op, so that a function is a line here and
// a line on each device.
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { negate } from './affine.js';
import { broadcastShapes, float32, requireFloat32 } from './shapes.js';
import { sumTo } from './sum-to.js';

export type BinaryKind = 'add' | 'divide' | 'equal' | 'greater' | 'maximum' | 'minimum' | 'multiply' | 'subtract';

export type BinaryAttributes = { kind: BinaryKind };

type Gradient = (dy: Value, a: Value, b: Value, y: Value) => readonly [da: Value | undefined, db: Value | undefined];

const none: Gradient = () => [undefined, undefined];

/** Gradients in y's shape, before they are summed to the shapes of a and b; undefined where they are zero. */
const gradients: Readonly<Record<BinaryKind, Gradient>> = {
  add: (dy) => [dy, dy],
  divide: (dy, _, b, y) => {
    const da = divide(dy, b);
    return [da, negate(multiply(da, y))];
  },
  equal: none,
  greater: none,
  maximum: (dy, a, b) => {
    const da = multiply(dy, greater(a, b));
    return [da, subtract(dy, da)];
  },
  minimum: (dy, a, b) => {
    const da = multiply(dy, greater(b, a));
    return [da, subtract(dy, da)];
  },
  multiply: (dy, a, b) => [multiply(dy, b), multiply(dy, a)],
  subtract: (dy) => [dy, negate(dy)],
};

/** @internal */
export const binaryOp: Op<BinaryAttributes> = {
  name: 'binary',
  callName: ({ kind }) => kind,
  infer: ([a, b], { kind }) => {
    requireFloat32(kind, a!, b!);
    return [float32(broadcastShapes(kind, a!.shape, b!.shape))];
  },
  gradient: ({ inputs: [a, b], outputs: [y], attributes: { kind } }, [dy]) => {
    const [da, db] = gradients[kind](dy!, a!, b!, y!);
    return [da && sumTo(da, a!.shape), db && sumTo(db, b!.shape)];
  },
};

function binary(kind: BinaryKind, a: Value, b: Value): Value {
  return applyOne(binaryOp, [a, b], { kind });
}

/** a + b. Shapes broadcast. */
export const add = (a: Value, b: Value): Value => binary('add', a, b);
/** a / b. Shapes broadcast. */
export const divide = (a: Value, b: Value): Value => binary('divide', a, b);
/** 1 where a = b, else 0. Its gradient is zero. Shapes broadcast. */
export const equal = (a: Value, b: Value): Value => binary('equal', a, b);
/** 1 where a > b, else 0. Its gradient is zero. Shapes broadcast. */
export const greater = (a: Value, b: Value): Value => binary('greater', a, b);
/** The larger of two; where they are equal the gradient goes to `b`. NaN where either is. Shapes broadcast. */
export const maximum = (a: Value, b: Value): Value => binary('maximum', a, b);
/** The smaller of two; where they are equal the gradient goes to `b`. NaN where either is. Shapes broadcast. */
export const minimum = (a: Value, b: Value): Value => binary('minimum', a, b);
/** a · b, element by element. Shapes broadcast. */
export const multiply = (a: Value, b: Value): Value => binary('multiply', a, b);
/** a - b. Shapes broadcast. */
export const subtract = (a: Value, b: Value): Value => binary('subtract', a, b);

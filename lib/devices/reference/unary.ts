// The functions of one number.
import type { UnaryAttributes, UnaryKind } from '../../ops/unary.js';
import { elementwise } from './elementwise.js';
import type { Kernel } from './kernel.js';

const functions: Readonly<Record<UnaryKind, (x: number) => number>> = {
  abs: Math.abs,
  exp: Math.exp,
  log: Math.log,
  sign: Math.sign,
  sqrt: Math.sqrt,
};

export const unary: Kernel = (call) => elementwise(functions[(call.attributes as UnaryAttributes).kind])(call);

// Matrix product: y [m, n] = a [m, k] · b [k, n], either operand optionally transposed in place.
import { trueOrFalse } from '../checks.js';
import { checkOptions, type OptionNames } from '../options.js';
import { applyOne, type Op } from '../program/op.js';
import type { Value } from '../program/value.js';
import { formatShape } from '../tensor.js';
import { float32, requireFloat32, requireRank, shapeError } from './shapes.js';

export type MatmulAttributes = { transposeA: boolean; transposeB: boolean };

const optionNames: OptionNames<MatmulAttributes> = { transposeA: true, transposeB: true };

/** @internal */
export const matmulOp: Op<MatmulAttributes> = {
  name: 'matmul',
  infer: ([a, b], { transposeA, transposeB }) => {
    trueOrFalse('matmul: transposeA', transposeA);
    trueOrFalse('matmul: transposeB', transposeB);
    for (const operand of [a!, b!]) {
      requireFloat32('matmul', operand);
      requireRank('matmul', operand, 2);
    }
    const [m, k] = transposeA ? [a!.shape[1]!, a!.shape[0]!] : [a!.shape[0]!, a!.shape[1]!];
    const [k2, n] = transposeB ? [b!.shape[1]!, b!.shape[0]!] : [b!.shape[0]!, b!.shape[1]!];
    if (k !== k2) throw shapeError(`matmul cannot multiply ${formatShape([m, k])} by ${formatShape([k2, n])}`);
    return [float32([m, n])];
  },
  gradient: ({ inputs: [a, b], attributes: { transposeA, transposeB } }, [dy]) => [
    transposeA
      ? matmul(b!, dy!, { transposeA: transposeB, transposeB: true })
      : matmul(dy!, b!, { transposeB: !transposeB }),
    transposeB
      ? matmul(dy!, a!, { transposeA: true, transposeB: transposeA })
      : matmul(a!, dy!, { transposeA: !transposeA }),
  ],
};

/** op(a) · op(b), where op transposes if asked to. */
export function matmul(a: Value, b: Value, options: Partial<MatmulAttributes> = {}): Value {
  const { transposeA = false, transposeB = false } = checkOptions('matmul', options, optionNames);
  return applyOne(matmulOp, [a, b], { transposeA, transposeB });
}

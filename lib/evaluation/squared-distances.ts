// Squared Euclidean distances of all rows of one set to all of another, by matrix products on a device, some rows at a time.
import type { Device } from '../devices/device.js';
import { matmul } from '../ops/index.js';
import { CompiledProgram } from '../program/compiled-program.js';
import { Graph } from '../program/graph.js';
import { Variable } from '../program/variable.js';
import { createTypedArray, type OwnFloat32Array } from '../tensor.js';
import type { Rows } from './features.js';

/** The distances of one row to all of `others`. */
export interface RowDistances {
  readonly row: number;
  /** Approximately, as the device computes them in float32, in units of `unit`. */
  readonly approximate: Float32Array;
  readonly unit: number;
  /** No approximation is further from its distance than this, in the same units. */
  readonly slack: number;
  /** In float64, in units of 1. */
  exact(other: number): number;
}

/** Distances in memory at a time: 16 MiB. */
const blockElements = 2 ** 22;
const mostBlockRows = 512;

/** Half the distance of 1 and the next number. */
const unitRoundoff = { float32: 2 ** -24, tf32: 2 ** -11, bfloat16: 2 ** -8 } as const;

/**
 * Calls `visit` with the distances of every row of `rows`, in their order. ‖a - b‖² = ‖a‖² + ‖b‖² - 2 aᵀb is one product of
 * the rows (-2a, ‖a‖², 1) and (b, 1, ‖b‖²). Rows are first moved and scaled so that little is lost by it: what is left
 * is the slack, which decisions that must be exact look at.
 */
export async function visitDistances(
  rows: Rows,
  others: Rows,
  device: Device,
  visit: (distances: RowDistances) => void,
): Promise<void> {
  const frame = frameOf(rows, others);
  const { dimension } = rows;
  const factors = dimension + 2;
  const blockRows = Math.min(rows.count, mostBlockRows, Math.max(1, Math.floor(blockElements / others.count)));
  const right = new Variable({
    name: 'others',
    shape: [others.count, factors],
    initial: () => factorsOf(others, frame, 0, others.count, others.count, 'right'),
  });
  const left = new Variable({ name: 'rows', shape: [blockRows, factors] });
  const graph = new Graph();
  graph.output('distances', matmul(graph.read(left), graph.read(right), { transposeB: true }));
  const program = new CompiledProgram(graph, device);
  try {
    const start = async (begin: number): Promise<OwnFloat32Array> => {
      const written = left.write(factorsOf(rows, frame, begin, begin + blockRows, blockRows, 'left'), device);
      const [{ outputs }] = await Promise.all([program.run(1), written]);
      return outputs.get('distances') as OwnFloat32Array;
    };
    const error = relativeError(dimension, device);
    const most = greatestNorm(others, frame);
    const unit = 1 / frame.scale ** 2;
    let block = start(0);
    for (let begin = 0; begin < rows.count; begin += blockRows) {
      const distances = await block;
      // The device goes on with the next block while this one is looked at.
      if (begin + blockRows < rows.count) block = start(begin + blockRows);
      for (let row = begin; row < Math.min(begin + blockRows, rows.count); row++) {
        const approximate = distances.subarray((row - begin) * others.count, (row - begin + 1) * others.count);
        const slack = error * (squaredNorm(rows, frame, row) + most);
        visit({ row, approximate, unit, slack, exact: (other) => exactDistance(rows, row, others, other) });
      }
    }
  } finally {
    program.dispose();
    for (const variable of [left, right]) variable.dispose();
  }
}

/** ‖a - b‖² of two rows, in float64. */
function exactDistance(a: Rows, i: number, b: Rows, j: number): number {
  const { dimension } = a;
  let sum = 0;
  for (let k = 0; k < dimension; k++) sum += (a.data[i * dimension + k]! - b.data[j * dimension + k]!) ** 2;
  return sum;
}

/**
 * How far a distance may be off, as a share of ‖a‖² + ‖b‖². The terms of the product add up to at most twice that, without
 * their signs; their factors are rounded to float32 and, on the device, to its precision, and they are added in float32.
 */
function relativeError(dimension: number, device: Device): number {
  return 2 * ((dimension + 8) * unitRoundoff.float32 + 2 * unitRoundoff[device.precision]);
}

/** Where rows are seen from: (row - centre) · scale. */
interface Frame {
  readonly centre: Float64Array;
  readonly scale: number;
}

/** The mean of `others` for centre, and 1 for the greatest norm, so that no square leaves the range of float32. */
function frameOf(rows: Rows, others: Rows): Frame {
  const { count, dimension, data } = others;
  const centre = new Float64Array(dimension);
  for (let i = 0; i < data.length; i++) centre[i % dimension]! += data[i]! / count;
  const most = Math.max(...[rows, others].map((set) => greatestNorm(set, { centre, scale: 1 })));
  return { centre, scale: most > 0 ? 1 / Math.sqrt(most) : 1 };
}

function greatestNorm(set: Rows, frame: Frame): number {
  let most = 0;
  for (let row = 0; row < set.count; row++) most = Math.max(most, squaredNorm(set, frame, row));
  return most;
}

function squaredNorm({ dimension, data }: Rows, { centre, scale }: Frame, row: number): number {
  let sum = 0;
  for (let k = 0; k < dimension; k++) sum += ((data[row * dimension + k]! - centre[k]!) * scale) ** 2;
  return sum;
}

/** Rows [begin, end) as factors of the product, `height` of them; those that are not there are zero. */
function factorsOf(
  set: Rows,
  frame: Frame,
  begin: number,
  end: number,
  height: number,
  side: 'left' | 'right',
): OwnFloat32Array {
  const { dimension, data } = set;
  const width = dimension + 2;
  const factors = createTypedArray('float32', height * width);
  for (let row = begin; row < Math.min(end, set.count); row++) {
    const at = (row - begin) * width;
    const sign = side === 'left' ? -2 * frame.scale : frame.scale;
    for (let k = 0; k < dimension; k++) factors[at + k] = sign * (data[row * dimension + k]! - frame.centre[k]!);
    const norm = squaredNorm(set, frame, row);
    factors[at + dimension] = side === 'left' ? norm : 1;
    factors[at + dimension + 1] = side === 'left' ? 1 : norm;
  }
  return factors;
}

// Nearest neighbours, exactly: what the device finds approximately says which few distances are computed in float64.
import type { Device } from '../devices/device.js';
import { createTypedArray, type OwnInt32Array } from '../tensor.js';
import type { Rows } from './features.js';
import { type RowDistances, visitDistances } from './squared-distances.js';

export interface Neighbours {
  /** Numbers of the nearest of `others`, [rows, count], the nearest first; of equally near ones the first. */
  readonly indices: OwnInt32Array;
  /** Their squared distances. */
  readonly squares: Float64Array;
}

/** The `count` nearest of `others` to each row; to each of a set itself without that row, when `others` is `rows`. */
export async function nearestOf(rows: Rows, others: Rows, count: number, device: Device): Promise<Neighbours> {
  const indices = createTypedArray('int32', rows.count * count);
  const squares = new Float64Array(rows.count * count);
  await visitDistances(rows, others, device, (distances) => {
    const { row } = distances;
    const own = rows === others ? row : -1;
    const found = nearestInRow(distances, count, own);
    indices.set(found.indices, row * count);
    squares.set(found.squares, row * count);
  });
  return { indices, squares };
}

/** The squared distance of each row to its k-th nearest other one. */
export async function squaredRadii(rows: Rows, k: number, device: Device): Promise<Float64Array> {
  const { squares } = await nearestOf(rows, rows, k, device);
  return Float64Array.from({ length: rows.count }, (_, row) => squares[row * k + k - 1]!);
}

function nearestInRow({ approximate, slack, exact }: RowDistances, count: number, own: number): Nearest {
  // Whatever is among the nearest is not further, by approximation, than the last of the nearest by approximation and twice
  // the slack.
  const first = new Nearest(count);
  for (let j = 0; j < approximate.length; j++)
    if (approximate[j]! < first.last && j !== own) first.insert(j, approximate[j]!);
  const limit = first.last + 2 * slack;
  const nearest = new Nearest(count);
  for (let j = 0; j < approximate.length; j++) {
    if (approximate[j]! > limit || j === own) continue;
    nearest.insert(j, exact(j));
    if (nearest.last === 0) break; // nothing is nearer
  }
  return nearest;
}

/** The nearest of what was inserted, in order. */
class Nearest {
  readonly indices: Int32Array;
  readonly squares: Float64Array;

  constructor(count: number) {
    this.indices = new Int32Array(count);
    this.squares = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  }

  /** The greatest of the squared distances. */
  get last(): number {
    return this.squares[this.squares.length - 1]!;
  }

  insert(index: number, square: number): void {
    if (square >= this.last) return;
    let place = this.squares.length - 1;
    for (; place > 0 && this.squares[place - 1]! > square; place--) {
      this.squares[place] = this.squares[place - 1]!;
      this.indices[place] = this.indices[place - 1]!;
    }
    this.squares[place] = square;
    this.indices[place] = index;
  }
}

/** For every query, in how many balls around `centres` it lies; for every ball, how many queries lie in it. */
export interface BallCounts {
  readonly ofQueries: OwnInt32Array;
  readonly ofBalls: OwnInt32Array;
}

/** Counts the pairs of a query and a ball around a centre that holds it: ‖query - centre‖² ≤ the ball's squared radius. */
export async function countInBalls(
  queries: Rows,
  centres: Rows,
  squares: Float64Array,
  device: Device,
): Promise<BallCounts> {
  const ofQueries = createTypedArray('int32', queries.count);
  const ofBalls = createTypedArray('int32', centres.count);
  await visitDistances(queries, centres, device, ({ row, approximate, unit, slack, exact }) => {
    for (let j = 0; j < approximate.length; j++) {
      const beyond = approximate[j]! - squares[j]! / unit;
      if (beyond > slack || (beyond >= -slack && exact(j) > squares[j]!)) continue;
      ofQueries[row]!++;
      ofBalls[j]!++;
    }
  });
  return { ofQueries, ofBalls };
}

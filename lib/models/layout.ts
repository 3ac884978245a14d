// Places the boxes of a picture of a graph in rows by depth, and the lines between them (Sugiyama, Tagawa & Toda 1981):
// what takes from a box is below it, a line that passes rows has room in each, and neighbours are near each other.

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Box extends Size {
  /** Of its middle. */
  readonly x: number;
  /** Of its upper edge. */
  readonly y: number;
}

/** From the box `from` down to the box `to`: numbers of boxes. */
export interface Edge {
  readonly from: number;
  readonly to: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Layout extends Size {
  readonly boxes: readonly Box[];
  /** Per edge the points that it goes through, from the lower edge of a box to the upper edge of another. */
  readonly lines: readonly (readonly Point[])[];
}

const gap = { between: 28, rows: 44, around: 24 };

/** Passes over the rows, down and up, of which each brings neighbours nearer. */
const passes = 12;

/** A box, or the place where a line passes a row. */
interface Item {
  readonly row: number;
  readonly width: number;
  readonly above: Item[];
  readonly below: Item[];
  x: number;
}

/** Edges must not form a cycle. */
export function layOut(sizes: readonly Size[], edges: readonly Edge[]): Layout {
  const depths = depthsOf(sizes.length, edges);
  const boxes = sizes.map(({ width }, i) => newItem(depths[i]!, width));
  const rows: Item[][] = Array.from({ length: Math.max(...depths) + 1 }, () => []);
  for (const item of boxes) rows[item.row]!.push(item);
  const bends = edges.map(({ from, to }) => bendsBetween(boxes[from]!, boxes[to]!, rows));
  order(rows);
  place(rows);

  const heights = rows.map((_, row) =>
    Math.max(...sizes.filter((_, i) => depths[i] === row).map(({ height }) => height)),
  );
  const tops = heights.map((_, row) => gap.around + row * gap.rows + sum(heights.slice(0, row)));
  const left = Math.min(...rows.flat().map(({ x, width }) => x - width / 2)) - gap.around;
  const right = Math.max(...rows.flat().map(({ x, width }) => x + width / 2)) + gap.around;
  const xOf = (item: Item) => item.x - left;
  const placed = boxes.map((item, i) => ({ ...sizes[i]!, x: xOf(item), y: tops[item.row]! }));
  const lines = edges.map(({ from, to }, i) => [
    { x: placed[from]!.x, y: placed[from]!.y + placed[from]!.height },
    ...bends[i]!.flatMap((item) => [
      { x: xOf(item), y: tops[item.row]! },
      { x: xOf(item), y: tops[item.row]! + heights[item.row]! },
    ]),
    { x: placed[to]!.x, y: placed[to]!.y },
  ]);
  return { boxes: placed, lines, width: right - left, height: tops.at(-1)! + heights.at(-1)! + gap.around };
}

/** The longest way to each box; a box that takes nothing is right above the first that takes from it. */
function depthsOf(count: number, edges: readonly Edge[]): number[] {
  const depths: number[] = Array(count).fill(0);
  const fed = new Set(edges.map(({ to }) => to));
  for (let changed = true; changed; ) {
    changed = false;
    for (const { from, to } of edges) {
      if (depths[to]! > depths[from]!) continue;
      depths[to] = depths[from]! + 1;
      changed = true;
    }
  }
  return depths.map((depth, i) => {
    const takers = edges.filter(({ from }) => from === i).map(({ to }) => depths[to]!);
    return fed.has(i) || takers.length === 0 ? depth : Math.min(...takers) - 1;
  });
}

/** Connects two boxes; the places in the rows between them. */
function bendsBetween(from: Item, to: Item, rows: readonly Item[][]): readonly Item[] {
  const bends: Item[] = [];
  for (let row = from.row + 1; row < to.row; row++) {
    const item = newItem(row, 0);
    rows[row]!.push(item);
    bends.push(item);
  }
  [from, ...bends].forEach((item, i) => {
    const next = bends[i] ?? to;
    item.below.push(next);
    next.above.push(item);
  });
  return bends;
}

function newItem(row: number, width: number): Item {
  return { row, width, above: [], below: [], x: 0 };
}

/** Sorts each row by the mean place of what its items are connected to, so that few lines cross. */
function order(rows: readonly Item[][]): void {
  const number = () => {
    for (const row of rows) {
      row.forEach((item, i) => {
        item.x = i - row.length / 2;
      });
    }
  };
  number();
  for (let pass = 0; pass < passes; pass++) {
    const down = pass % 2 === 0;
    for (const row of down ? rows : [...rows].reverse()) {
      const wanted = new Map(row.map((item) => [item, meanOf(down ? item.above : item.below) ?? item.x]));
      row.sort((a, b) => wanted.get(a)! - wanted.get(b)!);
      number();
    }
  }
}

/** Gives every item the mean place of what it is connected to, as near as the order and the widths of its row allow. */
function place(rows: readonly Item[][]): void {
  for (const row of rows)
    spread(
      row,
      row.map(() => 0),
    );
  for (let pass = 0; pass < passes; pass++) {
    const down = pass % 2 === 0;
    for (const row of down ? rows : [...rows].reverse()) {
      spread(
        row,
        row.map((item) => meanOf(down ? item.above : item.below) ?? item.x),
      );
    }
  }
}

/** The places nearest to `wanted`, by the sum of squares, at which neighbours do not touch: pools adjacent violators. */
function spread(row: readonly Item[], wanted: readonly number[]): void {
  const offsets: number[] = [0];
  for (let i = 1; i < row.length; i++) {
    offsets.push(offsets[i - 1]! + row[i - 1]!.width / 2 + gap.between + row[i]!.width / 2);
  }
  const blocks: { readonly sum: number; readonly count: number }[] = [];
  wanted.forEach((x, i) => {
    let block = { sum: x - offsets[i]!, count: 1 };
    for (let last = blocks.at(-1); last !== undefined; last = blocks.at(-1)) {
      if (last.sum / last.count <= block.sum / block.count) break;
      block = { sum: last.sum + block.sum, count: last.count + block.count };
      blocks.pop();
    }
    blocks.push(block);
  });
  const starts = blocks.flatMap(({ sum, count }) => Array<number>(count).fill(sum / count));
  row.forEach((item, i) => {
    item.x = starts[i]! + offsets[i]!;
  });
}

function meanOf(items: readonly Item[]): number | undefined {
  return items.length === 0 ? undefined : sum(items.map(({ x }) => x)) / items.length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

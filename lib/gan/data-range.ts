// Whether images hold numbers that the generator can make: others would give the real ones away at once.
import { dtypeOf, type TypedArray } from '../tensor.js';
import type { OutputRange, Range } from './output-range.js';

/** At most so many runs of so many elements are looked at: data that is a file's is read at few places. */
const runs = 1024;
const runLength = 64;

/** Steps of this share of the length spread evenly, and never keep step with the width of an image. */
const goldenRatio = (Math.sqrt(5) - 1) / 2;

const unit: Range = { low: 0, high: 1 };
export const signedUnit: Range = { low: -1, high: 1 };
const bytes: Range = { low: 0, high: 255 };

/** The lowest and the highest of evenly spread runs of elements, or of all elements where there are few. */
export function rangeOf(data: TypedArray): Range {
  if (data.length <= runs * runLength) return widened(nothing, data);
  let range = nothing;
  for (let i = 0; i < runs; i++) {
    const begin = Math.floor(((i * goldenRatio) % 1) * (data.length - runLength));
    range = widened(range, data.subarray(begin, begin + runLength));
  }
  return range;
}

const nothing: Range = { low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY };

/** The range with those of some elements. */
function widened({ low, high }: Range, elements: TypedArray): Range {
  let [lowest, highest] = [low, high];
  for (const value of elements) {
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
  }
  return { low: lowest, high: highest };
}

/**
 * Whether numbers of the range `found` do not belong into `allowed`: they leave it, are 0 to 1 where negative ones are
 * wanted too, or fill less than a two-hundredth of it at its lower end, as pixels of 0 and 1 do.
 */
export function isMisplaced(found: Range, allowed: Range): boolean {
  const width = allowed.high - allowed.low;
  const leaves = found.low < allowed.low - 0.01 * width || found.high > allowed.high + 0.01 * width;
  const isUnit = allowed.low < 0 && Math.abs(found.low) < 0.1 && Math.abs(found.high - 1) < 0.1;
  const isLowerEnd = found.low < found.high && found.high < allowed.low + 0.005 * width;
  return leaves || isUnit || isLowerEnd;
}

/** Whether numbers that should be of `allowed` are bytes: none is below 0, and some are further above it than it is wide. */
export function areBytes(found: Range, allowed: Range): boolean {
  return found.low >= 0 && found.high > 2 * allowed.high - allowed.low;
}

/**
 * What to say of images that do not fit the generator's outputs: what was found, what fits, how to scale. Undefined when
 * they do. uint8 pixels become `pixelRange` before they meet the discriminator.
 */
export function rangeMistake(images: TypedArray, allowed: OutputRange, pixelRange: Range): string | undefined {
  const given = rangeOf(images);
  const wanted = `the generator ends in ${allowed.activation}, which makes numbers from ${inWords(allowed)}`;
  if (dtypeOf(images) !== 'uint8') {
    return isMisplaced(given, allowed)
      ? `images hold numbers from ${inWords(given)}, but ${wanted}: ${advice(given, allowed)}`
      : undefined;
  }
  const found = { low: mapped(given.low, bytes, pixelRange), high: mapped(given.high, bytes, pixelRange) };
  if (!isMisplaced(found, allowed)) return undefined;
  const pixels = `images hold pixels from ${inWords(given)}, which become ${inWords(found)}, but ${wanted}`;
  return isMisplaced(pixelRange, allowed)
    ? `${pixels}: set the discriminator's pixelRange to [${allowed.low}, ${allowed.high}]`
    : `${pixels}, and pixels are from ${inWords(bytes)}: ${advice(given, bytes)}`;
}

/** How to bring numbers from `given` to `wanted`; a formula where `given` is part of a range that images often have. */
function advice(given: Range, wanted: Range): string {
  const from = [unit, signedUnit, bytes].find(({ low, high }) => {
    return given.low >= low && given.high <= high && 2 * (given.high - given.low) >= high - low;
  });
  const factor = from && (wanted.high - wanted.low) / (from.high - from.low);
  if (from === undefined || factor === undefined || factor === 1) return `scale them to ${inWords(wanted)}`;
  const product = factor < 1 ? `x / ${rounded(1 / factor)}` : `x * ${rounded(factor)}`;
  const offset = mapped(0, from, wanted);
  return `scale them by ${product}${offset === 0 ? '' : ` ${offset < 0 ? '-' : '+'} ${rounded(Math.abs(offset))}`}`;
}

/** Where `x` comes to when `from` is brought to `to`. */
function mapped(x: number, from: Range, to: Range): number {
  return to.low + ((x - from.low) * (to.high - to.low)) / (from.high - from.low);
}

const inWords = ({ low, high }: Range) => `${rounded(low)} to ${rounded(high)}`;
const rounded = (x: number) => Number(x.toPrecision(4));

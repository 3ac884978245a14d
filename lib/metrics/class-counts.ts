// What precision, recall and F1 have in common: how many of each class were found, predicted, and there.
import { builtIn } from '../built-in.js';
import { finiteNumber, oneOf, wholeNumber } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { concat, multiply, slice, sum } from '../ops/index.js';
import { checkOptions, type OptionNames, withoutUndefined } from '../options.js';
import type { Value } from '../program/value.js';
import { above, type ClassRows, classRows, largest, positives } from './class-rows.js';
import { figureOption } from './figure-option.js';
import type { AccumulatingMetric, FigureOptions } from './metric.js';

/** How figures of several classes become one. */
export type Average = 'micro' | 'macro' | 'weighted';

const averages: readonly Average[] = ['micro', 'macro', 'weighted'];

export interface ClassFigureOptions extends FigureOptions {
  /** A class counts as predicted where its prediction is above. A finite number: of logits, 0. */
  readonly threshold?: number | undefined;
  /** In place of `threshold`: the so many classes with the largest predictions of a sample count as predicted. */
  readonly topK?: number | undefined;
  /** Of this class alone. Default: of all. */
  readonly classId?: number | undefined;
  /**
   * Of several classes: `micro` counts the predictions of all together, `macro` is the mean of the classes' figures, of
   * classes that do not occur, too, and `weighted` their mean by how often each occurs.
   */
  readonly average?: Average | undefined;
}

const optionNames: OptionNames<ClassFigureOptions> = {
  threshold: true,
  topK: true,
  classId: true,
  average: true,
  figure: true,
};

/** How many of a class, or of several together. */
interface ClassCounts {
  /** Predicted, and rightly. */
  readonly hits: number;
  readonly predicted: number;
  /** By the targets. */
  readonly present: number;
}

/** What tells precision, recall and F1 apart. */
interface ClassFigure {
  readonly name: string;
  readonly average: Average;
  /** What counts as predicted, where no option says so, by the number of columns of an output. */
  readonly predicted?: (columns: number) => Pick<ClassFigureOptions, 'topK' | 'threshold'>;
  readonly figure: (counts: ClassCounts) => number;
}

/** The metric, with defaults that an option goes before. @throws CudaGanError `CUDA_GAN_VALUE` for a wrong option. */
export function classFigure(
  { name, average: usual, predicted = () => ({ threshold: 0.5 }), figure }: ClassFigure,
  options: ClassFigureOptions | undefined,
): AccumulatingMetric {
  const call = `metrics.${name}`;
  const given = withoutUndefined(checkOptions(call, options, optionNames));
  const { threshold, topK, classId, average = usual } = given;
  if (threshold !== undefined) finiteNumber('threshold', threshold);
  if (topK !== undefined) wholeNumber('topK', topK, 1);
  if (classId !== undefined) wholeNumber('classId', classId, 0);
  oneOf('average', averages, average);
  requireOne({ threshold, topK });
  requireOne({ classId, average: given.average });
  const isChosen = threshold !== undefined || topK !== undefined;
  return builtIn({
    name,
    options: { ...given },
    figure: figureOption(given),
    counts: (targets, predictions) => {
      const rows = classRows(call, targets, predictions);
      const chosen = isChosen ? { threshold, topK } : predicted(rows.classes);
      return classCounts(call, rows, { ...chosen, classId });
    },
    result: (sums) => averaged(sums, average, figure),
  });
}

function requireOne(options: object): void {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  if (given.length < 2) return;
  const names = given.map(([name]) => name).join(' and ');
  throw new CudaGanError('CUDA_GAN_VALUE', `${names} are both given: one goes without the other`);
}

type Counted = Pick<ClassFigureOptions, 'threshold' | 'topK' | 'classId'>;

/** Of each class, or of `classId` alone: hits, predicted, present, float32 [3 · classes]. */
function classCounts(call: string, rows: ClassRows, { threshold = 0.5, topK, classId }: Counted): Value {
  if (topK !== undefined) requireClasses(call, 'topK', topK, rows.classes);
  const predicted = topK === undefined ? above(rows.predictions, threshold) : largest(rows.predictions, topK);
  const found = columnOf(call, predicted, classId);
  const there = columnOf(call, positives(rows), classId);
  const counts = [multiply(found, there), found, there].map((x) => sum(x, [0]));
  return concat(counts, 0);
}

function columnOf(call: string, x: Value, classId: number | undefined): Value {
  if (classId === undefined) return x;
  const [rows, classes] = x.shape as [number, number];
  requireClasses(call, 'classId', classId + 1, classes);
  return slice(x, [0, classId], [rows, 1]);
}

/** @throws CudaGanError `CUDA_GAN_VALUE` for an output of fewer classes. */
export function requireClasses(call: string, name: string, least: number, classes: number): void {
  if (classes >= least) return;
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `${call}: ${name} wants ${least} classes or more; the output has ${classes}`,
  );
}

/** `figure` of the sums of `classCounts`, averaged. */
function averaged(sums: readonly number[], average: Average, figure: (counts: ClassCounts) => number): number {
  const classes = sums.length / 3;
  const counts = Array.from({ length: classes }, (_, i) => ({
    hits: sums[i]!,
    predicted: sums[classes + i]!,
    present: sums[2 * classes + i]!,
  }));
  const total = (name: keyof ClassCounts) => counts.reduce((sum, of) => sum + of[name], 0);
  if (average === 'micro') {
    return figure({ hits: total('hits'), predicted: total('predicted'), present: total('present') });
  }
  if (average === 'macro') return counts.reduce((sum, of) => sum + figure(of), 0) / classes;
  return ratio(
    counts.reduce((sum, of) => sum + of.present * figure(of), 0),
    total('present'),
  );
}

/** a / b, and 0 where there is nothing to divide by, as in Keras. */
export function ratio(a: number, b: number): number {
  return b === 0 ? 0 : a / b;
}

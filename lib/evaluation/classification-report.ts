// How well classes are told: of all samples, and of each class.
import { kindOf, notAllowed, numberFromTo } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { epsilon } from '../losses/clip.js';
import { ratio } from '../metrics/class-counts.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Tensor } from '../tensor.js';
import { type ConfusionMatrixOptions, confusionMatrix } from './confusion-matrix.js';
import type { Estimate } from './intervals.js';
import { shareOf } from './share.js';

/** What `classificationReport` takes. */
export interface ClassificationReportOptions extends ConfusionMatrixOptions {
  /** What the classes are called, in their order. Default: their numbers. */
  readonly classNames?: readonly string[] | undefined;
  /** Probability of the accuracy's interval, 0.5 to 0.999. Default 0.95. */
  readonly confidence?: number | undefined;
}

const optionNames: OptionNames<ClassificationReportOptions> = { classes: true, classNames: true, confidence: true };

/** 0 where there is nothing to divide by. */
export interface ClassFigures {
  /** Of the samples that are taken for the class, the share that is of it. */
  readonly precision: number;
  /** Of the samples of the class, the share that is taken for it. */
  readonly recall: number;
  /** Their harmonic mean. */
  readonly f1: number;
}

/** Plain data. */
export interface ClassificationReport {
  /** How many were classified. */
  readonly samples: number;
  /** With Wilson's interval. */
  readonly accuracy: Estimate;
  /** Mean of -ln p of the right class, p being at least 1e-7; null where predictions were class numbers. */
  readonly logLoss: number | null;
  /** Of each class by itself. */
  readonly classes: readonly (ClassFigures & {
    /** What it is called. */
    readonly name: string;
    /** How many samples are of it. */
    readonly support: number;
  })[];
  /** The mean over classes. */
  readonly macro: ClassFigures;
  /** The mean over classes by their support. */
  readonly weighted: ClassFigures;
  /** Row: the class of the samples; column: what they are taken for. */
  readonly confusionMatrix: readonly (readonly number[])[];
}

/**
 * The confusion matrix of labels [n] and predictions, class numbers [n] or probabilities [n, classes], and what follows from it.
 * @throws CudaGanError as `metrics.confusionMatrix`, and `CUDA_GAN_VALUE` for names of other classes.
 */
export function classificationReport(
  labels: Tensor,
  predictions: Tensor,
  options?: ClassificationReportOptions,
): ClassificationReport {
  const { classes, classNames, confidence = 0.95 } = checkOptions('metrics.classificationReport', options, optionNames);
  numberFromTo('confidence', confidence, 0.5, 0.999);
  const matrix = confusionMatrix(labels, predictions, { classes });
  const size = matrix.shape[0]!;
  const names = namesOf(classNames, size);
  const rows = Array.from({ length: size }, (_, i) => [...matrix.data.subarray(i * size, (i + 1) * size)]);
  const support = rows.map(sumOf);
  const predicted = rows.map((_, j) => sumOf(rows.map((row) => row[j]!)));
  const hits = rows.map((row, i) => row[i]!);
  const samples = sumOf(support);
  const figures = rows.map(
    (_, i): ClassFigures => ({
      precision: ratio(hits[i]!, predicted[i]!),
      recall: ratio(hits[i]!, support[i]!),
      f1: ratio(2 * hits[i]!, predicted[i]! + support[i]!),
    }),
  );
  return {
    samples,
    accuracy: shareOf(sumOf(hits), samples, confidence),
    logLoss: predictions.shape.length === 2 ? logLossOf(labels, predictions) : null,
    classes: figures.map((own, i) => ({ name: names[i]!, ...own, support: support[i]! })),
    macro: meanFigures(figures, () => 1),
    weighted: meanFigures(figures, (i) => support[i]!),
    confusionMatrix: rows,
  };
}

/** The names, or the numbers. @throws CudaGanError `CUDA_GAN_VALUE` unless there is one for each class. */
function namesOf(given: readonly string[] | undefined, classes: number): readonly string[] {
  if (given === undefined) return Array.from({ length: classes }, (_, i) => String(i));
  if (!Array.isArray(given) || given.length > classes || !Array.from(given).every((name) => typeof name === 'string')) {
    throw notAllowed('classNames', given, `arrays of ${classes} texts, one for each class`);
  }
  if (given.length === classes) return [...given];
  throw new CudaGanError('CUDA_GAN_VALUE', `classNames has ${given.length} names, and there are ${classes} classes`);
}

function logLossOf({ data: labels }: Tensor, { shape, data }: Tensor): number {
  const [count, classes] = shape as [number, number];
  let sum = 0;
  for (let i = 0; i < count; i++) sum -= Math.log(Math.max(epsilon, data[i * classes + labels[i]!]!));
  return sum / count;
}

function meanFigures(figures: readonly ClassFigures[], weightOf: (i: number) => number): ClassFigures {
  const total = sumOf(figures.map((_, i) => weightOf(i)));
  const mean = (name: keyof ClassFigures) => sumOf(figures.map((of, i) => weightOf(i) * of[name])) / total;
  return { precision: mean('precision'), recall: mean('recall'), f1: mean('f1') };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** Classes whose matrix is still read by people. */
const mostShown = 20;

/** The report as lines of text. @throws CudaGanError `CUDA_GAN_VALUE` for what `classificationReport` did not make. */
export function classificationText(report: ClassificationReport): string {
  if (kindOf(report) !== 'Object' || !Array.isArray(report.classes) || !Array.isArray(report.confusionMatrix)) {
    throw notAllowed('the report', report, 'results of metrics.classificationReport');
  }
  const { samples, accuracy, logLoss, classes, macro, weighted } = report;
  const { value, low, high, confidence } = accuracy;
  const interval = `[${percent(low)}, ${percent(high)}]`;
  const names = Math.max(8, ...classes.map(({ name }) => name.length));
  const figures = ({ precision, recall, f1 }: ClassFigures) =>
    [precision, recall, f1].map((x) => x.toFixed(4).padStart(11));
  const line = (name: string, of: ClassFigures, support: number) =>
    `${name.padEnd(names)}${figures(of).join('')}${String(support).padStart(9)}`;
  return [
    `accuracy ${percent(value)} % ${interval}, ${100 * confidence} % interval, of ${samples} ${samples === 1 ? 'sample' : 'samples'}`,
    ...(logLoss === null ? [] : [`log loss ${logLoss.toFixed(4)}`]),
    '',
    `${''.padEnd(names)}${['precision', 'recall', 'F1'].map((name) => name.padStart(11)).join('')}${'samples'.padStart(9)}`,
    ...classes.map((of) => line(of.name, of, of.support)),
    line('mean', macro, samples),
    line('weighted', weighted, samples),
    ...(classes.length <= mostShown ? matrixLines(report, names) : []),
  ].join('\n');
}

function matrixLines({ classes, confusionMatrix: rows }: ClassificationReport, names: number): readonly string[] {
  const width =
    2 + Math.max(...classes.map(({ name }) => name.length), ...rows.flat().map((count) => String(count).length));
  const cells = (texts: readonly (string | number)[]) => texts.map((text) => String(text).padStart(width)).join('');
  return [
    '',
    'true class, and what it is taken for:',
    `${''.padEnd(names)}${cells(classes.map(({ name }) => name))}`,
    ...rows.map((row, i) => `${classes[i]!.name.padEnd(names)}${cells(row)}`),
  ];
}

function percent(share: number): string {
  return (100 * share).toFixed(2);
}

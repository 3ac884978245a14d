// An evaluation as lines of text.
import type { Evaluation } from './evaluate.js';
import { classesInWords, reportRows, requireEvaluation } from './report-rows.js';

/** The figures with their intervals, one a line. @throws CudaGanError `CUDA_GAN_VALUE` for what `evaluate` did not make. */
export function evaluationText(evaluation: Evaluation): string {
  const rows = reportRows(requireEvaluation(evaluation));
  const width = (column: 'name' | 'value' | 'real', least: number) =>
    Math.max(least, ...rows.map((row) => row[column].length));
  const withReal = rows.some(({ real }) => real !== '');
  const [names, values, reals] = [width('name', 0), width('value', 7), withReal ? width('real', 11) : 0];
  const line = (name: string, value: string, real: string, meaning: string) =>
    `${name.padEnd(names)}  ${value.padEnd(values)}  ${withReal ? `${real.padEnd(reals)}  ` : ''}${meaning}`.trimEnd();
  const confidence = `${100 * evaluation.figures.precision.confidence} % intervals in brackets, seed ${evaluation.seed}.`;
  return [
    ...`${evaluation.note} ${confidence}`.split(/(?<=\.) /),
    '',
    line('', 'samples', 'real images', ''),
    ...rows.map(({ name, value, real, meaning }) => line(name, value, real, meaning)),
    ...classLines(evaluation),
  ].join('\n');
}

function classLines(evaluation: Evaluation): readonly string[] {
  const { classes } = evaluation;
  if (classes === null) return [];
  const line = (counts: readonly number[]) => counts.map((count) => String(count).padStart(6)).join('');
  return [
    '',
    `Classes: ${classesInWords(evaluation)}`,
    `  samples  ${line(classes.samples)}`,
    `  data     ${line(classes.reference)}`,
  ];
}

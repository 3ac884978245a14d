// A comparison in rows of words, for people: as Markdown, and as the cells of a page.
import type { Evaluation } from '../evaluation/evaluate.js';
import type { Estimate } from '../evaluation/intervals.js';
import { formatTime } from '../format-time.js';
import type { Comparison } from './comparison.js';

export const columns = [
  'model',
  'Fréchet distance',
  'classifier score',
  'precision',
  'recall',
  'coverage',
  'sharpness',
  'accuracy',
  'steps',
  'time',
] as const;

/** One row for each model, and one for real images where they were measured, cell by cell. */
export function comparisonRows({ models, realImages }: Comparison): readonly (readonly string[])[] {
  const ofModels = models.map(({ title, measured, figures, accuracy, steps, seconds }) => [
    measured === 'samples' ? title : `${title} (${measured})`,
    ...figureCells(figures),
    accuracy === null ? '' : `${(100 * accuracy).toFixed(2)} %`,
    String(steps),
    formatTime(seconds),
  ]);
  return realImages === null ? ofModels : [...ofModels, ['real images', ...figureCells(realImages), '', '', '']];
}

/** The table as Markdown. */
export function comparisonTable(comparison: Comparison): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(columns),
    line(columns.map((_, i) => (i === 0 ? '---' : '---:'))),
    ...comparisonRows(comparison).map(line),
  ].join('\n');
}

/** What stands with every table: what the figures are of, and what they are not. */
export function noteOf({ settings, reference, isHeldOut, network, device, packageVersion }: Comparison): string {
  const { budget, count, seed } = settings;
  const each = budget.steps === undefined ? formatTime(budget.seconds!) : `${budget.steps} steps`;
  const held = isHeldOut ? 'that no model was trained on' : 'that the models were trained on';
  return (
    `Each model was trained for ${each}. Figures of ${count} samples beside ${reference} images ${held}, by the feature network ${network.name} ${network.version}; ` +
    `95 % intervals in brackets. Sharpness is gradient energy as a share of the data's own. Seed ${seed}, ${device}, cuda-gan ${packageVersion}. ` +
    'Figures of another network, version or number of images are not comparable with these, and none is the FID of articles.'
  );
}

function figureCells({
  frechetDistance,
  classifierScore,
  precision,
  recall,
  coverage,
  sharpness,
}: Evaluation['figures']) {
  return [
    inWords(frechetDistance),
    classifierScore === null ? '' : inWords(classifierScore),
    ...[precision, recall, coverage, sharpness.gradientEnergy.ratio].map(inWords),
  ];
}

function inWords({ value, low, high }: Estimate): string {
  const digits = Math.abs(value) < 10 ? 3 : 1;
  return `${value.toFixed(digits)} [${low.toFixed(digits)}, ${high.toFixed(digits)}]`;
}

// An evaluation in rows of words, which the text and the page have in common.
import { kindOf, notAllowed } from '../checks.js';
import type { Evaluation, SetFigures } from './evaluate.js';
import type { Estimate } from './intervals.js';

/** @throws CudaGanError `CUDA_GAN_VALUE` for what `evaluate` did not make. */
export function requireEvaluation(evaluation: Evaluation): Evaluation {
  if (kindOf(evaluation) === 'Object' && 'figures' in evaluation && 'network' in evaluation) return evaluation;
  throw notAllowed('the evaluation', evaluation, 'results of metrics.evaluate');
}

/** A figure, what it is for the samples, and for real images where that was measured. */
export interface ReportRow {
  readonly name: string;
  readonly value: string;
  readonly real: string;
  /** What is better, and what the ends of the scale are. */
  readonly meaning: string;
}

export function reportRows({ figures, realImages, distanceToTraining }: Evaluation): readonly ReportRow[] {
  const { sharpness } = figures;
  const compared = (
    name: string,
    figure: (set: SetFigures) => string | undefined,
    meaning: string,
  ): readonly ReportRow[] => {
    const value = figure(figures);
    return value === undefined ? [] : [{ name, value, real: (realImages && figure(realImages)) ?? '', meaning }];
  };
  const row = (name: string, value: string, meaning: string, real = '') => ({ name, value, real, meaning });
  return [
    ...compared(
      'Fréchet distance',
      (set) => inWords(set.frechetDistance),
      'less is better; biased upwards by few samples',
    ),
    ...compared(
      '  extrapolated',
      ({ frechetDistance: { extrapolated } }) => (extrapolated === undefined ? undefined : digits(extrapolated)),
      'what infinitely many samples would have',
    ),
    ...compared('kernel distance', (set) => inWords(set.kernelDistance), '0 for perfect samples; not biased'),
    ...compared(
      'classifier score',
      ({ classifierScore }) => (classifierScore === null ? undefined : inWords(classifierScore)),
      'from 1 to the number of classes; more is better',
    ),
    row('precision', inWords(figures.precision), 'share of samples that look like data'),
    row('recall', inWords(figures.recall), 'share of the data that samples cover'),
    row('density', inWords(figures.density), 'about 1 for perfect samples'),
    row('coverage', inWords(figures.coverage), '0.97 for perfect samples, as many as there is data'),
    row(
      'gradient energy',
      inWords(sharpness.gradientEnergy.ratio),
      'to that of the data: 1 is as sharp, less is blurrier',
    ),
    row('Laplacian variance', inWords(sharpness.laplacianVariance.ratio), 'to that of the data, likewise'),
    ...(distanceToTraining === null
      ? []
      : [
          row(
            'distance to training',
            inWords(distanceToTraining.samples),
            'in pixels, to the nearest image; much less than real images is learnt by heart',
            inWords(distanceToTraining.reference),
          ),
        ]),
  ];
}

/** How the classes of the samples differ from those of the data; undefined where there are none. */
export function classesInWords({ classes }: Evaluation): string | undefined {
  if (classes === null) return undefined;
  const { chiSquare, degreesOfFreedom, pValue } = classes;
  const chance = pValue < 1e-4 ? '< 0.0001' : `= ${pValue.toFixed(4)}`;
  return `χ² = ${chiSquare.toFixed(1)} of ${degreesOfFreedom} degrees of freedom, p ${chance}`;
}

function inWords({ value, low, high }: Estimate): string {
  return `${digits(value)} [${digits(low)}, ${digits(high)}]`;
}

function digits(value: number): string {
  if (value !== 0 && Math.abs(value) < 0.001) return value.toExponential(1);
  return value.toFixed(Math.abs(value) < 10 ? 3 : 1);
}

// What `cuda-gan classify` says and writes of how well a classifier does.
import { join } from 'node:path';
import { type Measured, type Mistake, measureClassifier } from '../classifiers/measure.js';
import { classifierFiles } from '../classifiers/run-file.js';
import type { TrainedClassifier } from '../classifiers/trained.js';
import { type ClassificationReport, classificationText } from '../evaluation/classification-report.js';
import { rowsAt } from '../evaluation/subsets.js';
import { writeFileAtomic } from '../formats/files.js';
import { drawCaptionedGrid } from '../images/captioned-grid.js';
import { drawMatrix } from '../images/matrix.js';
import { savePng } from '../images/png.js';
import type { Tensor, TypedArray } from '../tensor.js';
import type { Labelled } from './classify-data.js';

/** The report, and what it is of: plain data. */
export interface ReportOf extends ClassificationReport {
  readonly measuredOn: string;
}

export interface Findings extends Measured {
  readonly report: ReportOf;
  readonly images: Tensor;
}

export async function measure(
  classifier: Pick<TrainedClassifier, 'model' | 'classes'>,
  { images, labels }: Labelled,
  measuredOn: string,
): Promise<Findings> {
  const { report, mistakes } = await measureClassifier(classifier, images, labels);
  return { report: { measuredOn, ...report }, mistakes, images };
}

export function reportText(report: ReportOf): string {
  return `Of ${report.measuredOn}:\n${classificationText(report)}`;
}

/** Classes whose matrix is drawn. */
const mostDrawn = 20;

/**
 * Writes the report and its pictures into a folder: the mistakes where there are some, the matrix where there are at most 20 classes.
 * @throws CudaGanError `CUDA_GAN_FILE` when one cannot be written.
 */
export async function writeFindings(folder: string, findings: Findings): Promise<void> {
  const { report, mistakes } = findings;
  if (mistakes.length > 0) await saveMistakes(join(folder, classifierFiles.errors), findings);
  if (report.classes.length <= mostDrawn) {
    await savePng(join(folder, classifierFiles.confusion), drawMatrix(report.confusionMatrix, shownNames(report)));
  }
  await writeFileAtomic(join(folder, classifierFiles.report), `${JSON.stringify(report, undefined, 2)}\n`);
}

const columns = 10;
const rows = 6;

/** Draws the surest mistakes, with the class of each and what it is taken for. */
export async function saveMistakes(path: string, { images, mistakes, report }: Findings): Promise<void> {
  const shown = mistakes.slice(0, rows * columns);
  const names = shownNames(report);
  const captions = shown.map((mistake) => caption(mistake, names));
  const drawn = rowsAt<TypedArray>(
    images as Tensor<TypedArray>,
    Int32Array.from(shown, ({ row }) => row),
  );
  await savePng(path, drawCaptionedGrid(drawn, captions, columns));
}

/** Of a name, in pictures. */
const shownLetters = 8;

/** `7>2 98%` */
function caption({ label, predicted, probability }: Mistake, names: readonly string[]): string {
  return `${names[label]}>${names[predicted]} ${Math.round(100 * probability)}%`;
}

function shownNames({ classes }: ReportOf): readonly string[] {
  return classes.map(({ name }) => name.slice(0, shownLetters));
}

// An evaluation as one HTML page with its pictures inside.
import { drawGrid } from '../images/grid.js';
import { encodePng } from '../images/png.js';
import { type PixelRange, requirePixelRange } from '../models/pixel-range.js';
import { checkOptions, type OptionNames } from '../options.js';
import { createTypedArray, type Tensor } from '../tensor.js';
import type { Evaluation } from './evaluate.js';
import { escaped, htmlPage, pictureInside } from './html.js';
import { asBytes } from './pixels.js';
import { classesInWords, reportRows, requireEvaluation } from './report-rows.js';

/** What `evaluationPage` draws. */
export interface EvaluationPictures {
  /** What was evaluated. */
  readonly samples: Tensor;
  /** The training images if there were some, else the reference. */
  readonly training: Tensor;
  /** What is black and white in float32 images. Default `[-1, 1]`. */
  readonly range?: PixelRange | undefined;
}

const optionNames: OptionNames<EvaluationPictures> = { samples: true, training: true, range: true };

/** Rows and columns of images that are shown of each set. */
const side = 10;
const scale = 2;

/**
 * A page that needs no other file: figures with intervals, samples beside data, and samples beside the training images that are
 * nearest to them.
 * @throws CudaGanError `CUDA_GAN_SHAPE` or `CUDA_GAN_DATA` for what are no images, `CUDA_GAN_VALUE` for a wrong option or what
 * `evaluate` did not make.
 */
export async function evaluationPage(evaluation: Evaluation, pictures: EvaluationPictures): Promise<string> {
  const { samples, training, range = [-1, 1] } = checkOptions('metrics.evaluationPage', pictures, optionNames);
  requirePixelRange('range', range);
  const [drawn, data] = [asBytes('samples', samples, range), asBytes('training', training, range)];
  const { nearest } = requireEvaluation(evaluation);
  const columns = nearest.length;
  const compared = [
    ...nearest.map(({ sample }) => imageAt(drawn, sample)),
    ...nearest.map(({ inPixels }) => imageAt(data, inPixels)),
    ...nearest.map(({ inFeatures }) => imageAt(data, inFeatures)),
  ];
  const shown = await figure('Samples', firstImages(drawn), drawn, side);
  const real = await figure('Data', firstImages(data), data, side);
  const neighbours = await figure(
    'First row: samples; second: nearest training image in pixels; third: in features',
    compared,
    drawn,
    columns,
  );
  const rows = reportRows(evaluation).map(
    ({ name, value, real, meaning }) =>
      `<tr><td>${escaped(name)}</td><td class="number">${escaped(value)}</td><td class="number">${escaped(real)}</td><td>${escaped(meaning)}</td></tr>`,
  );
  const body = `<p>${escaped(evaluation.note)}</p>
<table>
<tr><th>Figure</th><th>Samples</th><th>Real images</th><th></th></tr>
${rows.join('\n')}
</table>
<p>In brackets: ${100 * evaluation.figures.precision.confidence} % intervals. Seed ${evaluation.seed}, cuda-gan ${escaped(evaluation.packageVersion)}.</p>
${classTable(evaluation)}
<h2>Pictures</h2>
${shown}${real}
<h2>Nearest training images</h2>
${neighbours}`;
  return htmlPage('Evaluation', body);
}

function classTable(evaluation: Evaluation): string {
  const { classes } = evaluation;
  if (classes === null) return '';
  const cells = (name: string, values: readonly (number | string)[]) =>
    `<tr><th>${name}</th>${values.map((value) => `<td class="number">${value}</td>`).join('')}</tr>`;
  return `<h2>Classes</h2>
<table>
${cells('Class', [...classes.samples.keys()])}
${cells('Samples', classes.samples)}
${cells('Data', classes.reference)}
</table>
<p>${escaped(classesInWords(evaluation)!)}</p>`;
}

/** The pixels of one image. */
function imageAt({ shape, data }: Tensor, row: number): ArrayLike<number> {
  const size = data.length / shape[0]!;
  return data.subarray(row * size, (row + 1) * size);
}

function firstImages(images: Tensor): readonly ArrayLike<number>[] {
  return Array.from({ length: Math.min(side * side, images.shape[0]!) }, (_, row) => imageAt(images, row));
}

async function figure(
  caption: string,
  images: readonly ArrayLike<number>[],
  { shape }: Tensor,
  columns: number,
): Promise<string> {
  const size = images[0]!.length;
  const data = createTypedArray('float32', images.length * size);
  images.forEach((image, i) => {
    data.set(image, i * size);
  });
  const rows = Math.ceil(images.length / columns);
  const tensor = { shape: [images.length, ...shape.slice(1)], data };
  const png = await encodePng(drawGrid(tensor, { rows, columns, scale, range: [0, 255] }));
  return pictureInside(caption, png);
}

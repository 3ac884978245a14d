// A comparison as one HTML page and as a table in Markdown.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { escaped, htmlPage, pictureInside } from '../evaluation/html.js';
import { readBytes, writeFileAtomic } from '../formats/files.js';
import { runFiles } from '../runs/run-files.js';
import type { ComparedModel, Comparison } from './comparison.js';
import { pictureFiles } from './measure-contender.js';
import { columns, comparisonRows, comparisonTable, noteOf } from './table.js';

export const pageFile = runFiles.comparisonPage;
export const tableFile = runFiles.comparisonTable;

/** With the pictures that are in the folders of the models. @throws CudaGanError `CUDA_GAN_FILE` when that fails. */
export async function writeComparisonPage(folder: string, comparison: Comparison): Promise<void> {
  const { claim } = comparison;
  const rows = comparisonRows(comparison).map(
    ([name, ...cells]) =>
      `<tr><td>${escaped(name!)}</td>${cells.map((cell) => `<td class="number">${escaped(cell)}</td>`).join('')}</tr>`,
  );
  const body = `<p>${escaped(noteOf(comparison))}</p>
<table>
<tr>${columns.map((name) => `<th>${escaped(name)}</th>`).join('')}</tr>
${rows.join('\n')}
</table>
<p>Less is better in Fréchet distance; more in score, precision, recall and coverage; a sharpness of 1 is that of the data, less is blurrier, more is noisier.</p>
<h2>Are samples of VAEs blurrier?</h2>
<p>${escaped(claim.text)}</p>
${sharpnessOfReconstructions(comparison.models)}
<h2>Samples</h2>
${await pictures(folder, comparison.models, 'samples')}
<h2>Reconstructions</h2>
<p>Rows of images of the data, each above what the model makes of them.</p>
${await pictures(folder, comparison.models, 'reconstructions')}`;
  await writeFileAtomic(join(folder, pageFile), htmlPage('Models compared', body));
  const text = `${comparisonTable(comparison)}\n\n${noteOf(comparison)}\n\n${claim.text}\n`;
  await writeFileAtomic(join(folder, tableFile), text);
}

function sharpnessOfReconstructions(models: readonly ComparedModel[]): string {
  const found = models.flatMap(({ title, reconstructions }) =>
    reconstructions === null ? [] : [`${title} ${reconstructions.gradientEnergy.ratio.value.toFixed(2)}`],
  );
  return found.length === 0 ? '' : `<p>${escaped(`Sharpness of reconstructions: ${found.join(', ')}.`)}</p>`;
}

async function pictures(
  folder: string,
  models: readonly ComparedModel[],
  kind: keyof typeof pictureFiles,
): Promise<string> {
  const found: string[] = [];
  for (const { name, title } of models) {
    const path = join(folder, name, pictureFiles[kind]);
    if (existsSync(path)) found.push(pictureInside(title, await readBytes(path)));
  }
  return found.length === 0 ? '<p>None of the models makes any.</p>' : found.join('');
}

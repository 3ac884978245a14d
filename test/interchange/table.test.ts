// The table of layers and formats in docs/interchange.md says what is so. After a change, `UPDATE_TABLES=1 npx jest
// test/interchange/table` writes it again.
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { CudaGanError } from '../../lib/errors';
import type { Model } from '../../lib/index';
import { formats } from '../../lib/interchange/index';
import type { SaveOptions } from '../../lib/models/model-formats';
import { layerCases } from '../support/model-cases';

const page = 'docs/interchange.md';
const [begin, end] = ['<!-- layers and formats -->', '<!-- end -->'];

interface Column {
  readonly title: string;
  /** @throws CudaGanError for a model that cannot be saved so. */
  lost(model: Model): void;
}

const columns: readonly Column[] = formats.flatMap((format) => {
  const readers = format.readers?.filter((reader) => reader !== 'keras') ?? [];
  const column = (title: string, options: SaveOptions) => ({
    title,
    lost: (model: Model) => void format.lost(model, options),
  });
  return [
    column(format.file.endings[0]!, {}),
    ...readers.map((reader) => column(reader, { for: reader as 'deeplearning4j' })),
  ];
});

/** All of its cases, some, or none. */
function cell(models: readonly Model[], { lost }: Column): string {
  const kept = models.filter((model) => {
    try {
      lost(model);
      return true;
    } catch (error) {
      if (error instanceof CudaGanError) return false;
      throw error;
    }
  });
  if (kept.length === models.length) return 'yes';
  return kept.length === 0 ? '–' : 'some options';
}

function table(): string {
  const rows = Object.entries(layerCases).map(([name, builds]) => {
    const models = Object.values(builds).map((build) => build());
    return `| \`${name}\` | ${columns.map((column) => cell(models, column)).join(' | ')} |`;
  });
  const titles = columns.map(({ title }) => (title.startsWith('.') ? `\`${title}\`` : title));
  return [`| layer | ${titles.join(' | ')} |`, `|---|${columns.map(() => '---|').join('')}`, ...rows].join('\n');
}

test('the table of layers and formats is that of the page', () => {
  const text = readFileSync(page, 'utf8');
  const [before, rest] = text.split(begin) as [string, string];
  const after = rest.slice(rest.indexOf(end));
  const wanted = `${before}${begin}\n${table()}\n${after}`;
  if (process.env.UPDATE_TABLES !== undefined) writeFileSync(page, wanted);
  expect(readFileSync(page, 'utf8')).toBe(wanted);
});

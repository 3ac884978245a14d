// Pages of docs/ whose code is a program: it runs, prints what its comments say, and draws the pictures that the page shows.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ended, startNode } from '../cli/command';

const root = join(__dirname, '../..');
const concepts = readdirSync(join(root, 'docs/concepts')).filter((file) => /^(?!README).*\.md$/.test(file));
const pages = [
  'custom-layers.md',
  'autoencoders.md',
  'classifiers.md',
  'comparison.md',
  ...concepts.map((file) => `concepts/${file}`),
];

test.each(pages)(
  'the code of docs/%s does what the page says',
  async (page) => {
    const { code, stderr } = await ended(startNode(join(root, 'scripts/run-pages.mjs'), join(root, 'docs', page)));
    expect([code, stderr]).toEqual([0, '']);
  },
  300_000,
);

// Leaves in dist/ those declarations that the entry's reach: tsc writes one for every module, and the others are nobody's
// concern outside. package.json packs what is left.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

for (const folder of ['dist/esm', 'dist/cjs']) {
  const reached = new Set();
  follow(join(folder, 'index.d.ts'), reached);
  for (const name of readdirSync(folder, { recursive: true })) {
    const file = join(folder, name);
    if (/\.d\.c?ts$/.test(file) && !reached.has(file)) rmSync(file);
  }
}

function follow(file, reached) {
  if (reached.has(file)) return;
  reached.add(file);
  const imports = readFileSync(file, 'utf8').matchAll(/\b(?:from |import\()['"](\.[^'"]+)['"]/g);
  for (const [, path] of imports) follow(join(dirname(file), path.replace(/\.(c?)js$/, '.d.$1ts')), reached);
}

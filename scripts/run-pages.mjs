// Runs pages of docs/ whose code is a program: their blocks of `js`, from top to bottom, in an empty folder, with the built package.
// What the code prints must be what its comments `// → …` say, in their order; a number behind ≈ may differ by a tenth, and … stands
// for any text. Every picture of a page in docs/concepts must be made by its code.
// Usage: node scripts/run-pages.mjs [--pictures] [PAGE.md …], by default those of docs/concepts; --pictures replaces the pictures
// beside the pages.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  options: { pictures: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const entry = new URL('../dist/esm/index.mjs', import.meta.url).href;
const tolerance = 0.1;

const faults = (positionals.length > 0 ? positionals : concepts()).flatMap((page) => {
  const start = performance.now();
  const found = runPage(page);
  console.log(
    `${found.length === 0 ? 'ok    ' : 'FAILED'} ${((performance.now() - start) / 1000).toFixed(1)} s  ${page}`,
  );
  return found.map((fault) => `${page}: ${fault}`);
});
if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exitCode = 1;
}

function concepts() {
  const folder = fileURLToPath(new URL('../docs/concepts/', import.meta.url));
  return readdirSync(folder)
    .filter((file) => file.endsWith('.md') && file !== 'README.md')
    .map((file) => join(folder, file));
}

/** What is wrong with a page, a text for each fault. */
function runPage(page) {
  const text = readFileSync(page, 'utf8');
  const code = [...text.matchAll(/```js\n([\s\S]*?)```/g)].map(([, block]) => block).join('\n');
  const folder = mkdtempSync(join(tmpdir(), 'cuda-gan-page-'));
  try {
    writeFileSync(join(folder, 'page.mjs'), code.replaceAll("from 'cuda-gan'", `from '${entry}'`));
    const { status, stdout, stderr } = spawnSync(process.execPath, ['page.mjs'], { cwd: folder, encoding: 'utf8' });
    if (status !== 0) return [`the program ended with ${status}: ${stderr}`];
    const pictures = (basename(dirname(page)) === 'concepts' ? picturesOf(text) : []).flatMap((name) =>
      takePicture(name, folder, dirname(page)),
    );
    return [...faultsOfOutput(code, stdout), ...unexpectedWarnings(text, stderr), ...pictures];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function faultsOfOutput(code, stdout) {
  const wanted = [...code.matchAll(/\/\/ → (.*)/g)].map(([, line]) => line.trimEnd());
  const printed = stdout.trimEnd().split('\n');
  return Array.from({ length: Math.max(wanted.length, printed.length) }, (_, i) => [wanted[i], printed[i]])
    .filter(([line, found]) => !agree(line, found))
    .map(([line, found]) => `prints ${JSON.stringify(found)} where it says ${JSON.stringify(line)}`);
}

/** Whether a line is as its comment says. */
function agree(wanted = '', printed = '') {
  const about = /≈ (-?[\d.]+)/g;
  const numbersOf = (line) => [...line.matchAll(about)].map(([, number]) => Number(number));
  const [wantedText, printedText] = [wanted, printed].map((line) => line.replace(about, '≈'));
  const pattern = wantedText.split('…').map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const printedNumbers = numbersOf(printed);
  const near = (number, i) => Math.abs(printedNumbers[i] - number) <= tolerance * Math.abs(number);
  return new RegExp(`^${pattern.join('.+')}$`).test(printedText) && numbersOf(wanted).every(near);
}

/** Warnings of the package are expected on pages that name their code. */
function unexpectedWarnings(text, stderr) {
  const lines = stderr.split('\n').filter((line) => line !== '' && !line.includes('--trace-warnings'));
  return lines.filter((line) => {
    const code = /\[(CUDA_GAN_\w+)\]/.exec(line)?.[1];
    return code === undefined || !text.includes(code);
  });
}

function picturesOf(text) {
  return [...text.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, name]) => name);
}

/** Copies a picture beside its page where that is asked for. */
function takePicture(name, folder, destination) {
  const made = join(folder, name);
  if (!existsSync(made)) return [`shows ${name}, which its code does not write`];
  if (values.pictures) copyFileSync(made, join(destination, name));
  return existsSync(join(destination, name)) ? [] : [`${name} is not beside it: run it with --pictures`];
}

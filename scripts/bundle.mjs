// Makes each entry of the package a file or two, straight from lib/: importing 200 modules takes far longer than running
// them. What is imported only when it is needed becomes a file of its own, in a folder `chunks`, and costs nothing at start-up.
// The modules that tsc wrote stay beside them, for tests; package.json leaves them out of the tarball.
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { build, transform } from 'esbuild';

const require = createRequire(import.meta.url);
const target = 'node20.17';

// Without blanks it loads 0.8 ms sooner; names and short lines keep stack traces useful. Its own ending, like .mjs below,
// spares Node the search for a package.json that says what .js means: 0.5 ms.
await bundle('lib/index.ts', 'dist/cjs', '.cjs', {
  format: 'cjs',
  platform: 'node',
  target,
  minifyWhitespace: true,
  lineLimit: 120,
  supported: { 'dynamic-import': false }, // `require` in its place: jest's sandbox and `vm` have no import() by default
  // Jest's sandbox looks a global up through an interceptor, which costs a hundred times as much as Math.abs itself.
  // These two are asked for once per element of large arrays.
  banner: 'const{Math,Number}=globalThis;',
});
// Never called. @vercel/nft, which lists the files that a deployment needs, looks for paths in the code.
appendFileSync(
  'dist/cjs/index.cjs',
  'function prebuilds(){return __dirname+"/../../prebuilds"}function weights(){return __dirname+"/../../weights"}\n',
);
await bundle('lib/cli/main.ts', 'dist/esm/cli', '.js', {
  format: 'esm',
  define: { __dirname: 'import.meta.dirname' }, // package-info.cts is CommonJS, and finds the package by it
});

// One copy of the package serves both module systems, so that they share devices and classes. process.getBuiltinModule
// is faster than an import, and Node's analysis of the names that a CommonJS module exports takes 40 ms.
const names = Object.keys(require('../dist/cjs/index.cjs'));
writeFileSync(
  'dist/esm/index.mjs',
  `const { createRequire } = process.getBuiltinModule('node:module');
const entry = createRequire(import.meta.url)('../cjs/index.cjs');
export const {\n${names.map((name) => `  ${name},\n`).join('')}} = entry;
`,
);
// For bundlers, which cannot see through that, and do not know what a `const` of it has.
writeFileSync(
  'dist/esm/bundler.mjs',
  `export {\n${names.map((name) => `  ${name},\n`).join('')}} from '../cjs/index.cjs';\n`,
);

/** esbuild divides ES modules only: `form` brings each of the files into the form of the entry. */
async function bundle(source, folder, ending, form) {
  rmSync(`${folder}/chunks`, { recursive: true, force: true });
  const { outputFiles } = await build({
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target,
    packages: 'external',
    write: false,
    entryPoints: [source],
    outdir: folder,
    chunkNames: 'chunks/[name]-[hash]',
    outExtension: { '.js': ending },
    // The package calls its modules free of side effects, which lets bundlers of users drop some; but layers register their
    // classes, and the command must load models of all layers that there are.
    ignoreAnnotations: true,
  });
  for (const { path, text } of outputFiles) {
    const { code } = await transform(keepClassNames(text), form);
    mkdirSync(dirname(path), { recursive: true });
    // lineLimit also breaks strings, by a backslash, and Rollup would indent what follows.
    writeFileSync(path, builtinsWithoutRequire(code.replaceAll('\\\n', '')));
  }
}

/** esbuild renames a class that mentions itself, `GAN = class _GAN`; its option against that costs 2 ms at load. */
function keepClassNames(code) {
  const renamed = [...code.matchAll(/\bvar (\w+) ?= ?class _\1\b/g)].map(([, name]) => name);
  return renamed.reduce((text, name) => text.replaceAll(new RegExp(`\\b_${name}\\b`, 'g'), name), code);
}

/** A bundle of a bundle that is an ES module has no `require` to ask for Node's modules. */
function builtinsWithoutRequire(code) {
  return code.replaceAll(/\brequire\("(node:[\w/]+)"\)/g, 'process.getBuiltinModule("$1")');
}

// Makes each entry of the package one file, straight from lib/: importing 200 modules takes far longer than running
// them. The modules that tsc wrote stay beside it, for tests; package.json leaves them out of the tarball.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { build } from 'esbuild';

const require = createRequire(import.meta.url);
const common = { bundle: true, platform: 'node', target: 'node20.17', packages: 'external', write: false };

// Without blanks it loads 0.8 ms sooner; names and short lines keep stack traces useful. Its own ending, like .mjs below,
// spares Node the search for a package.json that says what .js means: 0.5 ms.
await bundle('lib/index.ts', 'dist/cjs/index.cjs', {
  format: 'cjs',
  minifyWhitespace: true,
  lineLimit: 120,
  supported: { 'dynamic-import': false }, // `require` in its place: jest's sandbox and `vm` have no import() by default
  // Jest's sandbox looks a global up through an interceptor, which costs a hundred times as much as Math.abs itself.
  // These two are asked for once per element of large arrays.
  banner: { js: 'const{Math,Number}=globalThis;' },
  // Never called. @vercel/nft, which lists the files that a deployment needs, looks for paths in the code.
  footer: {
    js: 'function prebuilds(){return __dirname+"/../../prebuilds"}function weights(){return __dirname+"/../../weights"}',
  },
});
await bundle('lib/cli/main.ts', 'dist/esm/cli/main.js', {
  format: 'esm',
  define: { __dirname: 'import.meta.dirname' }, // package-info.cts is CommonJS, and finds the package by it
  // The package calls its modules free of side effects, which lets bundlers of users drop some; but layers register their
  // classes, and the command must load models of all layers that there are.
  ignoreAnnotations: true,
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

async function bundle(source, target, options) {
  const { outputFiles } = await build({ ...common, ...options, entryPoints: [source], outfile: target });
  // lineLimit also breaks strings, by a backslash, and Rollup would indent what follows.
  const code = outputFiles[0].text.replaceAll('\\\n', '');
  writeFileSync(target, builtinsWithoutRequire(keepClassNames(code)));
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

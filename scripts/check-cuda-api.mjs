// Compares our declarations of NVIDIA's libraries (native/cuda/libraries/api.h) with NVIDIA's headers, where those are
// found. A library without headers is named and passed over, or with --required an error.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const declarations = join(root, 'native/cuda/libraries/api.h');

const libraries = [
  {
    name: 'cuBLASLt',
    source: 'cublas-lt.cpp',
    header: 'cublasLt.h',
    versionHeader: 'cublas_api.h',
    prefix: 'CUBLAS_VER_',
  },
  { name: 'cuBLAS', source: 'cublas.cpp', header: 'cublas_v2.h', versionHeader: 'cublas_api.h', prefix: 'CUBLAS_VER_' },
  { name: 'cuDNN', source: 'cudnn.cpp', header: 'cudnn.h', versionHeader: 'cudnn_version.h', prefix: 'CUDNN_' },
];

function subfolders(folder, pattern) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => pattern.test(name))
    .map((name) => join(folder, name));
}

/** The include folders of NVIDIA's wheels: nvidia/cu13/include, nvidia/cudnn/include, nvidia/cublas/include, … */
function pythonFolders() {
  const { VIRTUAL_ENV, CONDA_PREFIX, HOME } = process.env;
  const roots = [VIRTUAL_ENV, CONDA_PREFIX, HOME && join(HOME, '.local'), '/usr/local', '/usr'];
  return roots
    .filter((folder) => folder)
    .flatMap((folder) => subfolders(join(folder, 'lib'), /^python3/))
    .flatMap((python) => subfolders(python, /^(site|dist)-packages$/))
    .flatMap((packages) => subfolders(join(packages, 'nvidia'), /./))
    .map((wheel) => join(wheel, 'include'))
    .filter((folder) => existsSync(folder));
}

function includeFolders() {
  const { CUDA_GAN_HEADERS_DIR, CUDA_PATH } = process.env;
  return [
    ...(CUDA_GAN_HEADERS_DIR ?? '').split(':').filter((folder) => folder),
    ...pythonFolders(),
    ...(CUDA_PATH ? [join(CUDA_PATH, 'include')] : []),
    '/usr/local/cuda/include',
    '/usr/include',
  ];
}

const places =
  "CUDA_GAN_HEADERS_DIR, nvidia/*/include of Python's packages (VIRTUAL_ENV, CONDA_PREFIX, ~/.local, /usr/local, " +
  '/usr), CUDA_PATH/include, /usr/local/cuda/include, /usr/include';

function versionOf(library, folder) {
  const header = join(folder, library.versionHeader);
  const text = existsSync(header) ? readFileSync(header, 'utf8') : '';
  const part = (name) => new RegExp(`#define ${library.prefix}${name}\\s+(\\d+)`).exec(text)?.[1] ?? '?';
  return `${part('MAJOR')}.${part('MINOR')}.${part('PATCH(?:LEVEL)?')}`;
}

/** What a source compares, by the macros of compare.h. */
function comparisons(source) {
  const first = (macro) =>
    [...source.matchAll(new RegExp(`^${macro}\\(.*, (\\w+)\\)$`, 'gm'))].map((match) => match[1]);
  const list = /^(CUDA_GAN_\w+_FUNCTIONS)\(COMPARE_FUNCTION\)$/m.exec(source)?.[1];
  const [, items = ''] =
    new RegExp(`#define ${list}\\(DO\\)((?:.*\\\\\n)*.*)`).exec(readFileSync(declarations, 'utf8')) ?? [];
  const listed = [...items.matchAll(/DO\(\w+, (\w+)\)/g)].map((match) => match[1]);
  return {
    functions: [...first('FUNCTION'), ...listed],
    values: first('VALUE'),
    structs: first('STRUCT'),
    members: first('MEMBER'),
  };
}

/** Enumerators of ours that no source compares, so that one added later is not forgotten. */
function forgottenValues(sources) {
  const enumerations = readFileSync(declarations, 'utf8').matchAll(/enum class (\w+) : \w+ \{([^}]*)\}/g);
  return [...enumerations]
    .flatMap(([, name, body]) => [...body.matchAll(/(\w+) = /g)].map((match) => `${name}::${match[1]}`))
    .filter((value) => !sources.some((source) => new RegExp(`^VALUE\\((\\w+::)?${value},`, 'm').test(source)));
}

function compile(source, folders) {
  const compiler = process.env.CXX || 'c++';
  const includes = folders.flatMap((folder) => ['-isystem', folder]);
  const result = spawnSync(
    compiler,
    ['-std=c++17', '-fsyntax-only', '-I', join(root, 'native/cuda'), ...includes, source],
    { encoding: 'utf8' },
  );
  if (result.error) throw result.error;
  return { holds: result.status === 0, messages: result.stderr };
}

/** "same", "different" or "unknown". */
function compare(library) {
  const folders = includeFolders();
  const folder = folders.find((candidate) => existsSync(join(candidate, library.header)));
  const runtime = [folder, ...folders].find(
    (candidate) => candidate && existsSync(join(candidate, 'cuda_runtime_api.h')),
  );
  if (!folder || !runtime) {
    const missing = folder ? `cuda_runtime_api.h, which ${library.header} needs,` : library.header;
    console.log(`${library.name}: not compared. ${missing} is in none of: ${places}`);
    return 'unknown';
  }
  const path = join(root, 'test/cuda/api', library.source);
  const { holds, messages } = compile(path, [...new Set([folder, runtime])]);
  const headers = `${library.name} ${versionOf(library, folder)} (${folder}, with the runtime of ${runtime})`;
  if (!holds) {
    console.log(`${headers}: our declarations differ, or the headers do not compile\n${messages}`);
    return 'different';
  }
  console.log(`${headers}: our declarations are the same`);
  for (const [kind, names] of Object.entries(comparisons(readFileSync(path, 'utf8'))))
    if (names.length > 0) console.log(`  ${names.length} ${kind}: ${names.join(', ')}`);
  return 'same';
}

const results = libraries.map(compare);
const forgotten = forgottenValues(
  libraries.map(({ source }) => readFileSync(join(root, 'test/cuda/api', source), 'utf8')),
);
if (forgotten.length > 0) console.log(`Compared with nothing in test/cuda/api: ${forgotten.join(', ')}`);
const required = process.argv.includes('--required');
const failed = results.includes('different') || forgotten.length > 0 || (required && results.includes('unknown'));
process.exitCode = failed ? 1 : 0;

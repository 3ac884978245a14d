// `npm run prebuild`: builds the addon for publishing, in a folder of its own and with every instruction set, and puts
// it where lib/devices/addon.cts looks for the prebuild of this platform, named as node-gyp-build names them. Checks
// what it needs at run time, and fails when that is more than docs/install.md promises.
// Options: --cuda auto|on|off (default auto: where nvcc is), --parallel N (default 2), --reuse (no build: take the
// clone's own, build/Release, whose CUDA kernels are for few architectures; for tests, not for publishing), --target
// <platform>-<arch> (compile for another one, by the toolchain file of that name in cmake/toolchains/, without CUDA).
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { floors } from './floors.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const { values } = parseArgs({
  options: {
    cuda: { type: 'string', default: 'auto' },
    parallel: { type: 'string', default: '2' },
    reuse: { type: 'boolean', default: false },
    target: { type: 'string' },
  },
});

const { addonFiles } = require('../dist/cjs/devices/addon.cjs'); // npm ci builds it
const here = `${process.platform}-${process.arch}`;
const { target = here } = values;
const crossed = target !== here;
const file = crossed ? crossedFile() : addonFiles(root)[1];
const folder = join(root, values.reuse ? 'build' : `build/prebuild/${target}`);

if (!values.reuse) build();
const tools = toolsOfBuild();
install();
checkAlone();
checkLibraries();
// With every symbol bound at once, so that one that is missing shows now.
if (!crossed) {
  execFileSync(process.execPath, ['-e', 'require(process.argv[1])', file], {
    env: { ...process.env, LD_BIND_NOW: '1' },
  });
}
console.log(`${relative(root, file)}: ${(statSync(file).size / 2 ** 20).toFixed(2)} MiB`);
if (crossed) console.log(`Made for ${target}, so not loaded here.`);

function crossedFile() {
  const targets = readdirSync(join(root, 'cmake/toolchains')).map((name) => basename(name, '.cmake'));
  if (!targets.includes(target) || values.reuse || values.cuda === 'on') {
    throw new Error(
      `--target is ${target}; allowed are ${[here, ...targets].join(', ')}, others than ${here} without --reuse and --cuda on`,
    );
  }
  return join(root, 'prebuilds', target, target.startsWith('linux') ? 'cuda-gan.glibc.node' : 'cuda-gan.node');
}

function build() {
  const cuda = crossed ? 'OFF' : values.cuda.toUpperCase();
  if (!['AUTO', 'ON', 'OFF'].includes(cuda)) throw new Error(`--cuda is ${values.cuda}; allowed are auto, on and off`);
  const everyArchitecture = cuda !== 'OFF' && (cuda === 'ON' || hasNvcc());
  const variables = {
    CMAKE_LIBRARY_OUTPUT_DIRECTORY: join(folder, 'Release'),
    CUDA_GAN_CUDA: cuda,
    CUDA_GAN_PREBUILD: everyArchitecture ? 'ON' : 'OFF',
    ...(crossed ? { CMAKE_TOOLCHAIN_FILE: join(root, `cmake/toolchains/${target}.cmake`) } : {}),
  };
  const definitions = Object.entries(variables).map(([name, value]) => `-D${name}=${value}`);
  execFileSync('cmake', ['-S', root, '-B', folder, ...definitions], { stdio: 'inherit' });
  const building = ['--build', folder, '--target', 'cuda-gan', '--parallel', values.parallel];
  execFileSync('cmake', building, { stdio: 'inherit' });
}

/** Where the build's compiler has its companions: those of this machine do not read files for others. */
function toolsOfBuild() {
  const cache = readFileSync(join(folder, 'CMakeCache.txt'), 'utf8');
  const toolOf = (name) => cache.match(new RegExp(`^CMAKE_${name}:FILEPATH=(.+)$`, 'm'))[1];
  return { strip: toolOf('STRIP'), objdump: toolOf('OBJDUMP') };
}

function hasNvcc() {
  try {
    execFileSync(process.env.CUDACXX ?? 'nvcc', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function install() {
  mkdirSync(dirname(file), { recursive: true });
  rmSync(file, { force: true });
  copyFileSync(join(folder, 'Release/cuda-gan.node'), file);
  execFileSync(tools.strip, [target.startsWith('darwin') ? '-x' : '--strip-unneeded', file]);
}

/** One file per C library: node-gyp-build and people would not know which of two is meant. */
function checkAlone() {
  const libcOf = (name) => name.split('.').find((tag) => tag === 'glibc' || tag === 'musl');
  const rivals = readdirSync(dirname(file)).filter(
    (name) => name !== basename(file) && libcOf(name) === libcOf(basename(file)),
  );
  if (rivals.length > 0) throw new Error(`beside ${relative(root, file)} there are ${rivals.join(', ')}: remove them`);
}

function checkLibraries() {
  if (target.startsWith('darwin')) return;
  const headers = execFileSync(tools.objdump, ['-p', file], { encoding: 'utf8' });
  const needed = [...headers.matchAll(/(?:NEEDED|DLL Name:)\s+(\S+)/g)].map(([, name]) => name);
  const allowed = target.startsWith('win32')
    ? /^(kernel32\.dll|msvcrt\.dll|api-ms-win-crt-.*\.dll|node\.exe)$/i
    : /^(libc|libm|libdl|librt|libpthread|libstdc\+\+|libgcc_s|ld-linux.*|ld-musl.*|libc\.musl.*)\.so(\.|$)/;
  const foreign = needed.filter((name) => !allowed.test(name));
  if (foreign.length > 0) throw new Error(`${file} needs ${foreign.join(', ')}: only the C and C++ library may be`);
  console.log(`needs ${[...new Set(needed)].join(', ')}`);
  if (target.startsWith('linux')) checkFloors(headers);
}

function checkFloors(headers) {
  for (const [name, floor] of Object.entries(floors)) {
    const versions = [...headers.matchAll(new RegExp(`\\b${name}_([0-9.]+)`, 'g'))].map(([, version]) => version);
    const highest = versions.sort(compareVersions).at(-1);
    console.log(`needs ${name} ${highest ?? 'no version'} (allowed: up to ${floor})`);
    if (highest === undefined || compareVersions(highest, floor) <= 0) continue;
    throw new Error(`${file} needs ${name}_${highest}, which is newer than the floor ${floor} (scripts/floors.mjs)`);
  }
}

function compareVersions(left, right) {
  const [a, b] = [left, right].map((version) => version.split('.').map(Number));
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

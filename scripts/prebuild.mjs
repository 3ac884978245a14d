// `npm run prebuild`: builds the addon for publishing, in a folder of its own and with every instruction set, and puts
// it where lib/devices/addon.cts looks for the prebuild of this platform, named as node-gyp-build names them. Checks
// what it needs at run time, and fails when that is more than docs/install.md promises.
// Options: --cuda auto|on|off (default auto: where nvcc is), --parallel N (default 2), --reuse (no build: take the
// clone's own, build/Release, whose CUDA kernels are for few architectures; for tests, not for publishing).
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
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
  },
});

const { addonFiles } = require('../dist/cjs/devices/addon.cjs'); // npm ci builds it
const target = addonFiles(root)[1];
const linux = process.platform === 'linux';

const built = values.reuse ? addonFiles(root)[0] : build();
install();
checkAlone();
if (linux) checkLibraries();
// With every symbol bound at once, so that one that is missing shows now.
execFileSync(process.execPath, ['-e', 'require(process.argv[1])', target], {
  env: { ...process.env, LD_BIND_NOW: '1' },
});
console.log(`${relative(root, target)}: ${(statSync(target).size / 2 ** 20).toFixed(2)} MiB`);

function build() {
  const cuda = values.cuda.toUpperCase();
  if (!['AUTO', 'ON', 'OFF'].includes(cuda)) throw new Error(`--cuda is ${values.cuda}; allowed are auto, on and off`);
  const everyArchitecture = cuda !== 'OFF' && (cuda === 'ON' || hasNvcc());
  const variables = { CUDA_GAN_CUDA: cuda, CUDA_GAN_PREBUILD: everyArchitecture ? 'ON' : 'OFF' };
  const definitions = Object.entries(variables).map(([name, value]) => `--CD${name}=${value}`);
  const cmakeJs = require.resolve('cmake-js/bin/cmake-js');
  const args = ['build', '--out', 'build/prebuild', '--parallel', values.parallel, ...definitions];
  execFileSync(process.execPath, [cmakeJs, ...args], { cwd: root, stdio: 'inherit' });
  return join(root, 'build/prebuild/Release/cuda-gan.node');
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
  mkdirSync(dirname(target), { recursive: true });
  rmSync(target, { force: true });
  copyFileSync(built, target);
  if (linux) execFileSync('strip', ['--strip-unneeded', target]);
  if (process.platform === 'darwin') execFileSync('strip', ['-x', target]);
}

/** One file per C library: node-gyp-build and people would not know which of two is meant. */
function checkAlone() {
  const libcOf = (file) => file.split('.').find((tag) => tag === 'glibc' || tag === 'musl');
  const rivals = readdirSync(dirname(target)).filter(
    (file) => file !== basename(target) && libcOf(file) === libcOf(basename(target)),
  );
  if (rivals.length > 0)
    throw new Error(`beside ${relative(root, target)} there are ${rivals.join(', ')}: remove them`);
}

function checkLibraries() {
  const headers = execFileSync('objdump', ['-p', target], { encoding: 'utf8' });
  const needed = [...headers.matchAll(/NEEDED\s+(\S+)/g)].map(([, name]) => name);
  const allowed =
    /^(libc|libm|libdl|librt|libpthread|libstdc\+\+|libgcc_s|ld-linux.*|ld-musl.*|libc\.musl.*)\.so(\.|$)/;
  const foreign = needed.filter((name) => !allowed.test(name));
  if (foreign.length > 0) throw new Error(`${target} needs ${foreign.join(', ')}: only the C and C++ library may be`);
  const loaded = execFileSync('ldd', [target], { encoding: 'utf8' });
  const nvidia = loaded.match(/\b(libcu|libnv)\S*/g);
  if (nvidia !== null) throw new Error(`${target} loads ${nvidia.join(', ')}`);

  for (const [name, floor] of Object.entries(floors)) {
    const versions = [...headers.matchAll(new RegExp(`\\b${name}_([0-9.]+)`, 'g'))].map(([, version]) => version);
    const highest = versions.sort(compareVersions).at(-1);
    console.log(`needs ${name} ${highest ?? 'no version'} (allowed: up to ${floor})`);
    if (highest === undefined || compareVersions(highest, floor) <= 0) continue;
    throw new Error(`${target} needs ${name}_${highest}, which is newer than the floor ${floor} (scripts/floors.mjs)`);
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

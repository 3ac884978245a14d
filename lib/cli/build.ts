// `cuda-gan build`: compiles the addon inside the installed package, for platforms without a prebuild.
import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { addonFiles } from '../devices/addon.cjs';
import { CudaGanError } from '../errors.js';
import { headerFolders, packageRoot } from '../package-info.cjs';
import { wholeNumberFrom } from './options.js';

interface BuildCommandOptions {
  readonly cuda: string;
  readonly jobs: number;
}

const leastCMake = [3, 22] as const;
const windows = process.platform === 'win32';
/** Programs that CMake can leave the compiling to, best first, with CMake's name for each. */
const generators = [
  ['ninja', 'Ninja'],
  windows ? ['mingw32-make', 'MinGW Makefiles'] : ['make', 'Unix Makefiles'],
] as const;

export function buildCommand(): Command {
  return new Command('build')
    .description('Compile the addon inside the installed package. Needs CMake, make or ninja, and GCC or Clang.')
    .addOption(new Option('--cuda <when>', 'the cuda device').choices(['auto', 'on', 'off']).default('auto'))
    .option('--jobs <number>', 'files to compile at once', wholeNumberFrom(1), availableParallelism())
    .action(build);
}

function build({ cuda, jobs }: BuildCommandOptions): void {
  const root = packageRoot();
  checkCMake();
  checkCompiler();
  const generator = findGenerator();
  checkWritable(root);

  const target = addonFiles(root)[0]!;
  const folder = join(root, 'build', 'from-source');
  const variables = {
    CMAKE_BUILD_TYPE: 'Release',
    CMAKE_LIBRARY_OUTPUT_DIRECTORY: join(root, 'build', 'Release'),
    CMAKE_JS_INC: headerFolders().join(';'),
    CUDA_GAN_CUDA: cuda.toUpperCase(),
  };
  const definitions = Object.entries(variables).map(
    ([name, value]) => `-D${name}=${windows ? value.replaceAll('\\', '/') : value}`,
  );
  cmake('-S', root, '-B', folder, '-G', generator, ...definitions);
  cmake('--build', folder, '--parallel', String(jobs));
  checkLoads(target);
  console.log(`Built ${target}. It is used in place of the prebuild; delete ${join(root, 'build')} to undo that.`);
}

function checkCMake(): void {
  const version = answers('cmake')?.match(/version (\d+)\.(\d+)\S*/);
  const wanted = `CMake ${leastCMake.join('.')} or newer`;
  if (!version) throw missing(`${wanted} was not found on PATH`);
  const [major, minor] = [Number(version[1]), Number(version[2])];
  if (major > leastCMake[0] || (major === leastCMake[0] && minor >= leastCMake[1])) return;
  throw missing(`${wanted} is needed, found is ${version[0]}`);
}

/** Under the names that CMake looks for, if in another order. */
function checkCompiler(): void {
  const names = process.env.CXX ? [process.env.CXX] : ['c++', 'g++', 'clang++'];
  if (names.some((name) => answers(name))) return;
  throw missing(`no C++ compiler was found (tried ${names.join(', ')}); GCC 11 or Clang 14, or newer, will do`);
}

function findGenerator(): string {
  const found = generators.find(([program]) => answers(program));
  if (found === undefined) {
    throw missing(`neither ${generators.map(([program]) => program).join(' nor ')} was found on PATH`);
  }
  return found[1];
}

function checkWritable(root: string): void {
  try {
    accessSync(root, constants.W_OK);
  } catch (cause) {
    throw new CudaGanError('CUDA_GAN_FILE', `${root}, where the addon is built, is not writable`, { cause });
  }
}

/** In a process of its own: this one may have loaded another build. */
function checkLoads(target: string): void {
  const { status, stderr } = spawnSync(process.execPath, ['-e', 'require(process.argv[1])', target], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new CudaGanError('CUDA_GAN_BUILD', `${target} was built, but cannot be loaded:\n${stderr}`);
}

function cmake(...args: string[]): void {
  const { status, signal } = spawnSync('cmake', args, { stdio: 'inherit' });
  if (status === 0) return;
  const end = signal ? `was ended by ${signal}` : `failed with code ${status}`;
  throw new CudaGanError('CUDA_GAN_BUILD', `cmake ${end}; what went wrong is in its output above`);
}

/** What a tool says to `--version`, or undefined when it is not there. */
function answers(tool: string): string | undefined {
  try {
    return execFileSync(tool, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return undefined;
  }
}

function missing(what: string): CudaGanError {
  return new CudaGanError('CUDA_GAN_BUILD', `${what}. Install what is needed with ${installHint()}`);
}

function installHint(): string {
  if (windows) {
    const packages = ['gcc', 'cmake', 'ninja'].map((name) => `mingw-w64-ucrt-x86_64-${name}`);
    return `\`pacman -S ${packages.join(' ')}\` in MSYS2, and put its folder ucrt64\\bin on PATH`;
  }
  if (process.platform === 'darwin') return '`xcode-select --install` and `brew install cmake`';
  return (
    '`apt install cmake g++ make` (Debian, Ubuntu), `dnf install cmake gcc-c++ make` (Fedora, RHEL) or ' +
    '`apk add cmake g++ make` (Alpine)'
  );
}

// NVIDIA's libraries found at run time, products by cuBLASLt and convolutions by cuDNN, with stand-ins for them. Needs a
// C++ compiler and the headers of the CUDA toolkit, but neither its libraries nor a GPU.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isThere } from '../support/skips';
import { cudaHeaders } from './headers';

interface LibraryReport {
  name: string;
  path: string;
  version: string;
  tried: string[];
  refused: string[];
}

const root = join(__dirname, '../..');
const libraries = join(root, 'native/cuda/libraries');

const possible = process.platform === 'linux' && cudaHeaders !== undefined;
const withHeaders = isThere(possible, 'NVIDIA’s libraries', 'this is not Linux, or CUDA has no headers')
  ? describe
  : describe.skip;
withHeaders('NVIDIA’s libraries (Linux, with the headers of the CUDA toolkit)', () => {
  let folder: string;
  let report: string;
  let multiply: string;
  let convolve: string;

  function compile(target: string, sources: string[], flags: string[] = []): string {
    const includes = ['-I', join(root, 'native/cuda'), '-isystem', cudaHeaders ?? ''];
    const warnings = ['-Wall', '-Wextra', '-Werror'];
    execFileSync('c++', ['-std=c++17', '-O1', ...warnings, ...includes, ...flags, ...sources, '-o', target, '-ldl']);
    return target;
  }

  /** A library of that file name in a folder of its own name, from a file or from text. */
  function library(inFolder: string, name: string, source: string, flags: string[] = []): string {
    mkdirSync(join(folder, inFolder), { recursive: true });
    const file = source.endsWith('.cpp') ? source : join(folder, inFolder, `${name}.cpp`);
    if (file !== source) writeFileSync(file, source);
    return compile(join(folder, inFolder, name), [file], ['-shared', '-fPIC', `-Wl,-soname,${name}`, ...flags]);
  }

  function run(program: string, folders: string[], args: string[] = [], environment: NodeJS.ProcessEnv = {}): string {
    const list = folders.map((name) => join(folder, name)).join(':');
    return execFileSync(program, args, {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, CUDA_GAN_LIB_DIR: list, ...environment },
    });
  }

  /** On a GPU, which these stand-ins do not look at. */
  function find(name: string, folders: string[], loadBefore: string[] = [], environment = {}, gpu = '0') {
    const reports: LibraryReport[] = JSON.parse(run(report, folders, [gpu, ...loadBefore], environment));
    return reports.find((candidate) => candidate.name === name)!;
  }

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'cuda-gan-libraries-'));
    const sources = readdirSync(libraries)
      .filter((name) => name.endsWith('.cpp'))
      .map((name) => join(libraries, name));
    report = compile(join(folder, 'report'), [join(__dirname, 'report-libraries.cpp'), ...sources]);
    multiply = compile(join(folder, 'multiply'), [join(__dirname, 'cublas-lt.cpp'), ...sources]);
    convolve = compile(join(folder, 'convolve'), [join(__dirname, 'cudnn.cpp'), ...sources]);
    library('good', 'libcublasLt.so.13', join(__dirname, 'fake-cublas-lt.cpp'));
    library('empty', 'libcublasLt.so.13', 'int nothing;');
    library('both', 'libcublasLt.so.13', join(__dirname, 'fake-cublas-lt.cpp'));
    library('both', 'libcublasLt.so.12', join(__dirname, 'fake-cublas-lt.cpp'), ['-DFAKE_CUBLAS_LT_VERSION=120804']);
    const property = 'extern "C" int cublasGetProperty(int type, int* value) { *value = 13 - type; return 0; }';
    library('good', 'libcublas.so.13', property);
    library('good', 'libcudnn.so.9', join(__dirname, 'fake-cudnn.cpp'));
    library('good', 'libcudnn_graph.so.9', 'int graph;');
    library('other', 'libcudnn_graph.so.9', 'int graph;');
    mkdirSync(join(folder, 'broken'));
    writeFileSync(join(folder, 'broken/libcublasLt.so.13'), 'not a library');
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('products by cuBLASLt equal plain ones, for all transposes, epilogues and precisions', () => {
    expect(run(multiply, ['good'])).toBe('all hold\n');
  });

  test('convolutions by cuDNN equal plain ones, by engines that are exact and give the same bits every time', () => {
    expect(run(convolve, ['good'])).toBe('all hold\n');
  });

  test('a library is reported with its path and version', () => {
    const file = join(folder, 'good/libcublasLt.so.13');
    expect(find('cuBLASLt', ['good'])).toEqual({
      name: 'cuBLASLt',
      path: file,
      version: '13.0.0',
      tried: [],
      refused: [],
    });
    expect(find('cuBLAS', ['good'])).toMatchObject({ path: join(folder, 'good/libcublas.so.13'), version: '13.12.11' });
    expect(find('cuDNN', ['good'])).toMatchObject({ path: join(folder, 'good/libcudnn.so.9'), version: '9.1.2' });
  });

  test('files that will not do are passed over, with the reason', () => {
    const { path, tried } = find('cuBLASLt', ['broken', 'empty', 'good']);
    expect(path).toBe(join(folder, 'good/libcublasLt.so.13'));
    expect(tried).toEqual([
      expect.stringMatching(/^CUDA_GAN_LIB_DIR: .*\/broken\/libcublasLt\.so\.13: (file too short|invalid ELF header)$/),
      `CUDA_GAN_LIB_DIR: ${join(folder, 'empty/libcublasLt.so.13')}: it has no cublasLtGetVersion`,
    ]);
  });

  test('the newest of which a handle can be made on the GPU is taken, and what was refused is reported', () => {
    const both = (version: number) => join(folder, `both/libcublasLt.so.${version}`);
    expect(find('cuBLASLt', ['both'])).toMatchObject({ path: both(13), version: '13.0.0', refused: [] });
    const refused = [`CUDA_GAN_LIB_DIR: ${both(13)}: cublasLtCreate: CUBLAS_STATUS_NOT_INITIALIZED`];
    expect(find('cuBLASLt', ['both', 'good'], [], { FAKE_CUBLAS_LT_REFUSES: '13' })).toMatchObject({
      path: join(folder, 'both/libcublasLt.so.12'),
      version: '12.8.4',
      refused: [
        ...refused,
        `CUDA_GAN_LIB_DIR: ${join(folder, 'good/libcublasLt.so.13')}: cublasLtCreate: CUBLAS_STATUS_NOT_INITIALIZED`,
      ],
    });
  });

  test('a cuDNN of which no handle can be made on the GPU is refused', () => {
    const file = join(folder, 'good/libcudnn.so.9');
    const { path, tried, refused } = find('cuDNN', ['good'], [], { FAKE_CUDNN_REFUSES: '1' });
    expect(path).toBe('');
    expect(tried[1]).toBe(`this process: ${file}: refused above`);
    expect(refused).toEqual([`CUDA_GAN_LIB_DIR: ${file}: cudnnCreate: CUDNN_STATUS_NOT_INITIALIZED`]);
  });

  test('where there is no GPU, no handle is made', () => {
    const refusing = { FAKE_CUBLAS_LT_REFUSES: '13', FAKE_CUDNN_REFUSES: '1' };
    expect(find('cuBLASLt', ['good'], [], refusing, '-1').version).toBe('13.0.0');
    expect(find('cuDNN', ['good'], [], refusing, '-1').version).toBe('9.1.2');
  });

  test('a copy that the process has loaded comes before those of other places', () => {
    const loaded = join(folder, 'good/libcublasLt.so.13');
    const { path, tried } = find('cuBLASLt', [], [loaded]);
    expect(path).toBe(loaded);
    expect(tried).toEqual(['CUDA_GAN_LIB_DIR: not set']);
  });

  test('cuBLAS is not taken from another folder than cuBLASLt', () => {
    library('alone', 'libcublasLt.so.13', join(__dirname, 'fake-cublas-lt.cpp'));
    const { path, tried } = find('cuBLAS', ['alone', 'good']);
    expect(path).toBe('');
    expect(tried).toEqual([`the folder of cuBLASLt: no libcublas.so.13 in ${join(folder, 'alone')}`]);
  });

  test('cuDNN is not used with a part from another folder', () => {
    const part = join(folder, 'other/libcudnn_graph.so.9');
    const { tried } = find('cuDNN', ['good'], [part]);
    const file = join(folder, 'good/libcudnn.so.9');
    expect(tried[0]).toBe(`CUDA_GAN_LIB_DIR: ${file}: libcudnn_graph.so.9 is loaded from ${part}`);
  });
});

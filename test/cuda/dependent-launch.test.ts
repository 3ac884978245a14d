// A kernel that comes to the GPU before those that it waits for have ended must not touch its memory until these have: held to the code
// that nvcc makes.
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { isThere } from '../support/skips';

const native = join(__dirname, '../../native');
const hasNvcc = spawnSync('nvcc', ['--version']).status === 0;

/** The kernels of a file as PTX, the instructions of each a list. */
function kernelsOf(file: string, architecture: string): readonly (readonly string[])[] {
  const flags = ['-std=c++17', `-arch=${architecture}`, '-I', native, '-ptx', '-o', '-'];
  const ptx = execFileSync('nvcc', [...flags, join(native, 'cuda', file)], { encoding: 'utf8', stdio: 'pipe' });
  const [, ...kernels] = ptx.split(/^(?:\.\w+ )*\.entry/m);
  return kernels.map((kernel) => kernel.split('\n').map((line) => line.trim()));
}

const isWait = (line: string) => line.startsWith('griddepcontrol.wait');
const isRelease = (line: string) => line.startsWith('griddepcontrol.launch_dependents');
const touchesMemory = (line: string) =>
  /^(@\S+ )?(ld|st|atom|red|cp|prefetch)\.(?!param|const|local|shared)/.test(line);

const withNvcc = isThere(hasNvcc, 'what nvcc makes of kernels', 'there is no nvcc') ? describe : describe.skip;
withNvcc('dependent launch (where nvcc is)', () => {
  test.each(['matmul-adam.cu', 'batch-norm.cu'])('kernels of %s wait before they touch memory', (file) => {
    const kernels = kernelsOf(file, 'sm_90');
    expect(kernels.length).toBeGreaterThan(0);
    for (const instructions of kernels) {
      const wait = instructions.findIndex(isWait);
      expect(wait).toBeGreaterThan(0);
      expect(instructions.findIndex(isRelease)).toBeGreaterThan(wait);
      expect(instructions.findIndex(touchesMemory)).toBeGreaterThan(wait);
      // What another kernel may write meanwhile must not come by the way for data that nobody writes.
      expect(instructions.filter((line) => line.includes('.global.nc'))).toEqual([]);
    }
  });

  test('code for GPUs that know nothing of it has none', () => {
    const instructions = kernelsOf('batch-norm.cu', 'sm_80').flat();
    expect(instructions.filter((line) => isWait(line) || isRelease(line))).toEqual([]);
    expect(instructions.some(touchesMemory)).toBe(true);
  });
});

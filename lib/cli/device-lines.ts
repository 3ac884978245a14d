// What `cuda-gan info` prints of a device.
import type { LibraryReport } from '../devices/addon.cjs';
import type { DeviceInfo } from '../devices/list.js';
import { deviceLabel } from '../devices/names.js';
import type { ThreadLimit } from '../devices/threads.js';

/**
 * The first line says whether the device is there.
 * @param verbose Also which libraries were looked for where there is no GPU to use them.
 */
export function deviceLines(device: DeviceInfo, verbose: boolean): string[] {
  const { available, description, instructionSets, reason, threadLimit, libraries = [] } = device;
  const sets = instructionSets === undefined ? '' : ` (has ${instructionSets.join(', ')})`;
  const details = [
    ...(threadLimit === undefined ? [] : [threadLine(threadLimit)]),
    ...cudaLines(device),
    ...(available || verbose ? libraryLines(libraries) : []),
  ];
  return [
    `  ${deviceLabel(device).padEnd(10)} ${available ? `${description}${sets}` : `not available: ${reason}`}`,
    ...details.map((line) => `${' '.repeat(13)}${line}`),
  ];
}

function threadLine({ by, cpus, file }: ThreadLimit): string {
  return `threads decided by: ${by}${cpus === undefined ? '' : `, ${cpus} CPUs in ${file}`}`;
}

function cudaLines({ memoryBytes, driverVersion, runtimeVersion }: DeviceInfo): string[] {
  const lines: string[] = [];
  if (memoryBytes !== undefined) lines.push(`memory: ${(memoryBytes / 2 ** 30).toFixed(1)} GiB`);
  if (runtimeVersion !== undefined) {
    lines.push(`built with CUDA ${runtimeVersion}; driver: ${driverVersion ? `up to CUDA ${driverVersion}` : 'none'}`);
  }
  return lines;
}

function libraryLines(libraries: readonly LibraryReport[]): string[] {
  const lines = libraries.flatMap(({ name, path, version, tried, refused }) => {
    if (path !== '') return [`${name} ${version}: ${path}`, ...refused.map((copy) => `  refused: ${copy}`)];
    return [`${name}: not found, and not needed. Tried:`, ...tried.map((place) => `  ${place}`)];
  });
  if (libraries.some(({ path }) => path === '')) {
    lines.push(
      'To add a library: pip install nvidia-cublas (or nvidia-cudnn-cu13), or name its folder by CUDA_GAN_LIB_DIR',
    );
  }
  return lines;
}

// How file names end, by which people and programs know what is in a file.
import { basename } from 'node:path';
import { inWords } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { requirePath } from './files.js';

/** What is written, and the endings of such files. */
export interface FileFormat {
  readonly name: string;
  readonly endings: readonly string[];
}

export const png: FileFormat = { name: 'a PNG file', endings: ['.png'] };
export const animatedPng: FileFormat = { name: 'an animated PNG file', endings: ['.png', '.apng'] };
export const html: FileFormat = { name: 'an HTML page', endings: ['.html', '.htm'] };
export const svg: FileFormat = { name: 'an SVG file', endings: ['.svg'] };
export const safetensors: FileFormat = { name: 'a safetensors file', endings: ['.safetensors'] };
export const npy: FileFormat = { name: 'an NPY file', endings: ['.npy'] };
export const npz: FileFormat = { name: 'an NPZ file', endings: ['.npz'] };
export const keras: FileFormat = { name: 'a Keras file', endings: ['.keras'] };
export const hdf5: FileFormat = { name: 'an HDF5 file', endings: ['.h5', '.hdf5'] };
export const onnx: FileFormat = { name: 'an ONNX file', endings: ['.onnx'] };
export const tfjs: FileFormat = { name: 'a model of TensorFlow.js', endings: ['.json'] };
export const csv: FileFormat = { name: 'a CSV file', endings: ['.csv', '.tsv', '.txt', '.log'] };

/** Endings of formats with digits in them. Others with digits are no format's: `weights.v2`, `epoch-0.25`. */
const withDigits = ['.h5', '.hdf5', '.mp3', '.mp4', '.jp2', '.7z', '.bz2'];

/** What is behind the last point of a name, in small letters, where it promises a format: also one that there is not, such as a typo. */
function endingOf(path: string): string | undefined {
  const ending = /\.\w+$/.exec(basename(requirePath(path)))?.[0].toLowerCase();
  return ending !== undefined && (/^\.[a-z]+$/.test(ending) || withDigits.includes(ending)) ? ending : undefined;
}

/** Whether a name promises this format. */
export function isNamedAs({ endings }: FileFormat, path: string): boolean {
  return endings.includes(endingOf(path) ?? '');
}

/** Makes sure that a name does not promise another format. @throws CudaGanError `CUDA_GAN_VALUE` */
export function requireEnding(path: string, { name, endings }: FileFormat): void {
  const ending = endingOf(path);
  if (ending === undefined || endings.includes(ending)) return;
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `the path is ${inWords(path)}, but what is written is ${name}; allowed are names that end in ${endings.join(', ')}`,
  );
}

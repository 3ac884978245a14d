// The file formats that models are saved in and loaded from, beside safetensors. Their code knows models, so models import it only
// when one is asked for.
import { extname } from 'node:path';
import type { Device } from '../devices/device.js';
import type { DeviceChoice } from '../devices/select.js';
import { CudaGanError } from '../errors.js';
import { type FileFormat, hdf5, keras, onnx, safetensors, tfjs } from '../formats/endings.js';
import { InputFile, requirePath } from '../formats/files.js';
import type { LayerClass } from '../layers/registry.js';
import type { Model } from './model.js';

/** What `Model.save` takes beside a path. */
export interface SaveOptions {
  /**
   * Which program is to read an `.h5` file: `keras`, any version; `deeplearning4j`, whose importer wants a flat stack of layers,
   * in the words of Keras 2, without what concerns training. Default `keras`.
   */
  readonly for?: 'keras' | 'deeplearning4j' | undefined;
}

/** What files of other programs are read with. */
export interface ReadOptions {
  /** Classes of layers by the names that a file of Keras has for them. */
  readonly customObjects: Readonly<Record<string, LayerClass>>;
  /** Whether a model is compiled as the file says, with the optimizer's state. */
  readonly compile: boolean;
  /** Where the weights are to live. */
  readonly device?: Device | DeviceChoice | undefined;
}

/** A format, and what reads and writes it. */
export interface ModelFormat {
  readonly file: FileFormat;
  /** What `for` may be; none where there is one way to write the format. */
  readonly readers?: readonly string[];
  /** Whether a file that begins with these bytes, 16 where it has as many, is of the format. */
  recognizes(head: Uint8Array): boolean;
  save(model: Model, path: string, options: SaveOptions): Promise<void>;
  /** A new model. */
  load(path: string, options: ReadOptions): Promise<Model>;
  /**
   * What of a model the format does not keep, in words.
   * @throws CudaGanError `CUDA_GAN_VALUE` for a model that it cannot keep at all.
   */
  lost(model: Model, options: SaveOptions): readonly string[];
  /** The program and the version that wrote a file, in words. */
  writer(path: string): Promise<string>;
  /** Replaces the weights of a model of the same structure. */
  loadWeights(model: Model, path: string): Promise<void>;
}

/** Formats of other programs. */
export async function allFormats(): Promise<readonly ModelFormat[]> {
  return (await import('../interchange/index.js')).formats;
}

const others = [keras, hdf5, onnx, tfjs];

/** All that a model can be saved as. */
export const modelFile: FileFormat = {
  name: 'a model',
  endings: [safetensors, ...others].flatMap(({ endings }) => endings),
};

/** Whether a name promises a format of another program. */
export function promisesOther(path: string): boolean {
  const ending = extname(requirePath(path)).toLowerCase();
  return others.some(({ endings }) => endings.includes(ending));
}

/** The format that a name promises by its ending. */
export async function formatOfPath(path: string): Promise<ModelFormat> {
  const ending = extname(path).toLowerCase();
  return (await allFormats()).find(({ file }) => file.endings.includes(ending))!;
}

/** Bytes at the beginning by which formats are known. */
const headBytes = 16;

/** The format that a file is of, by its content; undefined for none of those. @throws CudaGanError `CUDA_GAN_FILE` */
export async function formatOfContent(path: string): Promise<ModelFormat | undefined> {
  const head = await InputFile.with(path, async (file) => {
    // What can be read only once must not be read twice.
    if (file.size === undefined) return new Uint8Array();
    const bytes = new Uint8Array(Math.min(headBytes, file.size));
    await file.read(bytes, 0);
    return bytes;
  });
  return (await allFormats()).find((format) => format.recognizes(head));
}

/** An error about what a file holds, as one about the file. @internal */
export function mistakeOfFile(path: string, error: unknown): unknown {
  if (error instanceof RangeError) {
    return new CudaGanError('CUDA_GAN_FILE', `${path} does not fit: it is nested too deeply`, { cause: error });
  }
  if (!(error instanceof CudaGanError) || error.code === 'CUDA_GAN_FILE') return error;
  return new CudaGanError('CUDA_GAN_FILE', `${path} does not fit: ${error.message}`, { cause: error });
}

// The file formats that models are saved in and loaded from, beside safetensors. Their code knows models, so models import it only
// when one is asked for.
import { inWords } from '../checks.js';
import type { Device } from '../devices/device.js';
import type { DeviceChoice } from '../devices/names.js';
import { CudaGanError } from '../errors.js';
import { type FileFormat, hdf5, isNamedAs, keras, onnx, safetensors, tfjs } from '../formats/endings.js';
import { InputFile, requireFile } from '../formats/files.js';
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

/** What is written to a path: a safetensors file where its ending says nothing else. */
export function formatNamed(path: string): FileFormat {
  return others.find((format) => isNamedAs(format, path)) ?? safetensors;
}

/** The format that a name promises by its ending. */
export async function formatOfPath(path: string): Promise<ModelFormat> {
  return (await allFormats()).find(({ file }) => isNamedAs(file, path))!;
}

/** Bytes at the beginning by which formats are known. */
const headBytes = 16;

/**
 * The format that a file is of, by its content; undefined for a safetensors file.
 * @throws CudaGanError `CUDA_GAN_FILE` when it cannot be read, or is of no format that models are in.
 */
export async function formatOfContent(path: string): Promise<ModelFormat | undefined> {
  const head = await readHead(path);
  const found = (await allFormats()).find((format) => format.recognizes(head));
  if (found !== undefined || beginsAsSafetensors(head) || isNamedAs(safetensors, path)) return found;
  const begin = head.length === 0 ? 'it is empty' : `it begins with ${inWords(Buffer.from(head).toString('latin1'))}`;
  const formats = [safetensors, ...others].map(({ name, endings }) => `${name} (${endings.join(', ')})`);
  throw new CudaGanError(
    'CUDA_GAN_FILE',
    `${path} holds no model: ${begin}; what can be read is ${formats.join(', ')}`,
  );
}

async function readHead(path: string): Promise<Uint8Array> {
  await requireFile(path, 'models are read from files');
  return InputFile.with(path, async (file) => {
    const head = new Uint8Array(Math.min(headBytes, file.size!));
    await file.read(head, 0);
    return head;
  });
}

/** The length of a header, and the begin of the header. */
const beginsAsSafetensors = (head: Uint8Array) => head[8] === '{'.charCodeAt(0);

/** An error about what a file holds, as one about the file. @internal */
export function mistakeOfFile(path: string, error: unknown): unknown {
  if (error instanceof RangeError) {
    return new CudaGanError('CUDA_GAN_FILE', `${path} does not fit: it is nested too deeply`, { cause: error });
  }
  if (!(error instanceof CudaGanError) || error.code === 'CUDA_GAN_FILE') return error;
  return new CudaGanError('CUDA_GAN_FILE', `${path} does not fit: ${error.message}`, { cause: error });
}

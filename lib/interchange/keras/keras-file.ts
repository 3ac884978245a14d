// `.keras` files of Keras 3: a ZIP archive of the structure as JSON and the weights as HDF5.
import { inWords } from '../../checks.js';
import { CudaGanError } from '../../errors.js';
import { type ByteSource, fileSource } from '../../formats/byte-source.js';
import { keras } from '../../formats/endings.js';
import { InputFile, writeFileAtomic } from '../../formats/files.js';
import { type Hdf5Group, hdf5Parts, readHdf5 } from '../../formats/hdf5/index.js';
import { memberSource, readEntries, unpack, type ZipEntry } from '../../formats/zip.js';
import { zipParts } from '../../formats/zip-writer.js';
import type { Model } from '../../models/model.js';
import { type ModelFormat, mistakeOfFile, type ReadOptions } from '../../models/model-formats.js';
import { builtModel } from './built-model.js';
import { readContents, writeContents } from './contents.js';
import { encodeJson } from './encode-json.js';
import { keptSettings, writerOf } from './kept-settings.js';
import { type KerasConfig, requireRecord } from './keras-object.js';
import { readKeras3Optimizer, readKeras3Weights, writeKeras3Weights } from './keras3-weights.js';
import { lostInKeras } from './lost.js';
import { readOptimizerContent, writeOptimizerContent } from './optimizer-content.js';
import { compileArguments, readObjective, readOptimizer } from './training-config.js';
import { writeModel } from './write-config.js';

/** The version of Keras whose files these are like. */
const kerasVersion = '3.15.1';

/** More JSON than any structure has. */
const maxConfigBytes = 2 ** 26;

const members = { metadata: 'metadata.json', config: 'config.json', weights: 'model.weights.h5' };

export const kerasFormat: ModelFormat = {
  file: keras,
  recognizes: (head) => head[0] === 0x50 && head[1] === 0x4b,
  save,
  lost: (model) => lostInKeras(model, 'keras3'),
  writer: (path) => withArchive(path, async ({ writer }) => writer),
  load: (path, options) => withArchive(path, (archive) => load(archive, options)),
  loadWeights: (model, path) =>
    withArchive(path, async (archive) => writeContents(model, await readKeras3Weights(model, await archive.weights()))),
};

async function save(model: Model, path: string): Promise<void> {
  const config = writeModel(model, 'keras3');
  const { compiled } = model;
  const compileConfig = compiled && compileArguments(compiled, 'keras3');
  const contents = await readContents(model);
  const optimizer = compileConfig && (await readOptimizerContent(model, compiled!));
  const weights = hdf5Parts(writeKeras3Weights(model, contents, optimizer).build());
  const built = model.built ? { build_config: { input_shape: [null, ...model.inputShapes[0]!] } } : {};
  const json = (value: object) => [Buffer.from(encodeJson(value))];
  const parts = await zipParts(
    [
      { name: members.metadata, parts: json({ keras_version: kerasVersion, cuda_gan: keptSettings(model) }) },
      {
        name: members.config,
        parts: json({ ...config, ...built, ...(compileConfig && { compile_config: compileConfig }) }),
      },
      { name: members.weights, parts: weights },
    ],
    false,
  );
  await writeFileAtomic(path, parts);
}

/** What is in a file. */
interface Archive {
  readonly config: KerasConfig;
  readonly kept: unknown;
  readonly writer: string;
  weights(): Promise<Hdf5Group>;
}

async function load(archive: Archive, { customObjects, compile, device }: ReadOptions): Promise<Model> {
  const { config, kept } = archive;
  const model = builtModel(config, customObjects, kept);
  if (device !== undefined) model.device = device;
  const root = await archive.weights();
  if (model.built) await writeContents(model, await readKeras3Weights(model, root));
  const chosen = config.compile_config;
  if (!compile || chosen === undefined || chosen === null) return model;
  const { optimizer, ...objective } = requireRecord('compile_config', chosen);
  if (optimizer === undefined) return model;
  model.compile({ optimizer: readOptimizer(optimizer), ...readObjective(objective) });
  const state = await readKeras3Optimizer(root);
  if (state.length > 0) await writeOptimizerContent(model, model.compiled!, state);
  return model;
}

/** @throws CudaGanError `CUDA_GAN_FILE` for what is no such file, and as `use`. */
async function withArchive<Result>(path: string, use: (archive: Archive) => Promise<Result>): Promise<Result> {
  return InputFile.with(path, async (file) => {
    const source = await fileSource(file);
    try {
      const entries = new Map((await readEntries(source)).map((entry) => [entry.name, entry]));
      const metadata = await readJson(source, entries, members.metadata);
      return await use({
        config: await readJson(source, entries, members.config),
        kept: metadata.cuda_gan,
        writer: writerOf(metadata.keras_version, metadata.cuda_gan),
        weights: async () => readHdf5(await memberSource(source, requireEntry(source, entries, members.weights))),
      });
    } catch (error) {
      throw mistakeOfFile(path, error);
    }
  });
}

function requireEntry({ path }: ByteSource, entries: ReadonlyMap<string, ZipEntry>, name: string): ZipEntry {
  const entry = entries.get(name);
  if (entry !== undefined) return entry;
  const found =
    [...entries.keys()]
      .slice(0, 3)
      .map((one) => inWords(one))
      .join(', ') || 'nothing';
  throw new CudaGanError(
    'CUDA_GAN_FILE',
    `${path} is no file of Keras 3: it is a ZIP archive without ${name}, of ${found}${hintOf([...entries.keys()])}`,
  );
}

/** What else an archive is, and what reads it. */
function hintOf(names: readonly string[]): string {
  if (names.some((name) => name.endsWith('data.pkl'))) return '; PyTorch wrote it: save its state dict as safetensors';
  return names.some((name) => name.endsWith('.npy')) ? '; it is one of NumPy, which loadNpz reads' : '';
}

async function readJson(
  source: ByteSource,
  entries: ReadonlyMap<string, ZipEntry>,
  name: string,
): Promise<KerasConfig> {
  const entry = requireEntry(source, entries, name);
  if (entry.bytes > maxConfigBytes) {
    throw new CudaGanError(
      'CUDA_GAN_FILE',
      `${source.path}: ${name} has ${entry.bytes} bytes; at most ${maxConfigBytes} are read`,
    );
  }
  const text = new TextDecoder().decode(await unpack(source, entry));
  try {
    return requireRecord(name, JSON.parse(text));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new CudaGanError('CUDA_GAN_FILE', `${source.path}: ${name} is not JSON`, { cause });
  }
}

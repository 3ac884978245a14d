// `cuda-gan inspect`: what is in a file of a model, who wrote it, and what of it other formats do not keep.
import { Command } from 'commander';
import { CudaGanError } from '../errors.js';
import { listTensors, loadMetadata, type TensorDescription } from '../formats/safetensors.js';
import { loadModel } from '../models/load-model.js';
import type { Model } from '../models/model.js';
import { allFormats, formatOfContent } from '../models/model-formats.js';
import { formatShape } from '../tensor.js';

interface Inspection {
  readonly format: string;
  /** Undefined where the file does not say. */
  readonly writer: string | undefined;
  readonly model?: ModelDescription;
  /** Of a file without a structure. */
  readonly tensors?: readonly TensorDescription[];
}

interface ModelDescription {
  readonly className: string;
  readonly name: string;
  readonly parameters: number;
  readonly summary: string;
  /** What of it each format does not keep, or why it cannot be saved so. */
  readonly lost: readonly LostInFormat[];
}

interface LostInFormat {
  readonly format: string;
  readonly lost: readonly string[];
  readonly refused?: string;
}

export function inspectCommand(): Command {
  return new Command('inspect')
    .description(
      'Show the layers, shapes and parameters of a model in a file, who wrote it, and what other formats do not keep of it.',
    )
    .argument('<file>', 'file of a model, or a safetensors file of weights')
    .option('--json', 'print one JSON object')
    .action(inspect);
}

async function inspect(path: string, { json = false }: { readonly json?: boolean }): Promise<void> {
  const inspection = await inspectionOf(path);
  console.log(json ? JSON.stringify(inspection, undefined, 2) : linesOf(path, inspection).join('\n'));
}

async function inspectionOf(path: string): Promise<Inspection> {
  const format = await formatOfContent(path);
  if (format !== undefined) {
    const writer = await format.writer(path);
    return { format: format.file.name, writer, model: await describe(await loadModel(path, { device: 'cpu' })) };
  }
  const { model, format: writer } = await loadMetadata(path);
  if (model !== undefined) {
    return { format: 'a safetensors file', writer, model: await describe(await loadModel(path, { device: 'cpu' })) };
  }
  return { format: 'a safetensors file', writer, tensors: await listTensors(path) };
}

async function describe(model: Model): Promise<ModelDescription> {
  const { className, name } = model;
  let summary = '';
  model.summary({
    print: (text) => {
      summary = text;
    },
  });
  return { className, name, parameters: model.countParams(), summary, lost: await lostOf(model) };
}

async function lostOf(model: Model): Promise<readonly LostInFormat[]> {
  const others = (await allFormats()).flatMap((format) => {
    const ending = format.file.endings[0]!;
    const readers = format.readers?.filter((reader) => reader !== 'keras') ?? [];
    return [
      { format: ending, lost: () => format.lost(model, {}) },
      ...readers.map((reader) => ({
        format: `${ending} for ${reader}`,
        lost: () => format.lost(model, { for: reader as 'deeplearning4j' }),
      })),
    ];
  });
  const own = model.compiled === undefined ? [] : ['what compile chose, and the state of the optimizer'];
  return [{ format: '.safetensors', lost: own }, ...others.map(({ format, lost }) => ({ format, ...attempt(lost) }))];
}

function attempt(lost: () => readonly string[]): Omit<LostInFormat, 'format'> {
  try {
    return { lost: lost() };
  } catch (error) {
    if (!(error instanceof CudaGanError)) throw error;
    return { lost: [], refused: error.message };
  }
}

function linesOf(path: string, { format, writer, model, tensors = [] }: Inspection): readonly string[] {
  const head = `${path}: ${format}${writer === undefined ? '' : `, written by ${writer}`}`;
  if (model === undefined) {
    const width = Math.max(0, ...tensors.map(({ name }) => name.length));
    const lines = tensors.map(({ name, dtype, shape }) => `${name.padEnd(width)}  ${dtype}  ${formatShape(shape)}`);
    return [head, 'weights without a structure:', ...lines];
  }
  const width = Math.max(...model.lost.map((one) => one.format.length));
  const lost = model.lost.map((one) => `  ${one.format.padEnd(width)}  ${inWords(one)}`);
  return [head, '', model.summary, '', 'What is lost when it is saved as', ...lost];
}

function inWords({ lost, refused }: LostInFormat): string {
  if (refused !== undefined) return `cannot be: ${refused}`;
  return lost.length === 0 ? 'nothing' : lost.join('; ');
}

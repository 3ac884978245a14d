// Writes the figures of every epoch into a CSV file, as Keras' CSVLogger.
import { promises } from 'node:fs';
import { dirname } from 'node:path';
import { nonEmptyText, trueOrFalse } from '../checks.js';
import { csv, requireEnding } from '../formats/endings.js';
import { cutFile, ensureFolder, fileError, isOfSystem } from '../formats/files.js';
import { checkOptions, type OptionNames } from '../options.js';
import type { Callbacks, Logs } from '../training/callbacks.js';

/** What `csvLogger` takes beside the path. */
export interface CsvLoggerOptions {
  /** What is between two values of a line. Default `,`. */
  readonly separator?: string | undefined;
  /** Whether lines are added to a file that is there, in place of replacing it. Default false. */
  readonly append?: boolean | undefined;
}

const optionNames: OptionNames<CsvLoggerOptions> = { separator: true, append: true };

interface State {
  /** Length of the file. */
  readonly bytes: number;
  /** Names of the columns after `epoch`, once there is a line. */
  readonly columns: readonly string[] | undefined;
}

/**
 * A line of names, then one per epoch: its number from 0 on, and its figures in the order of their names. A figure that an
 * epoch does not have is `NA`. A training that is resumed goes on behind the last epoch of its checkpoint.
 * @throws CudaGanError `CUDA_GAN_VALUE` for a wrong option, or a name that ends as other formats do; while training, `CUDA_GAN_FILE` when the file cannot be written.
 */
export function csvLogger(filename: string, options?: CsvLoggerOptions): Callbacks {
  const path = nonEmptyText('filename', filename);
  requireEnding(path, csv);
  const given = checkOptions('callbacks.csvLogger', options, optionNames);
  const separator = nonEmptyText('separator', given.separator ?? ',');
  const append = trueOrFalse('append', given.append ?? false);
  let state: State = { bytes: 0, columns: undefined };

  const quoted = (text: string) =>
    text.includes(separator) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

  async function write(lines: readonly (readonly (string | number)[])[]): Promise<void> {
    const text = lines.map((values) => `${values.map((value) => quoted(String(value))).join(separator)}\r\n`).join('');
    await withFile(path, () => promises.appendFile(path, text));
    state = { ...state, bytes: state.bytes + Buffer.byteLength(text) };
  }

  return {
    name: 'csvLogger',
    onTrainBegin: () => {
      state = { bytes: 0, columns: undefined };
    },
    onEpochEnd: async (epoch, logs, training) => {
      if (state.columns === undefined) {
        const bytes = await withFile(path, () => begin(path, append));
        const columns = [...new Set([...training.figures, ...Object.keys(logs)])].sort();
        state = { bytes, columns };
        if (bytes === 0) await write([['epoch', ...columns]]);
      }
      await write([[epoch, ...state.columns!.map((name) => figureIn(logs, name))]]);
    },
    getState: () => state,
    setState: async (saved) => {
      state = saved as State;
      if (state.columns !== undefined) await cutFile(path, state.bytes);
    },
  };
}

/** Empties the file, unless lines are to be added; how long it is. Makes its folder where there is none. */
async function begin(path: string, append: boolean): Promise<number> {
  await ensureFolder(dirname(path));
  if (!append) await promises.writeFile(path, '');
  const found = await promises.stat(path).catch(() => undefined);
  return found?.size ?? 0;
}

const figureIn = (logs: Logs, name: string) => (Object.hasOwn(logs, name) ? logs[name]! : 'NA');

async function withFile<Result>(path: string, use: () => Promise<Result>): Promise<Result> {
  try {
    return await use();
  } catch (error) {
    throw isOfSystem(error) ? fileError('write', path, error) : error;
  }
}

// `cuda-gan compare`: models of several kinds, trained on the same images for the same time, and measured alike.
import { join } from 'node:path';
import { clearLine, cursorTo } from 'node:readline';
import type { WriteStream } from 'node:tty';
import { Command, InvalidArgumentError } from 'commander';
import { nonEmptyText } from '../checks.js';
import { type CompareProgress, compareByCommand } from '../comparison/compare.js';
import { type ContenderName, contenderNames, contendersFor } from '../comparison/contenders.js';
import { pageFile } from '../comparison/page.js';
import { comparisonTable, noteOf } from '../comparison/table.js';
import type { Precision } from '../devices/cuda.js';
import type { DeviceChoice } from '../devices/names.js';
import { CudaGanError } from '../errors.js';
import { formatTime } from '../format-time.js';
import { pick } from '../options.js';
import { randomSeed } from '../random/random-stream.js';
import { withNewFolder } from '../runs/new-folder.js';
import { readCommand } from '../runs/run-command.js';
import { addDataOptions, type DataOptions, dataOptionsIn, foundAgain, loadData } from './data-options.js';
import { exitCodes } from './exit-codes.js';
import { interruptible } from './interruptible.js';
import { deviceOption, numberFrom, precisionOption, seedOption, threadsOption, wholeNumberFrom } from './options.js';

/** Plain data, by which a comparison goes on. */
interface CompareSettings {
  readonly models?: readonly ContenderName[] | 'all';
  readonly minutes?: number;
  readonly steps?: number;
  readonly count: number;
  readonly seed: number;
  readonly device: DeviceChoice;
  readonly threads?: number;
  readonly precision: Precision;
  readonly data: DataOptions;
}

interface CompareCommandOptions extends DataOptions, Omit<CompareSettings, 'data' | 'seed'> {
  readonly seed?: number;
  readonly out: string;
  readonly overwrite?: boolean;
  readonly resume?: string;
  readonly json?: boolean;
}

export function compareCommand(): Command {
  const command = new Command('compare')
    .description(
      'Train an autoencoder, a VAE and GANs on the same images for the same time, and write a page that compares them.',
    )
    .option(
      '--models <names>',
      `what is compared, with commas between: ${contenderNames.join(', ')}; or all (default: autoencoder, vae, mlp, dcgan, and the best preset)`,
      modelNames,
    )
    .option('--minutes <number>', 'how long each model trains (default: 10)', numberFrom(0.01))
    .option('--steps <number>', 'updates of each model, in place of a time', wholeNumberFrom(1))
    .option('--count <number>', 'samples of each model that are measured', wholeNumberFrom(1), 10000)
    .addOption(seedOption())
    .addOption(deviceOption())
    .addOption(threadsOption())
    .addOption(precisionOption())
    .option('--out <folder>', 'where page, figures and models go', 'runs/compare')
    .option('--overwrite', 'replace a comparison that the folder holds', false)
    .option(
      '--resume <folder>',
      'go on with the comparison in that folder, by its own settings; takes --models for more of them',
    )
    .option('--json', 'print one JSON object with all figures at the end');
  command.optionsGroup('Options for the data:');
  return addDataOptions(command).action(compare);
}

async function compare(options: CompareCommandOptions, command: Command): Promise<void> {
  for (const name of ['resume', 'data', 'out'] as const) {
    if (options[name] !== undefined) nonEmptyText(`--${name}`, options[name]);
  }
  const { resume, json = false, overwrite = false } = options;
  const outDir = resume ?? options.out;
  const settings = resume === undefined ? settingsOf(options) : await resumedSettings(resume, options, command);
  const stream = json ? process.stderr : process.stdout;
  const data = await loadData(settings.data, stream);
  const { models, minutes = 10, steps, data: _, ...common } = settings;
  const labelled = data.labels !== undefined;
  const run = {
    ...common,
    ...(steps === undefined ? { seconds: 60 * minutes } : { steps }),
    models: models === 'all' ? contendersFor({ labelled }) : models,
    heldOut: data.heldOut,
    outDir,
    overwrite,
    resume: resume !== undefined,
    onProgress: reporter(stream),
  };
  const interruption = { aborted: false };
  const comparison = await withNewFolder(outDir, () =>
    interruptible(outDir, async (signal) => {
      const found = await compareByCommand(data, { ...run, signal }, settings);
      interruption.aborted = signal.aborted;
      return found;
    }),
  );
  stream.write(`\n${comparisonTable(comparison)}\n\n${noteOf(comparison)}\n\n${comparison.claim.text}\n`);
  stream.write(`\nA page with pictures: ${join(outDir, pageFile)}\n`);
  if (json) console.log(JSON.stringify(comparison));
  process.exitCode = interruption.aborted ? exitCodes.interrupted : exitCodes.done;
}

const settingNames = ['models', 'minutes', 'steps', 'count', 'device', 'threads', 'precision'];

function settingsOf(options: CompareCommandOptions): CompareSettings {
  if (options.minutes !== undefined && options.steps !== undefined) {
    throw new CudaGanError('CUDA_GAN_VALUE', '--minutes and --steps are both given; a budget is one of them');
  }
  const data = foundAgain(dataOptionsIn(options));
  return { ...pick(options, settingNames), seed: options.seed ?? randomSeed(), data } as CompareSettings;
}

const resumeFlags = ['resume', 'models', 'device', 'threads', 'json'];

/** @throws CudaGanError `CUDA_GAN_VALUE` for what cannot be changed; `CUDA_GAN_FILE` for a folder without a comparison. */
async function resumedSettings(
  folder: string,
  options: CompareCommandOptions,
  command: Command,
): Promise<CompareSettings> {
  const typed = Object.keys(options).filter((name) => command.getOptionValueSource(name) === 'cli');
  const wrong = typed.find((name) => !resumeFlags.includes(name));
  if (wrong !== undefined) {
    const flag = command.options.find((option) => option.attributeName() === wrong)!.long;
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `${flag} cannot be changed in a comparison that is resumed; with --resume only --models, --device, --threads and --json are allowed`,
    );
  }
  const begun = (await readCommand(folder, 'compare')) as CompareSettings;
  const own = pick<Omit<CompareCommandOptions, 'data'>>(options, typed);
  const { models = begun.models, device = begun.device, threads = begun.threads } = own;
  return { ...begun, device, ...(models && { models }), ...(threads && { threads }) };
}

function modelNames(text: string): CompareSettings['models'] & {} {
  if (text === 'all') return text;
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !(contenderNames as readonly string[]).includes(name));
  if (unknown === undefined) return names as ContenderName[];
  throw new InvalidArgumentError(`There is no "${unknown}". Allowed are ${contenderNames.join(', ')}, and all.`);
}

/** A line for each phase of a model; on a terminal, one that counts the time. */
function reporter(stream: WriteStream): (progress: CompareProgress) => void {
  const clear = () => {
    if (!stream.isTTY) return;
    cursorTo(stream, 0);
    clearLine(stream, 0);
  };
  return ({ title, phase, seconds }) => {
    if (seconds > 0 && !stream.isTTY) return;
    clear();
    const line = `${phase === 'training' ? 'Training' : 'Measuring'} ${title}`;
    stream.write(stream.isTTY && phase === 'training' ? `${line}: ${formatTime(seconds)}` : `${line}\n`);
  };
}

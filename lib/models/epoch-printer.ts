// What `fit` prints with `verbose`: a line per epoch, and with 1 on a terminal the epoch under way, on a line that is written anew.
import { clearLine, cursorTo } from 'node:readline';
import type { WriteStream } from 'node:tty';
import { formatRate, formatTime } from '../format-time.js';
import type { Callbacks, Logs, Progress } from '../training/callbacks.js';

export interface EpochPrinterOptions {
  readonly initialEpoch: number;
  readonly epochs: number;
  /** Batches of an epoch. */
  readonly batches: number;
  /** Whether a terminal shows the epoch under way. Default true. */
  readonly live?: boolean;
}

/** `stream` is what `print` writes to. */
export function epochPrinter(
  options: EpochPrinterOptions,
  stream: WriteStream = process.stdout,
  print: (line: string) => void = (line) => console.log(line),
): Callbacks {
  const isLive = stream.isTTY && (options.live ?? true);
  const clear = () => {
    if (!isLive) return;
    cursorTo(stream, 0);
    clearLine(stream, 0);
  };
  const printer: Callbacks = {
    onEpochEnd: (epoch, logs) => {
      clear();
      print(formatEpoch(epoch, options, logs));
    },
    onDiverged: clear,
    onTrainEnd: clear,
  };
  if (!isLive) return printer;
  const onProgress = (progress: Progress) => {
    clear();
    // A line that the terminal wraps could not be cleared.
    stream.write(formatProgress(progress, options).slice(0, stream.columns - 1));
  };
  return { ...printer, onProgress };
}

function formatEpoch(epoch: number, { epochs }: EpochPrinterOptions, logs: Logs): string {
  return [`Epoch ${epoch + 1}/${epochs}`, ...figuresOf(logs)].join(' - ');
}

function formatProgress(progress: Progress, { initialEpoch, epochs, batches }: EpochPrinterOptions): string {
  const { step, steps, stepsPerSecond, secondsLeft, ...logs } = progress;
  const place = `Epoch ${initialEpoch + Math.floor(step / batches) + 1}/${epochs} ${(step % batches) + 1}/${batches}`;
  const pace = `${formatRate(stepsPerSecond)} batches/s - ${formatTime(secondsLeft)} left`;
  return [place, ...figuresOf(logs), pace].join(' - ');
}

function figuresOf(logs: Logs): string[] {
  return Object.entries(logs).map(([name, value]) => `${name}: ${value.toFixed(4)}`);
}

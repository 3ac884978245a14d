// What `train` shows while it runs: a progress bar on a terminal, else the article's line per sample.
import type { WriteStream } from 'node:tty';
import { Presets, SingleBar } from 'cli-progress';
import { deviceInWords } from '../devices/names.js';
import type { GeneratorFigures } from '../evaluation/generator-watch.js';
import { formatRate, formatTime } from '../format-time.js';
import type { GAN } from '../gan/gan.js';
import type { GanHistory, StepFigures } from '../gan/history.js';
import type { RunProgress } from '../gan/saved-run.js';
import type { TrainProgress } from '../gan/train-options.js';

/** What a run begins with. */
export interface Start extends Pick<GAN, 'device' | 'seed'> {
  /** Number of images. */
  readonly images: number;
  readonly out: string;
  /** Why the device that was chosen is not cuda, when nobody asked for another. */
  readonly noCuda?: string | undefined;
  /** How far a run is that is resumed. */
  readonly progress?: Pick<RunProgress, 'steps' | 'pretrainSteps'> | undefined;
}

export interface Reporter {
  start(start: Start): void;
  onProgress?(progress: TrainProgress): void;
  onSample?(figures: StepFigures): void;
  /** Ends the display, also after an error. */
  stop(): void;
  /** `accuracy` is that of an auxiliary classifier on images that were held out. */
  finish(history: GanHistory, out: string, accuracy?: number): void;
}

export function createReporter(stream: WriteStream, steps: number): Reporter {
  const write = (line: string) => stream.write(`${line}\n`);
  const common = {
    start: ({ device, seed, images, out, noCuda, progress }: Start) => {
      const what = progress === undefined ? `Training on ${images} images` : goingOn(progress, steps, images);
      write(`${what}: ${deviceInWords(device)}, seed ${seed}, writing to ${out}`);
      if (noCuda !== undefined) write(`Not on cuda: ${noCuda}`);
    },
    finish: (history: GanHistory, out: string, accuracy?: number) => {
      write(summaryOf(history, out));
      if (accuracy !== undefined)
        write(`The discriminator tells the class of ${(100 * accuracy).toFixed(2)} % of the test images`);
    },
  };
  return stream.isTTY
    ? { ...common, ...progressBar(stream, steps) }
    : {
        ...common,
        onProgress: (figures) => {
          if (isMeasured(figures)) write(formatMetrics(figures));
        },
        onSample: (figures) => write(formatFigures(figures)),
        stop: () => undefined,
      };
}

function goingOn(progress: NonNullable<Start['progress']>, steps: number, images: number): string {
  const all = Number.isFinite(steps) ? ` of ${steps}` : '';
  const { steps: done, pretrainSteps } = progress;
  const where = done === 0 && pretrainSteps > 0 ? `${pretrainSteps} steps of pretraining` : `step ${done}${all}`;
  return `Going on after ${where} on ${images} images`;
}

/** As the article's script prints it. */
export function formatFigures({ step, dLoss, dAccuracy, gLoss }: StepFigures): string {
  return `${step} [D loss: ${dLoss.toFixed(6)}, acc.: ${(100 * dAccuracy).toFixed(2)}%] [G loss: ${gLoss.toFixed(6)}]`;
}

/** What `metricsInterval` has measured at a step. */
type Measured = Pick<StepFigures, 'step'> & GeneratorFigures;

const isMeasured = (figures: object): figures is Measured => 'frechetDistance' in figures;

/** Beside the article's line. */
export function formatMetrics({ step, frechetDistance, precision, recall }: Measured): string {
  const [precise, recalled] = [precision, recall].map((share) => `${(100 * share).toFixed(1)}%`);
  return `${step} [Fréchet distance: ${frechetDistance.toFixed(3)}] [precision: ${precise}, recall: ${recalled}]`;
}

function progressBar(stream: WriteStream, steps: number): Pick<Reporter, 'onProgress' | 'stop'> {
  const figures = 'D loss {dLoss} acc {accuracy} | G loss {gLoss}{measured} | {speed} steps/s';
  const format = Number.isFinite(steps)
    ? `{bar} {value}/{total} | ${figures} | {left} left`
    : `{value} steps | ${figures} | Ctrl-C stops`;
  const bar = new SingleBar({ format, stream, hideCursor: true, barsize: 24 }, Presets.shades_classic);
  bar.start(steps, 0, { dLoss: '-', accuracy: '-', gLoss: '-', measured: '', speed: '-', left: '-' });
  let measured = '';
  return {
    onProgress: (progress) => {
      const { step, dLoss, dAccuracy, gLoss, stepsPerSecond, secondsLeft } = progress;
      if (isMeasured(progress)) measured = ` | Fréchet distance ${progress.frechetDistance.toFixed(3)}`;
      bar.update(step + 1, {
        dLoss: dLoss.toFixed(3),
        accuracy: `${Math.round(100 * dAccuracy)}%`,
        gLoss: gLoss.toFixed(3),
        measured,
        speed: formatRate(stepsPerSecond),
        left: Number.isFinite(secondsLeft) ? formatTime(secondsLeft) : '-',
      });
    },
    stop: () => bar.stop(),
  };
}

function summaryOf({ steps, seconds, aborted }: GanHistory, out: string): string {
  const speed = steps > 0 ? ` (${((1000 * seconds) / steps).toFixed(2)} ms a step)` : '';
  return `${aborted ? 'Stopped after' : 'Done:'} ${steps} steps in ${formatTime(seconds)}${speed}. Pictures, curves and models are in ${out}`;
}

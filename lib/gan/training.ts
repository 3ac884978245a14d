// A training run of a GAN: steps in chunks, with samples, progress and files in between.
import { ChunkSize } from '../devices/chunk-size.js';
import type { Device } from '../devices/device.js';
import type { OwnFloat32Array, Tensor } from '../tensor.js';
import type { GanHistory, StepFigures } from './history.js';
import type { RunFolder } from './run-folder.js';
import { recordPretrainingStep, recordStep, type StepParts } from './step.js';
import { divergenceError, StepRunner } from './step-runner.js';
import type { TrainOptions, TrainPlan } from './train-options.js';

export interface TrainingRun {
  readonly parts: StepParts;
  readonly device: Device;
  readonly plan: TrainPlan;
  readonly options: TrainOptions;
  readonly folder: RunFolder | undefined;
  /** Where the random numbers of the run start. */
  readonly firstStep: number;
  /** 25 images from noise that stays the same through all runs. */
  readonly sample: () => Promise<Tensor<OwnFloat32Array>>;
}

/** Trains until the steps are done or the signal says stop. `history` fills on the way, so that it survives an error. */
export async function runTraining(run: TrainingRun, history: GanHistory): Promise<void> {
  await pretrain(run);
  const { plan, options, folder } = run;
  const firstStep = run.firstStep + plan.pretrainSteps;
  const runner = new StepRunner(recordStep(run.parts), run.device, firstStep);
  const chunk = new ChunkSize();
  const start = performance.now();
  try {
    while (history.steps < plan.steps && !options.signal?.aborted) {
      const from = history.steps;
      const begun = performance.now();
      const count = Math.min(chunk.steps, stepsToNextSample(from, plan));
      const { outputs, steps, divergence } = await runner.run(count, options.signal);
      history.append(outputs, steps);
      history.seconds = (performance.now() - start) / 1000;
      await folder?.append(history, from);
      if (divergence !== undefined) throw divergenceError(divergence, firstStep, 'step');
      if (steps === 0) continue;
      chunk.adjust(steps, (performance.now() - begun) / 1000);
      const figures = history.at(-1);
      if (isSample(figures.step, plan)) await takeSample(run, figures);
      reportProgress(history, figures, plan.steps, options);
    }
    history.aborted = history.steps < plan.steps;
  } finally {
    runner.dispose();
  }
}

/** Lets the discriminator learn against the generator as it is. */
async function pretrain({ parts, device, plan, options, firstStep }: TrainingRun): Promise<void> {
  if (plan.pretrainSteps === 0) return;
  const runner = new StepRunner(recordPretrainingStep(parts), device, firstStep);
  const chunk = new ChunkSize();
  const end = firstStep + plan.pretrainSteps;
  try {
    while (runner.step < end && !options.signal?.aborted) {
      const begun = performance.now();
      const { steps, divergence } = await runner.run(Math.min(chunk.steps, end - runner.step), options.signal);
      if (divergence !== undefined) throw divergenceError(divergence, firstStep, 'pretraining step');
      if (steps > 0) chunk.adjust(steps, (performance.now() - begun) / 1000);
    }
  } finally {
    runner.dispose();
  }
}

/** Step 0, every `sampleInterval`, and the last. */
function isSample(step: number, { steps, sampleInterval }: TrainPlan): boolean {
  return step % sampleInterval === 0 || step === steps - 1;
}

/** Steps from `step` on until one that is a sample is done. */
function stepsToNextSample(step: number, { steps, sampleInterval }: TrainPlan): number {
  const next = Math.ceil(step / sampleInterval) * sampleInterval;
  return Math.min(next, steps - 1) - step + 1;
}

async function takeSample({ sample, folder, options }: TrainingRun, figures: StepFigures): Promise<void> {
  if (folder === undefined && options.onSample === undefined) return;
  const images = await sample();
  await folder?.saveSamples(figures.step, images);
  options.onSample?.(figures, images);
}

function reportProgress(history: GanHistory, figures: StepFigures, steps: number, { onProgress }: TrainOptions): void {
  const secondsPerStep = history.seconds / history.steps;
  onProgress?.({
    ...figures,
    steps,
    stepsPerSecond: 1 / secondsPerStep,
    secondsLeft: secondsPerStep * (steps - history.steps),
  });
}

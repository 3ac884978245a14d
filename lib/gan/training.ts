// A training run of a GAN: steps in chunks, with samples, progress and files in between.
import { ChunkSize } from '../devices/chunk-size.js';
import type { Device } from '../devices/device.js';
import type { OwnFloat32Array, Tensor } from '../tensor.js';
import type { GanHistory, StepFigures } from './history.js';
import type { RunFolder } from './run-folder.js';
import type { StepParts } from './step.js';
import { StepPrograms } from './step-programs.js';
import { type Divergence, divergenceError, StepRunner } from './step-runner.js';
import type { TrainPlan } from './train-options.js';

export interface TrainingRun {
  readonly parts: StepParts;
  readonly device: Device;
  readonly plan: TrainPlan;
  readonly folder: RunFolder | undefined;
  /** Where the random numbers of the run start. */
  readonly firstStep: number;
  /** The images of a grid, from noise that stays the same through all runs. */
  readonly sample: () => Promise<Tensor<OwnFloat32Array>>;
}

/** Trains until the steps are done or the signal says stop. `history` fills on the way, so that it survives an error. */
export async function runTraining(run: TrainingRun, history: GanHistory): Promise<void> {
  await pretrain(run, history);
  const { plan, folder } = run;
  const firstStep = run.firstStep + history.pretrainSteps;
  const runner = new StepRunner(new StepPrograms(run.parts, run.device, { pretraining: false }), run.device, firstStep);
  const chunk = new ChunkSize();
  const start = performance.now();
  let sampled = -1;
  try {
    while (history.steps < plan.steps && !plan.signal?.aborted) {
      const from = history.steps;
      const begun = performance.now();
      const count = Math.min(chunk.steps, stepsToNextSample(from, plan));
      const { outputs, steps, divergence } = await runner.run(count, plan.signal);
      history.append(outputs, steps);
      history.seconds = (performance.now() - start) / 1000;
      await folder?.append(history, from);
      if (divergence !== undefined) throw divergenceError(divergence, firstStep, 'step');
      if (steps === 0) continue;
      chunk.adjust(steps, (performance.now() - begun) / 1000);
      const figures = history.at(-1);
      if (isSample(figures.step, plan)) {
        await takeSample(run, figures);
        sampled = figures.step;
      }
      await reportProgress(history, figures, plan);
    }
    history.aborted = history.steps < plan.steps;
    const divergence = await runner.finish();
    if (divergence !== undefined) throw divergenceError(divergence, firstStep, 'step');
    // A run that was stopped ends with a sample, too.
    if (history.steps > sampled + 1) await takeSample(run, history.at(-1));
  } finally {
    runner.dispose();
  }
}

/** Lets the discriminator learn against the generator as it is. */
async function pretrain({ parts, device, plan, firstStep }: TrainingRun, history: GanHistory): Promise<void> {
  if (plan.pretrainSteps === 0) return;
  const runner = new StepRunner(new StepPrograms(parts, device, { pretraining: true }), device, firstStep);
  const chunk = new ChunkSize();
  const check = (divergence: Divergence | undefined) => {
    if (divergence !== undefined) throw divergenceError(divergence, firstStep, 'pretraining step');
  };
  try {
    while (history.pretrainSteps < plan.pretrainSteps && !plan.signal?.aborted) {
      const begun = performance.now();
      const count = Math.min(chunk.steps, plan.pretrainSteps - history.pretrainSteps);
      const { steps, divergence } = await runner.run(count, plan.signal);
      history.pretrainSteps += steps;
      check(divergence);
      if (steps > 0) chunk.adjust(steps, (performance.now() - begun) / 1000);
    }
    check(await runner.finish());
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

async function takeSample({ sample, folder, plan }: TrainingRun, figures: StepFigures): Promise<void> {
  // The end of a run writes the models itself.
  if (figures.step < plan.steps - 1 && !plan.signal?.aborted) await folder?.saveModels();
  if (folder === undefined && plan.onSample === undefined) return;
  const images = await sample();
  await folder?.saveSamples(figures.step, images);
  await plan.onSample?.(figures, images);
}

async function reportProgress(history: GanHistory, figures: StepFigures, plan: TrainPlan): Promise<void> {
  const secondsPerStep = history.seconds / history.steps;
  await plan.onProgress?.({
    ...figures,
    steps: plan.steps,
    stepsPerSecond: 1 / secondsPerStep,
    secondsLeft: secondsPerStep * (plan.steps - history.steps),
  });
}

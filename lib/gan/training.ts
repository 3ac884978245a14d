// A run of `GAN.train`, from its folder and checkpoints to its end.
import { requireComplete, restoreState, type State } from '../training/checkpoint.js';
import { Checkpoints, type CheckpointsOptions } from '../training/checkpoints.js';
import { runLoop } from '../training/loop.js';
import { ganState } from './gan-state.js';
import { GanCallbackList, GanTraining, type ResumedRun, type TrainingRun } from './gan-training.js';
import { identityOf } from './generator-metrics.js';
import type { GanHistory } from './history.js';
import { Probe } from './probe.js';
import { type ResumedFolder, RunFolder } from './run-folder.js';
import { saveComposition } from './saved-composition.js';
import type { SavedRun } from './saved-run.js';
import { StepPrograms } from './step-programs.js';
import { runSettings, type TrainPlan } from './train-options.js';

/**
 * Trains until the steps are done, or the run is ended early, and saves it. `history` fills on the way, so that it survives
 * an error.
 */
export async function runTraining(run: TrainingRun, history: GanHistory): Promise<void> {
  const { parts, plan, resumed } = run;
  const { generator, discriminator } = parts;
  const probe = new Probe(parts, run.heldOut, run.device);
  const programs = new StepPrograms(parts, run.device, { pretraining: false });
  // Both optimizers have all their state once a whole step was recorded, which its figures are asked of.
  const figures = [...programs.figures, ...probe.figures, ...(run.metrics?.figures ?? [])];
  const state = ganState(parts);
  const callbacks = new GanCallbackList(plan.callbacks, {
    models: { generator: generator.model, discriminator: discriminator.model },
    optimizers: { generator: generator.optimizer, discriminator: discriminator.optimizer },
    figures,
  });
  // What does not fit is found before anything is written.
  if (resumed !== undefined) {
    callbacks.resume(resumed.saved.callbacks);
    if (resumed.saved.progress.stopped) callbacks.training.stop();
    await restoreState(resumed.checkpoint, state, run.device);
  }
  const folder = await openFolder(run);
  const gan = new GanTraining({ ...run, programs, probe, callbacks, folder }, history);
  try {
    const checkpoints = folder && (await openCheckpoints(gan, folder, state));
    try {
      await runLoop(gan, { callbacks, signal: plan.signal, checkpoints });
    } finally {
      gan.dispose();
      await checkpoints?.close();
    }
  } catch (error) {
    // A run that failed is saved too, but what ended it is what its caller must learn.
    await folder?.close(history).catch(() => undefined);
    throw error;
  }
  await folder?.close(history);
}

async function openFolder(run: TrainingRun): Promise<RunFolder | undefined> {
  const { plan, name, grid, parts, command } = run;
  const { outDir: path, overwrite, sampleInterval } = plan;
  if (path === undefined) return undefined;
  const models = { generator: parts.generator.model, discriminator: parts.discriminator.model, average: parts.average };
  const resumed = run.resumed && resumedFolder(run.resumed, plan);
  return RunFolder.open({ path, overwrite, name, sampleInterval, grid, ...models, command, resumed });
}

function resumedFolder({ lock, saved }: ResumedRun, { steps }: TrainPlan): ResumedFolder {
  const { progress, historyBytes } = saved;
  return { lock, historyBytes, goesOn: progress.steps < steps && !progress.stopped };
}

function openCheckpoints(gan: GanTraining, folder: RunFolder, state: State): Promise<Checkpoints> {
  const { plan, device, describe, callbacks, resumed, programs, command } = gan.run;
  requireComplete(state, programs.updated);
  const options: CheckpointsOptions = {
    folder: folder.checkpoints,
    kind: 'gan',
    device,
    state,
    interval: plan.checkpointInterval,
    step: () => gan.history.pretrainSteps + gan.history.steps,
    describe: (): SavedRun => ({
      ...describe(),
      settings: runSettings(plan),
      metricsNetwork: plan.metrics && identityOf(plan.metrics),
      progress: gan.progress,
      historyBytes: folder.historyBytes,
      callbacks: callbacks.states(),
      command,
    }),
    beforeWrite: () => folder.settle(),
    begun: async () => {
      await folder.begin();
      await saveComposition(plan.outDir!, describe().gan.config);
    },
  };
  return Checkpoints.open(options, resumed?.checkpoint);
}

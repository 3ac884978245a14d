// A run of `fit`, from its callbacks and checkpoints to its history.
import type { FolderLock } from '../formats/folder-lock.js';
import type { Optimizer } from '../optimizers/index.js';
import { CallbackList } from '../training/callbacks.js';
import { requireComplete, restoreState } from '../training/checkpoint.js';
import { Checkpoints } from '../training/checkpoints.js';
import { runLoop } from '../training/loop.js';
import { requireSame } from '../training/same.js';
import { epochPrinter } from './epoch-printer.js';
import { Fit, type FitParts } from './fit.js';
import type { FitPlan, History } from './fit-options.js';
import type { Model } from './model.js';
import {
  type FitIdentity,
  fitState,
  folderOf,
  lockedFolder,
  type ResumedFit,
  requireNoCheckpoints,
  type SavedFit,
} from './saved-fit.js';
import { readClocks, setClocks } from './step-clock.js';

export interface FitRun {
  readonly model: Model;
  readonly optimizer: Optimizer;
  readonly plan: FitPlan;
  readonly parts: FitParts;
  /** Names of what every epoch ends with. */
  readonly figures: readonly string[];
  /** What its checkpoints are known by, where there are any. */
  readonly identity: FitIdentity | undefined;
  readonly resumed: ResumedFit | undefined;
  /** On the folder of its checkpoints, where it was taken before. */
  readonly lock: FolderLock | undefined;
}

/** @throws CudaGanError `CUDA_GAN_FILE`, `CUDA_GAN_BUSY`, `CUDA_GAN_DATA` or `CUDA_GAN_VALUE` when the run cannot go on as it should. */
export async function runFit(run: FitRun): Promise<History> {
  const { model, optimizer, plan, parts, figures, resumed } = run;
  const printer = epochPrinter({ ...plan, batches: parts.batches.count, live: plan.verbose === 1 });
  const callbacks = new CallbackList(plan.verbose === 0 ? plan.callbacks : [printer, ...plan.callbacks], {
    models: { model },
    optimizers: { model: optimizer },
    figures,
  });
  if (resumed !== undefined) await goOn(run, resumed, callbacks);
  const fit = new Fit(parts);
  const lock = run.lock ?? (await lockedFolder(plan));
  try {
    const checkpoints = await checkpointsOf(run, fit, callbacks);
    try {
      await runLoop(fit, { callbacks, signal: plan.signal, checkpoints });
    } finally {
      await checkpoints?.close();
    }
  } finally {
    lock?.release();
  }
  return fit.history();
}

/** Brings back what the checkpoint has; what does not fit is found before anything changes. */
async function goOn(
  { model, optimizer, figures }: FitRun,
  { checkpoint, saved }: ResumedFit,
  callbacks: CallbackList,
): Promise<void> {
  requireSame('figures', figures, saved.figures, checkpoint.path);
  callbacks.resume(saved.callbacks);
  await restoreState(checkpoint, fitState(model, optimizer), model.device);
  if (saved.learningRate !== undefined) optimizer.learningRate = saved.learningRate;
  setClocks(model.clocks, saved.clocks);
  if (saved.stopped) callbacks.training.stop();
}

async function checkpointsOf(run: FitRun, fit: Fit, callbacks: CallbackList): Promise<Checkpoints | undefined> {
  const { model, optimizer, plan, parts, figures, identity, resumed } = run;
  const folder = folderOf(plan);
  if (folder === undefined || identity === undefined) return undefined;
  await requireNoCheckpoints(plan);
  const state = fitState(model, optimizer);
  requireComplete(state, parts.batches.updated);
  const describe = (): SavedFit => ({
    ...identity,
    learningRate: optimizer.schedule === undefined ? optimizer.learningRate : undefined,
    figures,
    clocks: readClocks(model.clocks),
    progress: fit.progress,
    stopped: callbacks.training.stopped,
    callbacks: callbacks.states(),
  });
  const step = () => fit.batchesDone;
  const options = {
    folder,
    kind: 'fit',
    device: model.device,
    state,
    interval: plan.checkpointInterval,
    step,
    describe,
  };
  return Checkpoints.open(options, resumed?.checkpoint);
}

// What trains in a run of a GAN: pretraining, then the steps from sample to sample, with a picture and the models at each.
import type { Device } from '../devices/device.js';
import type { FolderLock } from '../formats/folder-lock.js';
import type { OwnFloat32Array, Tensor } from '../tensor.js';
import { CallbackList, type Logs } from '../training/callbacks.js';
import type { Checkpoint } from '../training/checkpoint.js';
import type { Chunk, Period, Trainee } from '../training/loop.js';
import { paceOf } from '../training/pace.js';
import { warn } from '../warnings.js';
import { BalanceWatch, type Imbalance } from './balance.js';
import type { GridSize } from './class-grid.js';
import { bestStep, type GeneratorMetrics, isMeasuredStep, stepsToMeasurement } from './generator-metrics.js';
import type { GanHistory, StepFigures } from './history.js';
import { isProbed, type Probe, stepsToProbe } from './probe.js';
import type { RunFolder } from './run-folder.js';
import type { RunProgress, SavedRun } from './saved-run.js';
import type { ImagesOnDevice } from './shown-images.js';
import { Stage } from './stage.js';
import type { StepParts } from './step.js';
import { StepPrograms } from './step-programs.js';
import type { StepsResult } from './step-runner.js';
import type { GanCallbacks, TrainPlan, TrainProgress } from './train-options.js';

export interface TrainingRun {
  readonly parts: StepParts;
  /** Images that are measured by and not trained on. */
  readonly heldOut: ImagesOnDevice | undefined;
  /** Where the generator is measured, as the plan says. */
  readonly metrics: GeneratorMetrics | undefined;
  readonly device: Device;
  readonly plan: TrainPlan;
  /** What pictures are called, before their step. */
  readonly name: string;
  /** Where the random numbers of the run start. */
  readonly firstStep: number;
  /** How samples lie side by side. */
  readonly grid: GridSize;
  /** The images of a grid, from noise that stays the same through all runs. */
  readonly sample: () => Promise<Tensor<OwnFloat32Array>>;
  /** The GAN as it is at the moment, and its data, for a checkpoint. */
  readonly describe: () => Pick<SavedRun, 'gan' | 'name' | 'data'>;
  /** The command that began the run, for its folder and its checkpoints. */
  readonly command: object | undefined;
  /** What the run goes on from. */
  readonly resumed: ResumedRun | undefined;
}

export interface ResumedRun {
  readonly checkpoint: Checkpoint;
  readonly saved: SavedRun;
  readonly lock: FolderLock;
}

export class GanCallbackList extends CallbackList<GanCallbacks> {
  /** Whether one wants samples. */
  get wantSamples(): boolean {
    return this.callbacks.some(({ onSample }) => onSample !== undefined);
  }

  async sample(figures: StepFigures, images: Tensor<OwnFloat32Array>): Promise<void> {
    for (const one of this.callbacks) await one.onSample?.(figures, images, this.training);
  }

  async balance(imbalance: Imbalance): Promise<void> {
    for (const one of this.callbacks) await one.onBalance?.(imbalance, this.training);
  }
}

interface GanTrainingRun extends TrainingRun {
  /** The steps of both players. */
  readonly programs: StepPrograms;
  readonly probe: Probe;
  readonly callbacks: GanCallbackList;
  readonly folder: RunFolder | undefined;
}

/** A period is what callbacks call an epoch: the steps after one sample up to the next. The first has step 0 alone. */
export class GanTraining implements Trainee {
  readonly run: GanTrainingRun;
  readonly history: GanHistory;
  #stage: Stage | undefined;
  /** Number of the period that was begun and has not ended. */
  #openEpoch: number | undefined;
  /** The last step of which there is a sample. */
  #sampled: number;
  /** Steps and seconds of the run before this one. */
  readonly #before: { readonly steps: number; readonly seconds: number };
  readonly #balance: BalanceWatch;
  #start = 0;

  constructor(run: GanTrainingRun, history: GanHistory) {
    this.run = run;
    this.history = history;
    const progress = run.resumed?.saved.progress;
    this.#openEpoch = progress?.openEpoch;
    this.#sampled = progress?.sampled ?? -1;
    this.#before = { steps: history.steps, seconds: history.seconds };
    this.#balance = new BalanceWatch(run.parts.composition.objective, history);
  }

  /** How far it is, for a checkpoint. */
  get progress(): RunProgress {
    const { pretrainSteps, steps, seconds } = this.history;
    return {
      firstStep: this.run.firstStep,
      pretrainSteps,
      steps,
      seconds,
      openEpoch: this.#openEpoch,
      sampled: this.#sampled,
      stopped: this.run.callbacks.training.stopped,
    };
  }

  nextPeriod(): Period | undefined {
    const { plan } = this.run;
    const { pretrainSteps, steps } = this.history;
    if (pretrainSteps < plan.pretrainSteps) return this.#pretraining();
    if (this.#openEpoch === undefined && steps >= plan.steps) return undefined;
    return this.#stepsToSample();
  }

  async finish(): Promise<void> {
    const { plan } = this.run;
    const history = this.history;
    history.aborted = plan.signal?.aborted === true && history.steps < plan.steps;
    await this.#stage?.finish();
    // A run that was stopped ends with a sample, too.
    if (history.steps > this.#sampled + 1) await this.#takeSample(history.at(-1));
  }

  dispose(): void {
    this.#stage?.dispose();
    this.run.probe.dispose();
  }

  /** Lets the discriminator learn against the generator as it is. */
  #pretraining(): Period {
    const { parts, device, firstStep, plan } = this.run;
    const history = this.history;
    const first = firstStep + history.pretrainSteps;
    const stage = new Stage(new StepPrograms(parts, device, { pretraining: true }), {
      device,
      first,
      origin: firstStep,
      name: 'pretraining step',
    });
    this.#stage = stage;
    return {
      epoch: undefined,
      begun: false,
      get stepsAhead() {
        return plan.pretrainSteps - history.pretrainSteps;
      },
      chunk: stage.chunk,
      run: async (count, signal) => {
        const { steps, outputs, divergence } = await stage.run(count, signal);
        history.pretrainSteps += steps;
        stage.requireNone(divergence);
        return chunkOf(outputs, steps, history.pretrainSteps - steps);
      },
      progress: () => this.#progress(),
      end: async () => {
        await stage.finish();
        stage.dispose();
        this.#stage = undefined;
        return {};
      },
    };
  }

  #stepsToSample(): Period {
    const { plan } = this.run;
    const history = this.history;
    const stage = this.#mainStage();
    const begun = this.#openEpoch !== undefined;
    const epoch = this.#openEpoch ?? Math.ceil(history.steps / plan.sampleInterval);
    this.#openEpoch = epoch;
    const first = epoch === 0 ? 0 : (epoch - 1) * plan.sampleInterval + 1;
    const end = Math.min(epoch * plan.sampleInterval + 1, plan.steps);
    return {
      epoch,
      begun,
      get stepsAhead() {
        const { steps } = history;
        return Math.min(end - steps, stepsToProbe(steps), stepsToMeasurement(steps, plan.metrics));
      },
      chunk: stage.chunk,
      run: async (count, signal) => {
        const from = history.steps;
        const outputs = await this.#runSteps(stage, count, signal);
        return chunkOf(outputs, history.steps - from, from - first);
      },
      progress: () => this.#progress(),
      end: async () => {
        await this.#takeSample(history.at(-1));
        this.#openEpoch = undefined;
        return history.means(first, history.steps);
      },
    };
  }

  #mainStage(): Stage {
    if (this.#stage !== undefined) return this.#stage;
    const { programs, device, firstStep } = this.run;
    const { pretrainSteps, steps } = this.history;
    const origin = firstStep + pretrainSteps;
    this.#stage = new Stage(programs, { device, first: origin + steps, origin, name: 'step' });
    this.#start = performance.now();
    return this.#stage;
  }

  async #runSteps(stage: Stage, count: number, signal: AbortSignal | undefined): Promise<StepsResult['outputs']> {
    const history = this.history;
    const from = history.steps;
    const { steps, outputs, divergence: found } = await stage.run(count, signal);
    history.append(outputs, steps);
    const isWhole = steps > 0 && found === undefined;
    const measured = isWhole && this.#isMeasured(history.steps - 1);
    // Losses may be finite where weights are not, and what is kept as the best must be.
    const divergence = measured ? await stage.check() : found;
    const probed = isWhole && divergence === undefined && isProbed(history.steps - 1);
    if (probed) await this.#probe();
    if (measured && divergence === undefined) await this.#measureGenerator();
    history.seconds = this.#before.seconds + (performance.now() - this.#start) / 1000;
    await this.run.folder?.append(history, from);
    stage.requireNone(divergence);
    if (probed) await this.#judgeBalance();
    return outputs;
  }

  /** Measures what the last step has left, but for the generator's own figures. */
  async #probe(): Promise<void> {
    const { probe, firstStep } = this.run;
    const { pretrainSteps, steps } = this.history;
    this.history.amend(await probe.run(firstStep + pretrainSteps + steps - 1));
  }

  #isMeasured(step: number): boolean {
    const { metrics, steps } = this.run.plan;
    return metrics !== undefined && isMeasuredStep(step, metrics, steps);
  }

  /** Measures the generator, and keeps it where it is the best so far. */
  async #measureGenerator(): Promise<void> {
    const history = this.history;
    const { metrics, folder } = this.run;
    history.amend(await metrics!.measure());
    const step = history.steps - 1;
    if (folder === undefined || bestStep(history) !== step) return;
    const found = history.at(step);
    const figures = Object.fromEntries(metrics!.figures.map((name) => [name, found[name]!]));
    await folder.saveBest({ step, figures, ...metrics!.basis });
  }

  /** Says what has gone wrong, if anything has. */
  async #judgeBalance(): Promise<void> {
    for (const imbalance of this.#balance.look(this.history.steps - 1)) {
      warn('CUDA_GAN_BALANCE', imbalance.message);
      await this.run.callbacks.balance(imbalance);
    }
  }

  async #takeSample(figures: StepFigures): Promise<void> {
    const { sample, callbacks, folder, plan } = this.run;
    this.#sampled = figures.step;
    // The end of a run writes the models itself.
    if (figures.step < plan.steps - 1 && !plan.signal?.aborted) await folder?.saveModels();
    if (folder === undefined && !callbacks.wantSamples) return;
    const images = await sample();
    await folder?.saveSamples(figures.step, images);
    await callbacks.sample(figures, images);
  }

  #progress(): TrainProgress {
    const { plan } = this.run;
    const { steps, seconds } = this.history;
    const pace = paceOf(steps - this.#before.steps, seconds - this.#before.seconds, plan.steps - steps);
    return { ...this.history.at(-1), steps: plan.steps, ...pace };
  }
}

function chunkOf(outputs: StepsResult['outputs'], steps: number, first: number): Chunk {
  const figures = (i: number): Logs => Object.fromEntries([...outputs].map(([name, values]) => [name, values[i]!]));
  return { steps, first, figures };
}

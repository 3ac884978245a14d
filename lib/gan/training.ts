// A training run of a GAN: pretraining, then the steps from sample to sample, with a picture and the models at each.
import { ChunkSize } from '../devices/chunk-size.js';
import type { Device } from '../devices/device.js';
import type { OwnFloat32Array, Tensor } from '../tensor.js';
import { CallbackList, type Logs } from '../training/callbacks.js';
import { type Chunk, type Period, runLoop, type Trainee } from '../training/loop.js';
import { paceOf } from '../training/pace.js';
import type { GanHistory, StepFigures } from './history.js';
import type { RunFolder } from './run-folder.js';
import type { StepParts } from './step.js';
import { StepPrograms } from './step-programs.js';
import { type Divergence, divergenceError, StepRunner, type StepsResult } from './step-runner.js';
import type { GanCallbacks, TrainPlan } from './train-options.js';

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

/** Trains until the steps are done, or the run is ended early. `history` fills on the way, so that it survives an error. */
export async function runTraining(run: TrainingRun, history: GanHistory): Promise<void> {
  const { generator, discriminator } = run.parts;
  const { callbacks: listeners, signal } = run.plan;
  const programs = new StepPrograms(run.parts, run.device, { pretraining: false });
  const callbacks = new GanCallbackList(listeners, {
    models: { generator: generator.model, discriminator: discriminator.model },
    optimizers: { generator: generator.optimizer, discriminator: discriminator.optimizer },
    figures: programs.figures,
  });
  const gan = new GanTraining({ ...run, programs, callbacks }, history);
  try {
    await runLoop(gan, { callbacks, signal });
  } finally {
    gan.dispose();
  }
}

class GanCallbackList extends CallbackList<GanCallbacks> {
  /** Whether one wants samples. */
  get wantSamples(): boolean {
    return this.callbacks.some(({ onSample }) => onSample !== undefined);
  }

  async sample(figures: StepFigures, images: Tensor<OwnFloat32Array>): Promise<void> {
    for (const one of this.callbacks) await one.onSample?.(figures, images, this.training);
  }
}

interface GanTrainingRun extends TrainingRun {
  /** The steps of both players. */
  readonly programs: StepPrograms;
  readonly callbacks: GanCallbackList;
}

/** A period is what callbacks call an epoch: the steps after one sample up to the next. The first has step 0 alone. */
class GanTraining implements Trainee {
  readonly #run: GanTrainingRun;
  readonly #history: GanHistory;
  #stage: Stage | undefined;
  /** Number of the period that was begun and has not ended. */
  #openEpoch: number | undefined;
  /** The last step of which there is a sample. */
  #sampled = -1;
  #start = 0;

  constructor(run: GanTrainingRun, history: GanHistory) {
    this.#run = run;
    this.#history = history;
  }

  nextPeriod(): Period | undefined {
    const { plan } = this.#run;
    const { pretrainSteps, steps } = this.#history;
    if (pretrainSteps < plan.pretrainSteps) return this.#pretraining();
    if (this.#openEpoch === undefined && steps >= plan.steps) return undefined;
    return this.#stepsToSample();
  }

  async finish(): Promise<void> {
    const { plan } = this.#run;
    const history = this.#history;
    history.aborted = plan.signal?.aborted === true && history.steps < plan.steps;
    await this.#stage?.finish();
    // A run that was stopped ends with a sample, too.
    if (history.steps > this.#sampled + 1) await this.#takeSample(history.at(-1));
  }

  dispose(): void {
    this.#stage?.dispose();
  }

  /** Lets the discriminator learn against the generator as it is. */
  #pretraining(): Period {
    const { parts, device, firstStep, plan } = this.#run;
    const history = this.#history;
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
    const { plan } = this.#run;
    const history = this.#history;
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
        return end - history.steps;
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
    const { programs, device, firstStep } = this.#run;
    const { pretrainSteps, steps } = this.#history;
    const origin = firstStep + pretrainSteps;
    this.#stage = new Stage(programs, { device, first: origin + steps, origin, name: 'step' });
    this.#start = performance.now();
    return this.#stage;
  }

  async #runSteps(stage: Stage, count: number, signal: AbortSignal | undefined): Promise<StepsResult['outputs']> {
    const history = this.#history;
    const from = history.steps;
    const { steps, outputs, divergence } = await stage.run(count, signal);
    history.append(outputs, steps);
    history.seconds = (performance.now() - this.#start) / 1000;
    await this.#run.folder?.append(history, from);
    stage.requireNone(divergence);
    return outputs;
  }

  async #takeSample(figures: StepFigures): Promise<void> {
    const { sample, callbacks, folder, plan } = this.#run;
    this.#sampled = figures.step;
    // The end of a run writes the models itself.
    if (figures.step < plan.steps - 1 && !plan.signal?.aborted) await folder?.saveModels();
    if (folder === undefined && !callbacks.wantSamples) return;
    const images = await sample();
    await folder?.saveSamples(figures.step, images);
    await callbacks.sample(figures, images);
  }

  #progress() {
    const { plan } = this.#run;
    const { steps, seconds } = this.#history;
    return { ...this.#history.at(-1), steps: plan.steps, ...paceOf(steps, seconds, plan.steps - steps) };
  }
}

interface StageOptions {
  readonly device: Device;
  /** What the random numbers of its first step count by. */
  readonly first: number;
  /** What those of step 0 did, from which on messages count. */
  readonly origin: number;
  readonly name: 'step' | 'pretraining step';
}

/** Steps of one kind. */
class Stage {
  readonly chunk = new ChunkSize();
  readonly #runner: StepRunner;
  readonly #options: StageOptions;

  constructor(programs: StepPrograms, options: StageOptions) {
    this.#runner = new StepRunner(programs, options.device, options.first);
    this.#options = options;
  }

  run(count: number, signal: AbortSignal | undefined): Promise<StepsResult> {
    return this.#runner.run(count, signal);
  }

  /** @throws CudaGanError `CUDA_GAN_DIVERGED` when the steps have left a number that is not finite. */
  async finish(): Promise<void> {
    this.requireNone(await this.#runner.finish());
  }

  /** @throws CudaGanError `CUDA_GAN_DIVERGED` when there is a divergence. */
  requireNone(divergence: Divergence | undefined): void {
    if (divergence !== undefined) throw divergenceError(divergence, this.#options.origin, this.#options.name);
  }

  dispose(): void {
    this.#runner.dispose();
  }
}

function chunkOf(outputs: StepsResult['outputs'], steps: number, first: number): Chunk {
  const figures = (i: number): Logs => Object.fromEntries([...outputs].map(([name, values]) => [name, values[i]!]));
  return { steps, first, figures };
}

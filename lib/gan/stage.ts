// Steps of one kind in a run: those of the discriminator alone, or of both players.
import { ChunkSize } from '../devices/chunk-size.js';
import type { Device } from '../devices/device.js';
import type { StepPrograms } from './step-programs.js';
import { type Divergence, divergenceError, StepRunner, type StepsResult } from './step-runner.js';

export interface StageOptions {
  readonly device: Device;
  /** What the random numbers of its first step count by. */
  readonly first: number;
  /** What those of step 0 did, from which on messages count. */
  readonly origin: number;
  readonly name: 'step' | 'pretraining step';
}

export class Stage {
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

  /** The divergence that the steps so far have left without a loss that shows it, if there is one; it is gone back from. */
  check(): Promise<Divergence | undefined> {
    return this.#runner.check();
  }

  /** @throws CudaGanError `CUDA_GAN_DIVERGED` when the steps have left a number that is not finite. */
  async finish(): Promise<void> {
    this.requireNone(await this.check());
  }

  /** @throws CudaGanError `CUDA_GAN_DIVERGED` when there is a divergence. */
  requireNone(divergence: Divergence | undefined): void {
    if (divergence !== undefined) throw divergenceError(divergence, this.#options.origin, this.#options.name);
  }

  dispose(): void {
    this.#runner.dispose();
  }
}

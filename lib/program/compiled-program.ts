// A recorded step, compiled for a device to be run again and again.
import type { Device, DeviceBuffer, Executable, RunOptions, RunResult } from '../devices/device.js';
import type { Graph } from './graph.js';
import { buildProgram, type Program } from './program.js';

export class CompiledProgram {
  readonly #program: Program;
  readonly #device: Device;
  readonly #executable: Executable;
  readonly #buffers: readonly DeviceBuffer[];

  constructor(graph: Graph, device: Device) {
    this.#program = buildProgram(graph, device);
    this.#device = device;
    this.#executable = device.compile(this.#program);
    this.#buffers = this.#program.variables.map((variable) => variable.on(device));
  }

  /** Memory that it holds besides its Variables. */
  get bytes(): number {
    return this.#program.arenaBytes;
  }

  /** Whether its Variables still have the memory that it was compiled for: one that was disposed of gets another. */
  get current(): boolean {
    return this.#program.variables.every((variable, i) => variable.on(this.#device) === this.#buffers[i]);
  }

  run(steps: number, options?: RunOptions): Promise<RunResult> {
    return this.#executable.run(steps, options);
  }

  dispose(): void {
    this.#executable.dispose();
  }
}

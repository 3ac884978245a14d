// Builds a graph, runs it on a device, and hands back its outputs.
import type { Device } from '../../lib/devices/device';
import { ReferenceDevice } from '../../lib/devices/reference/device';
import { Graph } from '../../lib/program/graph';
import { buildProgram } from '../../lib/program/program';
import type { Value } from '../../lib/program/value';
import { Variable } from '../../lib/program/variable';
import { dtypeOf, type Tensor } from '../../lib/tensor';

export type Build = (inputs: Value[], graph: Graph) => readonly Value[];

export interface RunOptions {
  readonly seed?: number;
  readonly step?: number;
  /** Default true: what the device fuses. */
  readonly fusion?: boolean;
}

/** The Program of `build` for a device. */
export function programFor(
  device: Device,
  inputs: readonly Tensor[],
  build: Build,
  { seed = 7, fusion = true }: RunOptions = {},
) {
  const graph = new Graph(seed);
  const variables = inputs.map(
    ({ shape, data }, i) => new Variable({ name: `input ${i}`, shape, dtype: dtypeOf(data), initial: () => data }),
  );
  const results = build(
    variables.map((variable) => graph.read(variable)),
    graph,
  );
  results.forEach((value, i) => {
    graph.output(String(i), value);
  });
  return { program: buildProgram(graph, fusion ? device : {}), count: results.length };
}

/** The outputs that `build` records, after one step on `device`. */
export async function run(
  device: Device,
  inputs: readonly Tensor[],
  build: Build,
  options: RunOptions = {},
): Promise<ArrayLike<number>[]> {
  const { program, count } = programFor(device, inputs, build, options);
  const executable = device.compile(program);
  const { outputs } = await executable.run(1, { firstStep: options.step ?? 0 });
  executable.dispose();
  return Array.from({ length: count }, (_, i) => outputs.get(String(i))!);
}

/** As `run` on a reference device, with inputs and outputs in float64. */
export async function runExact(
  inputs: readonly (Tensor & { exact?: Float64Array })[],
  build: Build,
  options: RunOptions = {},
): Promise<Float64Array[]> {
  const device = new ReferenceDevice();
  const { program, count } = programFor(device, inputs, build, options);
  const executable = device.compile(program);
  for (const variable of program.variables) {
    const { exact } = inputs[Number(variable.name.slice('input '.length))]!;
    if (exact !== undefined) await variable.on(device).write(exact as never);
  }
  const { outputs } = await executable.runExact(1, { firstStep: options.step ?? 0 });
  return Array.from({ length: count }, (_, i) => outputs.get(String(i))!);
}

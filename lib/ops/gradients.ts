// Reverse-mode differentiation as a graph transformation (Griewank & Walther, Evaluating Derivatives, 2008, chapter 3):
// walks the nodes backwards and lets each op's rule emit ordinary ops, so that gradients can be differentiated again.
import { notAllowed } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { checkOptions } from '../options.js';
import { requireInputs } from '../program/op.js';
import type { Node, Value } from '../program/value.js';
import { add } from './binary.js';
import { fill } from './fill.js';
import { requireSameShape } from './shapes.js';

/** What `gradients` takes. */
export interface GradientOptions {
  /** Gradients that flow into `outputs`. Default: ones, so that scalar losses need none. */
  readonly seeds?: readonly (Value | undefined)[];
  /** Treat `wrt` as independent even where one is computed from another. */
  readonly independent?: boolean;
}

/**
 * d(sum of outputs · seeds) / d(wrt), one Value per entry of `wrt`, of its shape; zeros where nothing flows.
 * @throws CudaGanError `CUDA_GAN_VALUE` when an op on the way has no gradient.
 */
export function gradients(outputs: readonly Value[], wrt: readonly Value[], options: GradientOptions = {}): Value[] {
  requireLists({ outputs, wrt });
  const { seeds } = checkOptions('gradients', options, { seeds: true, independent: true });
  if (seeds !== undefined) requireSeeds(seeds, outputs);
  return partialGradients(outputs, wrt, options).map(
    (gradient, i) => gradient ?? fill(wrt[i]!.graph, wrt[i]!.shape, 0),
  );
}

/** @throws CudaGanError `CUDA_GAN_VALUE` for what is no list of Values. */
function requireLists(lists: Readonly<Record<string, readonly Value[]>>): void {
  for (const [name, list] of Object.entries(lists)) {
    if (Array.isArray(list)) requireInputs(`gradients: ${name}`, list);
    else throw notAllowed(`gradients: ${name}`, list, 'arrays of Values, as gradients([loss], [x]) has them');
  }
}

/** @throws CudaGanError `CUDA_GAN_VALUE` and `CUDA_GAN_SHAPE` for seeds that do not fit the outputs. */
function requireSeeds(seeds: readonly (Value | undefined)[], outputs: readonly Value[]): void {
  if (!Array.isArray(seeds) || seeds.length !== outputs.length) {
    throw notAllowed('gradients: seeds', seeds, `arrays of ${outputs.length}, a Value or undefined for each output`);
  }
  outputs.forEach((output, i) => {
    const seed = seeds[i];
    if (seed === undefined) return;
    requireInputs('gradients: seeds', [seed]);
    requireSameShape('gradients: seeds', output, seed);
  });
}

/** The gradients of `node`'s inputs, found by rebuilding its outputs from simpler ops and differentiating those. @internal */
export function differentiateParts(
  { inputs }: Pick<Node, 'inputs'>,
  outputGradients: readonly (Value | undefined)[],
  parts: (inputs: readonly Value[]) => readonly Value[],
): (Value | undefined)[] {
  return partialGradients(parts(inputs), inputs, { seeds: outputGradients, independent: true });
}

/** As `gradients`, with undefined in place of zeros. */
function partialGradients(
  outputs: readonly Value[],
  wrt: readonly Value[],
  { seeds, independent = false }: GradientOptions = {},
): (Value | undefined)[] {
  const gradientOf = new Map<Value, Value>();
  const accumulate = (value: Value, gradient: Value | undefined) => {
    if (gradient === undefined) return;
    const sum = gradientOf.get(value);
    gradientOf.set(value, sum === undefined ? gradient : add(sum, gradient));
  };
  outputs.forEach((output, i) => {
    accumulate(output, seeds === undefined ? fill(output.graph, output.shape, 1) : seeds[i]);
  });

  for (const node of nodesBetween(wrt, outputs, independent)) {
    const outputGradients = node.outputs.map((output) => gradientOf.get(output));
    if (outputGradients.every((gradient) => gradient === undefined)) continue;
    if (node.op.gradient === undefined) {
      throw new CudaGanError('CUDA_GAN_VALUE', `${node.op.name} has no gradient`);
    }
    node.op.gradient(node, outputGradients).forEach((gradient, i) => {
      accumulate(node.inputs[i]!, gradient);
    });
  }
  return wrt.map((value) => gradientOf.get(value));
}

/**
 * The nodes on a path from `wrt` to `outputs`, last recorded first. The content of a Variable is where a path starts:
 * gradients do not flow into the update that left it there.
 */
function nodesBetween(wrt: readonly Value[], outputs: readonly Value[], independent: boolean): Node[] {
  const isWrt = new Set(wrt);
  const onPath = new Map<Node, boolean>();
  const reachesWrt = (value: Value): boolean => {
    const start = isWrt.has(value);
    if (value.node === undefined || value.variable !== undefined || (start && independent)) return start;
    return visit(value.node) || start;
  };
  const visit = (node: Node): boolean => {
    const known = onPath.get(node);
    if (known !== undefined) return known;
    onPath.set(node, false);
    const reached = node.inputs.map(reachesWrt).some(Boolean);
    onPath.set(node, reached);
    return reached;
  };
  outputs.forEach(reachesWrt);
  return [...onPath]
    .filter(([, reached]) => reached)
    .map(([node]) => node)
    .sort((a, b) => b.id - a.id);
}

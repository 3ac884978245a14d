// What a model is trained for: a loss per output, their weighted sum, and the metrics that are looked at.
import { finiteNumber, inWords, kindOf, notAllowed } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { type LossLike, type TrainedLoss, toLoss } from '../losses/index.js';
import { weightedMean } from '../losses/weighted-mean.js';
import { type MetricLike, type NamedMetric, toMetric } from '../metrics/index.js';
import { add, affine, mean } from '../ops/index.js';
import type { Graph } from '../program/graph.js';
import { Value } from '../program/value.js';
import { formatShape } from '../tensor.js';
import type { TargetPort } from './data.js';
import type { Accumulating } from './figures.js';
import type { CompileOptions } from './fit-options.js';
import { inOrder } from './structure.js';
import type { Port } from './topology.js';

/** What is wanted of one output. */
interface OutputObjective {
  readonly output: string;
  readonly loss: TrainedLoss;
  readonly weight: number;
  readonly metrics: readonly NamedMetric[];
}

/** What a model made of a batch. */
export interface Results {
  readonly targets: readonly Value[];
  readonly predictions: readonly Value[];
  /** Of the samples for each output, [batch]; none where all count 1. */
  readonly weights: readonly Value[];
  /** What is added to the loss besides, scalars. */
  readonly penalties: readonly Value[];
}

export class Objective {
  readonly #outputs: readonly OutputObjective[];
  /** The metrics of counts, by the names of their figures. */
  readonly accumulating: Accumulating;

  /** @throws CudaGanError `CUDA_GAN_VALUE` for an unknown name, or where they are not those of the outputs. */
  constructor(outputs: readonly string[], { loss, lossWeights, metrics }: Omit<CompileOptions, 'optimizer'>) {
    const chosen = chosenByOutput(outputs, { loss, lossWeights, metrics });
    const losses = chosen.losses.map(toLoss);
    this.#outputs = outputs.map((output, i) => ({
      output,
      loss: losses[i]!,
      weight: finiteNumber('a weight of lossWeights', chosen.weights[i]!),
      metrics: Array.from(chosen.metrics[i]!, toMetric),
    }));
    this.#requireDistinctNames();
    const counting = this.#outputs.flatMap((objective) =>
      objective.metrics.flatMap(({ name, accumulating }) =>
        accumulating === undefined ? [] : [[this.#figureName(objective, name), accumulating] as const],
      ),
    );
    this.accumulating = new Map(counting);
  }

  /** The outputs, and which of them take class numbers, or probabilities. */
  targetPorts(ports: readonly Port[]): readonly TargetPort[] {
    return ports.map((port, i) => {
      const { sparse, probabilities, name } = this.#outputs[i]!.loss;
      return {
        ...port,
        classes: sparse ? port.shape.at(-1) : undefined,
        ofProbabilities: probabilities ? name : undefined,
      };
    });
  }

  /** Records the figures of a batch as outputs; returns the loss. */
  record(graph: Graph, { targets, predictions, weights, penalties }: Results): Value {
    const losses = this.#outputs.map(({ output, loss }, i) => {
      const record = () => loss.lossOf(targets[i]!, predictions[i]!);
      return meanOverBatch({ what: 'loss', output, record, weights: weights[i] }, predictions[i]!);
    });
    const weighted = losses.map((loss, i) => {
      const { weight } = this.#outputs[i]!;
      return weight === 1 ? loss : affine(loss, weight);
    });
    const total = [...weighted, ...penalties].reduce((sum, loss) => add(sum, loss));
    graph.output('loss', total);
    if (losses.length > 1) {
      losses.forEach((loss, i) => {
        graph.output(this.#figureName(this.#outputs[i]!, 'loss'), loss);
      });
    }
    this.#outputs.forEach((objective, i) => {
      for (const { name, metric, accumulating } of objective.metrics) {
        const record = () => metric(targets[i]!, predictions[i]!);
        const measured = { what: `metric ${name}`, output: objective.output, record };
        const value = accumulating ? countsOf(measured, graph) : meanOverBatch(measured, predictions[i]!);
        graph.output(this.#figureName(objective, name), value);
      }
    });
    return total;
  }

  /** `accuracy`; where there are several outputs, `digitAccuracy`. */
  #figureName({ output }: OutputObjective, figure: string): string {
    return this.#outputs.length === 1 ? figure : `${output}${capitalized(figure)}`;
  }

  /** An output called `val` would have the names of validation. */
  #requireDistinctNames(): void {
    const several = this.#outputs.length > 1;
    const names = ['loss', ...this.#outputs.flatMap((objective) => this.#figureNames(objective, several))];
    const all = [...names, ...names.map(validationName)];
    const repeated = all.find((name, i) => all.indexOf(name) !== i);
    if (repeated === undefined) return;
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `two figures would be called "${repeated}": give metrics once, outputs other names`,
    );
  }

  #figureNames(objective: OutputObjective, several: boolean): readonly string[] {
    const metrics = objective.metrics.map(({ name }) => this.#figureName(objective, name));
    return several ? [this.#figureName(objective, 'loss'), ...metrics] : metrics;
  }
}

/** What `compile` chose for each output, in their order. */
export interface ChosenByOutput {
  readonly losses: readonly LossLike[];
  readonly weights: readonly number[];
  readonly metrics: readonly (readonly MetricLike[])[];
}

/** @internal @throws CudaGanError `CUDA_GAN_VALUE` where names or counts are not those of the outputs. */
export function chosenByOutput(
  outputs: readonly string[],
  { loss, lossWeights, metrics }: Omit<CompileOptions, 'optimizer'>,
): ChosenByOutput {
  return {
    losses: inOrder<LossLike>('loss', loss, outputs, { isItem: isLoss(outputs), shared: true }),
    weights:
      lossWeights === undefined
        ? outputs.map(() => 1)
        : inOrder<number>('lossWeights', lossWeights, outputs, { isItem: isName }),
    metrics: metricsInOrder(outputs, metrics ?? []),
  };
}

/** `loss` → `valLoss`: the figure on validation data. */
export function validationName(figure: string): string {
  return `val${capitalized(figure)}`;
}

function capitalized(text: string): string {
  return `${text[0]!.toUpperCase()}${text.slice(1)}`;
}

/** Names and functions are no lists or records of any. */
function isName(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'function' || typeof value === 'number';
}

/** A name, a function, or plain data, unless that has losses by the names of outputs. */
function isLoss(outputs: readonly string[]): (value: unknown) => boolean {
  const isPlain = (value: unknown) => kindOf(value) === 'Object' && Object.hasOwn(value as object, 'name');
  return (value) => isName(value) || (isPlain(value) && !outputs.includes('name'));
}

/** A flat array is for every output; an array of arrays has one for each. */
function metricsInOrder(
  outputs: readonly string[],
  metrics: NonNullable<CompileOptions['metrics']>,
): readonly (readonly MetricLike[])[] {
  if (!Array.isArray(metrics) && kindOf(metrics) !== 'Object') {
    throw notAllowed('metrics', metrics, 'arrays of names and functions');
  }
  const isFlat = Array.isArray(metrics) && !Array.isArray(metrics[0]);
  if (isFlat) return outputs.map(() => metrics as readonly MetricLike[]);
  const given = inOrder<MetricLike | readonly MetricLike[]>('metrics', metrics as never, outputs, { isItem: isName });
  return given.map((wanted) => (Array.isArray(wanted) ? wanted : [wanted as MetricLike]));
}

/** What a loss or a metric makes of an output. */
interface Measured {
  /** What it is called in messages. */
  readonly what: string;
  readonly output: string;
  readonly record: () => unknown;
  readonly weights?: Value | undefined;
}

function recorded({ what, output, record }: Measured, graph: Graph): Value {
  const value: unknown = graph.scope(`${what} of output "${output}"`, record);
  if (value instanceof Value && value.dtype === 'float32') return value;
  const found = value instanceof Value ? `a Value of ${value.dtype}` : inWords(value);
  throw new CudaGanError('CUDA_GAN_VALUE', `the ${what} returned ${found}; wanted is a Value of float32`);
}

/** What a metric adds up: [any length]. */
function countsOf(measured: Measured, graph: Graph): Value {
  const value = recorded(measured, graph);
  if (value.shape.length === 1 && value.shape[0]! > 0) return value;
  throw new CudaGanError(
    'CUDA_GAN_SHAPE',
    `the ${measured.what} must count by a Value of [counts]; found shape ${formatShape(value.shape)} for the output "${measured.output}"`,
  );
}

/** A scalar: what was recorded, or the mean of what it is for each sample. */
function meanOverBatch({ what, output, record, weights }: Measured, predictions: Value): Value {
  const { graph, shape } = predictions;
  const value = recorded({ what, output, record }, graph);
  const ofSamples = value.shape.length > 0 && value.shape[0] === shape[0];
  if (ofSamples) return weights === undefined ? mean(value) : weightedMean(value, weights);
  if (weights !== undefined) {
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `the ${what} of the output "${output}" is ${formatShape(value.shape)} for a batch, of which samples cannot be weighted: let it return one for each, [${shape[0]}, ..]`,
    );
  }
  if (value.shape.length === 0) return value;
  throw new CudaGanError(
    'CUDA_GAN_SHAPE',
    `the ${what} must be a scalar, or one for each sample, [${shape[0]}, ..]; found shape ${formatShape(value.shape)} for the output "${output}"`,
  );
}

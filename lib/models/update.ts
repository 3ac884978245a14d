// An update of a model's weights, as `fit` and the training of a GAN record it: along the gradient of a loss, with what the
// layers' regularizers add to that, and back to where their constraints hold the weights.
import { assign } from '../ops/assign.js';
import { gradients } from '../ops/gradients.js';
import type { Optimizer } from '../optimizers/optimizer.js';
import type { Graph } from '../program/graph.js';
import type { Value } from '../program/value.js';
import type { Variable } from '../program/variable.js';
import type { Model } from './model.js';

/** What regularizers add to the loss for those of the weights that have one, scalars; weights that do not train cost nothing. */
export function weightPenalties(graph: Graph, { weightRules }: Model, weights: readonly Variable[]): readonly Value[] {
  return weights.flatMap((weight) => weightRules.get(weight)?.regularizer?.penalty(graph.read(weight)) ?? []);
}

export interface Updated {
  readonly model: Model;
  readonly optimizer: Optimizer;
  /** Those that move. */
  readonly weights: readonly Variable[];
}

/** Moves the weights along the gradient of `loss`, which has the penalties in it, and holds them to their constraints. */
export function recordUpdate(graph: Graph, { model, optimizer, weights }: Updated, loss: Value): void {
  const values = weights.map((weight) => graph.read(weight));
  optimizer.applyGradients(graph, weights, gradients([loss], values));
  const { weightRules } = model;
  for (const weight of weights) {
    const constraint = weightRules.get(weight)?.constraint;
    if (constraint === undefined) continue;
    const content = graph.read(weight);
    assign(content, constraint.constrain(content));
  }
}

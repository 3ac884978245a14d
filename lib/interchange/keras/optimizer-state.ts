// The state of an optimizer in the order in which Keras has it.
import type { Optimizer } from '../../optimizers/optimizer.js';
import type { Variable } from '../../program/variable.js';

/** Names of what an optimizer keeps for each weight, by its class: those of one inner list go together, weight by weight. */
const stateOf: Readonly<Record<string, readonly (readonly string[])[]>> = {
  Adam: [['m', 'v'], ['v_hat']],
  AdamW: [['m', 'v'], ['v_hat']],
  Nadam: [['m', 'v']],
  Adagrad: [['accumulator']],
  RMSprop: [['mean_square']],
  SGD: [['velocity']],
};

/** What an optimizer keeps, apart from its learning rate. */
export interface OptimizerState {
  /** How many updates there were, where it counts them. */
  readonly updates: Variable | undefined;
  /** Moments and the like. */
  readonly moments: readonly Variable[];
  /** What belongs to all weights, such as the product of Nadam's momentums; Keras has it at the end. */
  readonly shared: readonly Variable[];
}

/** Of an optimizer that has recorded an update of these weights. */
export function optimizerState(optimizer: Optimizer, weights: readonly Variable[]): OptimizerState {
  const found = optimizer.state(new Map(weights.map((weight, i) => [String(i), weight])));
  const moments = (stateOf[optimizer.className] ?? []).flatMap((names) =>
    weights.flatMap((_, i) => names.flatMap((name) => found.get(`${i}/${name}`) ?? [])),
  );
  const others = [...found.values()].filter((variable) => !moments.includes(variable));
  const updates = [...found].find(([path]) => path.endsWith('/updates'))?.[1];
  const usesMomentum = optimizer.className !== 'SGD' || optimizer.getConfig().momentum !== 0;
  return {
    updates,
    moments: usesMomentum ? moments : [],
    shared: others.filter((variable) => variable !== updates),
  };
}

// Initializers without chance.
import { builtIn } from '../built-in.js';
import { finiteNumber } from '../checks.js';
import { checkOptions, type OptionNames } from '../options.js';
import { fill, type Initializer } from './initializer.js';

/** What `constant` takes. */
export interface ConstantOptions {
  /** Default 0. */
  readonly value?: number | undefined;
}

const optionNames: OptionNames<ConstantOptions> = { value: true };

type NoOptions = Readonly<Record<string, never>>;

/** `value` in every element. Default 0. */
export function constant(options?: ConstantOptions): Initializer {
  const { value = 0 } = checkOptions('initializers.constant', options, optionNames);
  finiteNumber('value', value);
  return builtIn({ name: 'constant', config: { value }, create: filledWith(value) });
}

/** 0 in every element. */
export function zeros(options?: NoOptions): Initializer {
  checkOptions<object>('initializers.zeros', options, {});
  return builtIn({ name: 'zeros', config: {}, create: filledWith(0) });
}

/** 1 in every element. */
export function ones(options?: NoOptions): Initializer {
  checkOptions<object>('initializers.ones', options, {});
  return builtIn({ name: 'ones', config: {}, create: filledWith(1) });
}

function filledWith(value: number): Initializer['create'] {
  return (shape) => fill(shape, () => value);
}

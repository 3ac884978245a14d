// Objects of options that users give: what is none is refused, and so is an option that does not exist.
import { inWords, kindOf } from './checks.js';
import { CudaGanError } from './errors.js';
import { nearestName } from './nearest-name.js';

/** The names of the options of a type: all of them and no other, which the compiler sees to. */
export type OptionNames<Options> = Readonly<Record<keyof Options, true>>;

/**
 * The options that were given to `call`; an empty object when none were. Options without types may hold anything: what
 * must be there and what its values may be, the caller checks.
 * @throws CudaGanError `CUDA_GAN_VALUE` for what is no object of options, for a name that is not in `known`, and for null.
 */
export function checkOptions<Options extends object>(
  call: string,
  options: Options | undefined,
  known: OptionNames<Options>,
): Options {
  if (options === undefined) return {} as Options;
  const names = Object.keys(known);
  if (kindOf(options) !== 'Object') {
    const allowed = names.length === 0 ? 'no options' : `objects with ${names.join(', ')}`;
    throw new CudaGanError('CUDA_GAN_VALUE', `${call}: options is ${inWords(options)}; allowed are ${allowed}`);
  }
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(known, name)) throw unknownOption(call, name, names);
    if (value === null) {
      throw new CudaGanError('CUDA_GAN_VALUE', `${call}: ${name} is null; give it a value, or leave it out`);
    }
  }
  return options;
}

/** The options that have a value. */
export function withoutUndefined<Options extends object>(options: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Options;
}

function unknownOption(call: string, name: string, known: readonly string[]): CudaGanError {
  const unknown = `${call}: unknown option ${inWords(name)}`;
  const names = known.join(', ');
  const nearest = nearestName(name, known);
  if (nearest !== undefined) {
    return new CudaGanError('CUDA_GAN_VALUE', `${unknown}; did you mean "${nearest}"? Allowed are ${names}`);
  }
  return new CudaGanError('CUDA_GAN_VALUE', `${unknown}; ${names === '' ? 'there are none' : `allowed are ${names}`}`);
}

/** Those of the options that have these names, and are given. @internal */
export function pick<Options extends object>(options: Options, names: readonly string[]): Partial<Options> {
  const given = Object.entries(options).filter(([name, value]) => names.includes(name) && value !== undefined);
  return Object.fromEntries(given) as Partial<Options>;
}

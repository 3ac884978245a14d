// What belongs to several inputs or outputs: one item, a list in their order, or a record by their names.
import { inWords, kindOf } from '../checks.js';
import { CudaGanError } from '../errors.js';
import { nearestName } from '../nearest-name.js';

/** One item, several in order, or several by name. */
export type Structure<Item> = Item | readonly Item[] | Readonly<Record<string, Item>>;

/** How a structure was given. */
export type Form = 'one' | 'list' | 'record';

/** `items` in the form in which others of that order and those names were given. */
export function inForm<Item>(form: Form, names: readonly string[], items: readonly Item[]): Structure<Item> {
  if (form === 'one') return items[0]!;
  return form === 'list' ? items : Object.fromEntries(names.map((name, i) => [name, items[i]!]));
}

/**
 * The items for `names`, in their order. What is no list and no record is the item of all of them where `shared` says so,
 * else of the only one. @throws CudaGanError `CUDA_GAN_VALUE` that says what is missing, or too much.
 */
export function inOrder<Item>(
  what: string,
  given: Structure<Item>,
  names: readonly string[],
  { isItem, shared = false }: { readonly isItem: (value: unknown) => boolean; readonly shared?: boolean },
): readonly Item[] {
  if (Array.isArray(given) && !isItem(given)) {
    if (given.length === names.length) return [...given];
    throw wrong(what, `an array of ${given.length}`, names);
  }
  if (kindOf(given) === 'Object' && !isItem(given)) return byName(what, given as Readonly<Record<string, Item>>, names);
  if (names.length === 1 || shared) return names.map(() => given as Item);
  throw wrong(what, isItem(given) ? 'only one' : inWords(given), names);
}

function byName<Item>(what: string, given: Readonly<Record<string, Item>>, names: readonly string[]): readonly Item[] {
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    const nearest = nearestName(name, names);
    const advice = nearest === undefined ? '' : `; did you mean "${nearest}"?`;
    throw wrong(what, `a record with ${inWords(name)}${advice}`, names);
  }
  return names.map((name) => {
    if (Object.hasOwn(given, name)) return given[name]!;
    throw wrong(what, `a record without ${inWords(name)}`, names);
  });
}

function wrong(what: string, found: string, names: readonly string[]): CudaGanError {
  const form = names.length === 1 ? 'one' : `an array of ${names.length}, or a record,`;
  return new CudaGanError('CUDA_GAN_VALUE', `${what} is ${found}; wanted is ${form} for ${names.join(', ')}`);
}

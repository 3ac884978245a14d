// The parts that a GAN is composed of: built-in ones by name or as plain data, and those of the user's own.
import { requireOwnName } from '../built-in.js';
import { inWords, kindOf, named, notAllowed } from '../checks.js';
import { CudaGanError } from '../errors.js';

/** What all parts have. */
export interface Spec {
  /** What figures, errors and files call it. */
  readonly name: string;
  /** The options of a built-in part, by which it is made again. */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
}

/** A built-in part as plain data: its name beside its options. */
export type PlainSpec<Name extends string> = {
  /** Which part. */
  readonly name: Name;
  readonly [option: string]: unknown;
};

/** How to make the built-in parts of a kind. */
export type SpecTable<Part> = Readonly<Record<string, (options?: never) => Part>>;

/**
 * The part that is wanted, whichever way: by name, as plain data, or itself.
 * @throws CudaGanError `CUDA_GAN_VALUE` for an unknown name, an option that does not exist, an object that lacks one of the
 * functions of such a part (`functions` has a list for every form that it may have), and one that is called as a built-in part.
 */
export function toPart<Part extends Spec>(
  kind: string,
  table: SpecTable<Part>,
  wanted: string | { readonly name: string } | Part,
  functions: readonly (readonly string[])[],
): Part {
  if (typeof wanted === 'string') return named(kind, table, wanted)();
  if (typeof wanted !== 'object' || wanted === null) {
    throw notAllowed(kind, wanted, `${Object.keys(table).join(', ')}, and objects`);
  }
  const isOwn = Object.values(wanted).some((value) => typeof value === 'function') || kindOf(wanted) !== 'Object';
  if (!isOwn && Object.getPrototypeOf(wanted) === Object.prototype) {
    const { name, ...options } = wanted as PlainSpec<string>;
    return named(kind, table, name)(options as never);
  }
  const part = requirePart(kind, wanted as Part, functions);
  requireOwnName(kind, part, table);
  return part;
}

function requirePart<Part extends Spec>(kind: string, part: Part, functions: readonly (readonly string[])[]): Part {
  if (typeof part.name !== 'string' || part.name === '')
    throw notAllowed(`the name of the ${kind}`, part.name, 'texts that are not empty');
  const record = part as unknown as Readonly<Record<string, unknown>>;
  if (functions.some((names) => names.every((name) => typeof record[name] === 'function'))) return part;
  const forms = functions.map((names) => names.join(', ')).join('; or ');
  const found = Object.keys(record).filter((name) => typeof record[name] === 'function');
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `the ${kind} ${inWords(part.name)} has the functions ${found.join(', ') || 'none'}; wanted are ${forms}`,
  );
}

/** A built-in part as plain data, from which it is made again. */
export function plainSpec({ name, options }: Spec): PlainSpec<string> {
  return { name, ...options };
}

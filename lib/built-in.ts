// The package's own parts (objectives, regularizers, schedules, …), which their name and options make again. A copy with
// another function in it is none of them any more.
import { inWords } from './checks.js';
import { CudaGanError } from './errors.js';

/** The same in the ES module and the CommonJS copy of the package. Not enumerable: spreading leaves it behind. */
const mark = Symbol.for('cuda-gan.builtIn');

/** A built-in part as plain data, by the table of the functions that make them: its name beside its options. */
export type PlainPart<Table> = {
  [Name in keyof Table & string]: { readonly name: Name } & OptionsOf<Table[Name]>;
}[keyof Table & string];

/** What a function that makes a part takes; nothing where that has no names. */
type OptionsOf<Make> = Make extends (...given: infer Given extends readonly unknown[]) => unknown
  ? string extends keyof NonNullable<Given[0]>
    ? unknown
    : NonNullable<Given[0]>
  : never;

/** Marks a part that the package has made. */
export function builtIn<Part extends object>(part: Part): Part {
  return Object.defineProperty(part, mark, { value: true });
}

export function isBuiltIn(part: object): boolean {
  return mark in part;
}

/**
 * Files have parts by their names: one of the user's own that is called as a built-in one would become that.
 * @throws CudaGanError `CUDA_GAN_VALUE` when it is, `table` being the built-in ones of its kind.
 */
export function requireOwnName(kind: string, part: { readonly name: string }, table: object): void {
  if (isBuiltIn(part) || !Object.hasOwn(table, part.name)) return;
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `the ${kind} ${inWords(part.name)} is your own, but is called as one of the package; give it another name`,
  );
}

/**
 * What a saved model keeps of a part, which has its options in `config`.
 * @throws CudaGanError `CUDA_GAN_VALUE` for options beside it.
 */
export function requireSaved<Saved extends { readonly name: unknown }>(kind: string, saved: Saved): Saved {
  const beside = Object.keys(saved).find((key) => key !== 'name' && key !== 'config');
  if (beside === undefined) return saved;
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `the ${kind} ${inWords(saved.name)} has ${beside} beside its name; its options are in config: { name: ${inWords(saved.name)}, config: { ${beside}: … } }`,
  );
}

// Parts of layers that are known by a name and a config: regularizers and constraints.
import { isBuiltIn, requireOwnName, requireSaved } from '../built-in.js';
import { inWords, kindOf, named } from '../checks.js';
import { CudaGanError } from '../errors.js';

/** What a saved model keeps of such a part. */
export interface SavedPart {
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** What a saved model keeps of a part. */
export function savedPart({ name, config }: SavedPart): SavedPart {
  return { name, config };
}

/**
 * The part that is wanted: by name, as a saved model has it, or itself, which has the function `method`.
 * @throws CudaGanError `CUDA_GAN_VALUE` for an unknown name, options that the part does not have, what is no part, and one of the
 * user's own that is called as a built-in one.
 */
export function toPart<Part extends SavedPart>(
  kind: string,
  factories: Readonly<Record<string, (options?: never) => Part>>,
  method: keyof Part,
  wanted: string | Partial<SavedPart> | Part,
): Part {
  if (typeof wanted === 'object' && wanted !== null && typeof (wanted as Part)[method] === 'function') {
    if (isBuiltIn(wanted)) return wanted as Part;
    const part = requireOwn(kind, wanted as Part);
    requireOwnName(kind, part, factories);
    return part;
  }
  if (kindOf(wanted) !== 'Object') return named(kind, factories, wanted as string)();
  const { name, config } = requireSaved(kind, wanted as SavedPart);
  return named(kind, factories, name)(config as never);
}

/** One of the user's own must have what files keep. */
function requireOwn<Part extends SavedPart>(kind: string, part: Part): Part {
  const { name, config } = part;
  if (typeof name === 'string' && name !== '' && kindOf(config) === 'Object') return part;
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `a ${kind} of one's own has the name ${inWords(name)} and the config ${inWords(config)}; wanted are a text that is not empty and an object`,
  );
}

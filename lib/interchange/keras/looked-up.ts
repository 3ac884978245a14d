// Which inputs of a model are numbers that embeddings look up: Keras casts what comes to them, of whatever type an input is.
import { kindOf } from '../../checks.js';
import { isKerasObject, type KerasObject, requireList, within } from './keras-object.js';
import { isHistory, tensorsOf } from './places.js';

/** Layers that hand on the numbers that they take. */
const passing = ['Flatten', 'Permute', 'Reshape'];

/** A layer of a functional model, and which of the tensors that it takes a layer makes. */
interface Consumer {
  readonly object: KerasObject;
  readonly input: number;
}

/** By the layers of a model: one in many places is looked at once. */
const known = new WeakMap<object, ReadonlySet<string>>();

/** Names of the layers of a functional model, inputs among them, whose outputs are looked up. */
export function lookedUpNames(layers: readonly unknown[]): ReadonlySet<string> {
  const names = known.get(layers) ?? findLookedUp(layers.filter(isKerasObject));
  known.set(layers, names);
  return names;
}

function findLookedUp(objects: readonly KerasObject[]): ReadonlySet<string> {
  const consumers = new Map<string, Consumer[]>();
  for (const object of objects) {
    const nodes = requireList('inbound_nodes', (object as { inbound_nodes?: unknown }).inbound_nodes ?? []);
    const taken = within(`layer "${nameOf(object)}"`, () =>
      nodes.map((node) => tensorsOf(node, recordKeys(object.config.input_layers))),
    );
    for (const [input, [name]] of taken.flatMap((tensors) => [...tensors.entries()])) {
      const others = consumers.get(name);
      if (others === undefined) consumers.set(name, [{ object, input }]);
      else others.push({ object, input });
    }
  }
  const found = new Map<string, boolean>();
  const isLookedUp = (name: string): boolean => {
    const before = found.get(name);
    if (before !== undefined) return before;
    // What leads in a circle is no model, which is said elsewhere.
    found.set(name, false);
    const isSo = (consumers.get(name) ?? []).some(({ object, input }) => {
      return looksUp(object, input) || (passing.includes(object.class_name) && isLookedUp(nameOf(object)));
    });
    found.set(name, isSo);
    return isSo;
  };
  return new Set([...consumers.keys()].filter(isLookedUp));
}

/** Whether a layer looks up the numbers of one of its inputs. */
function looksUp({ class_name: className, config }: KerasObject, input: number): boolean {
  switch (className) {
    case 'Embedding':
      return true;
    case 'SpectralNormalization':
      return isKerasObject(config.layer) && looksUp(config.layer, input);
    case 'Sequential':
      return stackLooksUp(Array.isArray(config) ? config : config.layers);
    case 'Functional':
    case 'Model':
      return lookedUpNames(listIn(config.layers)).has(inputNames(config.input_layers)[input] ?? '');
    default:
      return false;
  }
}

function stackLooksUp(layers: unknown): boolean {
  const first = listIn(layers)
    .filter(isKerasObject)
    .find(({ class_name: className }) => {
      return className !== 'InputLayer' && !passing.includes(className);
    });
  return first !== undefined && looksUp(first, 0);
}

function listIn(layers: unknown): readonly unknown[] {
  return Array.isArray(layers) ? layers : [];
}

/** The keys of inputs that are a record. */
function recordKeys(inputs: unknown): readonly string[] | undefined {
  return kindOf(inputs) === 'Object' ? Object.keys(inputs as object) : undefined;
}

/** The names of the layers that are the inputs of a model, in their order. */
function inputNames(given: unknown): readonly string[] {
  if (isHistory(given)) return [given[0]];
  const ends: readonly unknown[] = Array.isArray(given) ? given : Object.values(given ?? {});
  return ends.flatMap(inputNames);
}

function nameOf({ config, ...object }: KerasObject & { readonly name?: unknown }): string {
  return String(object.name ?? config.name ?? object.class_name);
}

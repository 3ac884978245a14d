// What connected layers take: tensors, said as the name of a layer, in which of its places, and which output there.
import { kindOf } from '../../checks.js';
import { isKerasObject, isModelClass, type KerasObject } from '../keras/keras-object.js';

/** With settings of the call behind, where there are some. */
export type Place = readonly [layer: string, node: number, output: number, ...settings: unknown[]];

const connections = ['inbound_nodes', 'input_layers', 'output_layers'];

/** `value` with all places in it replaced, however deep, in the way of Keras 2 or of Keras 3. */
export function mapPlaces<Value>(value: Value, replace: (place: Place) => Place): Value;
export function mapPlaces(value: unknown, replace: (place: Place) => Place): unknown {
  if (isPlace(value)) return replace(value);
  if (Array.isArray(value)) return value.map((item) => mapPlaces(item, replace));
  if (kindOf(value) !== 'Object') return value;
  return mapValues(value as object, (item) => mapPlaces(item, replace));
}

function isPlace(value: unknown): value is Place {
  return Array.isArray(value) && typeof value[0] === 'string' && Number.isInteger(value[1]);
}

function mapValues(record: object, f: (value: unknown, key: string) => unknown): object {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, f(value, key)]));
}

/** The parts of a model, or of a layer in it, that connect it. */
function mapConnections<Value extends object>(object: Value, replace: (place: Place) => Place): Value {
  return mapValues(object, (value, key) => (connections.includes(key) ? mapPlaces(value, replace) : value)) as Value;
}

/** A connected model with all tensors in it replaced, but not in models within. */
export function mapConnected(object: KerasObject, replace: (place: Place) => Place): KerasObject {
  const layers = (object.config.layers as readonly object[]).map((layer) => mapConnections(layer, replace));
  return { ...object, config: { ...mapConnections(object.config, replace), layers } };
}

/** Whether an object of a config is a model. */
export function isModel(value: unknown): value is KerasObject & { readonly name?: string } {
  return isKerasObject(value) && isModelClass(value.class_name) && Array.isArray(value.config.layers);
}

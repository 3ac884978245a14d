// JSON in which numbers that Python reads as float have a point: some of Keras' classes refuse a whole number for one, as does
// Deeplearning4j's importer.

/** Names of options that are no whole numbers by nature. */
const floats: ReadonlySet<string> = new Set([
  'alpha',
  'beta_1',
  'beta_2',
  'clipnorm',
  'clipvalue',
  'delta',
  'dropout',
  'end_learning_rate',
  'epsilon',
  'fill_value',
  'gain',
  'global_clipnorm',
  'height_factor',
  'initial_accumulator_value',
  'initial_learning_rate',
  'l1',
  'l2',
  'label_smoothing',
  'learning_rate',
  'max_value',
  'maxval',
  'mean',
  'minval',
  'momentum',
  'negative_slope',
  'power',
  'rate',
  'rho',
  'stddev',
  'threshold',
  'thresholds',
  'loss_weights',
  'warmup_target',
  'weight_decay',
  'width_factor',
]);

/** `value` as JSON, `key` being the option that it is of. What is undefined is left out. */
export function encodeJson(value: unknown, key = ''): string {
  if (Array.isArray(value)) return `[${value.map((item) => encodeJson(item, key)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    return `{${entries.map(([name, item]) => `${JSON.stringify(name)}:${encodeJson(item, name)}`).join(',')}}`;
  }
  if (Number.isInteger(value) && floats.has(key)) return (value as number).toFixed(1);
  return JSON.stringify(value);
}

// Names that Deeplearning4j's importer can take apart.

/** What weights of imported layers are called. */
const weightNames = [
  'kernel',
  'bias',
  'gamma',
  'beta',
  'moving_mean',
  'moving_variance',
  'depthwise_kernel',
  'pointwise_kernel',
  'embeddings',
];

/** Makes names, each once. */
export class Names {
  readonly #taken = new Set<string>();

  /**
   * A name like `wanted`, of letters, digits, `_` and `-`. The importer takes the name of a layer for a pattern, and cuts what
   * fits it out of the names of its weights: it must not fit them.
   */
  next(wanted: string): string {
    const plain = wanted.replace(/[^A-Za-z0-9_-]/g, '_');
    const base = weightNames.some((weight) => weight.includes(plain)) ? `layer_${plain}` : plain;
    let name = base;
    for (let number = 1; this.#taken.has(name); number++) name = `${base}_${number}`;
    this.#taken.add(name);
    return name;
  }
}

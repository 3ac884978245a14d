// One node of a graph that is read: its settings, and errors that say which node it is.
import { inWords } from '../../../checks.js';
import { CudaGanError } from '../../../errors.js';
import { type AttributeProto, attributeTypes, type NodeProto, type TensorProto } from '../model-proto.js';

export class ImportedNode {
  readonly opType: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly name: string;
  /** The version of the operators. */
  readonly opset: number;
  readonly #attributes: ReadonlyMap<string, AttributeProto>;
  readonly #read = new Set<string>();

  constructor({ opType, domain, input, output, name, attribute }: NodeProto, opset: number) {
    this.opType = domain === '' || domain === 'ai.onnx' ? opType : `${domain}.${opType}`;
    this.input = input;
    this.output = output;
    this.name = name;
    this.opset = opset;
    this.#attributes = new Map(attribute.map((item) => [item.name, item]));
  }

  /** An error about this node. */
  refuse(reason: string, cause?: unknown): CudaGanError {
    const name = this.name === '' ? `that makes ${inWords(this.output[0])}` : inWords(this.name);
    return new CudaGanError('CUDA_GAN_FILE', `node ${name} (${this.opType.slice(0, 60)}): ${reason}`, { cause });
  }

  /** Whether an input is given. */
  has(input: number): boolean {
    return (this.input[input] ?? '') !== '';
  }

  int(name: string): number | undefined;
  int(name: string, otherwise: number): number;
  int(name: string, otherwise?: number): number | undefined {
    const attribute = this.#attribute(name, attributeTypes.INT);
    return attribute === undefined ? otherwise : (attribute.i ?? 0);
  }

  float(name: string, otherwise: number): number {
    const attribute = this.#attribute(name, attributeTypes.FLOAT);
    return attribute === undefined ? otherwise : (attribute.f ?? 0);
  }

  text(name: string, otherwise: string): string {
    const attribute = this.#attribute(name, attributeTypes.STRING);
    return attribute === undefined ? otherwise : (attribute.s ?? '');
  }

  ints(name: string): readonly number[] | undefined {
    const attribute = this.#attribute(name, attributeTypes.INTS);
    return attribute && (attribute.ints ?? []);
  }

  floats(name: string): readonly number[] | undefined {
    const attribute = this.#attribute(name, attributeTypes.FLOATS);
    return attribute && (attribute.floats ?? []);
  }

  tensor(name: string): TensorProto | undefined {
    return this.#attribute(name, attributeTypes.TENSOR)?.t;
  }

  /** Attributes that make no difference here. */
  ignore(...names: readonly string[]): void {
    for (const name of names) this.#read.add(name);
  }

  /** A setting of which one value is understood. */
  requireInt(name: string, allowed: number): void {
    const found = this.int(name, allowed);
    if (found !== allowed) throw this.refuse(`${name} is ${found}; allowed is ${allowed}`);
  }

  /** Whether these are all its attributes. */
  hasAttributes(wanted: readonly AttributeProto[]): boolean {
    if (attributesInWords(this.#attributes.values()) !== attributesInWords(wanted)) return false;
    this.ignore(...this.#attributes.keys());
    return true;
  }

  /** @throws CudaGanError for a setting that nothing has asked for. */
  requireAllRead(): void {
    const unknown = [...this.#attributes.keys()].find((name) => !this.#read.has(name));
    if (unknown !== undefined) throw this.refuse(`the attribute ${inWords(unknown)} is not known`);
  }

  #attribute(name: string, type: number): AttributeProto | undefined {
    this.#read.add(name);
    const found = this.#attributes.get(name);
    if (found === undefined || found.type === type || found.type === 0) return found;
    throw this.refuse(`the attribute ${name} has type ${found.type}, not ${type}`);
  }
}

/** Attributes as they are compared: in the order of their names, without what is not there. */
function attributesInWords(attributes: Iterable<AttributeProto>): string {
  const sorted = [...attributes].sort((a, b) => (a.name < b.name ? -1 : 1));
  return JSON.stringify(sorted.map(({ name, type, f, i, s, ints, floats }) => [name, type, f, i, s, ints, floats]));
}

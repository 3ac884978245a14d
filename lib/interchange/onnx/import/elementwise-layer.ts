// A layer for what graphs compute element by element and no layer of its own does: one function of its input, or a function
// of its input and another one or a constant.
import { named, shapeOption, trueOrFalse } from '../../../checks.js';
import { CudaGanError } from '../../../errors.js';
import { Layer, type LayerConfig, type LayerOptions, layerOptionNames } from '../../../layers/layer.js';
import { registerClass } from '../../../layers/registry.js';
import {
  abs,
  add,
  cos,
  divide,
  erf,
  exp,
  floor,
  log,
  maximum,
  minimum,
  multiply,
  negate,
  sign,
  sin,
  sqrt,
  subtract,
} from '../../../ops/index.js';
import { checkOptions, type OptionNames } from '../../../options.js';
import type { Value } from '../../../program/value.js';
import type { Shape } from '../../../tensor.js';

const functionsOfOne = { abs, cos, erf, exp, floor, log, negate, sign, sin, sqrt } as const;
const functionsOfTwo = { add, divide, maximum, minimum, multiply, subtract } as const;

export type FunctionName = keyof typeof functionsOfOne | keyof typeof functionsOfTwo;

/** What the layer takes. */
export interface ElementwiseOptions extends LayerOptions {
  readonly function: FunctionName;
  /** Shape of the constant, which is stretched to that of a sample. Default: there is none. */
  readonly operandShape?: Shape | undefined;
  /** Whether the constant comes first: before what is subtracted from it, or divides it. Default false. */
  readonly operandFirst?: boolean | undefined;
  /** Whether the constant is a weight that trains. Default false. */
  readonly operandTrains?: boolean | undefined;
}

const optionNames: OptionNames<ElementwiseOptions> = {
  function: true,
  operandShape: true,
  operandFirst: true,
  operandTrains: true,
  ...layerOptionNames,
};

/** @internal */
export class OnnxElementwise extends Layer {
  static override readonly className = 'OnnxElementwise';
  readonly #function: FunctionName;
  readonly #operandShape: Shape | undefined;
  readonly #operandFirst: boolean;
  readonly #operandTrains: boolean;

  constructor(options: ElementwiseOptions) {
    const given = checkOptions('OnnxElementwise', options, optionNames);
    const { function: name, operandShape, operandFirst = false, operandTrains = false } = given;
    super(given);
    named('function', { ...functionsOfOne, ...functionsOfTwo }, name);
    this.#function = name;
    this.#operandShape = operandShape === undefined ? undefined : [...shapeOption('operandShape', operandShape)];
    this.#operandFirst = trueOrFalse('operandFirst', operandFirst);
    this.#operandTrains = trueOrFalse('operandTrains', operandTrains);
  }

  protected override requireInputCount(count: number): void {
    const wanted = this.#function in functionsOfTwo && this.#operandShape === undefined ? 2 : 1;
    if (count === wanted) return;
    throw new CudaGanError(
      'CUDA_GAN_VALUE',
      `${this.#function} takes ${wanted} input${wanted === 1 ? '' : 's'}, found ${count}`,
    );
  }

  protected override createWeights(): void {
    if (this.#operandShape === undefined) return;
    this.addWeight('operand', this.#operandShape, 'zeros', { trainable: this.#operandTrains });
  }

  override call(inputs: readonly Value[]): Value {
    const [x, other] = inputs as [Value, Value?];
    if (isOfOne(this.#function)) return functionsOfOne[this.#function](x);
    const compute = functionsOfTwo[this.#function];
    const operand = other ?? this.weight('operand', x);
    return this.#operandFirst ? compute(operand, x) : compute(x, operand);
  }

  override getConfig(): LayerConfig {
    return {
      ...super.getConfig(),
      function: this.#function,
      ...(this.#operandShape && { operandShape: this.#operandShape }),
      operandFirst: this.#operandFirst,
      operandTrains: this.#operandTrains,
    };
  }
}

registerClass(OnnxElementwise);

function isOfOne(name: FunctionName): name is keyof typeof functionsOfOne {
  return name in functionsOfOne;
}

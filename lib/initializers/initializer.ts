// What an initializer is: a named rule for the first content of a weight.
import { builtIn } from '../built-in.js';
import { seedNumber } from '../checks.js';
import { checkOptions, type OptionNames } from '../options.js';
import { RandomStream } from '../random/random-stream.js';
import { firstStream } from '../random/streams.js';
import { createTypedArray, type Shape, sizeOf } from '../tensor.js';

/** Where the first content of a weight comes from. */
export interface Initializer {
  /** The name of its factory, by which a saved model finds it again. */
  readonly name: string;
  /** The options that its factory takes. */
  readonly config: Readonly<Record<string, number>>;
  /** The elements of a weight of `shape`, row-major. */
  create(shape: Shape, random: RandomStream): Float32Array;
}

/** What initializers that draw take. */
export interface SeedOptions {
  /**
   * Weights of the same shape are then the same at every call and in every model, a whole number below 2³². Default: they
   * follow from the model's seed, and differ from weight to weight.
   */
  readonly seed?: number | undefined;
}

const seedOptionNames: OptionNames<SeedOptions> = { seed: true };

/** Draws the elements of a weight of `shape`. @internal */
export type Draw = (shape: Shape, random: RandomStream) => Float32Array;

/** The initializer that draws from a stream of its own `seed`, if it has one, else from the one that it is handed. @internal */
export function randomInitializer(
  name: string,
  config: Initializer['config'],
  seed: number | undefined,
  draw: Draw,
): Initializer {
  if (seed === undefined) return builtIn({ name, config, create: draw });
  seedNumber('seed', seed);
  return builtIn({
    name,
    config: { ...config, seed },
    create: (shape) => draw(shape, new RandomStream(seed, firstStream.initializers)),
  });
}

/** An initializer whose only option is its seed, and whose scale follows from the fans. @internal */
export function scaledInitializer(
  name: string,
  options: SeedOptions | undefined,
  draw: (fanIn: number, fanOut: number) => Draw,
): Initializer {
  const { seed } = checkOptions(`initializers.${name}`, options, seedOptionNames);
  return randomInitializer(name, {}, seed, (shape, random) => {
    const { fanIn, fanOut } = fans(shape);
    return draw(fanIn, fanOut)(shape, random);
  });
}

/** Inputs and outputs that meet in one element: a dense kernel is [in, out], a convolution's [height, width, in, out]. */
function fans(shape: Shape): { fanIn: number; fanOut: number } {
  if (shape.length < 2) return { fanIn: shape[0] ?? 1, fanOut: shape[0] ?? 1 };
  const field = sizeOf(shape.slice(0, -2));
  return { fanIn: shape.at(-2)! * field, fanOut: shape.at(-1)! * field };
}

/**
 * The elements of a weight, one call for each, in order. Float32Array.from with a function is several times slower.
 * @internal
 */
export function fill(shape: Shape, element: (i: number) => number): Float32Array {
  const data = createTypedArray('float32', sizeOf(shape));
  for (let i = 0; i < data.length; i++) data[i] = element(i);
  return data;
}

/** What a saved model keeps of an initializer. @internal */
export function configOf({ name, config }: Initializer): Pick<Initializer, 'name' | 'config'> {
  return { name, config };
}

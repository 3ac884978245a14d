// Options that several commands share.
import { InvalidArgumentError, Option } from 'commander';
import { precisions } from '../devices/cuda.js';
import { deviceChoices } from '../devices/select.js';

/** Parses a whole number of at least `least`, or, where that is allowed, Infinity. */
export function wholeNumberFrom(least: number, { orInfinity = false } = {}): (text: string) => number {
  return (text) => {
    const value = Number(text);
    const isKind = Number.isSafeInteger(value) || (orInfinity && value === Number.POSITIVE_INFINITY);
    if (text.trim() !== '' && isKind && value >= least) return value;
    throw new InvalidArgumentError(`Allowed are whole numbers from ${least} on${orInfinity ? ', and Infinity' : ''}.`);
  };
}

export const seedOption = () =>
  new Option('--seed <number>', 'seed of all random numbers (default: random)').argParser(wholeNumberFrom(0));

export const deviceOption = () =>
  new Option('--device <name>', 'where to compute; auto is cuda where there is a GPU, else cpu')
    .choices(deviceChoices)
    .default('auto');

export const precisionOption = () =>
  new Option('--precision <name>', 'of large matrix products on the cuda device')
    .choices(precisions)
    .default('float32');

export const threadsOption = () =>
  new Option('--threads <number>', 'threads of the cpu device (default: all cores that the process may use)').argParser(
    wholeNumberFrom(1),
  );

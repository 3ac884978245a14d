// Options that several commands share.
import { InvalidArgumentError, Option } from 'commander';
import { precisions } from '../devices/cuda.js';
import { allowedDevices, type DeviceChoice, parseDevice } from '../devices/names.js';

/** Parses a whole number of at least `least`, or, where that is allowed, Infinity. */
export function wholeNumberFrom(least: number, { orInfinity = false } = {}): (text: string) => number {
  return (text) => {
    const value = Number(text);
    const isKind = Number.isSafeInteger(value) || (orInfinity && value === Number.POSITIVE_INFINITY);
    if (text.trim() !== '' && isKind && value >= least) return value;
    throw new InvalidArgumentError(`Allowed are whole numbers from ${least} on${orInfinity ? ', and Infinity' : ''}.`);
  };
}

/** Parses a number of at least `least`. */
export function numberFrom(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isFinite(value) && value >= least) return value;
    throw new InvalidArgumentError(`Allowed are numbers from ${least} on.`);
  };
}

export const seedOption = () =>
  new Option('--seed <number>', 'seed of all random numbers (default: random)').argParser(wholeNumberFrom(0));

export const deviceOption = () =>
  new Option(
    '--device <name>',
    'where to compute: cpu, cuda, cuda:1 (the second GPU) and so on, reference; auto is cuda where there is a GPU, else cpu',
  )
    .argParser(deviceName)
    .default('auto');

function deviceName(text: string): DeviceChoice {
  try {
    parseDevice(text as DeviceChoice);
  } catch {
    throw new InvalidArgumentError(`Allowed are ${allowedDevices}.`);
  }
  return text as DeviceChoice;
}

export const precisionOption = () =>
  new Option('--precision <name>', 'of large matrix products on the cuda device')
    .choices(precisions)
    .default('float32');

export const threadsOption = () =>
  new Option('--threads <number>', 'threads of the cpu device (default: all cores that the process may use)').argParser(
    wholeNumberFrom(1),
  );

export const bestOption = () =>
  new Option('--best', 'the best generator of a run with --metrics-interval, in place of the last one');

export const truncationOption = () =>
  new Option('--truncation <number>', 'no noise beyond this: below 1 images are better and more alike').argParser(
    numberFrom(0.01),
  );

export const classOption = () =>
  new Option('--class <number>', 'the class of all images, where the generator knows classes').argParser(
    wholeNumberFrom(0),
  );

// Options that several commands share.
import { InvalidArgumentError, Option } from 'commander';
import { cudaReason, type DeviceChoice, deviceChoices } from '../devices/select.js';

/** Parses a whole number of at least `least`. */
export function wholeNumberFrom(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isSafeInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`Allowed are whole numbers from ${least} on.`);
  };
}

export const seedOption = () =>
  new Option('--seed <number>', 'seed of all random numbers (default: random)').argParser(wholeNumberFrom(0));

export const deviceOption = () =>
  new Option('--device <name>', 'where to compute').choices(deviceChoices).default('auto').argParser(deviceNamed);

export const threadsOption = () =>
  new Option('--threads <number>', 'threads of the cpu device (default: all physical cores)').argParser(
    wholeNumberFrom(1),
  );

function deviceNamed(name: string): DeviceChoice {
  const found = deviceChoices.find((choice) => choice === name);
  if (found !== undefined) return found;
  const reason = name === 'cuda' ? `It is not available: ${cudaReason}. ` : '';
  throw new InvalidArgumentError(`${reason}Allowed choices are ${deviceChoices.join(', ')}.`);
}

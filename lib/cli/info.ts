// `cuda-gan info`: what is installed and which devices there are.
import { Command } from 'commander';
import { type DeviceInfo, listDevices } from '../devices/list.js';
import { packageVersion } from '../package-info.cjs';

export function infoCommand(): Command {
  return new Command('info')
    .description('Show the version and the devices.')
    .option('--json', 'print one JSON object')
    .action(info);
}

function info({ json = false }: { readonly json?: boolean }): void {
  const facts = {
    version: packageVersion(),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    devices: listDevices(),
  };
  if (json) {
    console.log(JSON.stringify(facts));
    return;
  }
  console.log(`cuda-gan ${facts.version}, Node.js ${facts.node}, ${facts.platform}`);
  for (const device of facts.devices) console.log(formatDevice(device));
}

function formatDevice({ name, available, description, instructionSets, reason }: DeviceInfo): string {
  const sets = instructionSets === undefined ? '' : ` (has ${instructionSets.join(', ')})`;
  return `  ${name.padEnd(10)} ${available ? `${description}${sets}` : `not available: ${reason}`}`;
}

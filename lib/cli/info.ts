// `cuda-gan info`: what is installed and which devices there are.
import { Command } from 'commander';
import { addonFiles, addonPath } from '../devices/addon.cjs';
import { listDevices } from '../devices/list.js';
import { packageVersion } from '../package-info.cjs';
import { deviceLines } from './device-lines.js';

interface InfoOptions {
  readonly verbose?: boolean;
  readonly json?: boolean;
}

export function infoCommand(): Command {
  return new Command('info')
    .description('Show the version and the devices.')
    .option('--verbose', "say where NVIDIA's libraries were looked for, even without a GPU")
    .option('--json', 'print one JSON object, with everything')
    .action(info);
}

function info({ verbose = false, json = false }: InfoOptions): void {
  const facts = {
    version: packageVersion(),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    devices: listDevices(),
    addon: addonPath() ?? null,
  };
  if (json) {
    console.log(JSON.stringify(facts));
    return;
  }
  console.log(`cuda-gan ${facts.version}, Node.js ${facts.node}, ${facts.platform}`);
  console.log(`  addon      ${facts.addon ?? `none of ${addonFiles().join(', ')} could be loaded`}`);
  for (const device of facts.devices) console.log(deviceLines(device, verbose).join('\n'));
}

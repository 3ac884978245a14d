// `cuda-gan info`: what is installed and which devices there are.
import { Command } from 'commander';
import { addonFiles, addonPath } from '../devices/addon.cjs';
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
    addon: addonPath() ?? null,
  };
  if (json) {
    console.log(JSON.stringify(facts));
    return;
  }
  console.log(`cuda-gan ${facts.version}, Node.js ${facts.node}, ${facts.platform}`);
  console.log(`  addon      ${facts.addon ?? `none of ${addonFiles().join(', ')} could be loaded`}`);
  for (const device of facts.devices) console.log(formatDevice(device));
}

function formatDevice(device: DeviceInfo): string {
  const { name, available, description, instructionSets, reason } = device;
  const sets = instructionSets === undefined ? '' : ` (has ${instructionSets.join(', ')})`;
  const first = `  ${name.padEnd(10)} ${available ? `${description}${sets}` : `not available: ${reason}`}`;
  return [first, ...detailsOf(device).map((line) => `${' '.repeat(13)}${line}`)].join('\n');
}

/** Versions and libraries of the cuda device. */
function detailsOf({ memoryBytes, driverVersion, runtimeVersion, libraries = [] }: DeviceInfo): string[] {
  const lines: string[] = [];
  if (memoryBytes !== undefined) lines.push(`memory: ${(memoryBytes / 2 ** 30).toFixed(1)} GiB`);
  if (runtimeVersion !== undefined) {
    lines.push(`built with CUDA ${runtimeVersion}; driver: ${driverVersion ? `up to CUDA ${driverVersion}` : 'none'}`);
  }
  for (const { name, path, version, tried } of libraries) {
    if (path !== '') lines.push(`${name} ${version}: ${path}`);
    else lines.push(`${name}: not found, and not needed. Tried:`, ...tried.map((place) => `  ${place}`));
  }
  if (libraries.some(({ path }) => path === '')) {
    lines.push(
      'To add a library: pip install nvidia-cublas (or nvidia-cudnn-cu13), or name its folder by CUDA_GAN_LIB_DIR',
    );
  }
  return lines;
}

// What this machine is: GPU, driver, processor, and what `cuda-gan info` says.
import { cpus, totalmem } from 'node:os';
import { find, run } from './command.mjs';

const seconds = 20;
const fields = {
  name: 'gpu',
  compute_cap: 'computeCapability',
  driver_version: 'driver',
  'memory.total': 'gpuMemoryMB',
  'clocks.max.sm': 'maxClockMHz',
  'clocks.max.memory': 'maxMemoryClockMHz',
  'power.limit': 'powerLimitW',
};
const numbers = ['gpuMemoryMB', 'maxClockMHz', 'maxMemoryClockMHz', 'powerLimitW'];

/** Prints the facts; resolves to them, and to the reason why there is no cuda device, if there is none. */
export async function examine() {
  const gpu = await askDriver();
  console.log((await info()).trimEnd());
  const { version, devices } = JSON.parse(await info('--json'));
  const cuda = devices.find(({ name }) => name === 'cuda');
  const machine = {
    ...gpu,
    cuda: cuda?.driverVersion,
    builtWithCuda: cuda?.runtimeVersion,
    cpu: cpus()[0]?.model.trim(),
    cores: cpus().length,
    memoryGB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    cudaGan: version,
    date: new Date().toISOString().slice(0, 10),
  };
  const reason = cuda === undefined ? 'this build of cuda-gan has no cuda device' : cuda.reason;
  return { machine, cudaMissing: cuda?.available ? undefined : reason };
}

async function info(...options) {
  const { code, stdout, output } = await run(process.execPath, ['dist/esm/cli/main.js', 'info', ...options], {
    seconds,
  });
  if (code !== 0) throw new Error(`cuda-gan info failed: ${output}`);
  return stdout;
}

/** The first GPU that the driver shows. */
async function askDriver() {
  const nvidiaSmi = find('nvidia-smi', ['/usr/local/nvidia/bin']);
  if (nvidiaSmi === undefined) {
    console.log('nvidia-smi: not found');
    return {};
  }
  const query = [`--query-gpu=${Object.keys(fields).join(',')}`, '--format=csv,noheader,nounits'];
  const { code, stdout, output } = await run(nvidiaSmi, query, { seconds });
  console.log(`nvidia-smi: ${output.trim()}`);
  if (code !== 0) return {};
  const values = stdout.split('\n')[0].split(',');
  const entries = Object.values(fields).map((field, i) => {
    const value = values[i]?.trim();
    return [field, numbers.includes(field) ? Number(value) : value];
  });
  return Object.fromEntries(entries);
}

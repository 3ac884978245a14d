// The article's whole run with its pictures, as the command does it; the last picture and the curves are kept.
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reasonOf, run } from '../command.mjs';

export async function train({ out, within, missing, device, quick }) {
  if (missing !== undefined) return { status: 'skipped', note: missing };
  const steps = quick ? 20 : 30000;
  const folder = mkdtempSync(join(tmpdir(), 'cuda-gan-run-'));
  const options = ['--device', device, '--steps', steps, '--seed', 1, '--out', folder, '--json'];
  try {
    const begun = performance.now();
    const ended = await run(process.execPath, ['dist/esm/cli/main.js', 'train', ...options], {
      seconds: within(30),
      log: join(out, 'train.log'),
    });
    if (ended.code !== 0) return { status: 'failed', note: reasonOf(ended) };
    const wallSeconds = (performance.now() - begun) / 1000;
    const { seconds, batchSize, seed, last } = JSON.parse(ended.stdout.trim().split('\n').at(-1));
    copyFileSync(join(folder, 'images', `mnist_${last.step}.png`), join(out, 'samples.png'));
    copyFileSync(join(folder, 'curves.png'), join(out, 'curves.png'));
    return {
      status: 'done',
      note: `${steps} steps in ${seconds.toFixed(2)} s, ${wallSeconds.toFixed(2)} s with start and end of the process`,
      run: { device, steps, batchSize, seed, trainingSeconds: seconds, wallSeconds, last },
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

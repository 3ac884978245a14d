// `cuda-gan train --resume`: a run that was ended goes on by its own settings.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { scratchFolder } from '../gan/scratch';
import { stateIn } from '../support/checkpoint-copies';
import { testNotOnWindows } from '../support/platform';
import { command, ended, printed, start } from './command';

const settings = ['--device', 'cpu', '--batch-size', '4', '--sample-interval', '30', '--seed', '1'];

const outcomeOf = (out: string) => [
  stateIn(join(out, 'checkpoints')),
  readFileSync(join(out, 'history.jsonl'), 'utf8'),
  readFileSync(join(out, 'images/mnist_59.png'), 'base64'),
];

describe('a run', () => {
  const steps = ['--steps', '60', '--checkpoint-interval', '40'];
  const whole = (async () => {
    const out = scratchFolder();
    expect(await command('train', ...settings, ...steps, '--out', out)).toMatchObject({ code: 0, stderr: '' });
    return out;
  })();

  testNotOnWindows.each(['SIGINT', 'SIGKILL'] as const)('that %s ended goes on to its own end', async (signal) => {
    const out = scratchFolder();
    const child = start('train', ...settings, ...steps, '--out', out);
    const end = ended(child);
    await printed(child, '[D loss');
    child.kill(signal);
    await end;
    const { code, stdout, stderr } = await command('train', '--resume', out, '--threads', '1', '--json');
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Training on 60000 images: cpu \(.+\), seed 1, writing to /);
    expect(JSON.parse(stdout)).toMatchObject({ steps: 60, batchSize: 4, preset: 'mlp', seed: 1, out, aborted: false });
    expect(outcomeOf(out)).toEqual(outcomeOf(await whole));
  });

  test('that has no checkpoint yet begins anew', async () => {
    const out = await whole;
    const before = outcomeOf(out);
    rmSync(join(out, 'checkpoints'), { recursive: true });
    expect(await command('train', '--resume', out)).toMatchObject({ code: 0, stderr: '' });
    expect(outcomeOf(out)).toEqual(before);
  });
});

describe('is refused', () => {
  test.each([
    [['--steps', '5'], '--steps'],
    [['--batch-size', '8', '--json'], '--batch-size'],
    [['--device', 'cpu', '--out', 'elsewhere'], '--out'],
    [['--precision', 'tf32'], '--precision'],
    [['--overwrite'], '--overwrite'],
  ])('with %j', async (args, flag) => {
    const { code, stderr } = await command('train', '--resume', scratchFolder(), ...args);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `cuda-gan: ${flag} cannot be changed in a run that is resumed; with --resume only --device, --threads and --json are allowed (CUDA_GAN_VALUE)\n`,
    });
  });

  test('for a folder that holds no run of the command, or a damaged one', async () => {
    const out = scratchFolder();
    const none = `cuda-gan: ${out} holds no run of cuda-gan train: there is no run.json. A run of a program is resumed by GAN.resume (CUDA_GAN_FILE)\n`;
    expect(await command('train', '--resume', out)).toEqual({ code: 1, stdout: '', stderr: none });
    writeFileSync(join(out, 'run.json'), '{');
    const damaged = `cuda-gan: ${join(out, 'run.json')} is damaged (CUDA_GAN_FILE)\n`;
    expect(await command('train', '--resume', out)).toEqual({ code: 1, stdout: '', stderr: damaged });
    expect(existsSync(join(out, 'history.jsonl'))).toBe(false);
  });
});

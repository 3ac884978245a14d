// `cuda-gan train --resume`: a run that was ended goes on by its own settings.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { scratchFolder } from '../gan/scratch';
import { hashOf, stateIn } from '../support/checkpoint-copies';
import { testNotOnWindows } from '../support/platform';
import { command, ended, printed, start } from './command';

const settings = ['--device', 'cpu', '--batch-size', '4', '--sample-interval', '30', '--seed', '1'];

const outcomeOf = (out: string) => [
  stateIn(join(out, 'checkpoints')),
  readFileSync(join(out, 'history.jsonl'), 'utf8'),
  readFileSync(join(out, 'images/mnist_59.png'), 'base64'),
];

/** Changes options in `run.json`, group by group. */
function changeCommand(out: string, change: Readonly<Record<string, object>>): void {
  const path = join(out, 'run.json');
  const { options, ...rest } = JSON.parse(readFileSync(path, 'utf8'));
  const changed = Object.entries(change).map(([group, values]) => [group, { ...options[group], ...values }]);
  writeFileSync(path, JSON.stringify({ ...rest, options: { ...options, ...Object.fromEntries(changed) } }));
}

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
    expect(stderr).toMatch(/^Going on after step \d+ of 60 on 60000 images: cpu \(.+\), seed 1, writing to /);
    expect(JSON.parse(stdout)).toMatchObject({ steps: 60, batchSize: 4, preset: 'mlp', seed: 1, out, aborted: false });
    expect(outcomeOf(out)).toEqual(outcomeOf(await whole));
  });

  test('on data that was named is found again by its name', async () => {
    const out = scratchFolder();
    await command('train', ...settings, '--steps', '2', '--data', 'mnist', '--out', out);
    expect(await command('train', '--resume', out, '--steps', '3')).toMatchObject({ code: 0, stderr: '' });
  });

  test('that has come to nothing yet begins anew', async () => {
    const out = scratchFolder();
    cpSync(join(await whole, 'run.json'), join(out, 'run.json'));
    for (const folder of ['images', 'checkpoints']) mkdirSync(join(out, folder));
    writeFileSync(join(out, 'history.jsonl'), '');
    expect(await command('train', '--resume', out)).toMatchObject({ code: 0, stderr: '' });
    expect(outcomeOf(out)).toEqual(outcomeOf(await whole));
  });

  test.each<[string, (checkpoints: string) => void, RegExp]>([
    ['gone', () => undefined, /checkpoints holds no checkpoint: there is nothing to resume \(CUDA_GAN_FILE\)$/m],
    ['a file', (path) => writeFileSync(path, ''), /cannot read the folder .*checkpoints: .* \(CUDA_GAN_FILE\)$/m],
  ])('whose checkpoints are %s is left as it is', async (_, put, message) => {
    const out = scratchFolder();
    cpSync(await whole, out, { recursive: true });
    rmSync(join(out, 'checkpoints'), { recursive: true });
    put(join(out, 'checkpoints'));
    const files = ['history.jsonl', 'generator.safetensors', 'discriminator.safetensors', 'run.json'];
    const contents = () => files.map((file) => hashOf(readFileSync(join(out, file))));
    const before = contents();
    expect(await command('train', '--resume', out)).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(message),
    });
    expect(contents()).toEqual(before);
  });

  testNotOnWindows('that is under way is refused with its process, and goes on', async () => {
    const out = scratchFolder();
    const child = start('train', ...settings, '--steps', '100000', '--out', out);
    const end = ended(child);
    await printed(child, '[D loss');
    for (const args of [
      ['--resume', out],
      [...settings, '--steps', '1', '--out', out, '--overwrite'],
    ]) {
      const { code, stderr } = await command('train', ...args);
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringContaining(
          `cuda-gan: ${out} is in use by process ${child.pid}: two trainings in one folder`,
        ),
      });
    }
    child.kill('SIGINT');
    expect(await end).toMatchObject({ code: 130, stderr: '' });
    const lines = readFileSync(join(out, 'history.jsonl'), 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).step)).toEqual(lines.map((_, i) => i));
    expect(readdirSync(out)).not.toContain('run.lock');
  });

  test('is made longer by --steps, or by its run.json', async () => {
    const longer = scratchFolder();
    const more = ['--steps', '75', '--checkpoint-interval', '40'];
    expect(await command('train', ...settings, ...more, '--out', longer)).toMatchObject({ code: 0, stderr: '' });
    for (const [args, change] of [
      [['--steps', '75'], {}],
      [[], { training: { steps: 75 } }],
    ] as const) {
      const out = scratchFolder();
      cpSync(await whole, out, { recursive: true });
      changeCommand(out, change);
      expect(await command('train', '--resume', out, ...args)).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^Going on after step 60 of 75 on 60000 images: /),
      });
      for (const file of ['history.jsonl', 'images/mnist_74.png', 'generator.safetensors']) {
        expect(hashOf(readFileSync(join(out, file)))).toBe(hashOf(readFileSync(join(longer, file))));
      }
      expect(stateIn(join(out, 'checkpoints'))).toBe(stateIn(join(longer, 'checkpoints')));
      expect(JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')).options.training.steps).toBe(75);
      expect(await command('train', '--resume', out, '--steps', '74')).toMatchObject({
        code: 2,
        stderr: 'cuda-gan: steps is 74; the run was begun for 75 steps, and can only be made longer (CUDA_GAN_VALUE)\n',
      });
    }
  });

  test.each([
    ['training.batchSize is 8, and was 4', { training: { batchSize: 8 } }],
    ['gan.seed is 2, and was 1', { gan: { seed: 2 } }],
    ['gan.objective is "hinge", and was undefined', { gan: { objective: 'hinge' } }],
  ])('whose run.json was changed says so: %s', async (difference, change) => {
    const out = scratchFolder();
    cpSync(await whole, out, { recursive: true });
    changeCommand(out, change);
    const { code, stderr } = await command('train', '--resume', out);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `cuda-gan: ${join(out, 'run.json')} was changed since the run began: ${difference}; a run that is resumed keeps its settings (CUDA_GAN_VALUE)\n`,
    });
    expect(outcomeOf(out)).toEqual(outcomeOf(await whole));
  });
});

describe('is refused', () => {
  test.each([
    [['--batch-size', '8', '--json'], '--batch-size'],
    [['--device', 'cpu', '--out', 'elsewhere'], '--out'],
    [['--precision', 'tf32'], '--precision'],
    [['--overwrite'], '--overwrite'],
  ])('with %j', async (args, flag) => {
    const { code, stderr } = await command('train', '--resume', scratchFolder(), ...args);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `cuda-gan: ${flag} cannot be changed in a run that is resumed; with --resume only --steps or --epochs, --device, --threads and --json are allowed (CUDA_GAN_VALUE)\n`,
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

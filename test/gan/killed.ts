// A run that is killed again and again, and resumed each time, in processes of their own (killed-run.mjs).
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { RandomStream } from '../../lib/random/random-stream';
import { ended, startScript } from '../cli/command';
import { hashOf, hashOfTensors, stateIn } from '../support/checkpoint-copies';
import { scratchFolder } from './scratch';

export interface KilledRun {
  readonly steps: number;
  readonly checkpointInterval: number;
}

const historyOf = (outDir: string) => join(outDir, 'history.jsonl');

const startRun = (outDir: string, { steps, checkpointInterval }: KilledRun) =>
  startScript(join(__dirname, 'killed-run.mjs'), outDir, 'cpu', String(steps), String(checkpointInterval));

/** Begins or resumes the run, and kills it some milliseconds after step `step` is in its history, if it comes to that. */
async function killAt(outDir: string, run: KilledRun, step: number, milliseconds: number): Promise<void> {
  const child = startRun(outDir, run);
  let running = true;
  const end = ended(child).finally(() => {
    running = false;
  });
  while (running && stepsIn(outDir) < step) await wait(2);
  await wait(milliseconds);
  child.kill('SIGKILL');
  const { code, stderr } = await end;
  if (code !== null && code !== 0) throw new Error(`the run failed: ${stderr}`);
}

function stepsIn(outDir: string): number {
  return existsSync(historyOf(outDir)) ? readFileSync(historyOf(outDir), 'utf8').split('\n').length - 1 : 0;
}

/** The state, the history, and the models and the best one that a run comes to, which is resumed if it was begun. */
async function outcomeOf(outDir: string, run: KilledRun): Promise<string[]> {
  const { code, stderr } = await ended(startRun(outDir, run));
  if (code !== 0) throw new Error(`the run failed: ${stderr}`);
  return [
    stateIn(join(outDir, 'checkpoints')),
    hashOf(readFileSync(historyOf(outDir))),
    readFileSync(join(outDir, 'best.json'), 'utf8'),
    ...['generator', 'discriminator', 'best'].map((name) => hashOfTensors(join(outDir, `${name}.safetensors`))),
  ];
}

/** What a run comes to without a break. */
export async function unbroken(run: KilledRun): Promise<string[]> {
  return outcomeOf(scratchFolder(), run);
}

/** What it comes to when it is killed so often, at random steps; some of them before the first. */
export async function broken(run: KilledRun, kills: number): Promise<string[]> {
  const outDir = scratchFolder();
  const random = new RandomStream(kills, 0);
  const steps = Array.from({ length: kills }, () => random.integer(run.steps));
  for (const step of steps.sort((a, b) => a - b)) await killAt(outDir, run, step, random.integer(40));
  return outcomeOf(outDir, run);
}

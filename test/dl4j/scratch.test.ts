import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { test } from '@jest/globals';
import { exportModel } from './export';
import { models } from './models';
test('export', async () => {
  const folder = process.env.DL4J_OUT ?? '/tmp/dl4j-out';
  rmSync(folder, { recursive: true, force: true }); mkdirSync(folder);
  const log: string[] = [];
  for (const [name, make] of Object.entries(models)) {
    try { const t0 = Date.now(); const m = make(); await exportModel(folder, name, m); m.dispose(); if (Date.now() - t0 > 2000) log.push(name + ' ' + (Date.now() - t0)); } catch (e) { log.push(`${name}: ${e}`); }
  }
  console.log(log.join('\n'));
}, 1_200_000);

// Deeplearning4j's importer reads what is written for it, and predicts the same.
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { importedClasses } from '../../lib/interchange/keras/deeplearning4j/layers';
import type { Layer } from '../../lib/layers/layer';
import { cases } from './cases';
import { exportCase } from './export-case';

/** Why the importer cannot be run here: its native parts are fetched for one platform. */
const missing = [
  ...(process.platform === 'linux' && process.arch === 'x64' ? [] : ['Linux on x64']),
  ...['java', 'mvn'].filter((program) => spawnSync(program, ['-version']).status !== 0),
];

const classesIn = (layer: Layer): readonly string[] => [layer.className, ...layer.layersWithin.flatMap(classesIn)];

test('a case has every class of layers that the importer reads', () => {
  const covered = new Set(Object.values(cases).flatMap((make) => classesIn(make())));
  expect(importedClasses.filter((name) => !covered.has(name))).toEqual([]);
});

if (missing.length > 0) {
  console.log(`Deeplearning4j's importer is not run, for want of ${missing.join(', ')}`);
} else {
  describe("Deeplearning4j's importer", () => {
    /** What is printed of each case, by name: "ok: error", or "FAILED: why". */
    let results: ReadonlyMap<string, string>;

    beforeAll(async () => {
      const folder = await mkdtemp(join(tmpdir(), 'dl4j-'));
      for (const [name, make] of Object.entries(cases)) {
        const model = make();
        await exportCase(folder, name, model);
        model.dispose();
      }
      const options = [
        '-q',
        '-B',
        '-f',
        join(__dirname, 'pom.xml'),
        'compile',
        'exec:java',
        `-Dexec.arguments=${folder}`,
      ];
      const { stdout, stderr } = spawnSync('mvn', options, { encoding: 'utf8' });
      const lines = stdout.matchAll(/(ok|FAILED) (.*?): (.*)$/gm);
      results = new Map([...lines].map(([, result, name, why]) => [name!, `${result}: ${why}`]));
      if (results.size === 0) throw new Error(`Maven says\n${stdout}${stderr}`);
      await rm(folder, { recursive: true });
    });

    test.each(Object.keys(cases))('imports %s', (name) => {
      expect(results.get(name)).toMatch(/^ok: /);
    });
  });
}

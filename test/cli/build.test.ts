// `cuda-gan build` where a tool is missing; the tools are shell scripts, which Windows does not run. That it builds is tested from the tarball: scripts/test-package.mjs --build.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { scratchFolder } from '../gan/scratch';
import { testNotOnWindows } from '../support/platform';

const main = join(__dirname, '../../dist/esm/cli/main.js');

/** Runs the command where PATH has only these tools, which print a text and end. */
function buildWith(tools: Record<string, string>): { status: number | null; stderr: string } {
  const folder = scratchFolder();
  for (const [name, text] of Object.entries(tools)) {
    writeFileSync(join(folder, name), `#!/bin/sh\necho '${text}'\n`, { mode: 0o755 });
  }
  const { CXX: _, ...environment } = process.env;
  return spawnSync(process.execPath, [main, 'build'], { encoding: 'utf8', env: { ...environment, PATH: folder } });
}

test('without CMake the error says what to install', () => {
  const { status, stderr } = buildWith({});
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^cuda-gan: CMake 3\.22 or newer was not found on PATH\. Install what is needed with `.*cmake/,
  );
});

testNotOnWindows('a CMake that is too old is named (shell scripts)', () => {
  const { status, stderr } = buildWith({ cmake: 'cmake version 3.16.3' });
  expect(status).toBe(1);
  expect(stderr).toContain('CMake 3.22 or newer is needed, found is version 3.16.3.');
});

testNotOnWindows('without a compiler the error names those that were tried (shell scripts)', () => {
  const { status, stderr } = buildWith({ cmake: 'cmake version 3.22.0' });
  expect(status).toBe(1);
  expect(stderr).toContain('no C++ compiler was found (tried c++, g++, clang++)');
});

testNotOnWindows('without make and ninja the error says so (shell scripts)', () => {
  const { status, stderr } = buildWith({ cmake: 'cmake version 4.1.0', 'c++': 'c++ 12' });
  expect(status).toBe(1);
  expect(stderr).toContain('neither ninja nor make was found on PATH');
});

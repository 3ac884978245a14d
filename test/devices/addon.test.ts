// Which file the addon is loaded from, and what is said when there is none that works.
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { addonFiles, addonPath, loadAddon } from '../../lib/devices/addon.cjs';

type Loader = typeof import('../../lib/devices/addon.cjs');

/** The addon that this clone was built with. */
const working = (() => {
  loadAddon();
  return addonPath()!;
})();

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cuda-gan-addon-'));
  process.env.CUDA_GAN_PREBUILD = folder;
});

afterEach(() => {
  delete process.env.CUDA_GAN_PREBUILD;
  if (process.platform !== 'win32') rmSync(folder, { recursive: true }); // Windows keeps a library that is loaded
});

/** A loader that has not loaded anything. */
function freshLoader(): Loader {
  let loader: Loader | undefined;
  jest.isolateModules(() => {
    loader = jest.requireActual('../../lib/devices/addon.cjs') as Loader;
  });
  return loader!;
}

function put(path: string, content: 'working' | 'corrupt'): void {
  mkdirSync(dirname(path), { recursive: true });
  if (content === 'working') copyFileSync(working, path);
  else writeFileSync(path, 'not a library');
}

function failureOf(action: () => unknown): { code?: string; message: string } {
  try {
    action();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

describe('the addon is loaded', () => {
  test('from the build, when there is a prebuild too', () => {
    const [build, prebuild] = addonFiles();
    put(build!, 'working');
    put(prebuild!, 'corrupt');
    const loader = freshLoader();
    expect(loader.addonPath()).toBeUndefined();
    expect(loader.loadAddon().instructionSets()).toContain('baseline');
    expect(loader.addonPath()).toBe(build);
  });

  test('from the prebuild, when there is no build', () => {
    const [, prebuild] = addonFiles();
    put(prebuild!, 'working');
    const loader = freshLoader();
    loader.loadAddon();
    expect(loader.addonPath()).toBe(prebuild);
  });

  test('from the prebuild, when the build is corrupt', () => {
    const [build, prebuild] = addonFiles();
    put(build!, 'corrupt');
    put(prebuild!, 'working');
    const loader = freshLoader();
    loader.loadAddon();
    expect(loader.addonPath()).toBe(prebuild);
  });

  test('once', () => {
    put(addonFiles()[0]!, 'working');
    const loader = freshLoader();
    expect(loader.loadAddon()).toBe(loader.loadAddon());
  });
});

describe('the error lists what was tried and names the cure', () => {
  test('when both files are missing', () => {
    const [build, prebuild] = addonFiles();
    const loader = freshLoader();
    const { code, message } = failureOf(loader.loadAddon);
    expect(code).toBe('CUDA_GAN_NO_DEVICE');
    expect(message.split('\n')).toEqual([
      'the native addon cannot be loaded. Tried:',
      `  ${build}: missing`,
      `  ${prebuild}: missing`,
      'Build it with: npx cuda-gan build',
    ]);
    expect(loader.addonPath()).toBeUndefined();
  });

  test('when one is corrupt, with the reason of the dynamic linker', () => {
    const [build, prebuild] = addonFiles();
    put(prebuild!, 'corrupt');
    const { message } = failureOf(freshLoader().loadAddon);
    expect(message).toContain(`  ${build}: missing\n`);
    const [, reason] = message.split(`  ${prebuild}: `);
    expect(reason).toMatch(/^(file too short|invalid ELF header|.*mach-o|it is not a valid|Bad EXE format for it)/);
  });
});

test('a prebuild is named after platform, architecture and C library', () => {
  const { platform, arch } = process;
  const tag = platform === 'linux' ? '\\.(glibc|musl)' : '';
  expect(addonFiles('root')[1]).toMatch(new RegExp(`root.prebuilds.${platform}-${arch}.cuda-gan${tag}\\.node$`));
});

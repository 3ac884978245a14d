// Tests of what not every system has. Their names say what that is, so that a skipped one has its reason.
import { test } from '@jest/globals';

export const testOnLinux = process.platform === 'linux' ? test : test.skip;

export const testNotOnWindows = process.platform === 'win32' ? test.skip : test;

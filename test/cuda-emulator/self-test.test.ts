// The emulator keeps its own promises, or what the other tests conclude from it is worth nothing.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from '@jest/globals';
import { emulatedAddon, emulator } from '../support/devices';
import { isThere } from '../support/skips';

const isBuilt = emulatedAddon() !== undefined;
const onEmulator = isThere(isBuilt, 'the self-test of the emulator', 'it is not built') ? test : test.skip;
onEmulator('the self-test passes (skipped where the emulator is not built, on a machine with a GPU)', () => {
  execFileSync(join(emulator, 'emulator-self-test'), { encoding: 'utf8', timeout: 50_000 });
});

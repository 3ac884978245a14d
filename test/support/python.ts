// Python, where it has what a test wants of it.
import { execFileSync, spawnSync } from 'node:child_process';
import { isThere } from './skips';

/** What runs Python: `CUDA_GAN_PYTHON`, such as the one of a virtual environment. */
export const python = process.env.CUDA_GAN_PYTHON ?? 'python3';

const environment = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', CUDA_VISIBLE_DEVICES: '' };

/** Why Python cannot be asked, if so: it is missing, or a module is. Says so once for the tests that are skipped. */
export function pythonLacks(...modules: readonly string[]): string | undefined {
  const { status, error, stderr } = spawnSync(
    python,
    [
      '-c',
      `import importlib.util as u
missing = [m for m in ${JSON.stringify(modules)} if u.find_spec(m) is None]
if missing: raise SystemExit('it has no ' + ', '.join(missing))`,
    ],
    { encoding: 'utf8' },
  );
  if (status === 0) return undefined;
  const reason = `${python}: ${error?.message ?? stderr.trim().split('\n').at(-1)}`;
  isThere(false, `what needs Python with ${modules.join(', ')}`, `${reason} (CUDA_GAN_PYTHON says which to ask)`);
  return reason;
}

/** Runs a script; what it printed. */
export function runPython(script: string, ...args: readonly string[]): string {
  return execFileSync(python, [script, ...args], {
    encoding: 'utf8',
    env: environment,
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

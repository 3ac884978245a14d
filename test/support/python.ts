// Python with packages that tests hold files to. It is found by CUDA_GAN_PYTHON, and else is `python3` of the path.
import { spawnSync } from 'node:child_process';

export const python = process.env.CUDA_GAN_PYTHON ?? 'python3';

/** Why tests with a package are skipped, or undefined where it is there. */
export function pythonMissing(module: string): string | undefined {
  const { status } = spawnSync(python, ['-c', `import ${module}`], { stdio: 'ignore' });
  return status === 0 ? undefined : `(skipped: ${python} has no ${module}; set CUDA_GAN_PYTHON to one that has)`;
}

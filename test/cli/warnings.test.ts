// Warnings of the package are lines of the command.
import { expect, test } from '@jest/globals';
import { ended, main, startNode } from './command';

/** A module that makes Node warn when the command is done. */
const warning = (type: string, code: string) =>
  `data:text/javascript,process.once('beforeExit', () => process.emitWarning('beware', { type: '${type}', code: '${code}' }))`;

test('one of this package is a line, any other is as Node prints it', async () => {
  const imports = [warning('CudaGanWarning', 'CUDA_GAN_DATA_RANGE'), warning('OtherWarning', 'OTHER')];
  const args = imports.flatMap((url) => ['--import', url]);
  const { code, stderr } = await ended(startNode(...args, main, 'info'));
  expect(code).toBe(0);
  const lines = stderr.trimEnd().split('\n');
  expect(lines).toContain('cuda-gan: warning: beware (CUDA_GAN_DATA_RANGE)');
  expect(lines).toContainEqual(expect.stringMatching(/^\(node:\d+\) \[OTHER\] OtherWarning: beware$/));
  expect(stderr).not.toContain('CudaGanWarning');
});

#!/usr/bin/env node
// The command `cuda-gan`.
import { Command, CommanderError } from 'commander';
import { CudaGanError } from '../errors.js';
import { packageVersion } from '../package-info.cjs';
import { buildCommand } from './build.js';
import { classifyCommand } from './classify.js';
import { compareCommand } from './compare.js';
import { convertCommand } from './convert.js';
import { evaluateCommand } from './evaluate.js';
import { exitCodes } from './exit-codes.js';
import { generateCommand } from './generate.js';
import { infoCommand } from './info.js';
import { inspectCommand } from './inspect.js';
import { movieCommand } from './movie.js';
import { presetsCommand } from './presets.js';
import { trainCommand } from './train.js';
import { showWarnings } from './warnings.js';

const program = new Command('cuda-gan')
  .description('Train generative adversarial networks at native speed.')
  .version(packageVersion())
  .showHelpAfterError('(add --help for the options)')
  .addCommand(trainCommand())
  .addCommand(generateCommand())
  .addCommand(evaluateCommand())
  .addCommand(compareCommand())
  .addCommand(movieCommand())
  .addCommand(classifyCommand())
  .addCommand(convertCommand())
  .addCommand(inspectCommand())
  .addCommand(presetsCommand())
  .addCommand(infoCommand())
  .addCommand(buildCommand());

for (const command of [program, ...program.commands.flatMap((command) => [command, ...command.commands])]) {
  command.exitOverride();
  command.configureOutput({ outputError: (text, write) => write(text) });
}

showWarnings();

// Ctrl-C ends the process in an orderly way, so that no file is left half-written. A training takes it otherwise (interruptible.ts).
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    if (process.listenerCount(signal) === 1) process.exit(exitCodes.interrupted);
  });
}

// A reader that goes away (`cuda-gan train | head`) ends the output, not the training.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

program.parseAsync().catch((error: unknown) => {
  process.exitCode = exitCodeOf(error);
});

/** Reports what went wrong, unless commander has done so, and says how the process is to end. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.wrongUsage;
  if (!(error instanceof CudaGanError)) {
    console.error(error);
    return exitCodes.failed;
  }
  console.error(`cuda-gan: ${error.message} (${error.code})`);
  return error.code === 'CUDA_GAN_VALUE' ? exitCodes.wrongUsage : exitCodes.failed;
}

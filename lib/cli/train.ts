// `cuda-gan train`: a GAN on MNIST, the article's unless told otherwise, or an autoencoder.
import { Command, Option } from 'commander';
import { nonEmptyText } from '../checks.js';
import { requireUnlocked } from '../formats/folder-lock.js';
import { presets } from '../gan/presets.js';
import { readCommand } from '../runs/run-command.js';
import { type AutoencoderSettings, autoencoderSettings, isAutoencoderRun } from './autoencoder-settings.js';
import { addDataOptions } from './data-options.js';
import { modelKinds, requireFitting } from './model-kinds.js';
import { deviceOption, numberFrom, precisionOption, seedOption, threadsOption, wholeNumberFrom } from './options.js';
import { resumeAutoencoder, trainAutoencoder } from './train-autoencoder.js';
import { resumeGan, trainGan } from './train-gan.js';
import { resumeFlagsOf, type TrainCommandOptions, type TrainSettings, trainSettings } from './train-settings.js';

export function trainCommand(): Command {
  const command = new Command('train')
    .description(
      "Train a GAN on MNIST, the article's by default, or an autoencoder. Ctrl-C stops after the step under way and saves.",
    )
    .addOption(
      new Option('--model <kind>', 'a GAN, an autoencoder, a variational one, or that with classes')
        .choices(modelKinds)
        .default('gan'),
    )
    .option('--batch-size <number>', 'images per step (default: 32, of autoencoders 100)', wholeNumberFrom(1))
    .option(
      '--latent-dim <number>',
      'length of the noise vector, or of the code (default: 100, of autoencoders 50)',
      wholeNumberFrom(1),
    )
    .option(
      '--config <file>',
      'JSON with options of the model and its training; those of the command line go before them',
    )
    .addOption(seedOption())
    .addOption(deviceOption())
    .addOption(threadsOption())
    .addOption(precisionOption())
    .option(
      '--out <folder>',
      'where pictures, history, checkpoints and models go (default: "runs/mnist", of autoencoders runs/ and the kind)',
    )
    .option('--overwrite', 'replace the files of a run that the folder holds', false)
    .option(
      '--checkpoint-interval <number>',
      'steps between two checkpoints (default: one a minute, for at most 1 % of the time)',
      wholeNumberFrom(1),
    )
    .option(
      '--metrics-interval <number>',
      'steps, of a VAE epochs, between two measurements of what is generated, of which the best is kept (default: none)',
      wholeNumberFrom(1),
    )
    .option(
      '--resume <folder>',
      'go on with the run in that folder, by its own settings; takes --steps or --epochs to make it longer, --device, --threads, --json',
    )
    .option('--json', "print one JSON object with the run's figures at the end");
  command.optionsGroup('Options for GANs:');
  command
    .option(
      '--steps <number>',
      'updates of both networks; Infinity trains until Ctrl-C',
      wholeNumberFrom(1, { orInfinity: true }),
      30000,
    )
    .option(
      '--sample-interval <number>',
      'steps between two pictures, and between two writes of the models',
      wholeNumberFrom(1),
      200,
    )
    .addOption(
      new Option('--preset <name>', 'networks and how they are trained; `cuda-gan presets` says more')
        .choices(Object.keys(presets))
        .default('mlp'),
    )
    .option('--pretrain-steps <number>', 'steps of the discriminator alone at the start', wholeNumberFrom(0), 0);
  command.optionsGroup('Options for autoencoders:');
  command
    .option('--epochs <number>', 'passes over the images', wholeNumberFrom(1), 20)
    .addOption(new Option('--networks <name>', 'dense or convolutional').choices(['mlp', 'cnn']).default('mlp'))
    .option('--binarize', 'draw pixels as 0 or 1 anew in every step, which is what the Bernoulli likelihood is of')
    .option('--beta <number>', 'what the KL term counts (default: 1)', numberFrom(0));
  command.optionsGroup('Options for the data:');
  return addDataOptions(command).action(train);
}

async function train(options: TrainCommandOptions, command: Command): Promise<void> {
  for (const name of ['resume', 'data', 'config', 'out'] as const) {
    if (options[name] !== undefined) nonEmptyText(`--${name}`, options[name]);
  }
  if (options.resume !== undefined) return resume(options.resume, options, command);
  requireFitting(options.model, command);
  if (options.model === 'gan') return trainGan(await trainSettings(options, command));
  return trainAutoencoder(await autoencoderSettings(options, command));
}

async function resume(folder: string, options: TrainCommandOptions, command: Command): Promise<void> {
  const own = resumeFlagsOf(options, command);
  await requireUnlocked(folder);
  const begun = (await readCommand(folder)) as TrainSettings | AutoencoderSettings;
  requireFitting(isAutoencoderRun(begun) ? begun.model : 'gan', command);
  return isAutoencoderRun(begun) ? resumeAutoencoder(folder, begun, own) : resumeGan(folder, begun, own);
}

// `cuda-gan classify`: discriminative models.
import { Command } from 'commander';
import { classifyEvaluateCommand } from './classify-evaluate.js';
import { classifyPredictCommand } from './classify-predict.js';
import { classifyTrainCommand } from './classify-train.js';

export function classifyCommand(): Command {
  return new Command('classify')
    .description('Train a classifier of images, measure it, and tell the classes of images by it.')
    .addCommand(classifyTrainCommand())
    .addCommand(classifyEvaluateCommand())
    .addCommand(classifyPredictCommand());
}

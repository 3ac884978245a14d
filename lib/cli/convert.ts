// `cuda-gan convert`: a model from one file format to another.
import { Command, Option } from 'commander';
import { loadModel } from '../models/load-model.js';
import { formatNamed, modelFile, type SaveOptions } from '../models/model-formats.js';

export function convertCommand(): Command {
  return new Command('convert')
    .description(
      `Write a model in another format, by how the name of the new file ends: ${modelFile.endings.join(', ')}.`,
    )
    .argument('<in>', 'file of a model; its format shows by its content')
    .argument('<out>', 'file to write')
    .addOption(new Option('--for <program>', 'what is to read an .h5 file').choices(['keras', 'deeplearning4j']))
    .action(convert);
}

async function convert(from: string, to: string, options: SaveOptions): Promise<void> {
  const model = await loadModel(from, { device: 'cpu' });
  await model.save(to, options);
  const parameters = `${model.countParams().toLocaleString('en')} parameters`;
  console.log(`${to}: ${formatNamed(to).name}, ${model.className} "${model.name}", ${parameters}`);
}

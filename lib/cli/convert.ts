// `cuda-gan convert`: a model from one file format to another.
import { Command, Option } from 'commander';
import { loadModel } from '../models/load-model.js';
import type { SaveOptions } from '../models/model-formats.js';

export function convertCommand(): Command {
  return new Command('convert')
    .description('Write a model in another format: .safetensors, .keras, .h5 or .onnx, by the name of the new file.')
    .argument('<in>', 'file of a model; its format shows by its content')
    .argument('<out>', 'file to write')
    .addOption(new Option('--for <program>', 'what is to read an .h5 file').choices(['keras', 'deeplearning4j']))
    .action(convert);
}

async function convert(from: string, to: string, options: SaveOptions): Promise<void> {
  const model = await loadModel(from, { device: 'cpu' });
  await model.save(to, options);
  console.log(`${to}: ${model.className} "${model.name}", ${model.countParams().toLocaleString('en')} parameters`);
}

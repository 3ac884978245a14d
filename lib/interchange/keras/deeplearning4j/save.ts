import { writeFileAtomic } from '../../../formats/files.js';
import { hdf5Parts } from '../../../formats/hdf5/index.js';
import { SpectralNormalization } from '../../../layers/spectral-normalization.js';
import type { Model } from '../../../models/model.js';
import { GroupBuilder, readContents } from '../contents.js';
import { normalizedKernel, spectralNormalizations } from '../spectral-kernel.js';
import { flatConfig, separated, toJson } from './config.js';
import { flatModel } from './flat-model.js';
import { importedLayers } from './layers.js';

const version = { keras_version: '2.1.2', backend: 'tensorflow' };

export async function saveForDeeplearning4j(model: Model, path: string): Promise<void> {
  const taken = new Set<string>();
  const found = flatModel(model, (name) => {
    const safe = name.replace(/[^A-Za-z0-9_-]/g, '_');
    let free = safe;
    for (let n = 1; taken.has(free); n++) free = `${safe}_${n}`;
    taken.add(free);
    return free;
  });
  const flat = separated({ ...found, layers: found.layers.map((l) => l.layer instanceof SpectralNormalization ? { ...l, layer: l.layer.layer } : l) });
  const config = flatConfig(flat, model.name);
  const contents = new Map([...await readContents(model)]);
  for (const layer of spectralNormalizations(model)) contents.set(layer.kernel, normalizedKernel(layer, contents));
  const root = new GroupBuilder();
  for (const [attribute, value] of Object.entries(version)) root.say(attribute, value);
  root.say('model_config', toJson(config));
  const weights = root.at('model_weights');
  for (const [attribute, value] of Object.entries(version)) weights.say(attribute, value);
  weights.say('layer_names', [...flat.inputs, ...flat.layers].map(({ name }) => name));
  for (const { name } of flat.inputs) weights.at(name).say('weight_names', []);
  for (const { name, layer } of flat.layers) {
    const group = weights.at(name);
    const named = layer.namedWeights.map(([weight, variable]) => [`${importedLayers[layer.className]?.weightNames?.[weight] ?? weight}:0`, variable] as const);
    group.say('weight_names', named.map(([weight]) => `${name}/${weight}`));
    for (const [weight, variable] of named) group.at(name).put(weight, contents.get(variable)!);
  }
  await writeFileAtomic(path, hdf5Parts(root.build()));
}

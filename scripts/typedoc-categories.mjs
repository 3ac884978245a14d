// A plugin of typedoc. The exports of lib/index.ts are sorted into families by where they are defined, so that no comment has to
// say it; and what `getConfig` returns is said to be the options of those names.
import { Comment, CommentTag, Converter, ReflectionKind } from 'typedoc';

/** Families of what is exported by itself, by the folder or file below lib/. */
const byPlace = [
  ['gan/', 'GAN'],
  ['autoencoders/', 'Autoencoders'],
  ['layers/', 'Layers'],
  ['models/', 'Models and training'],
  ['training/', 'Models and training'],
  ['runs/', 'Models and training'],
  ['comparison/', 'Metrics'],
  ['images/', 'Pictures'],
  ['formats/', 'Files'],
  ['devices/', 'Devices'],
  ['program/', 'Tensors, graphs and errors'],
  ['tensor.ts', 'Tensors, graphs and errors'],
  ['nested-lists.ts', 'Tensors, graphs and errors'],
  ['errors.ts', 'Tensors, graphs and errors'],
];

/** Families of the namespaces. */
const byName = {
  augmentations: 'GAN',
  objectives: 'GAN',
  regularizers: 'GAN',
  classifiers: 'Models and training',
  layers: 'Layers',
  initializers: 'Layers',
  constraints: 'Layers',
  layerRegularizers: 'Layers',
  losses: 'Losses',
  optimizers: 'Optimizers',
  schedules: 'Optimizers',
  metrics: 'Metrics',
  datasets: 'Data sets',
  callbacks: 'Models and training',
  ops: 'Ops',
};

/** Called by typedoc. */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const property of project.getReflectionsByKind(ReflectionKind.Property)) {
      if (isOfConfig(property))
        property.comment ??= new Comment([{ kind: 'text', text: 'As the option of this name.' }]);
    }
    for (const reflection of project.children) {
      const family = familyOf(reflection);
      const [documented] = reflection.signatures ?? [reflection];
      documented.comment?.blockTags.push(new CommentTag('@category', [{ kind: 'text', text: family }]));
    }
  });
}

/** Whether it is a property of what a method `getConfig` returns. */
function isOfConfig({ parent }) {
  return parent?.kindOf(ReflectionKind.TypeLiteral) && parent.parent?.name === 'getConfig';
}

function familyOf(reflection) {
  const [{ fullFileName }] = reflection.sources;
  const path = fullFileName.replaceAll('\\', '/').replace(/.*\/lib\//, '');
  const family = reflection.kindOf(ReflectionKind.Namespace)
    ? byName[reflection.name]
    : byPlace.find(([place]) => path.startsWith(place))?.[1];
  if (family === undefined)
    throw new Error(`${reflection.name} of lib/${path} has no family in typedoc-categories.mjs`);
  return family;
}

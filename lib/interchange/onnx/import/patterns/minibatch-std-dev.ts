// The nodes that the export writes for `minibatchStdDev`, which do what no other layer does: compare samples of a batch.
import * as layers from '../../../../layers/index.js';
import { epsilon } from '../../../../layers/minibatch-std-dev.js';
import { GraphBuilder } from '../../export/graph-builder.js';
import { addMinibatchNodes, maxGroupSize } from '../../minibatch-nodes.js';
import { type Importer, shapeInFile } from '../importer.js';
import type { ImportedNode } from '../node.js';
import type { Made, Readers } from './index.js';
import { matchesNodes } from './matches-nodes.js';

export function minibatchStdDev(importer: Importer, first: ImportedNode, readers: Readers): Made | undefined {
  const x = importer.known(first.input[0] ?? '');
  if (x?.kind !== 'computed' || x.order.length !== 4) return undefined;
  const [second] = readers.following(first, 1);
  const numbers = second?.opType === 'Mod' ? importer.known(second.input[1] ?? '') : undefined;
  if (numbers?.kind !== 'constant' || numbers.dims.length !== 1) return undefined;
  const [groupSize] = numbers.dims as [number];
  if (groupSize > maxGroupSize) return undefined;
  const builder = new GraphBuilder();
  const name = builder.freeName('x');
  const channelAxis = x.order.indexOf(3);
  addMinibatchNodes(builder, name, { groupSize, epsilon, shape: shapeInFile(x).slice(1), channelAxis });
  const took = matchesNodes(importer, first, builder, { [name]: first.input[0]! }, readers);
  if (took === undefined) return undefined;
  const layer = layers.minibatchStdDev({ ...importer.named(first), groupSize });
  return { made: { ...x, tensor: layer.apply(x.tensor) }, took };
}

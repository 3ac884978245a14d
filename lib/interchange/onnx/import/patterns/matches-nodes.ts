// Whether nodes of a file are those that the export writes for a layer, whatever they are called.
import { sameShape } from '../../../../tensor.js';
import type { GraphBuilder } from '../../export/graph-builder.js';
import type { TensorProto } from '../../model-proto.js';
import type { Importer } from '../importer.js';
import type { ImportedNode } from '../node.js';
import type { Readers } from './index.js';

/**
 * `first` and the nodes behind it are compared one by one with those of `builder`: operators, attributes, constants, and who reads what.
 * `names` are those in the file of what the builder's nodes read. Returns the nodes behind `first`; undefined where something differs, or
 * another node reads what is in between.
 */
export function matchesNodes(
  importer: Importer,
  first: ImportedNode,
  builder: GraphBuilder,
  names: Readonly<Record<string, string>>,
  readers: Readers,
): readonly ImportedNode[] | undefined {
  const { node: wanted, initializer } = builder.parts;
  const constants = new Map(initializer.map((tensor) => [tensor.name, tensor]));
  const named = new Map(Object.entries(names));
  const found = [first, ...readers.following(first, wanted.length - 1)];
  if (found.length < wanted.length) return undefined;
  for (const [i, { opType, input, output, attribute }] of wanted.entries()) {
    const node = found[i]!;
    if (node.opType !== opType || node.input.length !== input.length || node.output.length !== 1) return undefined;
    if (!node.hasAttributes(attribute)) return undefined;
    const isRead = input.every((name, j) => {
      const constant = constants.get(name);
      return constant === undefined
        ? named.get(name) === node.input[j]
        : isConstant(importer, node.input[j]!, constant);
    });
    if (!isRead) return undefined;
    named.set(output[0]!, node.output[0]!);
  }
  const isAlone = found
    .slice(0, -1)
    .every((node) => readers.all(node).every((reader) => reader !== undefined && found.includes(reader)));
  return isAlone ? found.slice(1) : undefined;
}

function isConstant(importer: Importer, name: string, wanted: TensorProto): boolean {
  const found = importer.known(name);
  if (found?.kind !== 'constant' || !sameShape(found.dims, wanted.dims)) return false;
  const { isFloat, data } = importer.constantIn(wanted, false);
  return found.isFloat === isFloat && `${found.data}` === `${data}`;
}

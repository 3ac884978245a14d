// activationGradient of what an op makes: how products and dropouts end that bring a gradient back through an activation.
import { activationGradientOp } from '../../ops/activation-gradient.js';
import type { Fusion, Readers } from '../../program/fuse.js';
import type { Node, Value } from '../../program/value.js';
import { sameShape } from '../../tensor.js';

/**
 * The nodes after an op that multiply its result by the slope of an activation, if they do: of an activationGradient whose dy it is,
 * which comes last, and of layers that flatten in between, which leave its elements as they are.
 */
export function activationGradientAfter(result: Value, { onlyReader }: Readers) {
  const links: Node[] = [];
  let dy = result;
  let reader = onlyReader(dy);
  while (reader?.op.alias) {
    links.push(reader);
    dy = reader.outputs[0]!;
    reader = onlyReader(dy);
  }
  if (reader?.op.name !== activationGradientOp.name || reader.inputs[0] !== dy) return undefined;
  return {
    links: [...links, reader],
    dy,
    y: reader.inputs[1]!,
    attributes: reader.attributes,
    outputs: reader.outputs,
  };
}

/**
 * The fusion of an op with the activationGradient after it. Inputs are those of the op, and y. The result has the shape of the op's own,
 * unless it `mayReshape`: where a kernel only counts elements, layers that flatten in between do not matter.
 */
export function withActivationGradient(op: { readonly name: string }, { mayReshape = false } = {}): Fusion {
  return {
    op: { name: `${op.name}ActivationGradient` },
    find(source, readers) {
      if (source.op.name !== op.name) return undefined;
      const product = source.outputs[0]!;
      const end = activationGradientAfter(product, readers);
      if (end === undefined || !(mayReshape || sameShape(end.dy.shape, product.shape))) return undefined;
      return {
        links: [source, ...end.links],
        inputs: [...source.inputs, end.y],
        attributes: { [op.name]: source.attributes, activationGradient: end.attributes },
        outputs: end.outputs,
      };
    },
  };
}

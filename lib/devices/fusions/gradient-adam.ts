// A gradient + adam → one op that updates each parameter where its gradient is made, so that the gradient never goes
// through memory.
import { adamInputs, adamOp } from '../../ops/adam.js';
import type { Fusion } from '../../program/fuse.js';
import type { Node } from '../../program/value.js';

/**
 * The fusion of an op that makes a gradient with the adam that uses it up. Inputs p, m, v, then those of the op, then t
 * and the learning rate; outputs p, m, v. `fits` may refuse.
 */
export function gradientAdam(op: { readonly name: string }, fits: (gradient: Node) => boolean = () => true): Fusion {
  return {
    op: { name: `${op.name}Adam`, updates: 3 },
    find(source, { onlyReader }) {
      if (source.op.name !== op.name || !fits(source)) return undefined;
      const gradient = source.outputs[0]!;
      const adam = onlyReader(gradient);
      if (adam?.op.name !== adamOp.name) return undefined;
      const { p, m, v, t, learningRate, ...others } = adamInputs(adam);
      if (others.gradient !== gradient) return undefined;
      return {
        links: [source, adam],
        inputs: [p, m, v, ...source.inputs, t, learningRate],
        attributes: { [op.name]: source.attributes, adam: adam.attributes },
        outputs: adam.outputs,
      };
    },
  };
}

// normalize [+ activation], in place of a bias: how products end at inference whose layers have none.
import { normalizeOp } from '../../ops/normalize.js';
import type { Fusion } from '../../program/fuse.js';
import { activationAfter, withBiasActivation } from './bias-activation.js';

/** As `withBiasActivation`, and of the op with a normalisation: inputs are those of the op, and gamma, beta, mean and variance then. */
export function withBiasOrNormalization(op: { readonly name: string }): Fusion {
  const withBias = withBiasActivation(op);
  return {
    op: withBias.op,
    find(source, readers) {
      if (source.op.name !== op.name) return undefined;
      const [product] = source.outputs;
      const normalize = readers.onlyReader(product!);
      if (normalize?.op.name !== normalizeOp.name || normalize.inputs[0] !== product)
        return withBias.find(source, readers);
      const activation = activationAfter(normalize, readers);
      return {
        links: [source, ...activation.links],
        inputs: [...source.inputs, ...normalize.inputs.slice(1)],
        attributes: {
          [op.name]: source.attributes,
          normalize: normalize.attributes,
          activation: activation.attributes,
        },
        outputs: activation.links.at(-1)!.outputs,
      };
    },
  };
}

// dropout + activationGradient, the gradient of a dropout after an activation → dropoutActivationGradient: inputs dy and y, of as many
// elements; output dx = dropout(dy) · f'(y).
import { dropoutOp } from '../../ops/dropout.js';
import type { Fusion } from '../../program/fuse.js';
import { activationGradientAfter } from './activation-gradient-after.js';

export const dropoutActivationGradient: Fusion = {
  op: { name: 'dropoutActivationGradient' },
  find(dropout, readers) {
    if (dropout.op.name !== dropoutOp.name) return undefined;
    const end = activationGradientAfter(dropout.outputs[0]!, readers);
    return (
      end && {
        links: [dropout, ...end.links],
        inputs: [...dropout.inputs, end.y],
        attributes: { dropout: dropout.attributes, activationGradient: end.attributes },
        outputs: end.outputs,
      }
    );
  },
};

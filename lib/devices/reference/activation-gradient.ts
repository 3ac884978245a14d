// dy · f'(x), with f' by y = f(x).
import type { ActivationAttributes } from '../../ops/activation.js';
import type { Kernel } from './kernel.js';

export const activationGradient: Kernel = ({ inputs: [dy, y], outputs: [dx], attributes }) => {
  const slope = slopeFunction(attributes as ActivationAttributes);
  for (let i = 0; i < dx!.data.length; i++) dx!.data[i] = dy!.data[i]! * slope(y!.data[i]!);
};

function slopeFunction({ kind, alpha }: ActivationAttributes): (y: number) => number {
  switch (kind) {
    case 'linear':
      return () => 1;
    case 'leakyRelu':
      return (y) => (y > 0 ? 1 : alpha);
    case 'elu':
      return (y) => (y > 0 ? 1 : y + alpha);
    case 'tanh':
      return (y) => 1 - y * y;
    case 'sigmoid':
      return (y) => y * (1 - y);
    case 'softplus':
      return (y) => -Math.expm1(-y);
  }
}

// Lets a training that diverges end as if it were done, as Keras' TerminateOnNaN.
import { checkOptions } from '../options.js';
import type { Callbacks } from '../training/callbacks.js';

/**
 * A loss or weight that is NaN or infinite ends every training with an error, after going back to the last good state.
 * With this callback the training ends there without one: `fit` and `GAN.train` resolve with the history so far, other
 * callbacks hear of the end, and a line says what happened. It looks at no step, and costs nothing.
 */
export function terminateOnNaN(options?: Record<string, never>): Callbacks {
  checkOptions('callbacks.terminateOnNaN', options, {});
  return {
    name: 'terminateOnNaN',
    onDiverged: ({ message }) => {
      console.log(`Training was terminated: ${message}`);
      return true;
    },
  };
}

// The state of an optimizer as TensorFlow.js has it: how often it has moved the model, then all that it keeps of one kind for
// each weight, then all of the next.
import { CudaGanError } from '../../errors.js';
import type { Model } from '../../models/model.js';
import type { Compiled } from '../../models/trainer.js';
import type { Variable } from '../../program/variable.js';
import { formatShape, sameShape, sizeOf, type Tensor } from '../../tensor.js';
import { makeState } from '../keras/optimizer-content.js';
import { trainableInOrder } from '../keras/weight-places.js';

/** A tensor by its name. */
export type NamedTensor = readonly [name: string, tensor: Tensor];

const iterations = 'iter';

/** One of the tensors that an optimizer keeps for a weight. */
interface Part {
  readonly weight: Variable;
  /** What it is called behind the name of the weight: here, and in TensorFlow.js. */
  readonly kind: string;
  readonly theirKind: string;
  readonly variable: Variable;
  /** What our numbers are multiplied by. */
  readonly scale: number;
}

interface State {
  /** How many updates there were, where the optimizer counts them. */
  readonly updates: Variable | undefined;
  readonly parts: readonly Part[];
}

function stateOf(model: Model, { optimizer, weights: moved }: Compiled): State {
  const weights = trainableInOrder(model, 'given').filter((weight) => moved.includes(weight));
  const found = [...optimizer.state(new Map(weights.map((weight, i) => [String(i), weight])))].map(
    ([path, variable]) => {
      const [i, kind] = path.split('/') as [string, string];
      return { weight: weights[Number(i)]!, kind, variable };
    },
  );
  // Without a momentum there is nothing to keep, though it has a place.
  const needless = optimizer.className === 'SGD' && optimizer.getConfig().momentum === 0;
  const kept = found.filter(({ kind }) => kind !== 'updates' && !needless);
  const kinds = [...new Set(kept.map(({ kind }) => kind))];
  return {
    updates: found.find(({ kind }) => kind === 'updates')?.variable,
    parts: kinds.flatMap((kind) =>
      kept.filter((part) => part.kind === kind).map((part) => ({ ...part, ...theirs(kind, optimizer.learningRate) })),
    ),
  };
}

/**
 * TensorFlow.js multiplies by the learning rate when it moves the weights, and we when we add to the velocity, which is then in
 * the direction of the move. Where the rate follows a schedule, which TensorFlow.js has not, velocities stay what they are.
 */
function theirs(kind: string, learningRate: number): Pick<Part, 'theirKind' | 'scale'> {
  if (kind === 'velocity' && !Number.isNaN(learningRate)) return { theirKind: 'momentum', scale: -1 / learningRate };
  return { theirKind: kind === 'mean_square' ? 'rms' : kind, scale: 1 };
}

/**
 * What an optimizer that has moved the model has come to; nothing before its first update.
 * @param names of the weights in the file
 */
export async function readState(
  model: Model,
  compiled: Compiled,
  names: ReadonlyMap<Variable, string>,
): Promise<readonly NamedTensor[]> {
  const { updates, parts } = stateOf(model, compiled);
  if (![updates, ...parts.map(({ variable }) => variable)].some((variable) => variable?.device !== undefined))
    return [];
  const count = updates === undefined ? Int32Array.of(0) : await updates.read(model.device);
  const kept = await Promise.all(
    parts.map(async ({ weight, theirKind, variable, scale }): Promise<NamedTensor> => {
      const data = await variable.read(model.device);
      const scaled = scale === 1 ? data : Float32Array.from(data, (value) => value * scale);
      return [`${names.get(weight)}/${theirKind}`, { shape: variable.shape, data: scaled }];
    }),
  );
  const unused = parts.filter(({ theirKind }) => theirKind === 'rms').map(({ weight }) => momentOf(weight, names));
  return [[iterations, { shape: [], data: count }], ...kept, ...unused];
}

/** TensorFlow.js keeps what a momentum of RMSprop needs, which we have not. */
function momentOf(weight: Variable, names: ReadonlyMap<Variable, string>): NamedTensor {
  return [`${names.get(weight)}/momentum`, { shape: weight.shape, data: new Float32Array(sizeOf(weight.shape)) }];
}

/**
 * Brings an optimizer to the state that a file has.
 * @throws CudaGanError `CUDA_GAN_VALUE` when it is not that of this optimizer and this model; nothing changes then.
 */
export async function writeState(model: Model, compiled: Compiled, saved: readonly NamedTensor[]): Promise<void> {
  makeState(compiled);
  const { updates, parts } = stateOf(model, compiled);
  const count = saved.find(([name]) => name === iterations)?.[1];
  const contents = parts.map((part) => {
    const ofKind = saved.filter(([name]) => name.endsWith(`/${part.theirKind}`));
    const same = parts.filter(({ kind }) => kind === part.kind);
    const tensor = ofKind.length === same.length ? ofKind[same.indexOf(part)]![1] : undefined;
    if (tensor !== undefined && sameShape(tensor.shape, part.variable.shape)) return tensor;
    throw mistake(compiled, `${part.theirKind} of ${same.length} weights, one of ${formatShape(part.variable.shape)}`);
  });
  if (count?.data.length !== 1) throw mistake(compiled, iterations);
  await Promise.all([
    updates?.write(Int32Array.from(count.data), model.device),
    ...parts.map(({ variable, scale }, i) =>
      variable.write(
        Float32Array.from(contents[i]!.data, (value) => value / scale),
        model.device,
      ),
    ),
  ]);
}

function mistake({ optimizer }: Compiled, wanted: string): CudaGanError {
  return new CudaGanError(
    'CUDA_GAN_VALUE',
    `the file does not have the state of the optimizer ${optimizer.className}: wanted is ${wanted}; load with compile: false, or train from the beginning`,
  );
}

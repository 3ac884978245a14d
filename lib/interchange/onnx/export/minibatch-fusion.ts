// The chain of ops by which `minibatchStdDev` compares the samples of groups. How many there are in a group follows from the batch,
// which the recorded ops know as a number: as one op, the file can count.
import { affineOp } from '../../../ops/affine.js';
import { binaryOp } from '../../../ops/binary.js';
import { broadcastToOp } from '../../../ops/broadcast-to.js';
import { concatOp } from '../../../ops/concat.js';
import { reshapeOp } from '../../../ops/reshape.js';
import { sumOp } from '../../../ops/sum.js';
import { unaryOp } from '../../../ops/unary.js';
import type { Fusion, Readers } from '../../../program/fuse.js';
import type { Node, Value } from '../../../program/value.js';
import { type Shape, sameShape, sizeOf } from '../../../tensor.js';

/** Input x [n, height, width, channels]; output with one more channel; attributes `groupSize` and `epsilon`. */
export const minibatchStdDev: Fusion = {
  op: { name: 'minibatchStdDev' },
  find(first, readers) {
    if (first.op.name !== reshapeOp.name) return undefined;
    const [x] = first.inputs as [Value];
    const [samples] = first.outputs as [Value];
    const [batch, ...sample] = x.shape as [number, ...number[]];
    const [groupSize, groups] = samples.shape as [number, number];
    if (sample.length !== 3 || !sameShape(samples.shape, [groupSize, batch / groupSize, sizeOf(sample)]))
      return undefined;
    const chain = new Chain(first, readers);
    const mean = chain.mean(readers.all(samples)[0], 0);
    const centered = mean && chain.next(mean, binaryOp.name, { kind: 'subtract' });
    const square = centered && chain.next(centered, binaryOp.name, { kind: 'multiply' });
    const variance = square && chain.mean(chain.onlyReader(square), 0);
    const raised = variance && chain.next(variance, affineOp.name, { scale: 1 });
    const epsilon = chain.last.attributes.offset as number;
    const deviations = raised && chain.next(raised, unaryOp.name, { kind: 'sqrt' });
    const ofGroup = deviations && chain.mean(chain.onlyReader(deviations), 1);
    const kept = ofGroup && chain.shaped(ofGroup, reshapeOp.name, [1, groups, 1]);
    const repeated = kept && chain.shaped(kept, broadcastToOp.name, [groupSize, groups, 1]);
    const ofSample = repeated && chain.shaped(repeated, reshapeOp.name, [batch, 1, 1, 1]);
    const channel = ofSample && chain.shaped(ofSample, broadcastToOp.name, [batch, ...sample.slice(0, 2), 1]);
    const joined = channel && chain.next(channel, concatOp.name, { axis: 3 });
    const isWhole =
      joined !== undefined &&
      readers.all(samples).length === 2 &&
      !readers.isResult(samples) &&
      chain.reads(binaryOp.name, 0, [samples, mean!]) &&
      chain.reads(binaryOp.name, 1, [centered!, centered!]) &&
      chain.reads(concatOp.name, 0, [x, channel!]);
    if (!isWhole) return undefined;
    return { links: chain.links, inputs: [x], attributes: { groupSize, epsilon }, outputs: [joined] };
  },
};

/** Nodes each of which is the only one to read what the one before it makes. */
class Chain {
  readonly links: Node[];
  readonly #readers: Readers;

  constructor(first: Node, readers: Readers) {
    this.links = [first];
    this.#readers = readers;
  }

  get last(): Node {
    return this.links.at(-1)!;
  }

  /** What the only reader of a value makes, if it is of that op and has these attributes. */
  next(value: Value, op: string, attributes: Readonly<Record<string, unknown>> = {}): Value | undefined {
    const node = this.onlyReader(value);
    const isWanted = Object.entries(attributes).every(([name, wanted]) => node?.attributes[name] === wanted);
    if (node?.op.name !== op || !isWanted) return undefined;
    this.links.push(node);
    return node.outputs[0]!;
  }

  /** The only node that reads a value, maybe twice. */
  onlyReader(value: Value): Node | undefined {
    const [node, ...others] = new Set(this.#readers.all(value));
    return others.length === 0 && !this.#readers.isResult(value) ? node : undefined;
  }

  /** As `next`, of what is of that shape already where the op would change nothing. */
  shaped(value: Value, op: string, shape: Shape): Value | undefined {
    if (sameShape(value.shape, shape)) return value;
    const made = this.next(value, op);
    return made && sameShape(made.shape, shape) ? made : undefined;
  }

  /** The mean over an axis, which begins with a sum. */
  mean(sum: Node | undefined, axis: number): Value | undefined {
    if (sum?.op.name !== sumOp.name || !sameShape(sum.attributes.axes as Shape, [axis])) return undefined;
    this.links.push(sum);
    const count = sum.inputs[0]!.shape[axis]!;
    return this.next(sum.outputs[0]!, affineOp.name, { scale: 1 / count, offset: 0 });
  }

  /** Whether the link of that op and number takes these values in that order. */
  reads(op: string, number: number, values: readonly Value[]): boolean {
    const { inputs } = this.links.filter((link) => link.op.name === op)[number]!;
    return inputs.length === values.length && inputs.every((input, i) => input === values[i]);
  }
}

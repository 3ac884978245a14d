// A model as an ONNX file: what it computes in inference, op by op.
//
// Layers are not asked: what they record becomes nodes, so that composite layers and those of users are exported as any
// other. ONNX is like a device whose kernels are the operators of ONNX: there are fusions, and a table of ops.
import { CudaGanError } from '../../../errors.js';
import type { Model } from '../../../models/model.js';
import { packageVersion } from '../../../package-info.cjs';
import { callNameOf } from '../../../program/op.js';
import type { KernelNode } from '../../../program/value.js';
import { encodeModel } from '../encode.js';
import { pixelRangeKey, producerName } from '../names.js';
import { loadWire } from '../wire.cjs';
import { constantsOf, dynamicNodes } from './constants.js';
import { Emitter } from './emitter.js';
import { emitters, notExported } from './ops/index.js';
import { type Recording, recordInference } from './recording.js';

/** Of ONNX 1.12 (2022): all runtimes of today know it, those for browsers too, and it has all operators that are needed here. */
const opset = 17;
/** Of the same release. */
const irVersion = 8;
/** A message of Protocol Buffers is shorter. */
const maxBytes = 2 ** 31;

/**
 * The file of a model, in parts that come one after the other. Inputs and outputs are those of `predict` with float32 and
 * int32, under the model's names, images [batch, height, width, channels]; the batch has any length. The range of pixels is
 * among the metadata.
 * @throws CudaGanError `CUDA_GAN_VALUE` when a layer does what ONNX has no operator for, or draws random numbers, and for
 * more than 2 GiB; `CUDA_GAN_STATE` for a model without input shape; `CUDA_GAN_DATA` for weights that are not finite.
 */
export async function exportOnnx(model: Model): Promise<Uint8Array[]> {
  const { recording, nodes } = requireExportable(model);
  const { name, inputNames: inputs, outputNames: outputs } = model;
  const emitter = new Emitter(recording, await constantsOf(model, recording, nodes), { name, inputs, outputs });
  for (const node of nodes) emitter.emit(node.outputs[0]!, () => emitters[node.op.name]!(emitter, node));
  const { pixelRange } = model;
  const parts = encodeModel(
    {
      irVersion,
      producerName,
      producerVersion: packageVersion(),
      metadataProps: pixelRange === undefined ? [] : [{ key: pixelRangeKey, value: JSON.stringify(pixelRange) }],
      graph: emitter.graph(),
      opsetImport: [{ domain: '', version: opset }],
    },
    loadWire(),
  );
  return requireRoom(model, parts);
}

/** What is exported of a model: its recording, and those of its nodes that are no constants. @throws as `exportOnnx`. */
export function requireExportable(model: Model): {
  readonly recording: Recording;
  readonly nodes: readonly KernelNode[];
} {
  if (!model.built) {
    throw new CudaGanError(
      'CUDA_GAN_STATE',
      `model "${model.name}" has no shapes yet: give the first layer an inputShape, or call build`,
    );
  }
  const recording = recordInference(model);
  const nodes = dynamicNodes(recording);
  for (const node of nodes) requireOperator(recording, node);
  return { recording, nodes };
}

function requireOperator({ scopeOf }: Recording, { op, inputs, outputs, attributes }: KernelNode): void {
  const isGradient = op.name === 'maxPool2d' && inputs[0] !== inputs[1];
  if (Object.hasOwn(emitters, op.name) && !isGradient) return;
  const reason = isGradient ? 'takes places of maxima from another tensor' : notExported[op.name];
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `layer "${scopeOf(outputs[0]!)}" cannot be exported to ONNX: in inference it calls ${callNameOf(op, attributes)}, which ${reason}`,
  );
}

function requireRoom({ name }: Model, parts: Uint8Array[]): Uint8Array[] {
  const bytes = parts.reduce((sum, { length }) => sum + length, 0);
  if (bytes < maxBytes) return parts;
  throw new CudaGanError(
    'CUDA_GAN_VALUE',
    `model "${name}" takes ${bytes} bytes as an ONNX file; a file has less than ${maxBytes}`,
  );
}

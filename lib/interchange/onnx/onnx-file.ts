// `.onnx` files, by their paths.
import { CudaGanError } from '../../errors.js';
import { onnx } from '../../formats/endings.js';
import { readBytes, writeFileAtomic } from '../../formats/files.js';
import type { ModelFormat } from '../../models/model-formats.js';
import { decodeModel } from './decode.js';
import { exportOnnx } from './export/index.js';
import { importOnnx } from './import/index.js';
import { loadWire } from './wire.cjs';

/** The key of the first field, `ir_version`, a number: Protocol Buffers have no mark of their own. */
const firstKey = 0x08;

export const onnxFormat: ModelFormat = {
  file: onnx,
  // The lowest byte of a length, with which a safetensors file begins, may be 8 as well; its JSON tells it apart.
  recognizes: (head) => head[0] === firstKey && head[8] !== '{'.charCodeAt(0),
  save: async (model, path) => writeFileAtomic(path, await exportOnnx(model)),
  lost: async (model) => {
    await exportOnnx(model);
    return [
      'what counts in training alone: dropout, noise, regularizers, what compile chose, the state of the optimizer',
    ];
  },
  writer: async (path) => {
    const { producerName, producerVersion } = decodeModel(await readBytes(path), path, loadWire());
    return [producerName || 'an unknown program', producerVersion].filter(Boolean).join(' ');
  },
  load: async (path, { device }) => importOnnx(await readBytes(path), path, device),
  loadWeights: async (_, path) => {
    throw new CudaGanError(
      'CUDA_GAN_FILE',
      `${path} is an ONNX file, whose weights belong to no layers: use loadModel`,
    );
  },
};

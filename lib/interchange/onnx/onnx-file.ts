// `.onnx` files: what a model computes in use, and models of what others compute.
import { inWords } from '../../checks.js';
import { CudaGanError } from '../../errors.js';
import { onnx } from '../../formats/endings.js';
import { InputFile, writeFileAtomic } from '../../formats/files.js';
import type { ModelFormat } from '../../models/model-formats.js';
import { decodeModel } from './decode.js';
import { exportOnnx, requireExportable } from './export/index.js';
import { importOnnx } from './import/index.js';
import { loadWire } from './wire.cjs';

export const onnxFormat: ModelFormat = {
  file: onnx,
  recognizes,
  save: async (model, path) => writeFileAtomic(path, await exportOnnx(model)),
  load: async (path, { device }) => importOnnx(await readBytes(path), path, device),
  lost: (model) => {
    requireExportable(model);
    return [
      'its layers, of which the file has what they compute in use, and nothing that only trains',
      ...(model.compiled === undefined ? [] : ['what compile chose, and the state of the optimizer']),
    ];
  },
  writer: async (path) => {
    const { producerName, producerVersion } = decodeModel(await readBytes(path), path, loadWire());
    return producerName === ''
      ? 'an unknown program'
      : `${inWords(producerName).slice(1, -1)} ${inWords(producerVersion).slice(1, -1)}`.trim();
  },
  loadWeights: async (_, path) => {
    throw new CudaGanError(
      'CUDA_GAN_FILE',
      `${path} is an ONNX file, whose weights belong to operators and not to layers: read it by loadModel`,
    );
  },
};

/**
 * ONNX files have no signature. They are messages of Protocol Buffers, whose first field is, as all writers do it, the version of
 * the format, a small number; the second is a text or the graph, whose length is no row of zeros. A safetensors file begins with a
 * length of eight bytes, of which most are zero.
 */
function recognizes(head: Uint8Array): boolean {
  const [irVersionTag, irVersion = 0, nextTag = 0] = head;
  const isField = [producerNameTag, producerVersionTag, domainTag, graphTag, opsetTag].includes(nextTag);
  return (
    irVersionTag === 0x08 &&
    irVersion >= 1 &&
    irVersion < 0x40 &&
    isField &&
    head.subarray(4, 8).some((byte) => byte !== 0)
  );
}

const [producerNameTag, producerVersionTag, domainTag, graphTag, opsetTag] = [0x12, 0x1a, 0x22, 0x3a, 0x42];

async function readBytes(path: string): Promise<Uint8Array> {
  return InputFile.with(path, (file) => file.readAll());
}

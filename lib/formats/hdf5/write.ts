// Writes files as the first version of the format has them, which all readers know: superblock 0, headers of version 1,
// symbol tables, contiguous datasets. The same content makes the same bytes.
import { inWords } from '../../checks.js';
import { CudaGanError } from '../../errors.js';
import { dtypeOf, requireTensor, type Tensor } from '../../tensor.js';
import { bytesIn } from '../element-reader.js';
import { fields } from '../little-endian.js';
import { encodeAttribute, type NewAttribute } from './writing/attribute.js';
import { TextHeaps } from './writing/global-heap.js';
import { type Entry, halfOfTableNode, halfOfTreeNode, writeSymbolTable } from './writing/group.js';
import { encodeDataspace, encodeHeader, type NewMessage } from './writing/object-header.js';
import { Output } from './writing/output.js';
import { encodeNumbers, type StoredType, storedTypes } from './writing/stored-types.js';

export type { NewAttribute, VariableText } from './writing/attribute.js';
export type { StoredType } from './writing/stored-types.js';

export interface NewGroup {
  readonly kind: 'group';
  readonly attributes?: ReadonlyMap<string, NewAttribute>;
  readonly members: ReadonlyMap<string, NewGroup | NewDataset>;
}

export interface NewDataset {
  readonly kind: 'dataset';
  readonly attributes?: ReadonlyMap<string, NewAttribute>;
  /** Written as it is, and not copied unless `dtype` is another. */
  readonly tensor: Tensor;
  /** The type in the file. Default: that of the tensor. */
  readonly dtype?: StoredType;
}

const superblockBytes = 96;

/**
 * A file in parts, among them the memory of the tensors: leave these as they are until it is written.
 * @throws CudaGanError `CUDA_GAN_VALUE` for a name that no member can have, and for attributes that are too large;
 * `CUDA_GAN_DATA` or `CUDA_GAN_SHAPE` for what is no tensor, and numbers that the type in the file cannot hold.
 */
export function hdf5Parts(root: NewGroup): Uint8Array[] {
  const output = new Output(superblockBytes);
  const address = new TreeWriter(output).write(root, '');
  return [encodeSuperblock(address, output.end), ...output.parts];
}

class TreeWriter {
  readonly #output: Output;
  readonly #heaps: TextHeaps;

  constructor(output: Output) {
    this.#output = output;
    this.#heaps = new TextHeaps(output);
  }

  /** Writes an object and all below it; the address of its header. */
  write(object: NewGroup | NewDataset, path: string): number {
    const name = JSON.stringify(path || '/');
    const own = object.kind === 'group' ? [this.#members(object, path)] : this.#elements(object, name);
    const attributes = [...(object.attributes ?? [])].map(([key, value]) =>
      encodeAttribute(key, value, this.#heaps, name),
    );
    return this.#output.append(encodeHeader([...own, ...attributes], name));
  }

  #members({ members }: NewGroup, path: string): NewMessage {
    const entries = [...members].map(([name, member]): Entry => {
      if (name === '' || name === '.' || /[/\0]/.test(name)) {
        const allowed = 'texts without "/" and zeros, other than "" and "."';
        throw new CudaGanError('CUDA_GAN_VALUE', `a member is called ${inWords(name)}; allowed are ${allowed}`);
      }
      return { name: Buffer.from(name), address: this.write(member, `${path}/${name}`) };
    });
    return { type: 'symbolTable', bytes: writeSymbolTable(entries, this.#output) };
  }

  #elements({ tensor, dtype }: NewDataset, name: string): NewMessage[] {
    const { shape, data } = requireTensor(name, tensor);
    const type = dtype ?? dtypeOf(data);
    const bytes = type === dtypeOf(data) ? bytesIn(data) : encodeNumbers(data, type, name);
    const address = bytes.length === 0 ? nowhere : this.#output.append(bytes);
    return [
      { type: 'dataspace', bytes: encodeDataspace(shape) },
      { type: 'datatype', bytes: storedTypes[type].message },
      { type: 'fillValue', bytes: zerosWhereNotWritten },
      { type: 'layout', bytes: encodeLayout(address, bytes.length) },
    ];
  }
}

const nowhere = -1;

/** Version, when it is written (late, and where it is set), that it is the default one. */
const zerosWhereNotWritten = Uint8Array.of(2, 2, 2, 1, 0, 0, 0, 0);

/** Contiguous (section IV.A.2.i). */
function encodeLayout(address: number, bytes: number): Uint8Array {
  return fields([
    [1, 3],
    [1, 1],
    [8, address],
    [8, bytes],
  ]);
}

/** Section II.A. */
function encodeSuperblock(root: number, end: number): Uint8Array {
  const head = fields([
    [4, 0], // versions of parts
    [1, 0],
    [1, 8], // bytes of an address
    [1, 8], // bytes of a length
    [1, 0],
    [2, halfOfTableNode],
    [2, halfOfTreeNode],
    [4, 0],
    [8, 0], // what addresses count from
    [8, nowhere], // free space
    [8, end],
    [8, nowhere], // a driver
    [8, 0], // the name of the root
    [8, root],
    [8, 0],
    [8, 0],
    [8, 0],
  ]);
  return Buffer.concat([Buffer.from('\x89HDF\r\n\x1a\n', 'latin1'), head]);
}

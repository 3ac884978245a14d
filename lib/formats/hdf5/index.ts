// HDF5 files, as far as models need them (HDF5 File Format Specification, version 3.0; comments name its sections). The
// C library of the format, compiled to WebAssembly, was tried: a file that is damaged aborts it and leaves its memory
// unusable for the files after it. Here every length, address and count of a file is checked before it is used, and time
// and memory are linear in its size.
export { decodeHdf5, readHdf5 } from './read.js';
export type { Hdf5Attribute, Hdf5Dataset, Hdf5Group, Hdf5Unsupported } from './types.js';
export {
  hdf5Parts,
  type NewAttribute,
  type NewDataset,
  type NewGroup,
  type StoredType,
  type VariableText,
} from './write.js';

// The package `@bufbuild/protobuf`, of which only the wire format is used. A CommonJS module in both builds of the package,
// as package-info.cts: it is loaded when a file is written or read, and costs nothing at start-up.
import type * as wire from '@bufbuild/protobuf/wire';
import { requireHere } from '../../package-info.cjs';

/** Reader and writer of Protocol Buffers. */
export type Wire = Pick<typeof wire, 'BinaryReader' | 'BinaryWriter' | 'WireType'>;
export type Reader = InstanceType<Wire['BinaryReader']>;
export type Writer = InstanceType<Wire['BinaryWriter']>;

export function loadWire(): Wire {
  return requireHere('@bufbuild/protobuf/wire');
}

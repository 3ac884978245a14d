// Datatypes that have an object header of their own (section IV.A.2, shared messages).
import type { Metadata } from './metadata.js';
import { messageOf, readObjectHeader } from './object-header.js';

const what = 'a shared message';

/** The datatype that a shared message leads to. */
export async function sharedDatatype(file: Metadata, bytes: Uint8Array): Promise<Uint8Array> {
  const fields = file.parse(bytes, what);
  const version = fields.version(1, 2, 3);
  const type = fields.uint(1);
  if (version === 1) fields.skip(6);
  if (version === 3 && type !== 2) throw fields.damaged('is in a heap of shared messages, which is not read');
  const address = fields.address();
  const messages = await file.once(what, address, () => readObjectHeader(file, address));
  const message = messageOf(messages, 'datatype');
  if (message === undefined || message.shared) throw fields.damaged('leads to no datatype');
  return message.bytes;
}

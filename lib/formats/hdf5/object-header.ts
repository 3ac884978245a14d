// Object headers (section IV.A.1): the messages that say what a group or a dataset is.
import type { Fields } from './fields.js';
import type { Metadata } from './metadata.js';

/** Types of messages (section IV.A.2). */
export const messageTypes = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  oldFillValue: 0x04,
  fillValue: 0x05,
  link: 0x06,
  externalFiles: 0x07,
  layout: 0x08,
  filters: 0x0b,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
  attributeInfo: 0x15,
} as const;

export interface Message {
  readonly type: number;
  /** Whether `bytes` tell where the message is, in place of the message. */
  readonly shared: boolean;
  readonly bytes: Uint8Array;
}

const what = 'an object header';
const prefixBytes = 34; // of version 2; version 1 has 16
const signatureBytes = 4;
const checksumBytes = 4;
const sharedFlag = 2;
const creationOrderFlag = 4;

/** All messages of an object, those of continuations too. */
export async function readObjectHeader(file: Metadata, address: number | undefined): Promise<readonly Message[]> {
  const prefix = await file.fieldsUpTo(address, prefixBytes, what);
  if (prefix.uint(1) === 1) return readVersion1(file, address!, prefix);
  return readVersion2(file, address!);
}

/** The first message of a type. */
export function messageOf(messages: readonly Message[], type: keyof typeof messageTypes): Message | undefined {
  return messages.find((message) => message.type === messageTypes[type]);
}

async function readVersion1(file: Metadata, address: number, prefix: Fields): Promise<readonly Message[]> {
  prefix.skip(1 + 2 + 4); // reserved, the number of messages, of references
  const blocks: Block[] = [{ begin: address + 16, bytes: prefix.uint(4) }];
  const messages: Message[] = [];
  for (const { begin, bytes } of blocks) {
    const fields = await file.fields(begin, bytes, what);
    while (fields.left >= 8) {
      const [type, size, flags] = [fields.uint(2), fields.uint(2), fields.uint(1)];
      fields.skip(3);
      addMessage(file, { type, shared: (flags & sharedFlag) !== 0, bytes: fields.bytes(size) }, messages, blocks);
    }
  }
  return messages;
}

async function readVersion2(file: Metadata, address: number): Promise<readonly Message[]> {
  const prefix = await file.fieldsUpTo(address, prefixBytes, what);
  prefix.skip(signatureBytes); // which is looked at below
  prefix.version(2);
  const flags = prefix.uint(1);
  if ((flags & 0x20) !== 0) prefix.skip(4 * 4); // times
  if ((flags & 0x10) !== 0) prefix.skip(2 * 2); // when attributes are stored elsewhere
  const bytes = prefix.uint(2 ** (flags & 3));
  const prefixEnd = prefix.position;

  const blocks: Block[] = [{ begin: address, bytes: prefixEnd + bytes + checksumBytes }];
  const messages: Message[] = [];
  for (const [i, block] of blocks.entries()) {
    const fields = await file.checked(block.begin, block.bytes, i === 0 ? 'OHDR' : 'OCHK', what);
    if (i === 0) fields.skip(prefixEnd - signatureBytes);
    const headerBytes = (flags & creationOrderFlag) !== 0 ? 6 : 4;
    while (fields.left >= headerBytes) {
      const [type, size, messageFlags] = [fields.uint(1), fields.uint(2), fields.uint(1)];
      fields.skip(headerBytes - 4);
      const message = { type, shared: (messageFlags & sharedFlag) !== 0, bytes: fields.bytes(size) };
      addMessage(file, message, messages, blocks);
    }
  }
  return messages;
}

interface Block {
  readonly begin: number | undefined;
  readonly bytes: number;
}

/** Adds a message, or the block that it says the header goes on in. */
function addMessage(file: Metadata, message: Message, messages: Message[], blocks: Block[]): void {
  if (message.type !== messageTypes.continuation) {
    messages.push(message);
    return;
  }
  const fields = file.parse(message.bytes, 'a continuation of an object header');
  blocks.push({ begin: fields.address(), bytes: fields.length() });
}

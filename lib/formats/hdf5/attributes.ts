// The attributes of an object: in messages, or in a heap of these where they are many (section IV.A.2.v).
import { parseAttribute } from './attribute.js';
import { readBTree2, recordTypes } from './b-tree-2.js';
import { HeapReader } from './fractal-heap.js';
import type { Metadata } from './metadata.js';
import { type Message, messageOf, messageTypes } from './object-header.js';
import type { Hdf5Attribute } from './types.js';

export async function readAttributes(
  file: Metadata,
  messages: readonly Message[],
): Promise<ReadonlyMap<string, Hdf5Attribute>> {
  const attributes = new Map<string, Hdf5Attribute>();
  const add = async (message: Uint8Array) => {
    const [name, value] = await parseAttribute(file, message);
    attributes.set(name, value);
  };
  for (const { type, shared, bytes } of messages) {
    if (type !== messageTypes.attribute) continue;
    if (shared) throw file.parse(bytes, 'an attribute').damaged('is in a heap of shared messages, which is not read');
    await add(bytes);
  }
  const info = messageOf(messages, 'attributeInfo');
  if (info !== undefined) for (const message of await messagesOfHeap(file, info.bytes)) await add(message);
  return attributes;
}

async function messagesOfHeap(file: Metadata, info: Uint8Array): Promise<readonly Uint8Array[]> {
  const fields = file.parse(info, 'an attribute info message');
  fields.version(0);
  if ((fields.uint(1) & 1) !== 0) fields.skip(2); // the greatest creation order
  const [heapAddress, tree] = [fields.address(), fields.address()];
  if (heapAddress === undefined) return [];
  const heap = await HeapReader.open(file, heapAddress);
  const { records } = await readBTree2(file, tree, [recordTypes.attributeName]);
  const messages: { readonly order: number; readonly bytes: Uint8Array }[] = [];
  for await (const record of records) {
    const bytes = await heap.object(file.parse(record.bytes(heap.idBytes), 'the id of an attribute'));
    record.skip(1); // flags of the message
    messages.push({ order: record.uint(4), bytes });
  }
  return messages.sort((a, b) => a.order - b.order).map(({ bytes }) => bytes);
}

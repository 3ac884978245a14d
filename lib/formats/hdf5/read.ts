// Reads the tree of groups and datasets. Structures are read at once, elements when they are wanted.
import { type ByteSource, bytesSource } from '../byte-source.js';
import { maxExpansion } from '../deflate.js';
import { readAttributes } from './attributes.js';
import { unreadable } from './damage.js';
import { bytesOfElements, type DatasetHeader, openDataset, readDatasetHeader } from './dataset.js';
import { type Link, readLinks, type SoftLink } from './links.js';
import { Metadata } from './metadata.js';
import { readObjectHeader } from './object-header.js';
import { readSuperblock } from './superblock.js';
import type { Hdf5Dataset, Hdf5Group } from './types.js';

type Members = Map<string, Hdf5Group | Hdf5Dataset>;

/** Deeper than any model is nested. */
const maxDepth = 100;
/** Names of a group and of all that it is in, together. */
const maxPathLength = 4096;

/**
 * The root group of a file of the versions 0 to 3. `source` must stay readable until its datasets are read.
 * @throws CudaGanError `CUDA_GAN_FILE` when it is damaged, or has what is not read: links into other files, a group in two
 * places, messages in shared heaps. What is not read of datasets, such as other filters, is an error when they are.
 */
export async function readHdf5(source: ByteSource): Promise<Hdf5Group> {
  const superblock = await readSuperblock(source);
  return new TreeReader(new Metadata(source, superblock)).read(superblock.root);
}

/** As `readHdf5`, of bytes that `source` names in errors. */
export function decodeHdf5(bytes: Uint8Array, source = 'the data'): Promise<Hdf5Group> {
  return readHdf5(bytesSource(bytes, source));
}

/** A group with soft links, which are followed when all else has been read. */
interface OpenGroup {
  readonly path: string;
  readonly members: Members;
  readonly links: readonly Link[];
}

class TreeReader {
  readonly #file: Metadata;
  /** By the addresses of their headers. Undefined for a group, which may be in one place only. */
  readonly #objects = new Map<number, Hdf5Dataset | undefined>();
  readonly #open: OpenGroup[] = [];
  #contiguousBytes = 0;
  #promisedBytes = 0;

  constructor(file: Metadata) {
    this.#file = file;
  }

  async read(address: number | undefined): Promise<Hdf5Group> {
    const root = await this.#object(address, '', 0);
    if (root?.kind !== 'group') throw unreadable(this.#file.path, 'its root is no group');
    const followed = this.#open.map((group) => this.#follow(group, root));
    for (const [i, { members }] of this.#open.entries()) {
      members.clear();
      for (const [name, member] of followed[i]!) members.set(name, member);
    }
    return root;
  }

  /** Undefined for what is neither a group nor a dataset: a datatype with a name. */
  async #object(
    address: number | undefined,
    path: string,
    depth: number,
  ): Promise<Hdf5Group | Hdf5Dataset | undefined> {
    if (depth > maxDepth || path.length > maxPathLength) {
      throw unreadable(
        this.#file.path,
        `its groups are more than ${maxDepth} deep, or have longer names than are read`,
      );
    }
    const name = nameOf(path);
    if (address !== undefined && this.#objects.has(address)) {
      const known = this.#objects.get(address);
      if (known !== undefined) return known;
      throw unreadable(this.#file.path, `the group ${name} is in another place too, or in itself`);
    }
    const messages = await readObjectHeader(this.#file, address);
    this.#objects.set(address!, undefined);
    const attributes = await readAttributes(this.#file, messages);
    const header = await readDatasetHeader(this.#file, messages, name);
    if (header !== undefined) {
      const dataset = openDataset(this.#file, header, attributes, this.#whatIsWrong(header));
      this.#objects.set(address!, dataset);
      return dataset;
    }
    const links = await readLinks(this.#file, messages, name);
    if (links === undefined) return undefined;
    const members: Members = new Map();
    const names = new Set<string>();
    for (const link of links) {
      if (link.name === '' || link.name.includes('/') || names.has(link.name)) {
        throw unreadable(this.#file.path, `${name} has a member ${JSON.stringify(link.name)}, or two of them`);
      }
      names.add(link.name);
      if (isSoft(link)) continue;
      const member = await this.#object(link.address, `${path}/${link.name}`, depth + 1);
      if (member !== undefined) members.set(link.name, member);
    }
    if (links.some(isSoft)) this.#open.push({ path, members, links });
    return { kind: 'group', attributes, members };
  }

  /** The members of a group in the order of its links. */
  #follow(
    { path, members, links }: OpenGroup,
    root: Hdf5Group,
  ): readonly (readonly [string, Hdf5Group | Hdf5Dataset])[] {
    return links.flatMap((link) => {
      const member = isSoft(link) ? this.#target(link, path, root) : members.get(link.name);
      return member === undefined ? [] : [[link.name, member] as const];
    });
  }

  /** Datasets do not share bytes, and no byte of a file stands for more elements than deflating makes of it. */
  #whatIsWrong(header: DatasetHeader): string | undefined {
    const { size } = this.#file;
    const bytes = bytesOfElements(header);
    if (header.layout.kind === 'contiguous' && header.layout.address !== undefined) {
      this.#contiguousBytes += bytes;
      if (this.#contiguousBytes > size) return `its datasets up to ${header.name} have more bytes than the file`;
    }
    this.#promisedBytes += bytes;
    if (this.#promisedBytes <= size * maxExpansion) return undefined;
    return `its datasets up to ${header.name} should have ${this.#promisedBytes} bytes, more than can be in ${size}`;
  }

  /** The dataset that a soft link leads to by names, from its own group or the root on. */
  #target({ name, path }: SoftLink, groupPath: string, root: Hdf5Group): Hdf5Dataset {
    const steps = (path.startsWith('/') ? path : `${groupPath}/${path}`).split('/');
    let found: Hdf5Group | Hdf5Dataset | undefined = root;
    for (const step of steps) {
      if (step === '' || step === '.') continue;
      found = found?.kind === 'group' ? found.members.get(step) : undefined;
    }
    if (found?.kind === 'dataset') return found;
    const link = nameOf(`${groupPath}/${name}`);
    throw unreadable(this.#file.path, `the link ${link} leads to ${JSON.stringify(path)}, which is no dataset`);
  }
}

const isSoft = (link: Link): link is SoftLink => 'path' in link;

function nameOf(path: string): string {
  return JSON.stringify(path || '/');
}

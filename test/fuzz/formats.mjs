// The formats: whole files of each, what damages them so that more than a checksum is met, and what reads them. A file is a record
// of bytes by names, since some are several.
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, gzipSync, inflateSync } from 'node:zlib';
import sharp from 'sharp';
import { loadIdxFolder } from '../../dist/esm/datasets/idx-folder.js';
import { decodeImage } from '../../dist/esm/datasets/image-decoder.js';
import { bytesSource } from '../../dist/esm/formats/byte-source.js';
import { decodeHdf5, hdf5Parts } from '../../dist/esm/formats/hdf5/index.js';
import { Metadata } from '../../dist/esm/formats/hdf5/metadata.js';
import { readEntries, unpack } from '../../dist/esm/formats/zip.js';
import { zipParts } from '../../dist/esm/formats/zip-writer.js';
import {
  CudaGanError,
  input,
  layers,
  loadModel,
  loadNpy,
  loadNpz,
  loadSafetensors,
  model,
  Sequential,
  saveNpy,
  saveNpz,
  saveSafetensors,
  tensor,
} from '../../dist/esm/index.js';
import { decodeModel } from '../../dist/esm/interchange/onnx/decode.js';
import { encodeModel } from '../../dist/esm/interchange/onnx/encode.js';
import { loadWire } from '../../dist/esm/interchange/onnx/wire.cjs';
import { damageBytes, damageJson, damageTree } from './mutations.mjs';

const golden = (name) => readFileSync(join(import.meta.dirname, '../golden', name));
/** What NumPy wrote. */
const numpy = JSON.parse(golden('numpy.json'));
const pick = (random, list) => list[random.integer(list.length)];

export const formats = { safetensors, keras, h5, hdf5, onnx, tfjs, npy, npz, idx, png, jpeg, webp };

/** One file of the name, damaged by one of `ways`, each of which takes the bytes of a whole file. */
function single(name, files, ways, read) {
  return {
    corpus: files.map((bytes) => ({ [name]: bytes })),
    damage: async (random) => ({ [name]: await pick(random, ways)(pick(random, files), random, files) }),
    read: (folder) => read(join(folder, name)),
  };
}

async function safetensors() {
  const tensors = new Map([
    ['a', tensor([[1, 2, 3]])],
    ['b', tensor(new Uint8Array(5))],
  ]);
  const files = [
    ...(await modelFiles('safetensors')),
    ...(await written('x.safetensors', (path) => saveSafetensors(path, tensors, { key: 'value' }))),
    golden('python.safetensors'),
  ];
  const damageHeader = (bytes, random) => {
    const end = 8 + Number(bytes.readBigUInt64LE());
    let text = bytes.subarray(8, end).toString();
    const saved = JSON.parse(text).__metadata__?.model;
    if (saved !== undefined && random.integer(2) === 0) {
      const header = JSON.parse(text);
      text = JSON.stringify({ ...header, __metadata__: { model: damageJson(saved, random) } });
    } else text = damageJson(text, random);
    const header = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    return Buffer.concat([length, header, bytes.subarray(end)]);
  };
  return single('x.safetensors', files, [damageBytes, damageHeader], async (path) => {
    await loadSafetensors(path);
    // A file that holds no model is whole nevertheless.
    await useModel(path).catch((error) => {
      if (!error.message.includes('holds no model')) throw error;
    });
  });
}

async function keras() {
  const files = [
    ...(await modelFiles('keras')),
    golden('keras-files/stack.keras'),
    golden('keras-files/connected.keras'),
  ];
  const archives = await Promise.all(files.map(unzipped));
  const damageMember = async (bytes, random) => {
    const members = new Map(archives[files.indexOf(bytes)]);
    const name = pick(random, [...members.keys(), 'config.json', 'config.json']);
    const damaged = name.endsWith('.json')
      ? Buffer.from(damageJson(members.get(name).toString(), random))
      : damageBytes(members.get(name), random);
    return zipped(members.set(name, damaged), random.integer(4) === 0);
  };
  return single('x.keras', files, [damageBytes, damageMember, damageMember, damageMember], useModel);
}

async function unzipped(bytes) {
  const source = bytesSource(bytes, 'x');
  const entries = await readEntries(source);
  return Promise.all(entries.map(async (entry) => [entry.name, Buffer.from(await unpack(source, entry))]));
}

async function zipped(members, compress) {
  return Buffer.concat(
    await zipParts(
      [...members].map(([name, bytes]) => ({ name, parts: [bytes] })),
      compress,
    ),
  );
}

async function h5() {
  const files = [
    ...(await modelFiles('h5')),
    ...['keras1', 'keras2', 'stack', 'connected'].map((name) => golden(`keras-files/${name}.h5`)),
  ];
  const trees = await Promise.all(files.map(async (bytes) => writable(await decodeHdf5(bytes, 'x.h5'))));
  const damageMembers = (bytes, random) => {
    const tree = trees[files.indexOf(bytes)];
    const damaged = random.integer(4) === 0 ? damageGroup(tree, random) : damageAttribute(tree, random);
    return Buffer.concat(hdf5Parts(damaged));
  };
  return single('x.h5', files, [damageBytes, damageMembers, damageMembers, damageMembers], useModel);
}

/** What was read of a file, as it is written. */
async function writable(object) {
  const attributes = new Map(
    [...object.attributes].filter(([, value]) => typeof value === 'string' || typeof value?.[0] === 'string'),
  );
  if (object.kind === 'dataset') return { kind: 'dataset', attributes, tensor: await object.read() };
  const members = new Map();
  for (const [name, member] of object.members) members.set(name, await writable(member));
  return { kind: 'group', attributes, members };
}

/** A text of the root, most of which are JSON, is another. */
function damageAttribute(group, random) {
  const [name, value] = pick(random, [...group.attributes]);
  const isJson = typeof value === 'string' && value.startsWith('{');
  const damaged = isJson ? damageJson(value, random) : textOf(damageTree(value, random)).slice(0, 1000);
  return { ...group, attributes: new Map(group.attributes).set(name, damaged.replaceAll('\0', '') || ' ') };
}

/** Of any value: a damaged object may have no `toString`, or one that is no function. */
const textOf = (value) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value)));

/** A member somewhere in the tree is another one, is called otherwise, or is missing. */
function damageGroup(group, random) {
  const members = new Map(group.members);
  if (members.size === 0) return group;
  const [name, member] = pick(random, [...members]);
  if (member.kind === 'group' && random.integer(4) > 0)
    return { ...group, members: members.set(name, damageGroup(member, random)) };
  switch (random.integer(4)) {
    case 0:
      members.delete(name);
      break;
    case 1:
      members.set(name, pick(random, [...members.values()]));
      break;
    case 2:
      members.delete(name);
      members.set(`${name}_1`, member);
      break;
    default:
      members.set(name, { kind: 'dataset', tensor: tensor([1, 2, 3]) });
  }
  return { ...group, members };
}

/** Structures of HDF5, read as who knows the checksums could have written them. */
async function hdf5() {
  Metadata.prototype.requireChecksum = () => undefined;
  const { read } = JSON.parse(golden('hdf5.json'));
  const files = Object.values(read).map(({ file }) => inflateSync(Buffer.from(file, 'base64')));
  return single(
    'x.h5',
    files.filter(({ length }) => length <= 2 ** 16),
    [damageBytes],
    async (path) => readAll(await decodeHdf5(await readFile(path), path)),
  );
}

async function readAll(object) {
  if (object.kind === 'group') for (const member of object.members.values()) await readAll(member);
  else await object.read();
}

async function onnx() {
  const wire = loadWire();
  const files = [
    ...(await modelFiles('onnx')),
    ...['classifier', 'conditional', 'generator', 'residual'].map((name) => golden(`onnx/${name}.onnx`)),
  ];
  const trees = files.map((bytes) => decodeModel(bytes, 'x', wire));
  const damageMessages = (bytes, random) => {
    try {
      return Buffer.concat(encodeModel(damageTree(trees[files.indexOf(bytes)], random), wire));
    } catch {
      return damageBytes(bytes, random); // no message could hold that value
    }
  };
  return single('x.onnx', files, [damageBytes, damageMessages, damageMessages], useModel);
}

async function tfjs() {
  const files = await folderOf(async (folder) => {
    const saved = [];
    const known = (await smallModels()).filter(({ name }) => name !== 'sequences'); // its layers TensorFlow.js has not
    for (const [i, small] of known.entries()) {
      const own = join(folder, String(i));
      await mkdir(own);
      await small.save(join(own, 'model.json'));
      saved.push(await filesIn(own));
      small.dispose();
    }
    return saved;
  });
  return {
    corpus: files,
    damage: async (random) => {
      const whole = pick(random, files);
      const name = random.integer(8) > 0 ? 'model.json' : Object.keys(whole).find((file) => file.endsWith('.bin'));
      const damaged =
        name === 'model.json' ? damageJson(whole[name].toString(), random) : damageBytes(whole[name], random);
      return { ...whole, [name]: damaged };
    },
    read: (folder) => useModel(join(folder, 'model.json')),
  };
}

async function npy() {
  const arrays = [tensor([[1, 2, 3]]), tensor(new Uint8Array(20)), tensor(Int32Array.of(1, 2, 3, 4), [2, 2])];
  const own = await Promise.all(arrays.map((array) => written('x.npy', (path) => saveNpy(path, array))));
  const files = Object.values(numpy.read).map(({ file }) => Buffer.from(file, 'base64'));
  return single('x.npy', [...own.flat(), ...files], [damageBytes], loadNpy);
}

async function npz() {
  const arrays = new Map([
    ['a', tensor([[1, 2, 3]])],
    ['b', tensor(new Uint8Array(500))],
  ]);
  const own = await Promise.all(
    [true, false].map((compress) => written('x.npz', (path) => saveNpz(path, arrays, { compress }))),
  );
  const all = [...own.flat(), ...Object.values(numpy.npz).map((file) => Buffer.from(file, 'base64'))];
  const archives = await Promise.all(all.map(unzipped));
  const damageMember = async (bytes, random) => {
    const members = new Map(archives[all.indexOf(bytes)]);
    const name = pick(random, [...members.keys()]);
    return zipped(members.set(name, damageBytes(members.get(name), random)), random.integer(2) === 0);
  };
  return single('x.npz', all, [damageBytes, damageMember], loadNpz);
}

async function idx() {
  const header = (magic, ...sizes) => {
    const bytes = Buffer.alloc(4 + 4 * sizes.length);
    for (const [i, word] of [magic, ...sizes].entries()) bytes.writeUInt32BE(word, 4 * i);
    return bytes;
  };
  const images = Buffer.concat([header(0x0803, 3, 4, 4), Buffer.alloc(48, 7)]);
  const labels = Buffer.concat([header(0x0801, 3), Buffer.from([0, 1, 9])]);
  const whole = { 'train-images-idx3-ubyte.gz': gzipSync(images), 'train-labels-idx1-ubyte.gz': gzipSync(labels) };
  const contents = { 'train-images-idx3-ubyte.gz': images, 'train-labels-idx1-ubyte.gz': labels };
  return {
    corpus: [whole],
    damage: async (random) => {
      const name = pick(random, Object.keys(whole));
      const isPacked = random.integer(3) === 0;
      const damaged = damageBytes(isPacked ? whole[name] : contents[name], random);
      return { ...whole, [name]: isPacked ? damaged : gzipSync(damaged, { level: 1 }) };
    },
    read: (folder) => loadIdxFolder(folder, 'train'),
  };
}

function png() {
  return images('png', [{}, { palette: true }, { progressive: true }]);
}

function jpeg() {
  return images('jpeg', [{}, { progressive: true }, { chromaSubsampling: '4:4:4' }]);
}

function webp() {
  return images('webp', [{}, { lossless: true }]);
}

/** The folder of images tells of a file that it leaves out by an error of any class. */
async function images(kind, options) {
  const pixels = (channels) => ({
    raw: { width: 12, height: 9, channels },
    data: Buffer.from(Array.from({ length: 108 * channels }, (_, i) => (i * 37) % 256)),
  });
  const files = [];
  for (const option of options) {
    for (const channels of [1, 3, 4]) {
      const { raw, data } = pixels(channels);
      files.push(await sharp(data, { raw }).toFormat(kind, option).toBuffer());
    }
  }
  const format = { size: undefined, fit: 'crop', channels: 3, background: { r: 0, g: 0, b: 0 } };
  const resized = { ...format, size: { width: 8, height: 8 } };
  const ways = kind === 'png' ? [damageBytes, damageChunks] : [damageBytes];
  return single(`x.${kind}`, files, ways, async (path) => {
    try {
      const bytes = await readFile(path);
      // To resize takes longer than all else.
      await decodeImage(sharp, bytes, bytes.length % 4 === 0 ? resized : format);
    } catch (error) {
      throw new CudaGanError('CUDA_GAN_FILE', error.message);
    }
  });
}

/** Damages what is between the signature of a PNG file and its end, and makes the checksums of its chunks right. */
function damageChunks(bytes, random) {
  const damaged = Buffer.concat([bytes.subarray(0, 8), damageBytes(bytes.subarray(8), random), Buffer.alloc(12)]);
  for (let at = 8; at + 12 <= damaged.length; at += 12 + damaged.readUInt32BE(at)) {
    const end = at + 8 + damaged.readUInt32BE(at);
    if (end + 4 <= damaged.length) damaged.writeUInt32BE(crc32(damaged.subarray(at + 4, end)), end);
  }
  return damaged;
}

/** Loads a model, and predicts by it where that is little work. */
async function useModel(path) {
  const loaded = await loadModel(path, { device: 'cpu' });
  try {
    if (!loaded.built) return;
    const rows = loaded.inputShapes.map((shape) => zeros([1, ...shape]));
    const isSmall = rows.every(({ data }) => data.length <= 4096) && resultsOf(loaded.topology) <= 2 ** 20;
    if (isSmall) await loaded.predict(rows.length === 1 ? rows[0] : rows);
  } finally {
    loaded.dispose();
  }
}

/** How many numbers a model computes for a sample: one that is whole, and pads its images to gigabytes, takes them. */
function resultsOf({ nodes }) {
  const sizes = nodes.flatMap(({ layer, outputShapes }) => [
    ...outputShapes.map((shape) => shape.reduce((product, size) => product * size, 1)),
    layer.topology === undefined ? 0 : resultsOf(layer.topology),
  ]);
  return sizes.reduce((sum, size) => sum + size, 0);
}

function zeros(shape) {
  return {
    shape,
    data: new Float32Array(
      Math.min(
        4097,
        shape.reduce((product, size) => product * size, 1),
      ),
    ),
  };
}

/** A stack that was trained, one for images, one for sequences, and one that is connected, with a model within and a layer in two places. */
async function smallModels() {
  const options = { device: 'cpu', seed: 1 };
  const stack = new Sequential({
    ...options,
    layers: [
      layers.dense({ units: 4, inputShape: [3], kernelRegularizer: { name: 'l2', config: { l2: 0.01 } } }),
      layers.leakyReLU({ alpha: 0.2 }),
      layers.batchNormalization(),
      layers.dropout({ rate: 0.5 }),
      layers.dense({ units: 2, activation: 'sigmoid' }),
    ],
  });
  stack.compile({ optimizer: 'adam', loss: 'binaryCrossentropy', metrics: ['accuracy'] });
  await stack.fit(tensor([[1, 2, 3]]), tensor([[0, 1]]), { epochs: 1, verbose: 0 });
  const images = new Sequential({
    ...options,
    layers: [
      layers.conv2d({ filters: 2, kernelSize: 3, padding: 'same', activation: 'relu', inputShape: [6, 6, 1] }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2dTranspose({ filters: 1, kernelSize: 3, strides: 2, padding: 'same' }),
      layers.upSampling2d({ size: 2 }),
      layers.flatten(),
      layers.dense({ units: 2, activation: 'softmax' }),
    ],
  });
  const [left, right] = [input({ shape: [3] }), input({ shape: [3] })];
  const shared = layers.dense({ units: 2, activation: 'tanh' });
  const inner = new Sequential({
    layers: [layers.dense({ units: 2, inputShape: [4] }), layers.activation({ activation: 'relu' })],
  });
  const both = layers.concatenate().apply([shared.apply(left), shared.apply(right)]);
  const connected = model({
    ...options,
    inputs: [left, right],
    outputs: layers.reshape({ targetShape: [2, 1] }).apply(inner.apply(both)),
  });
  const sequences = new Sequential({
    ...options,
    name: 'sequences',
    layers: [
      layers.embedding({ inputDim: 5, outputDim: 3, inputShape: [4] }),
      layers.conv1d({ filters: 2, kernelSize: 2, padding: 'causal' }),
      layers.layerNormalization(),
      layers.reshape({ targetShape: [4, 2, 1] }),
      layers.minibatchStdDev({ groupSize: 2 }),
      layers.flatten(),
      layers.dense({ units: 2 }),
    ],
  });
  return [stack, images, sequences, connected];
}

async function modelFiles(ending) {
  const files = [];
  for (const small of await smallModels()) {
    files.push(...(await written(`x.${ending}`, (path) => small.save(path))));
    small.dispose();
  }
  return files;
}

/** The file that `write` writes to a path with this name. */
async function written(name, write) {
  return folderOf(async (folder) => {
    await write(join(folder, name));
    return [await readFile(join(folder, name))];
  });
}

async function folderOf(use) {
  const folder = await mkdtemp(join(tmpdir(), 'cuda-gan-corpus-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function filesIn(folder) {
  const names = await readdir(folder);
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))])));
}

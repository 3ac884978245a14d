// Ways to damage a file: its bytes, or the tree of values that it is made of. All of them draw from a random stream, so that a
// damaged file can be made again from its seed.

const ends = [0, 1, 0x7f, 0x80, 0xff];
/** Lengths, counts and offsets that overflow in one type or another, or are off by one from such. */
const counts = [
  0,
  1,
  2,
  0xff,
  0xffff,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 53 - 1,
  2 ** 53,
  2 ** 63,
  2 ** 64 - 1,
];

const pick = (random, list) => list[random.integer(list.length)];

/** Damages bytes in one to four places. `others` are files to take pieces from. */
export function damageBytes(bytes, random, others = [bytes]) {
  let result = Buffer.from(bytes);
  for (let times = 1 + random.integer(1 + random.integer(4)); times > 0; times--) {
    if (result.length > 0) result = pick(random, damages)(result, random, others);
  }
  return result;
}

const damages = [
  setBytes,
  setBytes,
  setBytes,
  flipBit,
  flipBit,
  setNumber,
  setNumber,
  cutEnd,
  removePiece,
  repeatPiece,
  insertPiece,
  exchangePieces,
];

function setBytes(bytes, random) {
  const begin = random.integer(bytes.length);
  const end = Math.min(bytes.length, begin + 1 + random.integer(random.integer(8) === 0 ? 16 : 1));
  for (let at = begin; at < end; at++) bytes[at] = random.integer(2) === 0 ? pick(random, ends) : random.integer(256);
  return bytes;
}

function flipBit(bytes, random) {
  bytes[random.integer(bytes.length)] ^= 1 << random.integer(8);
  return bytes;
}

/** A whole number of 2, 4 or 8 bytes in either order. */
function setNumber(bytes, random) {
  const size = pick(random, [2, 4, 8]);
  if (bytes.length < size) return bytes;
  const at = random.integer(bytes.length - size + 1);
  const value = BigInt(random.integer(4) === 0 ? bytes.length + random.integer(3) - 1 : pick(random, counts));
  const littleEndian = random.integer(4) > 0;
  for (let i = 0; i < size; i++) {
    const byte = Number((value >> BigInt(8 * i)) & 0xffn);
    bytes[littleEndian ? at + i : at + size - 1 - i] = byte;
  }
  return bytes;
}

function cutEnd(bytes, random) {
  return bytes.subarray(0, random.integer(bytes.length));
}

function pieceOf(bytes, random) {
  const begin = random.integer(bytes.length);
  return bytes.subarray(begin, begin + 1 + random.integer(Math.min(64, bytes.length - begin)));
}

function removePiece(bytes, random) {
  const begin = random.integer(bytes.length);
  const end = begin + 1 + random.integer(Math.min(64, bytes.length - begin));
  return Buffer.concat([bytes.subarray(0, begin), bytes.subarray(end)]);
}

function repeatPiece(bytes, random) {
  return insertAt(bytes, random.integer(bytes.length), pieceOf(bytes, random));
}

function insertPiece(bytes, random, others) {
  return insertAt(bytes, random.integer(bytes.length), pieceOf(pick(random, others), random));
}

function insertAt(bytes, at, piece) {
  return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
}

function exchangePieces(bytes, random, others) {
  const piece = pieceOf(pick(random, others), random);
  bytes.set(piece.subarray(0, bytes.length), random.integer(Math.max(1, bytes.length - piece.length)));
  return bytes;
}

/** Damages a text of JSON: mostly the values in it, sometimes its characters. */
export function damageJson(text, random) {
  if (random.integer(8) === 0) return damageBytes(Buffer.from(text), random).toString();
  const damaged = JSON.stringify(damageTree(JSON.parse(text), random)) ?? 'null';
  return damaged.replaceAll(`"${deep}"`, () => nested(random));
}

/** Stands for lists within lists, deeper than recursion goes. */
const deep = '@deep';
const nested = (random) => {
  const depth = pick(random, [100, 5000, 100_000]);
  return '['.repeat(depth) + ']'.repeat(depth);
};

const values = [
  ...[null, true, false, '', ' ', 'relu', 'float32', '__proto__', '../x', 'a\0b', '\ud800', deep, 'x'.repeat(5000)],
  ...[0, -0, -1, 0.5, 1, 2, 3, 7, 64, 1000, 2 ** 20, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 60, 1e300, -(2 ** 40)],
  ...[[], {}, [null], [0], [[]], [-1], [2 ** 31, 2 ** 31], [1, 2, 3], ['x', 0, 0], { length: 2 ** 32 }],
];
const keys = [
  '__proto__',
  'constructor',
  'toString',
  'length',
  '',
  '0',
  'name',
  'config',
  'class_name',
  'className',
  'x',
];

/** A copy of plain data in which one to three values, keys or items are others. */
export function damageTree(tree, random) {
  let result = tree;
  for (let times = 1 + random.integer(1 + random.integer(3)); times > 0; times--) {
    const places = placesIn(result);
    result = replaceAt(
      result,
      pick(random, places),
      random,
      (place) => pick(random, places).reduce(step, result) ?? place,
    );
  }
  return result;
}

const step = (value, key) => value?.[key];
const isTree = (value) => Array.isArray(value) || Object.prototype.toString.call(value) === '[object Object]';

/** The paths of all values, of which a list shows only the first hundred. */
function placesIn(tree) {
  const places = [];
  const visit = (value, path) => {
    places.push(path);
    if (!isTree(value) || path.length > 40) return;
    for (const key of Object.keys(value).slice(0, 100)) visit(value[key], [...path, key]);
  };
  visit(tree, []);
  return places;
}

function replaceAt(tree, [key, ...rest], random, other) {
  if (key === undefined) return damageValue(tree, random, other);
  const copy = Array.isArray(tree) ? [...tree] : withoutPrototypeKey(tree);
  if (rest.length > 0) {
    put(copy, key, replaceAt(tree[key], rest, random, other));
    return copy;
  }
  switch (random.integer(8)) {
    case 0:
      return Array.isArray(copy) ? copy.filter((_, i) => i !== Number(key)) : without(copy, key);
    case 1:
      if (Array.isArray(copy)) copy.splice(Number(key), 0, tree[key]);
      else put(copy, pick(random, keys), tree[key]);
      return copy;
    default:
      put(copy, key, damageValue(tree[key], random, other));
      return copy;
  }
}

function damageValue(value, random, other) {
  if (random.integer(3) === 0) return other(value);
  if (typeof value === 'number' && random.integer(2) === 0) return value + pick(random, [-1, 1, 0.5, value]);
  if (typeof value === 'string' && random.integer(3) === 0)
    return `${value}${value}`.slice(random.integer(value.length + 1));
  return pick(random, values);
}

/** A key of any name becomes the object's own. */
function put(target, key, value) {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

function withoutPrototypeKey(tree) {
  const copy = {};
  for (const key of Object.keys(tree)) put(copy, key, tree[key]);
  return copy;
}

const without = (tree, key) => {
  const copy = withoutPrototypeKey(tree);
  delete copy[key];
  return copy;
};

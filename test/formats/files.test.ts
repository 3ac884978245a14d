// Files are written whole or not at all, and errors say which file and why.
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ensureFolder, InputFile, JsonLinesWriter, readBytes, writeFileAtomic } from '../../lib/formats/files';
import { fillDisk } from '../support/full-disk';
import { testOnLinux } from '../support/platform';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'files-'));
  path = join(folder, 'file');
});
afterEach(() => rm(folder, { recursive: true }));

const fileError = (message: string) => ({ code: 'CUDA_GAN_FILE', message });

describe('writeFileAtomic', () => {
  test('writes bytes and texts', async () => {
    await writeFileAtomic(path, Uint8Array.of(1, 2, 255));
    expect([...(await readBytes(path))]).toEqual([1, 2, 255]);
    await writeFileAtomic(path, 'ä text');
    expect(await readFile(path, 'utf8')).toBe('ä text');
  });

  test('leaves nothing beside the file', async () => {
    await writeFileAtomic(path, 'new');
    expect(await readdir(folder)).toEqual(['file']);
  });

  testOnLinux('writes to where a link leads, and leaves the link', async () => {
    const link = join(folder, 'link');
    await writeFile(path, 'old');
    await symlink(path, link);
    await writeFileAtomic(link, 'new');
    expect(await readFile(path, 'utf8')).toBe('new');
    expect(await readlink(link)).toBe(path);
    expect(await readdir(folder)).toEqual(['file', 'link']);
  });

  test('leaves nothing of a file in a process that ends meanwhile', async () => {
    const script = `
      import { replaceFile } from ${JSON.stringify(pathToFileURL(join(__dirname, '../../dist/esm/formats/files.js')))};
      replaceFile(${JSON.stringify(path)}, async (file) => {
        await file.write('half of it');
        process.exit();
      });`;
    await writeFile(path, 'old');
    execFileSync(process.execPath, ['--input-type=module', '--eval', script]);
    expect(await readdir(folder)).toEqual(['file']);
    expect(await readFile(path, 'utf8')).toBe('old');
  });

  testOnLinux('takes the place of no pipe, and of no device', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const refused = (name: string) =>
      fileError(`cannot write ${name}: it is a device or a pipe; a file is wanted, or a new name`);
    await expect(writeFileAtomic(pipe, 'new')).rejects.toMatchObject(refused(pipe));
    await expect(writeFileAtomic('/dev/null', 'new')).rejects.toMatchObject(refused('/dev/null'));
    expect((await stat(pipe)).isFIFO()).toBe(true);
    expect((await stat('/dev/null')).isCharacterDevice()).toBe(true);
  });

  test('writes parts one after the other', async () => {
    await writeFileAtomic(path, [Uint8Array.of(1, 2), new Uint8Array(0), Uint8Array.of(3)]);
    expect([...(await readFile(path))]).toEqual([1, 2, 3]);
  });

  test('leaves the file as it was when the new content cannot be had, and nothing beside it', async () => {
    await writeFile(path, 'old');
    const broken = function* () {
      yield Uint8Array.of(1);
      throw new Error('no more');
    };
    await expect(writeFileAtomic(path, broken())).rejects.toMatchObject(fileError(`cannot write ${path}: no more`));
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['file']);
  });

  test('can run several times at once for one path: the file is one of them, whole', async () => {
    const contents = Array.from({ length: 8 }, (_, i) => String(i).repeat(100_000));
    await Promise.all(contents.map((content) => writeFileAtomic(path, content)));
    expect(contents).toContain(await readFile(path, 'utf8'));
    expect(await readdir(folder)).toEqual(['file']);
  });

  test('takes names as long as file systems allow, 255 bytes', async () => {
    const long = join(folder, 'x'.repeat(255));
    await writeFileAtomic(long, 'new');
    expect(await readFile(long, 'utf8')).toBe('new');
  });

  test('does not replace a folder, and leaves nothing beside it', async () => {
    await mkdir(path);
    await expect(writeFileAtomic(path, 'new')).rejects.toMatchObject(fileError(`cannot write ${path}: it is a folder`));
    expect(await readdir(folder)).toEqual(['file']);
  });

  test('fails below a file', async () => {
    await writeFile(path, 'a file');
    const below = join(path, 'below');
    await expect(writeFileAtomic(below, 'new')).rejects.toMatchObject(
      fileError(`cannot write ${below}: a part of the path is not a folder`),
    );
  });

  test('fails in a folder that is not there', async () => {
    const missing = join(folder, 'missing', 'file');
    await expect(writeFileAtomic(missing, 'new')).rejects.toMatchObject(
      fileError(`cannot write ${missing}: no such file or folder`),
    );
  });
});

describe('InputFile', () => {
  test('reads any range in pieces of any size', async () => {
    const content = Uint8Array.from({ length: 100 }, (_, i) => i);
    await writeFile(path, content);
    const index = fc.nat({ max: 100 });
    await fc.assert(
      fc.asyncProperty(index, index, fc.integer({ min: 1, max: 101 }), async (a, b, pieceBytes) => {
        const [begin, end] = [Math.min(a, b), Math.max(a, b)];
        const target = new Uint8Array(end - begin);
        await InputFile.with(path, (file) => file.read(target, begin), pieceBytes);
        expect(target).toEqual(content.subarray(begin, end));
        expect(new Uint8Array(await InputFile.with(path, (file) => file.readAll(), pieceBytes))).toEqual(content);
      }),
    );
  });

  test('does not return what is not there', async () => {
    await writeFile(path, 'short');
    await expect(InputFile.with(path, (file) => file.read(new Uint8Array(3), 3))).rejects.toMatchObject(
      fileError(`cannot read ${path}: it became shorter meanwhile`),
    );
  });

  testOnLinux('reads from no device, which may have no end', async () => {
    const message = 'cannot read /dev/zero: it is a device; a file or a pipe is wanted';
    await expect(readBytes('/dev/zero')).rejects.toMatchObject(fileError(message));
  });

  testOnLinux('reads from a pipe (Linux: mkfifo)', async () => {
    execFileSync('mkfifo', [path]);
    const [bytes] = await Promise.all([readBytes(path), writeFile(path, 'through a pipe')]);
    expect(Buffer.from(bytes).toString()).toBe('through a pipe');
  });
});

test.each([null, undefined, 7, 7n, {}, ['a'], Symbol('path')])('a path is a text, not %p', async (wrong) => {
  const path = wrong as string;
  const error = { code: 'CUDA_GAN_VALUE', message: expect.stringMatching(/^the path is .*; wanted is a text$/) };
  await expect(readBytes(path)).rejects.toMatchObject(error);
  await expect(writeFileAtomic(path, 'new')).rejects.toMatchObject(error);
  await expect(ensureFolder(path)).rejects.toMatchObject(error);
  await expect(JsonLinesWriter.open(path)).rejects.toMatchObject(error);
});

describe('readBytes', () => {
  test('of a missing file fails', async () => {
    await expect(readBytes(path)).rejects.toMatchObject(fileError(`cannot read ${path}: no such file or folder`));
  });

  test('of a folder fails', async () => {
    await expect(readBytes(folder)).rejects.toMatchObject(fileError(`cannot read ${folder}: it is a folder`));
  });
});

describe('ensureFolder', () => {
  test('makes the folder and those above it, or leaves them', async () => {
    const deep = join(folder, 'a', 'b');
    await ensureFolder(deep);
    await ensureFolder(deep);
    await writeFileAtomic(join(deep, 'file'), 'x');
    expect(await readdir(deep)).toEqual(['file']);
  });

  test('fails where a file is in the way', async () => {
    await writeFile(path, 'a file');
    await expect(ensureFolder(path)).rejects.toMatchObject(
      fileError(`cannot write into the folder ${path}: a file of that name is in the way`),
    );
    const below = join(path, 'below');
    await expect(ensureFolder(below)).rejects.toMatchObject(
      fileError(`cannot write into the folder ${below}: a part of the path is not a folder`),
    );
  });

  testOnLinux('fails, and returns, where no folder can be made (Linux: /proc)', async () => {
    await expect(ensureFolder('/proc/a/b')).rejects.toMatchObject(
      fileError('cannot write into the folder /proc/a/b: no such file or folder'),
    );
  });
});

describe('JsonLinesWriter', () => {
  const lines = async () => (await readFile(path, 'utf8')).split('\n');

  test('writes an object per line', async () => {
    const writer = await JsonLinesWriter.open(path);
    writer.append({ step: 1, text: 'two\nlines' });
    writer.append({ step: 2 });
    await writer.close();
    expect(await lines()).toEqual(['{"step":1,"text":"two\\nlines"}', '{"step":2}', '']);
  });

  test('has at every flush what was appended before', async () => {
    const writer = await JsonLinesWriter.open(path);
    writer.append({ step: 1 });
    expect(await lines()).toEqual(['']);
    await writer.flush();
    expect(await lines()).toEqual(['{"step":1}', '']);
    writer.append({ step: 2 });
    await writer.flush();
    await writer.flush();
    expect(await lines()).toEqual(['{"step":1}', '{"step":2}', '']);
    await writer.close();
  });

  test.each([
    [0, ['{"step":2}', '']],
    [4, ['old', '{"step":2}', '']],
  ])('goes on behind %d bytes, and leaves the rest until it begins', async (bytes, wanted) => {
    await writeFile(path, 'old\nolder\n');
    const writer = await JsonLinesWriter.open(path, bytes);
    await (await JsonLinesWriter.open(path, bytes)).close();
    expect(await lines()).toEqual(['old', 'older', '']);
    writer.append({ step: 2 });
    await writer.close();
    expect(await lines()).toEqual(wanted);
  });

  test('cuts the file off when it begins', async () => {
    await writeFile(path, 'old\nolder\n');
    const writer = await JsonLinesWriter.open(path, 4);
    await writer.begin();
    expect(await lines()).toEqual(['old', '']);
    await writer.close();
  });

  test('cannot go on behind more than there is', async () => {
    await writeFile(path, 'old\n');
    await expect(JsonLinesWriter.open(path, 5)).rejects.toMatchObject(
      fileError(`${path} has 4 bytes; it had 5 and was shortened since`),
    );
  });

  test('cannot be opened where a folder is', async () => {
    await expect(JsonLinesWriter.open(folder)).rejects.toMatchObject(
      fileError(`cannot write ${folder}: it is a folder`),
    );
  });
});

describe('on a full disk (Linux: /dev/full)', () => {
  testOnLinux('writeFileAtomic leaves the file as it was, and removes what it wrote', async () => {
    await writeFile(path, 'old');
    fillDisk(folder);
    await expect(writeFileAtomic(path, 'new')).rejects.toMatchObject(
      fileError(`cannot write ${path}: the disk is full`),
    );
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['file']);
  });

  testOnLinux('JsonLinesWriter says so', async () => {
    const writer = await JsonLinesWriter.open('/dev/full');
    writer.append({ step: 1 });
    await expect(writer.flush()).rejects.toMatchObject(fileError('cannot write /dev/full: the disk is full'));
    await writer.close();
  });
});

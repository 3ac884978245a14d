// Files are written whole or not at all, and errors say which file and why.
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ensureFolder, JsonLinesWriter, readBytes, writeFileAtomic } from '../../lib/formats/files';
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

  test('leaves the file as it was when the new content cannot be written', async () => {
    await writeFile(path, 'old');
    const temporary = join(folder, `.file.${process.pid}.tmp`);
    await mkdir(temporary);
    await expect(writeFileAtomic(path, 'new')).rejects.toMatchObject(fileError(`cannot write ${path}: it is a folder`));
    expect(await readFile(path, 'utf8')).toBe('old');
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

  test('starts an empty file', async () => {
    await writeFile(path, 'old\n');
    await (await JsonLinesWriter.open(path)).close();
    expect(await lines()).toEqual(['']);
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
    await symlink('/dev/full', join(folder, `.file.${process.pid}.tmp`));
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

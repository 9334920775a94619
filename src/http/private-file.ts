import crypto from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';

/** Makes a folder that only its owner may enter, or closes one that is there to all others. */
export async function makePrivateFolder(folder: string): Promise<void> {
  await fs.mkdir(folder, { recursive: true, mode: 0o700 });
  const { mode } = await fs.stat(folder);
  if ((mode & 0o077) !== 0) await fs.chmod(folder, 0o700);
}

/** Writes a file that only its owner may read, whole or not at all. */
export async function writePrivateFile(file: string, text: string): Promise<void> {
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${crypto.randomBytes(6).toString('hex')}`);
  try {
    await fs.writeFile(temporary, text, { mode: 0o600, flag: 'wx', flush: true });
    await fs.rename(temporary, file);
  } catch (error) {
    await fs.rm(temporary, { force: true });
    throw error;
  }
}

/** A file's text; undefined when it is missing. A file that others may read is closed to them first. */
export async function readPrivateFile(file: string): Promise<string | undefined> {
  try {
    const { mode } = await fs.stat(file);
    if ((mode & 0o077) !== 0) await fs.chmod(file, 0o600);
    return await fs.readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

import { UserError } from './model/user-error.ts';

/** More than this is no text in JavaScript, and nobody's manifests. */
const MOST_READ = 512 * 1024 * 1024;

/**
 * All of standard input. Throws a UserError, and asks for no more, once there is more than `most` bytes: what has no end
 * (`< /dev/zero`) would take all memory.
 */
export async function readAll(chunks: AsyncIterable<Buffer>, most = MOST_READ): Promise<Buffer> {
  const read: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    read.push(chunk);
    size += chunk.length;
    if (size > most) throw new UserError(`standard input has more than ${most} bytes`);
  }
  return Buffer.concat(read);
}

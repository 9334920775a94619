import { isUtf8 } from 'node:buffer';

const SHOWN = 60;

/** What a file begins with, and what it is then. */
const BEGINNINGS: readonly (readonly [at: number, bytes: string, what: string])[] = [
  [0, '\x1f\x8b', 'a gzip file: decompress it first'],
  [16, '\xed\xda\x0c\xed', 'an etcd database or snapshot: read it with --etcd-snapshot=FILE'],
  [0, 'SQLite format 3\0', 'an SQLite database, such as k3s or the local store keep'],
  [0, 'PK\x03\x04', 'a ZIP file'],
  [0, '-----BEGIN ', 'a PEM file'],
];

/** Says what bytes are that are no Kubernetes object, for people. */
export function describeBytes(bytes: Buffer): string {
  if (bytes.length === 0) return 'there are no bytes';
  const head = bytes.toString('latin1', 0, 32);
  const known = BEGINNINGS.find(([at, beginning]) => head.startsWith(beginning, at));
  if (known !== undefined) return `it is ${known[2]}`;
  if (isUtf8(bytes) && !bytes.includes(0)) {
    const text = bytes.toString('utf8');
    const json = /^\s*[{[]/.test(text) ? jsonProblem(text) : undefined;
    const shown = JSON.stringify(bytes.toString('utf8', 0, SHOWN));
    return `it is ${bytes.length} bytes of text${json ?? ''}, which begins with ${shown}`;
  }
  return `it is ${bytes.length} bytes, which begin with ${bytes.toString('hex', 0, 16)} (hexadecimal)`;
}

function jsonProblem(text: string): string {
  try {
    JSON.parse(text);
    return ' (JSON without apiVersion and kind)';
  } catch (error) {
    return ` (JSON that is damaged: ${error instanceof Error ? error.message : String(error)})`;
  }
}

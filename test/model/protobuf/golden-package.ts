import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const exec = promisify(execFile);
const PACKAGE = 'golang-k8s-api-dev';
const TESTDATA = 'usr/share/gocode/src/k8s.io/api/testdata';
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const LIMIT_MS = 100_000;

/** Where golden files are, or why there are none. */
export type GoldenFiles = { readonly folder: string } | { readonly missing: string };

/**
 * Finds the files that Kubernetes' own tests compare its encodings with: in $KUBE_LITE_GOLDEN_FILES, in Debian's package
 * where it is installed, or in the same package downloaded into `scratch` with apt-get (Debian 12 has none of its own).
 */
export async function goldenFiles(scratch: string): Promise<GoldenFiles> {
  const named = process.env['KUBE_LITE_GOLDEN_FILES'];
  if (named) return { folder: named };
  if (fs.existsSync(`/${TESTDATA}`)) return { folder: `/${TESTDATA}` };
  if (!fs.existsSync(KEYRING)) return { missing: `${PACKAGE} is not installed, and this is no Debian` };
  try {
    return { folder: await download(scratch) };
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    return { missing: `${PACKAGE} is not installed and cannot be downloaded: ${why}` };
  }
}

/** The machine's own mirror of Debian. */
async function debianMirror(): Promise<string> {
  const { stdout } = await exec('apt-get', ['indextargets', '--format', '$(REPO_URI)'], { timeout: LIMIT_MS });
  const mirror = stdout.split('\n').find((each) => each.endsWith('/debian/'));
  if (mirror === undefined) throw new Error('apt-get knows no mirror of Debian');
  return mirror;
}

/** With a source list and a cache of its own: what the machine has stays as it is. */
async function download(scratch: string): Promise<string> {
  for (const each of ['lists/partial', 'cache/archives/partial', 'debs']) {
    fs.mkdirSync(path.join(scratch, each), { recursive: true });
  }
  const list = path.join(scratch, 'sources.list');
  fs.writeFileSync(list, `deb [signed-by=${KEYRING}] ${await debianMirror()} sid main\n`);
  const options = [
    `Dir::Etc::sourcelist=${list}`,
    'Dir::Etc::sourceparts=-',
    `Dir::State::lists=${path.join(scratch, 'lists')}`,
    `Dir::Cache=${path.join(scratch, 'cache')}`,
    'Acquire::Retries=1',
    'Acquire::http::Timeout=20',
    'APT::Update::Error-Mode=any',
  ].flatMap((each) => ['-o', each]);
  const debs = path.join(scratch, 'debs');
  await exec('apt-get', [...options, 'update'], { timeout: LIMIT_MS });
  await exec('apt-get', [...options, 'download', PACKAGE], { timeout: LIMIT_MS, cwd: debs });
  const [deb = ''] = fs.readdirSync(debs);
  await exec('dpkg-deb', ['-x', path.join(debs, deb), path.join(scratch, 'files')], { timeout: LIMIT_MS });
  return path.join(scratch, 'files', TESTDATA);
}

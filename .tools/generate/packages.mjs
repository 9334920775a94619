// The packages that the fact tables are derived from: downloaded with apt-get and npm, named by version and SHA-256.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const DEBIAN = [
  'golang-k8s-api-dev',
  'golang-k8s-apimachinery-dev',
  'golang-k8s-apiextensions-apiserver-dev',
  'golang-k8s-metrics-dev',
];
/** The Kubernetes release of the tables: its Go modules are 0.36.x. */
const MODULES = /^0[.]36[.]/;
const CLIENT_NODE = '@kubernetes/client-node@2.0.1';

const sha256 = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');
const run = (command, args, cwd) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** apt-get's options for a source list, lists and cache of its own below `dir`: the machine's stay as they are. */
function privateApt(dir) {
  for (const each of ['lists/partial', 'cache/archives/partial', 'etc']) {
    mkdirSync(join(dir, each), { recursive: true });
  }
  const list = join(dir, 'etc/sources.list');
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
  writeFileSync(list, `deb [signed-by=${keyring}] http://deb.debian.org/debian sid main\n`);
  const options = {
    'Dir::Etc::sourcelist': list,
    'Dir::Etc::sourceparts': '-',
    'Dir::State::lists': join(dir, 'lists'),
    'Dir::Cache': join(dir, 'cache'),
    'APT::Get::List-Cleanup': '0',
  };
  return Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}

/**
 * Downloads and unpacks all packages below `dir`. Returns where each Go module and client-node lie, and the sources as
 * sources.json names them. Throws when a package is of another Kubernetes release.
 */
export function downloadPackages(dir) {
  const debs = join(dir, 'debs');
  mkdirSync(debs, { recursive: true });
  const apt = privateApt(join(dir, 'apt'));
  run('apt-get', [...apt, 'update'], dir);
  run('apt-get', [...apt, 'download', ...DEBIAN], debs);
  const packages = [];
  const goRoots = {};
  for (const name of DEBIAN) {
    const file = readdirSync(debs).find((each) => each.startsWith(`${name}_`));
    const version = file.split('_')[1];
    if (!MODULES.test(version)) throw new Error(`${name} is ${version}, the tables are of 0.36`);
    const unpacked = join(dir, name);
    run('dpkg-deb', ['-x', join(debs, file), unpacked], dir);
    const module = /^golang-k8s-(.*)-dev$/.exec(name)[1];
    goRoots[`k8s.io/${module}`] = join(unpacked, 'usr/share/gocode/src/k8s.io', module);
    packages.push({ registry: 'debian', suite: 'sid', name, version, sha256: sha256(join(debs, file)) });
  }
  const npm = join(dir, 'npm');
  mkdirSync(npm, { recursive: true });
  run('npm', ['pack', '--silent', CLIENT_NODE], npm);
  const tgz = readdirSync(npm).find((each) => each.endsWith('.tgz'));
  run('tar', ['xzf', tgz], npm);
  const [name, version] = [CLIENT_NODE.slice(0, CLIENT_NODE.lastIndexOf('@')), CLIENT_NODE.split('@').at(-1)];
  packages.push({ registry: 'npm', name, version, sha256: sha256(join(npm, tgz)) });
  return { goRoots, clientNode: join(npm, 'package'), sources: { kubernetes: '1.36', packages } };
}

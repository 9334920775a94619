import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EtcdServer, startEtcd } from '../../peers/etcd-server.ts';
import { run } from '../run-program.ts';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'kube-lite-connect-'));
let etcd: EtcdServer;
let hosts = 0;

beforeAll(async () => {
  etcd = await startEtcd({ tls: true });
});
afterAll(async () => {
  await etcd.stop();
  fs.rmSync(root, { recursive: true, force: true });
});

/** The file system of a host with these files. */
function host(files: Record<string, string>): string {
  const folder = path.join(root, `host-${hosts++}`);
  fs.mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) {
    fs.mkdirSync(path.join(folder, path.dirname(file)), { recursive: true });
    fs.writeFileSync(path.join(folder, file), text);
  }
  return folder;
}

const pki = '/etc/kubernetes/pki';
const CERTS = {
  [`${pki}/etcd/ca.crt`]: '',
  [`${pki}/apiserver-etcd-client.crt`]: '',
  [`${pki}/apiserver-etcd-client.key`]: '',
};

function apiServer(flags: readonly string[], more: object = {}): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'kube-apiserver-node1', namespace: 'kube-system', labels: { component: 'kube-apiserver' } },
    spec: { containers: [{ name: 'kube-apiserver', image: 'i', command: ['kube-apiserver', ...flags] }], ...more },
  });
}

const kubeadm = apiServer([
  '--advertise-address=10.0.0.1',
  `--etcd-cafile=${pki}/etcd/ca.crt`,
  `--etcd-certfile=${pki}/apiserver-etcd-client.crt`,
  '--etcd-keyfile',
  `${pki}/apiserver-etcd-client.key`,
  '--etcd-servers=https://127.0.0.1:2379,https://10.0.0.2:2379',
]);

describe('etcd connect', () => {
  it("reads kubeadm's manifest of the API server, and prints a table, JSON and lines for a shell", async () => {
    const at = host({ ...CERTS, '/etc/kubernetes/manifests/kube-apiserver.yaml': kubeadm });
    const table = await run(['etcd', 'connect', `--root=${at}`]);
    expect(table).toMatchObject({ status: 0, errors: '' });
    expect(table.output.split('\n')).toEqual([
      "FOUND IN      /etc/kubernetes/manifests/kube-apiserver.yaml (an API server's pod)",
      'ENDPOINT      https://127.0.0.1:2379',
      'ENDPOINT      https://10.0.0.2:2379',
      `CA            ${at}${pki}/etcd/ca.crt`,
      `CERTIFICATE   ${at}${pki}/apiserver-etcd-client.crt`,
      `KEY           ${at}${pki}/apiserver-etcd-client.key`,
      'PREFIX        /registry',
      '',
    ]);
    const json = await run(['etcd', 'connect', `--root=${at}`, '-o', 'json']);
    expect(JSON.parse(json.output)).toMatchObject({
      endpoints: ['https://127.0.0.1:2379', 'https://10.0.0.2:2379'],
      keyFile: `${at}${pki}/apiserver-etcd-client.key`,
      prefix: '/registry',
      fileProblems: [],
    });
    const shell = await run(['etcd', 'connect', `--root=${at}`, '--shell']);
    expect(shell.output).toContain('export KUBE_LITE_ETCD_ENDPOINTS=');
    expect(shell.output).toContain(`export ETCDCTL_CERT=`);
    expect(shell.output).toContain('export KUBE_LITE_ETCD_PREFIX=');
  });

  it('follows mounts to the host, and knows prefix, encryption and overrides', async () => {
    const manifest = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'api' },
      spec: {
        containers: [
          {
            name: 'a',
            image: 'i',
            command: [
              '/bin/sh',
              '-c',
              'exec kube-apiserver --etcd-servers=http://e:2379 --etcd-prefix=/k8s --encryption-provider-config=/enc/c.yaml',
            ],
            args: ['--etcd-servers-overrides=/events#http://e2:2379'],
            volumeMounts: [
              { name: 'enc', mountPath: '/enc' },
              { name: 'all', mountPath: '/' },
            ],
          },
        ],
        volumes: [
          { name: 'enc', hostPath: { path: '/srv/encryption' } },
          { name: 'all', emptyDir: {} },
        ],
      },
    });
    const at = host({ '/m.yaml': manifest, '/srv/encryption/c.yaml': '' });
    const { status, output, errors } = await run(['etcd', 'connect', '/m.yaml', `--root=${at}`, '-o', 'json']);
    expect({ status, errors }).toEqual({ status: 0, errors: '' });
    expect(JSON.parse(output)).toMatchObject({
      prefix: '/k8s',
      encryptionConfig: `${at}/srv/encryption/c.yaml`,
      notes: ['some resources are in another etcd: --etcd-servers-overrides=/events#http://e2:2379'],
    });
  });

  it("reads etcd's own manifest, with the client certificate of its probes", async () => {
    const manifest = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'etcd' },
      spec: {
        containers: [
          {
            name: 'etcd',
            image: 'i',
            command: [
              'etcd',
              '--advertise-client-urls=https://10.0.0.1:2379',
              `--cert-file=${pki}/etcd/server.crt`,
              `--key-file=${pki}/etcd/server.key`,
              `--trusted-ca-file=${pki}/etcd/ca.crt`,
            ],
          },
        ],
      },
    });
    const at = host({
      '/etc/kubernetes/manifests/etcd.yaml': manifest,
      [`${pki}/etcd/ca.crt`]: '',
      [`${pki}/etcd/healthcheck-client.crt`]: '',
      [`${pki}/etcd/healthcheck-client.key`]: '',
    });
    const { status, output } = await run(['etcd', 'connect', `--root=${at}`, '-o', 'json']);
    expect(status).toBe(0);
    expect(JSON.parse(output)).toMatchObject({
      endpoints: ['https://10.0.0.1:2379'],
      certFile: `${at}${pki}/etcd/healthcheck-client.crt`,
    });
  });

  it('reads k3s with its embedded etcd, with another one, and without any', async () => {
    const data = '/var/lib/rancher/k3s/server';
    const embedded = host({
      [`${data}/tls/etcd/server-ca.crt`]: '',
      [`${data}/tls/etcd/client.crt`]: '',
      [`${data}/tls/etcd/client.key`]: '',
      [`${data}/cred/encryption-config.json`]: '{}',
    });
    const one = await run(['etcd', 'connect', `--root=${embedded}`, '-o', 'json']);
    expect(one.status).toBe(0);
    expect(JSON.parse(one.output)).toMatchObject({
      form: 'k3s with its embedded etcd',
      endpoints: ['https://127.0.0.1:2379'],
      keyFile: `${embedded}${data}/tls/etcd/client.key`,
      encryptionConfig: `${embedded}${data}/cred/encryption-config.json`,
    });
    const external = host({
      '/etc/rancher/k3s/config.yaml': 'datastore-endpoint: http://old:2379\n',
      '/etc/systemd/system/k3s.service.env': 'K3S_DATASTORE_ENDPOINT="https://a:2379,https://b:2379"\n',
      '/etc/systemd/system/k3s.service':
        "[Service]\nExecStart=/usr/local/bin/k3s \\\n    server \\\n\t'--datastore-cafile=/ca.crt' \\\n\n",
      '/ca.crt': '',
    });
    const two = await run(['etcd', 'connect', `--root=${external}`, '-o', 'json']);
    expect(two).toMatchObject({ status: 0, errors: '' });
    expect(JSON.parse(two.output)).toMatchObject({
      endpoints: ['https://a:2379', 'https://b:2379'],
      caFile: `${external}/ca.crt`,
    });
    const sqlite = await run(['etcd', 'connect', `--root=${host({ [`${data}/db/state.db`]: '' })}`]);
    expect(sqlite).toMatchObject({ status: 1, output: '' });
    expect(sqlite.errors).toContain('k3s keeps its objects in SQLite');
    const mysql = await run([
      'etcd',
      'connect',
      `--root=${host({ '/etc/rancher/k3s/config.yaml': 'datastore-endpoint: mysql://root:secret@tcp(h)/db' })}`,
    ]);
    expect(mysql.status).toBe(1);
    expect(mysql.errors).toContain('k3s keeps its objects in mysql');
    expect(mysql.errors).not.toContain('secret');
  });

  it('says what is wrong: no manifest, no Pod, no etcd in it, files that are missing', async () => {
    const cases: [Record<string, string>, string[], string][] = [
      [{}, [], "nothing here tells of a cluster's etcd"],
      [{}, ['/nosuch.yaml'], 'the path "/nosuch.yaml" does not exist'],
      [{ '/m.yaml': 'a: [' }, ['/m.yaml'], '/m.yaml: '],
      [{ '/m.yaml': 'kind: Service' }, ['/m.yaml'], `a Pod's manifest is expected, not "Service"`],
      [{ '/m.yaml': apiServer([]) }, ['/m.yaml'], 'the API server has no --etcd-servers'],
      [{ '/m.yaml': kubeadm }, ['/m.yaml'], `${pki}/etcd/ca.crt: does not exist`],
    ];
    for (const [files, args, message] of cases) {
      const { status, errors } = await run(['etcd', 'connect', ...args, `--root=${host(files)}`]);
      expect(status).toBe(1);
      expect(errors).toContain(message);
    }
  });

  it('asks whether the endpoints answer', async () => {
    const flags = [
      `--etcd-cafile=${etcd.ca ?? ''}`,
      `--etcd-certfile=${etcd.cert ?? ''}`,
      `--etcd-keyfile=${etcd.key ?? ''}`,
    ];
    const good = path.join(root, 'good.yaml');
    fs.writeFileSync(good, apiServer([...flags, `--etcd-servers=${etcd.endpoints.join(',')}`]));
    const answers = await run(['etcd', 'connect', good, '--check']);
    expect(answers).toMatchObject({ status: 0, errors: '' });
    expect(answers.output).toContain('  answers, etcd ');
    const bad = path.join(root, 'bad.yaml');
    fs.writeFileSync(bad, apiServer([...flags, `--etcd-servers=${etcd.endpoints.join(',')},https://127.0.0.1:1`]));
    const silent = await run(['etcd', 'connect', bad, '--check']);
    expect(silent.status).toBe(1);
    expect(silent.output).toContain('https://127.0.0.1:1  does not answer');
    expect(silent.errors).toContain('https://127.0.0.1:1: ');
  });

  it("asks a cluster for its API server's pod", async () => {
    const env = { KUBE_LITE_DATA_DIR: path.join(root, 'cluster') };
    const none = await run(['etcd', 'connect', '--from-cluster'], { env });
    expect(none.status).toBe(1);
    expect(none.errors).toContain('there is no pod of an API server in kube-system');
    await run(['create', 'namespace', 'kube-system'], { env });
    const made = await run(['create', '-f', '-'], {
      env,
      input: kubeadm.replace('"spec":{', '"spec":{"nodeName":"node1",'),
    });
    expect(made).toMatchObject({ status: 0 });
    const { status, output } = await run(['etcd', 'connect', '--from-cluster', '-o', 'json'], { env });
    expect(status).toBe(0);
    expect(JSON.parse(output)).toMatchObject({
      source: 'pod kube-system/kube-apiserver-node1',
      endpoints: ['https://127.0.0.1:2379', 'https://10.0.0.2:2379'],
      notes: ['files are on node node1', "a loopback endpoint is node node1's own"],
    });
  });
});

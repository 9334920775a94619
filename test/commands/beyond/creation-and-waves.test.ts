import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deletionWaves } from '../../../src/commands/waves/deletion-waves.ts';
import { waveRank } from '../../../src/commands/waves/wave-rank.ts';
import type { CommandRow } from '../../../src/commands/command-row.ts';
import { generators } from '../../../src/commands/create/generator-rows.ts';
import { builtInResources } from '../../../src/model/schema/built-in-resources.ts';
import type { Ran } from '../run-program.ts';
import { runLine } from '../run-shell.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'creation-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

function kubectl(line: string, input = '', store = 'store'): Promise<Ran> {
  return runLine(`kubectl ${line}`, { env: { KUBE_LITE_DATA_DIR: path.join(folder, store) }, input });
}

/** One command line for each generator. */
const CREATIONS: Readonly<Record<string, string>> = {
  clusterrole: 'clusterrole x --verb=get --resource=pods',
  clusterrolebinding: 'clusterrolebinding x --clusterrole=view --user=u',
  configmap: 'configmap x --from-literal=a=b',
  cronjob: 'cronjob x --image=i --schedule="0 0 * * *"',
  deployment: 'deployment x --image=i',
  ingress: 'ingress x --rule=h/p=s:80',
  job: 'job x --image=i',
  namespace: 'namespace x',
  poddisruptionbudget: 'poddisruptionbudget x --min-available=1 --selector=a=b',
  priorityclass: 'priorityclass x --value=1',
  quota: 'quota x --hard=pods=1',
  role: 'role x --verb=get --resource=pods',
  rolebinding: 'rolebinding x --role=x --user=u',
  'secret docker-registry': 'secret docker-registry r --docker-username=u --docker-password=p',
  'secret generic': 'secret generic x --from-literal=a=b',
  'secret tls': '',
  'service clusterip': 'service clusterip x --tcp=80',
  'service externalname': 'service externalname e --external-name=h.example.com',
  'service loadbalancer': 'service loadbalancer l --tcp=80',
  'service nodeport': 'service nodeport n --tcp=80',
  serviceaccount: 'serviceaccount x',
  // Makes nothing that is kept.
  token: '',
};

function names(rows: readonly CommandRow[], parent = ''): string[] {
  return rows.flatMap((row) =>
    row.children === undefined ? [`${parent}${row.name}`] : names(row.children, `${row.name} `),
  );
}

describe('create --if-exists', () => {
  it('every generator is covered', () => {
    expect(Object.keys(CREATIONS).toSorted()).toEqual(names(generators).toSorted());
  });

  it.each(Object.values(CREATIONS).filter((line) => line !== ''))('create %s', async (line) => {
    const first = await kubectl(`create ${line}`);
    expect(first.errors).toBe('');
    expect((await kubectl(`create ${line}`)).status).toBe(1);
    const name = first.output.replace(' created\n', '');
    expect(await kubectl(`create ${line} --if-exists=skip`)).toEqual({
      status: 0,
      output: `${name} exists, skipped\n`,
      errors: '',
    });
    const updated = await kubectl(`create ${line} --if-exists=update`);
    if (line.startsWith('job ')) {
      // A job's template never changes, and the one that is kept has labels of the server's own.
      expect(updated).toMatchObject({ status: 1, output: '' });
      expect(updated.errors).toContain('field is immutable');
      return;
    }
    expect(updated.errors).toBe('');
    expect(updated.output).toMatch(new RegExp(`^${name} (?:updated|unchanged)\n$`));
    expect((await kubectl(`create ${line} --if-exists=update --dry-run=server`)).output).toBe(
      `${name} updated (server dry run)\n`,
    );
  });

  it('create -f: one by one, with an update that takes away what is no longer given', async () => {
    const manifest = (data: object) =>
      JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' }, data });
    const both = (data: object) => `${manifest(data)}\n---\n${manifest(data).replace('"m"', '"n"')}`;
    await kubectl('create -f -', manifest({ a: '1', b: '2' }));
    expect((await kubectl('create -f - --if-exists=skip', both({ c: '3' }))).output).toBe(
      'configmap/m exists, skipped\nconfigmap/n created\n',
    );
    expect((await kubectl('create -f - --if-exists=update', both({ c: '3' }))).output).toBe(
      'configmap/m updated\nconfigmap/n unchanged\n',
    );
    expect((await kubectl("get configmap m -o jsonpath='{.data}'")).output).toBe('{"c":"3"}');
    expect((await kubectl('create -f - --if-exists=update -o name', manifest({ d: '4' }))).output).toBe(
      'configmap/m\n',
    );
  });

  it('an update that the server refuses says so', async () => {
    await kubectl(
      'create -f -',
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"i"},"immutable":true,"data":{"a":"b"}}',
    );
    const { status, output, errors } = await kubectl('create configmap i --from-literal=a=c --if-exists=update');
    expect({ status, output }).toEqual({ status: 1, output: '' });
    expect(errors).toContain('field is immutable when `immutable` is set');
  });

  it('wrong values and combinations are refused', async () => {
    expect((await kubectl('create configmap z --if-exists=replace')).errors).toContain(
      '--if-exists must be one of fail, skip, update, not "replace"',
    );
    expect((await kubectl('create -f - --edit --if-exists=skip')).errors).toContain(
      '--if-exists cannot be used with --edit',
    );
    expect((await kubectl('create -f - --raw=/x --if-exists=skip')).errors).toContain(
      '--if-exists cannot be used with --raw',
    );
  });
});

describe('create secret generic', () => {
  it('keeps bytes from standard input as they are', async () => {
    const bytes = Buffer.from([0, 255, 10, 13]);
    const env = { KUBE_LITE_DATA_DIR: path.join(folder, 'store') };
    await runLine('kubectl create secret generic bytes --from-stdin=b', { env, input: bytes });
    const { output } = await kubectl("get secret bytes -o jsonpath='{.data.b}'");
    expect(Buffer.from(output, 'base64')).toEqual(bytes);
  });

  it.each([
    ['--from-env=NOT_SET_HERE', '--from-env: the environment variable NOT_SET_HERE is not set'],
    ['--from-env=k=', 'invalid --from-env source "k=", expected NAME or KEY=NAME'],
    ['--from-env==V', 'invalid --from-env source "=V", expected NAME or KEY=NAME'],
    ['--from-stdin=', '--from-stdin needs a key'],
    ['--from-stdin=a/b', 'a/b'],
    ['--from-stdin=a --from-env-file=f', 'from-env-file cannot be combined with from-stdin'],
    ['--from-literal=a=b --from-stdin=a', 'another key by that name already exists'],
  ])('%s is refused', async (flags, message) => {
    const { status, output, errors } = await kubectl(`create secret generic refused ${flags}`, 'x');
    expect({ status, output }).toEqual({ status: 1, output: '' });
    expect(errors).toContain(message);
  });
});

describe('get everything', () => {
  beforeAll(async () => {
    await kubectl('apply --waves -f fixtures/manifests/operator.yaml', '', 'everything');
  });

  it('has what other lists leave out, each object once', async () => {
    const { status, output } = await kubectl('get everything -A -o name', '', 'everything');
    expect(status).toBe(0);
    for (const name of [
      'backup.example.com/nightly',
      'configmap/settings',
      'namespace/backups',
      'customresourcedefinition.apiextensions.k8s.io/backups.example.com',
    ]) {
      expect(
        output.split('\n').filter((line) => line === name),
        name,
      ).toHaveLength(1);
    }
  });

  it('is an object in JSON and YAML, and a table', async () => {
    const json = JSON.parse((await kubectl('get everything -n backups -o json', '', 'everything')).output) as {
      kind: string;
      items: { kind: string }[];
    };
    expect(json.kind).toBe('List');
    expect(json.items.map(({ kind }) => kind).toSorted()).toEqual(['Backup', 'ConfigMap']);
    expect((await kubectl('get everything -n backups', '', 'everything')).output).toMatch(
      /backup\.example\.com\/nightly/,
    );
  });

  it('is no type of any other command', async () => {
    expect((await kubectl('delete everything --all', '', 'everything')).errors).toBe(
      'error: the server doesn\'t have a resource type "everything"\n',
    );
    expect((await kubectl('get everything,pods', '', 'everything')).status).toBe(1);
    expect((await kubectl('get everything x', '', 'everything')).status).toBe(1);
  });
});

describe('waves', () => {
  it('without them the same manifests fail as kubectl lets them', async () => {
    const { status, errors } = await kubectl('apply -f fixtures/manifests/operator.yaml', '', 'no-waves');
    expect(status).toBe(1);
    expect(errors).toContain('ensure CRDs are installed first');
  });

  it('a terminal shows how far it is, on a line that is gone at the end', async () => {
    const env = { KUBE_LITE_DATA_DIR: path.join(folder, 'terminal') };
    const { errors } = await runLine('kubectl apply --waves -f fixtures/manifests/operator.yaml', {
      env,
      terminal: true,
    });
    expect(errors).toContain('definitions: 1 of 4');
    expect(errors).toContain('custom resources: 4 of 4');
    expect(errors.endsWith('\r\u001B[K')).toBe(true);
    expect((await kubectl('delete --waves -f fixtures/manifests/operator.yaml', '', 'terminal')).errors).toBe('');
  });

  it('a wrong object does not keep the others', async () => {
    const wrong = '{"apiVersion":"nowhere.example.com/v1","kind":"Lost","metadata":{"name":"l"}}';
    const manifests = `${wrong}\n---\n${fs.readFileSync('fixtures/manifests/operator.yaml', 'utf8')}`;
    const { status, output, errors } = await kubectl(
      'apply --waves --summary -f - --exit-codes=detailed',
      manifests,
      'wrong',
    );
    expect(status).toBe(3);
    expect(output.split('\n')).toHaveLength(5);
    expect(errors).toContain('4 created, 1 failed in');
    expect(errors).toContain('no matches for kind "Lost"');
  });

  it('delete: what is missing is told, and the rest goes', async () => {
    await kubectl('apply --waves -f fixtures/manifests/operator.yaml', '', 'partly');
    await kubectl('delete configmap settings -n backups', '', 'partly');
    const { status, output, errors } = await kubectl(
      'delete --waves --summary -f fixtures/manifests/operator.yaml',
      '',
      'partly',
    );
    expect(status).toBe(1);
    expect(output.split('\n')).toHaveLength(4);
    expect(errors).toContain('configmaps "settings" not found');
    expect(errors).toMatch(/^3 deleted, 1 failed in /m);
    expect((await kubectl('get namespace backups', '', 'partly')).status).toBe(1);
  });

  it('every kind has one place, and deletion is the reverse of creation', () => {
    const none = new Set<string>();
    const resources = builtInResources().filter(({ verbs }) => verbs.includes('create') && verbs.includes('list'));
    const rank = ({ kind, group }: { kind: string; group: string }) => waveRank(kind, group, none).wave;
    const waves = deletionWaves(resources.map((resource) => ({ kind: 'named', resource, name: 'x' })));
    const order = waves.flatMap(({ targets }) =>
      targets.map((target) => (target.kind === 'named' ? rank(target.resource) : -1)),
    );
    expect(order).toHaveLength(resources.length);
    expect(order).toEqual(order.toSorted((left, right) => right - left));
    expect(new Set(order)).toEqual(new Set([4, 2, 1, 0]));
  });
});

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Ran, run } from './run-program.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'create-bulk-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const AT_ONCE = ['--concurrency=1', '--concurrency=64'];

const configMap = (metadata: string, value = 'x'): string =>
  `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {${metadata}}\ndata: {value: "${value}"}\n`;

const created = (name: string): string => `configmap/${name} created\n`;

/** A store of its own for each test and way of going through it. */
function kubectlIn(store: string): (argv: readonly string[], input?: string) => Promise<Ran> {
  const env = { KUBE_LITE_DATA_DIR: path.join(folder, store.replaceAll(/\W/g, '-')) };
  return (argv, input = '') => run(argv, { env, input });
}

describe.each(AT_ONCE)('create -f of many objects, %s', (atOnce) => {
  it('creates what the quota allows, names each that it does not, and goes on with what is not counted', async () => {
    const kubectl = kubectlIn(`quota ${atOnce}`);
    await kubectl(['create', 'quota', 'q', '--hard=count/secrets=5']);
    const secret = (name: string): string => `---\napiVersion: v1\nkind: Secret\nmetadata: {name: ${name}}\n`;
    const order = Array.from({ length: 12 }, (_, at) => `s-${String(at).padStart(2, '0')}`);
    const input = order.map((name) => secret(name) + configMap(`name: c${name}`)).join('');
    const { status, output, errors } = await kubectl(['create', '-f', '-', atOnce], input);
    expect(status).toBe(1);
    const lines = output.trim().split('\n');
    const secrets = lines.filter((line) => line.startsWith('secret/'));
    expect(secrets).toHaveLength(5);
    expect(lines.filter((line) => line.startsWith('configmap/'))).toEqual(
      order.map((name) => `configmap/c${name} created`),
    );
    const refused = order.filter((name) => !secrets.includes(`secret/${name} created`));
    const told = errors.trim().split('\n');
    expect(told).toHaveLength(refused.length);
    for (const [at, name] of refused.entries()) {
      expect(told[at]).toContain(`secrets "${name}" is forbidden: exceeded quota: q`);
    }
    const { output: left } = await kubectl(['get', 'secrets', '-o=name']);
    expect(left.trim().split('\n').toSorted()).toEqual(secrets.map((line) => line.replace(' created', '')).toSorted());
    const { output: used } = await kubectl(['get', 'quota', 'q', '-o=jsonpath={.status.used}']);
    expect(JSON.parse(used)).toEqual({ 'count/secrets': '5' });
  });

  it('gives each object with a generateName a name of its own', async () => {
    const kubectl = kubectlIn(`generate ${atOnce}`);
    const input = Array.from({ length: 60 }, (_, at) => configMap('generateName: g-', String(at))).join('');
    const { status, output, errors } = await kubectl(['create', '-f', '-', atOnce], input);
    expect({ status, errors }).toMatchObject({ status: 0 });
    const told = [...output.matchAll(/^configmap\/(g-[a-z0-9]{5}) created$/gm)].map(([, name]) => name ?? '');
    expect(new Set(told).size).toBe(60);
    const { output: list } = await kubectl(['get', 'configmaps', '-o=json']);
    const { items } = JSON.parse(list) as {
      items: { metadata: { name: string; uid: string }; data: { value: string } }[];
    };
    const made = items.filter(({ metadata }) => metadata.name.startsWith('g-'));
    const valueOf = new Map(made.map(({ metadata, data }) => [metadata.name, data.value]));
    // What is told of an object is that object's name: lines are in the order of the documents.
    expect(told.map((name) => valueOf.get(name))).toEqual(Array.from({ length: 60 }, (_, at) => String(at)));
    expect(new Set(made.map(({ metadata }) => metadata.uid)).size).toBe(60);
  });

  it('creates the first of two objects with one name, refuses the second in its place, and goes on', async () => {
    const kubectl = kubectlIn(`twice ${atOnce}`);
    const documents = ['a', 'b', 'a', 'c', 'b', 'd'].map((name, at) => configMap(`name: ${name}`, String(at)));
    const { status, output, errors } = await kubectl(['create', '-f', '-', atOnce], documents.join(''));
    expect(status).toBe(1);
    expect(output).toBe(['a', 'b', 'c', 'd'].map(created).join(''));
    const exists = (name: string): string =>
      `Error from server (AlreadyExists): error when creating "STDIN": configmaps "${name}" already exists\n`;
    expect(errors.replace(/^Using the local store.*\n/, '')).toBe(exists('a') + exists('b'));
    const { output: values } = await kubectl(['get', 'configmaps', 'a', 'b', '-o=jsonpath={.items[*].data.value}']);
    expect(values).toBe('0 1');
  });

  it('tells of an object that is refused in its place, and of a document that is none at the end of what came before', async () => {
    const kubectl = kubectlIn(`refused ${atOnce}`);
    const input = [
      configMap('name: a'),
      configMap('name: "B_"'),
      configMap('name: c'),
      '---\n{a: [}\n',
      configMap('name: d'),
    ];
    const { status, output, errors } = await kubectl(['create', '-f', '-', atOnce], input.join(''));
    expect(status).toBe(1);
    expect(output).toBe(created('a') + created('c'));
    expect(errors).toMatch(
      /^Error from server \(Invalid\): .*ConfigMap "B_" is invalid: metadata\.name: .*\nerror parsing STDIN: .*\n$/,
    );
  });
});

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../src/model/kube-object.ts';
import type { JsonObject } from '../../src/model/json-value.ts';
import { parseWireJson } from '../../src/model/wire-json.ts';
import { describeObject } from '../../src/printers/describe/describe-object.ts';
import { startServe } from '../transcripts/columns.ts';
import { CannedApiServer } from './canned-api-server.ts';
import { kubectlBinary } from './kubectl-binary.ts';
import { objectsOf, postObjects } from './post-manifests.ts';
import { QUICK_GO, type Ran, runKubectl } from './run-kubectl.ts';

const root = new URL('../..', import.meta.url).pathname;
const manifests = ['cluster', 'storage', 'network', 'workloads', 'pods'].map(
  (name) => `${root}fixtures/manifests/describe/${name}.yaml`,
);

/** Everything of each type, in all namespaces. */
const TYPES = [
  'pods',
  'services,endpoints,endpointslices,ingresses,ingressclasses',
  'networkpolicies,servicecidrs,ipaddresses',
  'limitranges,resourcequotas,namespaces',
  'persistentvolumes,persistentvolumeclaims,storageclasses,csinodes,volumeattributesclasses',
  'serviceaccounts,secrets,configmaps,priorityclasses,certificatesigningrequests',
  'nodes,leases,runtimeclasses,events',
  'deployments,replicasets,replicationcontrollers,daemonsets,statefulsets',
  'jobs,cronjobs,poddisruptionbudgets,horizontalpodautoscalers,controllerrevisions',
  'roles,clusterroles,rolebindings,clusterrolebindings',
  'volumeattachments,csidrivers,csistoragecapacities,flowschemas,apiservices,customresourcedefinitions',
  'mutatingwebhookconfigurations,validatingwebhookconfigurations,validatingadmissionpolicies',
  'mutatingadmissionpolicies,mutatingadmissionpolicybindings,resourceclaims,resourceclaimtemplates',
];

/** Ways to say what is to be described, the wrong ones included. */
const FORMS: readonly (readonly string[])[] = [
  [],
  ['nosuch', 'x'],
  ['pods', 'rich', '--show-events=false'],
  ['pods', 'ri'],
  ['pods', 'zzz'],
  ['pod/zzz', 'pod/yyy'],
  ['pod/done', 'pod/yyy'],
  ['pods', 'done', 'yyy', 'zzz'],
  ['pods,services', 'web'],
  ['svc/web', 'deploy/recreate', 'sa/builder'],
  ['hpa.v1.autoscaling'],
  ['deploy', 'plain'],
  ['-A', 'pods', 'rich'],
  ['pods', '-l', 'app=rich', '--chunk-size=1'],
  ['pods', '-l', 'app=nobody'],
  ['pods', 'rich', '-l', 'app=rich'],
  ['podtemplates'],
  ['podtemplates', '-A'],
  ['-f', `${root}fixtures/manifests/describe/network.yaml`],
  ['-f', `${root}fixtures/manifests/describe/gone.yaml`],
];

let folder = '';
let server: Awaited<ReturnType<typeof startServe>> | undefined;
let kubectl = '';

function run(command: readonly string[], args: readonly string[], zone: string): Promise<Ran> {
  const [program = '', ...first] = command;
  const kubeconfig = server?.kubeconfig ?? '';
  const env = { ...QUICK_GO, PATH: process.env['PATH'] ?? '', HOME: folder, KUBECONFIG: kubeconfig, TZ: zone };
  return new Promise((resolve) => {
    execFile(program, [...first, 'describe', ...args], { env, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      resolve({ status: error ? Number(error.code ?? 1) : 0, stdout: masked(stdout), stderr: masked(stderr) });
    });
  });
}

/** The name of the program, and ages: the two do not run in the same second. */
function masked(text: string): string {
  return text
    .replaceAll('kube-lite', 'kubectl')
    .replace(/(?<=[ (])((\d+d)?(\d+h)?(\d+m)?\d+s|\d+m)(?=$|\s|\))/gm, '<age>');
}

async function agree(args: readonly string[], zone = 'UTC'): Promise<Ran> {
  const [expected, actual] = await Promise.all([
    run([kubectl], args, zone),
    run([process.execPath, `${root}bin/kube-lite.js`], args, zone),
  ]);
  expect(actual).toEqual(expected);
  return actual;
}

describe('describe, beside the real kubectl', () => {
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'kube-lite-describe-'));
    [server, kubectl] = await Promise.all([startServe(folder), kubectlBinary()]);
    const texts = await Promise.all(manifests.map((file) => readFile(file, 'utf8')));
    const stored = JSON.parse(await readFile(`${root}fixtures/reference/stored-objects.json`, 'utf8')) as {
      input: KubeObject;
    }[];
    // The webhooks that they name do not exist, and would be asked about what is made after them.
    const isHook = ({ kind }: KubeObject): boolean => kind.endsWith('WebhookConfiguration');
    // An event is where its object is.
    const here = ({ input }: { input: KubeObject }): KubeObject =>
      input.kind === 'Event' ? JSON.parse(JSON.stringify(input).replaceAll('storage-test', 'default')) : input;
    const all = [...texts.flatMap(objectsOf), ...stored.map(here)];
    const objects = [...all.filter((each) => !isHook(each)), ...all.filter(isHook)];
    expect((await postObjects(server.kubeconfig, objects)).refused).toEqual([]);
  });

  afterAll(async () => {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it.each(TYPES)('%s', async (types) => {
    const { status, stdout } = await agree([types, '-A']);
    expect(status).toBe(0);
    // No type of them may be without objects.
    for (const type of types.split(',')) expect(stdout.match(/^Name: /gm)?.length, type).toBeGreaterThan(0);
  });

  it.each(FORMS.map((args) => ({ line: args.join(' ').replaceAll(root, ''), args })))('$line', async ({ args }) => {
    await agree(args);
  });

  it.each([
    ['Asia/Kolkata', 'Fri, 02 Jan 2026 08:34:05 +0530'],
    ['America/New_York', 'Thu, 01 Jan 2026 22:04:05 -0500'],
    ['Europe/Istanbul', 'Fri, 02 Jan 2026 06:04:05 +0300'],
  ])('prints times in the zone %s', async (zone, time) => {
    const { stdout } = await agree(['networkpolicy/deny', 'deploy/web', 'pod/rich'], zone);
    expect(stdout).toContain(`Start Time:        ${time}`);
  });
});

describe('describe of a kind that nobody knows, beside the real kubectl', () => {
  let canned: CannedApiServer;
  beforeAll(async () => {
    canned = await CannedApiServer.start();
  });
  afterAll(() => canned.stop());

  const name = fc.oneof(
    fc.constantFrom(
      'apiVersionList',
      'podUID',
      'httpURL',
      'with-dash',
      'with_line',
      'a.b',
      '9x',
      'IPFamily',
      'HTTPServer',
      'élan',
      'osbGuid',
    ),
    fc.stringMatching(/^[a-zA-Z]{1,9}$/),
  );
  const scalar = fc.oneof(
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
    fc.boolean(),
    fc.constant(null),
    fc.string(),
    fc.constantFrom(
      'tab\there',
      'two\nlines',
      'esc \u001b[0m',
      'return\r',
      'form\ffeed',
      'vertical\vtab',
      'ünïcödé',
      '日本',
    ),
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      scalar,
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(name, tie('tree'), { maxKeys: 4 }),
    ),
  }));

  it('prints every field as kubectl does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, tree, { maxKeys: 6 }), async (spec) => {
        const metadata = { name: 'w', namespace: 'default', labels: { a: 'b' }, uid: 'u-1', resourceVersion: '7' };
        const sent = { apiVersion: 'example.com/v1', kind: 'Widget', metadata, spec };
        canned.object = sent as unknown as JsonObject;
        const object = parseWireJson(JSON.stringify(sent)) as KubeObject;
        const refuse = (): never => {
          throw new Error('nothing else is asked for');
        };
        const source = { get: refuse, list: refuse };
        const ours = await describeObject(undefined, { object, source, showEvents: false, now: new Date() });
        const theirs = await runKubectl(['describe', 'widgets', 'w', '--show-events=false', `--server=${canned.url}`]);
        expect(ours).toBe(theirs.stdout);
      }),
      { numRuns: Number(process.env['KUBE_LITE_PEER_RUNS'] ?? 40) },
    );
  });
});

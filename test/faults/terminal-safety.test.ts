import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../commands/run-program.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kube-lite-terminal-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
const env = { KUBE_LITE_DATA_DIR: path.join(folder, 'store'), KUBECONFIG: path.join(folder, 'config') };

/** What a terminal would take for a command, but for the colours that kube-lite itself sets. */
// oxlint-disable-next-line no-control-regex -- it is about these
const COMMAND = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;
// oxlint-disable-next-line no-control-regex -- it is about these
const OWN_COLOURS = /\u001b\[[\d;]*m/g;

/** ESC, OSC and CSI in both forms, bell, carriage return, backspace, delete, form feed. No colour, which would pass for one of ours. */
const EVIL = 'x\u001b]0;owned\u0007\u009b2J\u009d0;o\u009c\u001b[2J\r\b\u007f\u000c\u0085y';

const labels = { app: 'evil' };
const podSpec = {
  containers: [
    {
      name: 'c',
      image: `image:${EVIL}`,
      command: [EVIL],
      args: [EVIL],
      env: [{ name: 'E', value: EVIL }],
    },
  ],
  nodeSelector: {},
};

function objectsWith(evil: string): unknown[] {
  const annotations = { evil, 'kubernetes.io/change-cause': evil };
  const metadata = (name: string) => ({ name, namespace: 'default', labels, annotations });
  const pod = JSON.parse(
    JSON.stringify(podSpec).replaceAll(JSON.stringify(EVIL).slice(1, -1), JSON.stringify(evil).slice(1, -1)),
  ) as object;
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata('c'), data: { evil } },
    { apiVersion: 'v1', kind: 'Secret', metadata: metadata('s'), type: 'a/b', stringData: { evil } },
    { apiVersion: 'v1', kind: 'Pod', metadata: metadata('p'), spec: pod },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: metadata('d'),
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels, annotations }, spec: pod } },
    },
    {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: metadata('e'),
      involvedObject: { apiVersion: 'v1', kind: 'Pod', name: 'p', namespace: 'default' },
      message: evil,
      reason: evil,
      type: 'Warning',
      source: { component: evil },
      lastTimestamp: '2026-01-01T00:00:00Z',
    },
    {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'evils.example.com', annotations },
      spec: {
        group: 'example.com',
        scope: 'Namespaced',
        names: { plural: 'evils', singular: 'evil', kind: 'Evil' },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: {
              openAPIV3Schema: {
                type: 'object',
                description: evil,
                properties: {
                  spec: { type: 'object', description: evil, 'x-kubernetes-preserve-unknown-fields': true },
                },
              },
            },
            additionalPrinterColumns: [{ name: `N${evil}`, type: 'string', jsonPath: '.spec.text', description: evil }],
          },
        ],
      },
    },
  ];
}

const COMMANDS = [
  ...[
    '',
    'wide',
    'json',
    'yaml',
    'kyaml',
    'name',
    'table',
    'jsonpath={..*}',
    'go-template={{.}}',
    'custom-columns=A:.metadata.annotations,D:.data',
  ].map((output) => [
    'get',
    'configmaps,secrets,pods,deployments,events,evils',
    ...(output === '' ? [] : ['-o', output]),
  ]),
  ['get', 'pods', '--show-labels', '-L', EVIL],
  ['get', 'evils,events', '--sort-by=.metadata.name'],
  ['describe', 'configmaps,pods,deployments,events,evils'],
  ['describe', 'customresourcedefinitions'],
  ['events'],
  ['events', '-o', 'wide'],
  ['explain', 'evils.spec'],
  ['explain', 'evils', '--recursive'],
  ['rollout', 'history', 'deployment/d'],
  ['api-resources'],
  ['apply', 'view-last-applied', 'configmap/c'],
  ['annotate', 'configmap', 'c', '--list'],
  ['config', 'get-contexts'],
  ['config', 'view'],
  ['get', 'configmap', EVIL],
  ['get', EVIL],
  ['get', 'pods', '-l', EVIL],
  ['get', 'pods', '--field-selector', EVIL],
  [EVIL],
  ['get', `--${EVIL}`],
  ['create', '-f', path.join(folder, 'wrong.json')],
  ['patch', 'configmap', 'c', '-p', JSON.stringify({ data: { [EVIL]: 'x' } })],
  ['set', 'image', 'deployment/d', `c=${EVIL}`, '--local', '-o', 'yaml'],
  ['etcd', 'get', '/registry/configmaps/', '--prefix'],
  ['etcd', 'ls', '/registry/'],
];

const FORMATS = [
  'json',
  'yaml',
  'kyaml',
  'jsonpath={.data.evil}',
  'go-template={{.data.evil}}',
  'custom-columns=E:.data.evil,A:.metadata.annotations',
  'describe',
];

describe('on a terminal', () => {
  beforeAll(async () => {
    fs.writeFileSync(
      path.join(folder, 'objects.json'),
      JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objectsWith(EVIL) }),
    );
    const evil = { apiVersion: 'example.com/v1', kind: 'Evil', metadata: { name: 'e' }, spec: { text: EVIL } };
    fs.writeFileSync(path.join(folder, 'evil.json'), JSON.stringify(evil));
    const wrong = { apiVersion: 'v1', kind: EVIL, metadata: { name: EVIL }, [EVIL]: 1 };
    fs.writeFileSync(path.join(folder, 'wrong.json'), JSON.stringify(wrong));
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      contexts: [{ name: EVIL, context: { cluster: EVIL, user: EVIL, namespace: EVIL } }],
    };
    fs.writeFileSync(path.join(folder, 'config'), JSON.stringify(config));
    for (const file of ['objects.json', 'evil.json']) {
      expect(await run(['apply', '-f', path.join(folder, file)], { env })).toMatchObject({ status: 0 });
    }
  }, 60_000);

  it.each(COMMANDS.map((argv) => ({ name: JSON.stringify(argv).slice(0, 100), argv })))(
    'nothing of others commands it: $name',
    async ({ argv }) => {
      const { output, errors } = await run(argv, { env: { ...env, PAGER: 'cat' }, terminal: true });
      expect(output + errors).not.toBe('');
      expect(output.replaceAll(OWN_COLOURS, '')).not.toMatch(COMMAND);
      expect(errors.replaceAll(OWN_COLOURS, '')).not.toMatch(COMMAND);
    },
  );

  it('no control character at all gets through, and in a pipe each of them does', async () => {
    const character = fc.oneof(
      fc.integer({ min: 0, max: 0x1f }),
      fc.integer({ min: 0x7f, max: 0x9f }),
      fc.integer({ min: 0x20, max: 0x2fff }),
    );
    const text = fc.array(character, { minLength: 1, maxLength: 12 }).map((codes) => String.fromCharCode(...codes));
    await fc.assert(
      fc.asyncProperty(text, fc.constantFrom(...FORMATS), async (evil, format) => {
        const place = fs.mkdtempSync(path.join(folder, 'one-'));
        const settings = { env: { ...env, KUBE_LITE_DATA_DIR: path.join(place, 'store') } };
        const object = {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'c', annotations: { evil } },
          data: { evil },
        };
        const input = JSON.stringify(object);
        expect(await run(['create', '-f', '-'], { ...settings, input })).toMatchObject({ status: 0 });
        const argv = format === 'describe' ? ['describe', 'cm', 'c'] : ['get', 'cm', 'c', '-o', format];
        const shown = await run(argv, { env: { ...settings.env, PAGER: 'cat' }, terminal: true });
        expect(shown.output).not.toMatch(COMMAND);
        const piped = await run(argv, settings);
        expect(shown.status).toBe(piped.status);
        if (format.startsWith('jsonpath') || format.startsWith('go-template')) expect(piped.output).toBe(evil);
        if (format === 'json') expect(JSON.parse(piped.output)).toMatchObject({ data: { evil } });
        fs.rmSync(place, { recursive: true });
      }),
      { numRuns: 40 },
    );
  }, 60_000);
});

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../commands/run-program.ts';
import { KubeletComparison, type Outcome } from './kubelet-comparison.ts';
import { node, pod } from './kubelet-objects.ts';

let both: KubeletComparison;
let folder: string;
beforeAll(async () => {
  both = await KubeletComparison.start();
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kube-lite-debug-'));
  fs.writeFileSync(path.join(folder, 'custom.yaml'), 'env:\n- {name: A, value: b}\nsecurityContext: {runAsUser: 0}\n');
  fs.writeFileSync(path.join(folder, 'bad.yaml'), 'image: x\n');
  const probes = Object.fromEntries(
    ['livenessProbe', 'readinessProbe', 'startupProbe'].map((name) => [name, { exec: { command: ['x'] } }]),
  );
  both.server.objects = [
    pod('plain'),
    pod('rich', {
      labels: { app: 'web' },
      annotations: { note: 'n' },
      spec: {
        securityContext: { runAsUser: 1000 },
        containers: [
          {
            name: 'app',
            image: 'app:1',
            command: ['run'],
            args: ['it'],
            ...probes,
            securityContext: { capabilities: { add: ['CHOWN'] } },
          },
          { name: 'side', image: 'side:1' },
        ],
        initContainers: [{ name: 'init', image: 'init:1' }],
        ephemeralContainers: [{ name: 'before', image: 'old', terminationMessagePolicy: 'File' }],
      },
    }),
    node('node-1', '1', '1Gi'),
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'cm', namespace: 'default' }, data: {} },
  ];
}, 60_000);
afterAll(async () => {
  fs.rmSync(folder, { recursive: true, force: true });
  await both[Symbol.asyncDispose]();
});

/** What was sent and printed, without what chance names and what Go writes of empty structs. */
function comparable(outcome: Outcome): unknown {
  const masked = (text: string): string => text.replaceAll(/(debugger-(?:node-1-)?)[a-z0-9]{5}\b/g, '$1RANDOM');
  const asked = outcome.asked.map((each) => {
    const [, line = '', body = ''] = /^(.*?\?\S*) (.*)$/s.exec(masked(each)) ?? [];
    return [line, withoutEmpty(JSON.parse(body === '' ? '""' : body))];
  });
  return { ...outcome, stdout: masked(outcome.stdout), stderr: masked(outcome.stderr), asked };
}

function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).map(([key, field]): [string, unknown] => [key, withoutEmpty(field)]);
  const empty = (field: unknown): boolean =>
    field === null || (typeof field === 'object' && Object.keys(field ?? {}).length === 0);
  return Object.fromEntries(kept.filter(([, field]) => !empty(field)));
}

const PROFILES = ['legacy', 'general', 'baseline', 'restricted', 'netadmin', 'sysadmin'];
const LINES = [
  ...PROFILES.flatMap((profile) => [
    `rich --image=busybox --attach=false --profile=${profile}`,
    `rich --image=busybox --attach=false --copy-to=copy -c new --profile=${profile}`,
    `rich --copy-to=copy -c app --profile=${profile} -- sh -c true`,
    `node/node-1 --image=busybox --attach=false --profile=${profile}`,
  ]),
  'plain --image=busybox',
  'plain --image=busybox -i -t --attach=false -q --profile=general',
  'plain --image=busybox --target=main --profile=general -- sh',
  'plain --image=busybox --arguments-only --profile=general -- a b',
  'plain --image=busybox --env=A=b --image-pull-policy=Always --profile=general',
  'pod/plain pod/rich --image=busybox -c dbg --profile=general',
  'rich --copy-to=copy --set-image=*=other --profile=general',
  'rich --copy-to=copy --set-image=app=a:2,side=s:2 --profile=general --same-node',
  'rich --copy-to=copy --image=busybox --profile=general --share-processes=false --replace',
  'rich --copy-to=copy --image=busybox --profile=general --keep-labels --keep-annotations --keep-liveness --keep-readiness --keep-startup --keep-init-containers=false',
  'rich --image=busybox --profile=general --custom=FOLDER/custom.yaml -c dbg',
  'rich --image=busybox --profile=general --custom=FOLDER/custom.yaml -c dbg --copy-to=copy',
  'node/node-1 --image=busybox --profile=general --custom=FOLDER/custom.yaml',
  'node/node-1 --image=busybox -c shell -q --profile=general -n other -- ls',
  'plain --image=busybox --profile=general --custom=FOLDER/bad.yaml',
  'plain --image=busybox --profile=general --custom=FOLDER/none.yaml',
  'plain',
  '',
  '--image=busybox',
  'nope --image=busybox --profile=general',
  'cm/cm --image=busybox --profile=general',
  'plain --image=UPPER:bad:x --profile=general',
  'plain --image=busybox --profile=bogus',
  'plain --image=busybox --replace',
  'plain --image=busybox --same-node',
  'plain --image=busybox --set-image=a=b',
  'plain --copy-to=copy',
  'plain --copy-to=copy -- ls',
  'plain --copy-to=copy --set-image=a=B:B:B',
  'plain --copy-to=copy -c new --profile=general -- ls',
  'plain --copy-to=copy --image=busybox --target=main',
  'plain --image=busybox -t --profile=general',
  'plain --image=busybox --image-pull-policy=Sometimes',
  'plain --attach --profile=general',
  'plain --image=busybox --env=x',
];

describe('debug, as the real kubectl does it', () => {
  it.each(LINES)('debug %s', async (line) => {
    const args = [
      'debug',
      ...line
        .replaceAll('FOLDER', folder)
        .split(' ')
        .filter((word) => word !== ''),
    ];
    const theirs = await both.kubectl(args);
    const ours = await both.kubeLite(args);
    expect(comparable(ours)).toEqual(comparable(theirs));
  });

  it('attaches to the container once it runs', async () => {
    const { objects } = both.server;
    const status = { ephemeralContainerStatuses: [{ name: 'dbg', state: { running: {} } }] };
    both.server.objects = [pod('plain', { spec: { ephemeralContainers: [{ name: 'dbg', image: 'b' }] }, status })];
    both.server.process = () => ({ stdout: 'from the debugger\n' });
    try {
      const args = ['debug', 'plain', '--image=busybox', '-c', 'dbg', '-i', '--profile=general'];
      const theirs = await both.kubectl(args);
      const ours = await both.kubeLite(args);
      // The container is in the pod from the start, so that what is sent first says nothing here.
      const later = ({ asked, ...rest }: Outcome): Outcome => ({ ...rest, asked: asked.slice(1) });
      expect(later(ours)).toEqual(later(theirs));
      expect(ours.stdout).toContain('from the debugger\n');
    } finally {
      both.server.objects = objects;
    }
  });

  it('adds an ephemeral container in the local store, and refuses to attach there before anything is done', async () => {
    const local = [`--data-dir=${path.join(folder, 'store')}`];
    await run(['run', 'web', '--image=nginx', ...local]);
    const refused = await run(['debug', 'web', '--image=busybox', '-i', '--profile=general', ...local]);
    expect(refused).toMatchObject({ status: 1, output: '' });
    expect(refused.errors).toMatch(/^error: cannot attach to the debugging container of web: there is no kubelet/);
    expect(await run(['debug', 'web', '--image=busybox', '-c', 'dbg', '--profile=general', ...local])).toMatchObject({
      status: 0,
    });
    const names = await run(['get', 'pod', 'web', '-o=jsonpath={.spec.ephemeralContainers[*].name}', ...local]);
    expect(names.output).toBe('dbg');
  });
});

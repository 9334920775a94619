import fs from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiColumn, type Column, etcdColumn, kubectlColumn, localColumn } from './columns.ts';
import { type Difference, replay } from './replay.ts';

const folder = new URL('../../fixtures/transcripts/', import.meta.url).pathname;

/** Steps that are not compared, by transcript, each with its reason. */
const LEFT_OUT: Readonly<Record<string, { readonly steps: RegExp; readonly reason: string }>> = {
  'change/label-annotate': {
    steps: /^kubectl label cm --list a$/,
    reason: 'kubectl prints a Go map, whose order is random; kube-lite sorts',
  },
  'crd/crd': {
    steps: /^kubectl get ct$/,
    reason:
      'kubectl still caches the discovery of the definition just deleted; kube-lite caches none, so knows it gone',
  },
};

/** Transcripts that must match in every step, in every column. */
const WHOLE = [
  'walkthrough/article',
  'config/config',
  'create/configmap-literal',
  'create/configmap-file',
  'create/secret',
  'create/from-file',
  'get/discovery',
  'get/missing',
  'get/formats',
  'change/label-annotate',
  'change/patch',
  'change/replace-edit',
  'change/scale-set',
  'change/wait',
  'apply/client-side',
  'apply/server-side',
  'create/generators',
  'delete/delete',
  'describe/describe',
  'crd/crd',
];

/** What the real kubectl is not asked. */
const KUBE_LITE_ONLY = /^kubectl (etcd|serve) /;

function describeDifference({ command, expected, actual }: Difference): string {
  const part = (name: string, left: unknown, right: unknown): string =>
    left === right ? '' : `\n--- ${name} expected:\n${String(left)}\n--- ${name} got:\n${String(right)}`;
  return `$ ${command}${part('output', expected.output, actual.output)}${part('errors', expected.errors, actual.errors)}${part('status', expected.status, actual.status)}`;
}

function describeColumn(column: Column): void {
  describe.concurrent(`transcripts: ${column.name}`, () => {
    for (const name of WHOLE) {
      it(name, { timeout: 180_000 }, async () => {
        const { steps, differences } = await replay(
          `${folder}${name}.transcript`,
          (state) => column.prepare(state),
          (command) =>
            LEFT_OUT[name]?.steps.test(command) === true || (column.name === 'kubectl' && KUBE_LITE_ONLY.test(command)),
        );
        expect(steps).toBeGreaterThan(0);
        expect(differences.map(describeDifference).join('\n\n')).toBe('');
      });
    }
  });
}

describe('the fixtures', () => {
  it('hold every transcript that is named here', () => {
    for (const name of WHOLE) expect(fs.existsSync(`${folder}${name}.transcript`), name).toBe(true);
  });
});

describeColumn(localColumn);
describeColumn(apiColumn);
describeColumn(kubectlColumn);

describe('on etcd', () => {
  const column = etcdColumn();
  beforeAll(() => column.start());
  afterAll(() => column.stop());
  describeColumn(column);
});

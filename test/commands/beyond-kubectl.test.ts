import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run, type Ran } from './run-program.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'beyond-kubectl-'));

function kubectl(line: string, input?: object): Promise<Ran> {
  const setting = { env: { KUBE_LITE_DATA_DIR: path.join(folder, 'store') } };
  return run(line.split(' '), input === undefined ? setting : { ...setting, input: JSON.stringify(input) });
}

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p' },
  spec: {
    containers: [
      {
        name: 'main',
        image: 'x',
        envFrom: [
          { configMapRef: { name: 'c' }, prefix: 'C_' },
          { secretRef: { name: 's' } },
          { secretRef: { name: 'absent', optional: true } },
        ],
        env: [{ name: 'A', value: '1' }],
      },
    ],
  },
};

describe('what kubectl does not have', () => {
  beforeAll(async () => {
    await kubectl('create configmap c --from-literal=k=v');
    await kubectl('create secret generic s --from-literal=TOKEN=secret');
    expect((await kubectl('create -f -', pod)).errors).toBe('');
    const status = { status: { conditions: [{ type: 'Failed', status: 'True' }] } };
    await kubectl(`patch pod p --subresource=status --type=merge -p ${JSON.stringify(status)}`);
  });
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

  it('wait --any: one of the conditions is enough', async () => {
    expect(await kubectl('wait pod/p --any --for=condition=Complete --for=condition=Failed --timeout=5s')).toEqual({
      status: 0,
      output: 'pod/p condition met\n',
      errors: '',
    });
    expect(await kubectl('wait pod/p --for=condition=Failed --for=condition=Complete --timeout=100ms')).toEqual({
      status: 1,
      output: 'pod/p condition met\n',
      errors: 'error: timed out waiting for the condition on pods/p\n',
    });
  });

  it('wait --fail-on: nobody waits for what can no longer come', async () => {
    expect(await kubectl('wait pod/p --for=condition=Complete --fail-on=condition=Failed --timeout=1m')).toEqual({
      status: 1,
      output: '',
      errors: 'error: condition=Failed is met on pods/p\n',
    });
  });

  it('wait --local: looks at what is written', async () => {
    const written = { ...pod, status: { phase: 'Running' } };
    expect(await kubectl('wait -f - --local --for=jsonpath={.status.phase}=Running', written)).toMatchObject({
      status: 0,
    });
    expect(await kubectl('wait -f - --local --for=condition=Ready', written)).toMatchObject({
      status: 1,
      errors: 'error: condition not met for pod/p\n',
    });
  });

  it('set env --list --env-from: shows what whole ConfigMaps and Secrets give', async () => {
    expect((await kubectl('set env pod/p --list --env-from')).output).toBe(
      '# Pod p, container main\n# all keys from configmap c, prefix C_\n# all keys from secret s\n# all keys from secret absent\nA=1\n',
    );
    expect((await kubectl('set env pod/p --list --env-from --resolve')).output).toBe(
      '# Pod p, container main\nC_k=v\nTOKEN=secret\nA=1\n',
    );
    expect((await kubectl('set env pod/p --list --resolve')).output).toBe('# Pod p, container main\nA=1\n');
  });
});

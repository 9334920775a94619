import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../commands/run-program.ts';
import { KubeletComparison, type Outcome } from './kubelet-comparison.ts';
import { pod, workload } from './kubelet-objects.ts';

let both: KubeletComparison;
beforeAll(async () => {
  both = await KubeletComparison.start();
});
afterAll(async () => {
  await both[Symbol.asyncDispose]();
});

const READY = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
const ended = (phase: string, terminated?: object): object => ({
  phase,
  containerStatuses: [{ name: 'web', state: terminated === undefined ? {} : { terminated } }],
});

/** Runs a line with both; the pod is as `before` says, and as `after` says once somebody was attached to it. */
async function compare(line: string, before: object, after: object, input = ''): Promise<Outcome> {
  const { server } = both;
  const web = (status: object): unknown =>
    pod('web', { containers: ['web'], spec: { restartPolicy: 'Never' }, status });
  server.logs.set('web/web', 'what it logged\n');
  const service = workload('v1', 'Service', 'web', {});
  const prepare = (): void => {
    server.objects = [web(before), service] as typeof server.objects;
  };
  server.process = (_command, stdin) => {
    server.objects = [web(after), service] as typeof server.objects;
    return { stdout: `out ${stdin.toString()}\n`, stderr: 'err\n' };
  };
  const args = ['run', 'web', '--image=busybox', ...line.split(' ').filter((word) => word !== '')];
  prepare();
  const theirs = await both.kubectl(args, input);
  prepare();
  const ours = await both.kubeLite(args, input);
  expect(ours).toEqual(theirs);
  return ours;
}

describe('run that attaches, as the real kubectl does it', () => {
  it.each([
    ['--attach --restart=Never', READY, ended('Succeeded'), 0],
    ['-i --restart=Never', READY, ended('Succeeded'), 0],
    ['-i --restart=Never -q --rm', READY, ended('Succeeded'), 0],
    ['-i --rm --force --restart=Never', READY, ended('Succeeded'), 0],
    ['-i --rm --force --grace-period=0 --restart=Never', READY, ended('Succeeded'), 0],
    ['-i --rm --grace-period=3 --cascade=orphan --restart=Never', READY, ended('Succeeded'), 0],
    ['-i --rm --restart=Never', READY, ended('Failed', { exitCode: 7, reason: 'Error' }), 7],
    ['-i --rm --restart=Never', READY, ended('Failed', { exitCode: 3, reason: 'Error', message: 'it broke' }), 3],
    ['-i --restart=Never', READY, ended('Failed'), 1],
    ['-i --restart=OnFailure', READY, ended('Succeeded'), 0],
    ['-i --leave-stdin-open --restart=Never', READY, READY, 0],
    ['-i', READY, READY, 0],
    ['--attach --restart=Never --rm --expose --port=80', READY, ended('Succeeded'), 0],
    ['--attach --restart=Never', ended('Succeeded'), ended('Succeeded'), 0],
    ['--attach --restart=Never --rm', ended('Failed', { exitCode: 9, reason: 'Error' }), {}, 9],
    ['--attach --rm --pod-running-timeout=1s', { phase: 'Pending' }, {}, 1],
    ['--attach --dry-run=client', READY, READY, 1],
    ['--rm', READY, READY, 1],
    ['-t', READY, READY, 1],
  ])('run %s', async (line, before, after, status) => {
    expect((await compare(line, before, after, 'typed')).status).toBe(status);
  });

  it('creates nothing where no container ever runs', async () => {
    const refused = await run(['run', 'web', '--image=x', '-i', '--backend=local', '--data-dir=/nonexistent/x']);
    expect(refused.status).toBe(1);
    expect(refused.errors).toContain('there is no kubelet behind this store');
  });
});

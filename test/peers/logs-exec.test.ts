import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KubeletComparison, type Outcome } from './kubelet-comparison.ts';
import { pod, workload } from './kubelet-objects.ts';

const exit = (code: string) => ({
  metadata: {},
  status: 'Failure',
  message: `command terminated with non-zero exit code: exit status ${code}`,
  reason: 'NonZeroExitCode',
  details: { causes: [{ reason: 'ExitCode', message: code }] },
});

const missing = { status: 'Failure', message: 'exec: "missing": not found', code: 500, reason: 'InternalError' };

let both: KubeletComparison;
beforeAll(async () => {
  both = await KubeletComparison.start();
  const { server } = both;
  const app = { labels: { app: 'web' } };
  server.objects = [
    pod('one'),
    pod('three', { containers: ['a', 'b', 'c'], spec: { initContainers: [{ name: 'init', image: 'i' }] } }),
    pod('preset', { containers: ['a', 'b'], annotations: { 'kubectl.kubernetes.io/default-container': 'b' } }),
    pod('wrong', { containers: ['a', 'b'], annotations: { 'kubectl.kubernetes.io/default-container': 'x' } }),
    pod('ephemeral', { spec: { ephemeralContainers: [{ name: 'debugger', image: 'd' }] } }),
    pod('web-1', { ...app, status: { phase: 'Pending' } }),
    pod('web-2', app),
    pod('done', { status: { phase: 'Succeeded' } }),
    pod('job-1', { labels: { 'job-name': 'j' } }),
    workload('apps/v1', 'Deployment', 'web', { selector: { matchLabels: { app: 'web' } } }),
    workload('batch/v1', 'Job', 'j', { selector: { matchLabels: { 'job-name': 'j' } } }),
    workload('v1', 'Service', 'svc', { selector: { app: 'web' } }),
    workload('v1', 'Service', 'bare', {}),
    workload('v1', 'ConfigMap', 'cm', {}),
  ];
  for (const [name, text] of Object.entries({
    'one/main': 'first line\nsecond ünïcode line\nlast without end',
    'three/init': 'prepared\n',
    'three/a': 'a1\na2\n',
    'three/b': '',
    'three/c': 'c1\n\nc3\n',
    'preset/b': 'chosen by the annotation\n',
    'wrong/a': 'first\n',
    'ephemeral/main': 'main\n',
    'web-1/main': 'pending\n',
    'web-2/main': 'running\n',
    'job-1/main': 'job\n',
    'done/main': 'finished\n',
  })) {
    server.logs.set(name, text);
  }
  server.process = (command, stdin) => {
    const [word = '', argument = ''] = command;
    if (word === 'cat') return { stdout: stdin };
    if (word === 'exit') return { stdout: 'out\n', stderr: 'err\n', status: exit(argument) };
    if (word === 'big') return { stdout: 'x'.repeat(200_000) };
    if (word === 'missing') return { status: missing };
    if (word === 'cut') return { stdout: 'half', cut: true };
    return { stdout: `${command.join('|')}\n`, stderr: 'said on stderr\n' };
  };
}, 60_000);
afterAll(async () => both[Symbol.asyncDispose]());

async function same(args: readonly string[], input = ''): Promise<void> {
  const theirs = await both.kubectl(args, input);
  const ours = await both.kubeLite(args, input);
  expect(ours).toEqual(theirs);
}

const LOGS = [
  'one',
  'pod/one',
  'three',
  'three b',
  'three -c c',
  'three -c nope',
  'three -c a b',
  'three --all-containers -c a',
  'preset',
  'wrong',
  'ephemeral',
  'ephemeral -c debugger',
  'nope',
  'deploy/web',
  'job/j',
  'svc/svc',
  'svc/bare',
  'cm/cm',
  'nonsense/x',
  'one --prefix',
  'three -c c --prefix',
  '-l app=none',
  '-l app=web one',
  'one two three',
  '',
  'one -p --timestamps --limit-bytes=7 --tail=3 --since=90s --insecure-skip-tls-verify-backend',
  'one --since=1500ms',
  'one --since-time=2024-08-30T08:00:00+02:00',
  'one --since-time=2024-08-30T08:00:00.123456Z',
  'one --since-time=yesterday',
  'one --since=1s --since-time=2024-08-30T06:00:00Z',
  'one --since=-5s',
  'one --tail=-2',
  'one --tail=0',
  'one --limit-bytes=-1',
  'one --pod-running-timeout=0s',
  'one --pod-running-timeout=1',
  'one -f',
  'three -f --all-containers --max-log-requests=2',
  'web-1 -c main --ignore-errors',
  'ephemeral -c debugger --ignore-errors',
];

describe('logs, as the real kubectl prints them', () => {
  it.each(LOGS)('logs %s', async (line) => same(['logs', ...line.split(' ').filter((word) => word !== '')]));

  it.each([
    '-l app=web --prefix',
    'three --all-containers',
    'ephemeral --all-containers --ignore-errors',
    'deployment/web --all-pods',
  ])('prints several logs, each whole: %s', async (line) => {
    // kubectl walks a Go map, in an order that is different each time.
    const sorted = ({ stdout, asked, ...rest }: Outcome): unknown => ({
      ...rest,
      stdout: stdout.split('\n').toSorted(),
      asked: asked.toSorted(),
    });
    const args = ['logs', ...line.split(' ')];
    expect(sorted(await both.kubeLite(args))).toEqual(sorted(await both.kubectl(args)));
  });

  it('prints several logs in the order of pods and containers', async () => {
    const pods = await both.kubeLite(['logs', '-l', 'app=web', '--prefix']);
    expect(pods.stdout).toBe('[pod/web-1/main] pending\n[pod/web-2/main] running\n');
    const containers = await both.kubeLite(['logs', 'three', '--all-containers']);
    expect(containers.stdout).toBe('prepared\na1\na2\nc1\n\nc3\n');
  });

  it('follows several logs at once in whole lines', async () => {
    const ours = await both.kubeLite(['logs', 'three', '-f', '--all-containers', '--prefix']);
    expect(ours.stdout.split('\n').toSorted().join('\n').trim()).toBe(
      '[pod/three/a] a1\n[pod/three/a] a2\n[pod/three/c] \n[pod/three/c] c1\n[pod/three/c] c3\n[pod/three/init] prepared',
    );
  });
});

const EXECS = [
  'exec one -- echo a b',
  'exec one -- echo --flag -x',
  'exec pod/one -- ls',
  'exec deploy/web -- ls',
  'exec svc/svc -- ls',
  'exec svc/bare -- ls',
  'exec cm/cm -- ls',
  'exec three -- ls',
  'exec three -q -- ls',
  'exec three -c b -- ls',
  'exec preset -- ls',
  'exec wrong -- ls',
  'exec done -- ls',
  'exec nope -- ls',
  'exec one ls',
  'exec one',
  'exec',
  'exec -- ls',
  'exec one --',
  'exec one -- exit 3',
  'exec one -- exit 255',
  'exec one -- missing',
  'exec one -t -- ls',
  'exec one --bogus -- ls',
  'exec one --pod-running-timeout=0s -- ls',
  'attach one',
  'attach one -q',
  'attach three -c b',
  'attach three -c nope',
  'attach pod one',
  'attach deploy/web',
  'attach done',
  'attach nope',
  'attach a b c',
  'attach',
];

describe('exec and attach, as the real kubectl does them', () => {
  it.each(EXECS)('%s', async (line) => same(line.split(' ')));

  it('passes standard input on, whole', async () => {
    await same(['exec', 'one', '-i', '--', 'cat'], 'some text\nand more\n');
    await same(['exec', 'one', '-i', '--', 'cat'], '');
    await same(['exec', 'one', '-i', '-t', '--', 'cat'], 'no terminal here\n');
    await same(['exec', 'one', '--', 'cat'], 'not asked for');
    const big = 'y'.repeat(300_000);
    expect((await both.kubeLite(['exec', 'one', '-i', '--', 'cat'], big)).stdout).toBe(big);
  });

  it('prints what a connection brought before it broke, and fails', async () => {
    const { status, stdout, stderr } = await both.kubeLite(['exec', 'one', '--', 'cut']);
    expect({ status, stdout }).toEqual({ status: 1, stdout: 'half' });
    expect(stderr).toMatch(/^error: error reading from error stream: .*close 1006/);
  });

  it('says what a server answers that refuses', async () => {
    const { asked: _tries, ...theirs } = await both.kubectl(['exec', 'one', '-c', 'forbidden', '--', 'ls']);
    // kubectl asks once more, over SPDY.
    const { asked, ...ours } = await both.kubeLite(['exec', 'one', '-c', 'forbidden', '--', 'ls']);
    expect(ours).toEqual(theirs);
    expect(asked).toHaveLength(1);
  });

  it('prints much output whole', async () => same(['exec', 'one', '--', 'big']));
});

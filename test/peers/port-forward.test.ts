import { spawn } from 'node:child_process';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../commands/run-program.ts';
import { kubectlBinary } from './kubectl-binary.ts';
import { KubeletComparison } from './kubelet-comparison.ts';
import { pod, workload } from './kubelet-objects.ts';

let both: KubeletComparison;
beforeAll(async () => {
  both = await KubeletComparison.start();
  const ports = [
    { name: 'http', containerPort: 80, protocol: 'TCP' },
    { name: 'dns', containerPort: 53, protocol: 'UDP' },
  ];
  both.server.objects = [
    pod('one', { labels: { app: 'web' }, spec: { containers: [{ name: 'main', image: 'i', ports }] } }),
    pod('waiting', { status: { phase: 'Pending' } }),
    workload('apps/v1', 'Deployment', 'web', { selector: { matchLabels: { app: 'web' } } }),
    workload('v1', 'Service', 'svc', {
      selector: { app: 'web' },
      ports: [
        { name: 'web', port: 8000, targetPort: 'http', protocol: 'TCP' },
        { name: 'other', port: 9000, targetPort: 9001, protocol: 'TCP' },
        { name: 'udp', port: 53, targetPort: 53, protocol: 'UDP' },
      ],
    }),
  ];
}, 60_000);
afterAll(async () => both[Symbol.asyncDispose]());

const REFUSED = [
  'one',
  'nope 80',
  'waiting 80',
  'one x',
  'one http:',
  'one 70000',
  'one 1:0',
  'one -- -1',
  'one dns',
  'one 8053:53',
  'one a:80',
  'svc/svc nope',
  'svc/svc 1',
  'svc/svc udp',
  'one 80 --address=example.com',
  'one 80 --pod-running-timeout=0s',
];

describe('port-forward', () => {
  it.each(REFUSED)('refuses %s as kubectl does', async (line) => {
    const args = ['port-forward', ...line.split(' ')];
    const { asked: _theirs, ...theirs } = await both.kubectl(args);
    const { asked: _ours, ...ours } = await both.kubeLite(args);
    expect(ours).toEqual(theirs);
  });

  it.each(['one :80 :http', 'deploy/web :80', 'svc/svc :8000 :other'])(
    'says what it forwards as kubectl does: %s',
    async (line) => {
      const args = ['port-forward', ...line.split(' '), '--address=127.0.0.1', '--server', both.server.url];
      const lines = line.split(' ').length - 1;
      const theirs = await firstLines(await kubectlBinary(), args, lines);
      const { output, stop } = await forwarding(args, lines);
      await stop();
      const masked = (text: string): string => text.replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT');
      expect(masked(output())).toBe(masked(theirs));
    },
  );

  it('carries connections to the port and back, several at once', async () => {
    both.server.port = (port, data) => Buffer.from(`${port} got ${data.toString()}`);
    const { output, stop } = await forwarding(
      ['port-forward', 'one', ':80', ':81', '--address=127.0.0.1', '--server', both.server.url],
      2,
    );
    const [first = 0, second = 0] = [...output().matchAll(/127\.0\.0\.1:(\d+)/g)].map(([, port]) => Number(port));
    const answers = await Promise.all([talk(first, 'hello'), talk(second, 'there'), talk(first, 'x'.repeat(70_000))]);
    expect(answers.map((each) => each.slice(0, 14))).toEqual(['80 got hello', '81 got there', '80 got xxxxxxx']);
    expect(output()).toContain(`Handling connection for ${first}\n`);
    expect(await stop()).toMatchObject({ status: 0, errors: '' });
  });

  it('ends when the pod does not take a connection', async () => {
    both.server.port = () => undefined;
    const { output, done } = await forwarding(
      ['port-forward', 'one', ':80', '--address=127.0.0.1', '--server', both.server.url],
      1,
    );
    const port = Number(/:(\d+) ->/.exec(output())?.[1]);
    await talk(port, 'hello');
    const { status, errors } = await done;
    expect(status).toBe(1);
    expect(errors).toBe(
      `an error occurred forwarding ${port} -> 80: connection refused\nerror: lost connection to pod\n`,
    );
  });

  it('says when a port is taken', async () => {
    const taken = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => {
      taken.once('listening', resolve);
    });
    const { port } = taken.address() as net.AddressInfo;
    const args = ['port-forward', 'one', `${port}:80`, '--address=127.0.0.1'];
    const { asked: _theirs, ...theirs } = await both.kubectl(args);
    const { asked: _ours, ...ours } = await both.kubeLite(args);
    taken.close();
    expect(ours).toEqual(theirs);
  });
});

/** Runs the command in this process until it has printed so many lines. */
async function forwarding(args: readonly string[], lines: number) {
  const interrupt = new AbortController();
  const printed: string[] = [];
  let ready: () => void = () => undefined;
  const enough = new Promise<void>((resolve) => {
    ready = resolve;
  });
  const done = run(args, {
    signal: interrupt.signal,
    onOutput: (text) => {
      printed.push(text);
      if (printed.join('').split('\n').length > lines) ready();
    },
  });
  await Promise.race([enough, done]);
  return {
    output: () => printed.join(''),
    done,
    stop: async () => {
      interrupt.abort(new Error('interrupted'));
      return done;
    },
  };
}

/** What another program prints, until it has printed so many lines. */
async function firstLines(program: string, args: readonly string[], lines: number): Promise<string> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.split('\n').length > lines) resolve();
    });
    child.once('exit', () => resolve());
  });
  child.kill('SIGKILL');
  return text;
}

/** Sends and reads what comes back first; empty when the connection is closed instead. */
async function talk(port: number, text: string): Promise<string> {
  const socket = net.connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(text);
  const answer = await new Promise<string>((resolve) => {
    socket.once('data', (data: Buffer) => resolve(data.toString()));
    socket.once('close', () => resolve(''));
  });
  socket.destroy();
  return answer;
}

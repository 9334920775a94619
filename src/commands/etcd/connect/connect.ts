import fs from 'node:fs';
import path from 'node:path';
import { findEtcd } from '../../../etcd/connect/find-etcd.ts';
import type { FoundEtcd } from '../../../etcd/connect/found-etcd.ts';
import type { HostFiles } from '../../../etcd/connect/from-k3s.ts';
import { etcdOfPod } from '../../../etcd/connect/from-pod.ts';
import { shellWord } from '../../../etcd/doctor/shell-word.ts';
import { printJson } from '../../../model/json-printer.ts';
import type { JsonObject } from '../../../model/json-value.ts';
import { UserError } from '../../../model/user-error.ts';
import { TabWriter } from '../../../printers/tab-writer.ts';
import { type Command, defineCommand } from '../../command.ts';
import type { Context } from '../../context.ts';
import { UsageError } from '../../usage-error.ts';

interface ConnectOptions {
  readonly file: string | undefined;
  /** Where the file system of the host is. */
  readonly root: string;
  readonly fromCluster: boolean;
  readonly check: boolean;
  readonly form: 'table' | 'json' | 'shell';
}

/** `etcd connect`: finds the etcd of a cluster. */
export const etcdConnect: Command = defineCommand<ConnectOptions>({
  use: 'connect [FILE] [--from-cluster] [--check] [-o json | --shell]',
  description: `Find a cluster's etcd: its endpoints, certificates, prefix and encryption configuration.

 Reads the manifest of an API server or of etcd (a static pod), the configuration of k3s or RKE2, or without FILE what of these is on this host. With --from-cluster it asks a cluster for the pod of its API server; the files that are named are on that pod's node.`,
  examples: [
    { comment: 'What is on this host', command: 'kubectl etcd connect' },
    { comment: 'Print what sets up a shell, to be given to eval', command: 'kubectl etcd connect --shell' },
    {
      comment: 'See whether it answers',
      command: 'kubectl etcd connect /etc/kubernetes/manifests/kube-apiserver.yaml --check',
    },
  ],
  flags: [
    {
      name: 'from-cluster',
      type: 'bool',
      default: 'false',
      usage: 'Look at the pod of the API server of the cluster that kubeconfig and its flags name.',
    },
    {
      name: 'root',
      type: 'string',
      default: '/',
      values: 'folders',
      usage: "Where the host's file system is, when it is mounted somewhere.",
    },
    { name: 'check', type: 'bool', default: 'false', usage: 'Ask every endpoint whether it answers.' },
    {
      name: 'shell',
      type: 'bool',
      default: 'false',
      usage: 'Print lines for a shell that export what this program and etcdctl read.',
    },
    { name: 'output', short: 'o', type: 'string', values: ['json'], usage: 'Output format: json.' },
  ],
  parse({ args, flags }) {
    const [file, ...more] = args;
    if (more.length > 0) throw new UsageError(`only one file can be named, got ${args.length}`);
    const fromCluster = flags.bool('from-cluster');
    if (fromCluster && file !== undefined) throw new UsageError('--from-cluster and a file cannot be used together');
    const output = flags.string('output');
    if (!['', 'json'].includes(output)) throw new UserError(`--output must be json, not ${JSON.stringify(output)}`);
    if (output !== '' && flags.bool('shell')) throw new UsageError('--shell and --output cannot be used together');
    return {
      file,
      root: flags.string('root'),
      fromCluster,
      check: flags.bool('check'),
      form: flags.bool('shell') ? 'shell' : output === 'json' ? 'json' : 'table',
    };
  },
  run,
});

/** What was found, with what of it is there. */
interface Answer extends FoundEtcd {
  readonly files: readonly { readonly what: string; readonly file: string; readonly problem: string | undefined }[];
  readonly checked: readonly {
    readonly endpoint: string;
    readonly problem: string | undefined;
    readonly version?: string;
  }[];
}

async function run(options: ConnectOptions, context: Context): Promise<void> {
  const host = hostFiles(options.root);
  const found = options.fromCluster
    ? await inCluster(context, host)
    : withRoot(findEtcd(host, options.file), options.root);
  if (found.endpoints.length === 0) throw new UserError(`${found.source} names no endpoint of etcd`);
  const files = filesOf(found);
  const problems = files.filter(({ problem }) => problem !== undefined);
  const checked = options.check && problems.length === 0 ? await check(found, context) : [];
  const answer: Answer = { ...found, files, checked };
  print(answer, options.form, context);
  // On another host nothing can be said of files.
  if (problems.length > 0 && !options.fromCluster) {
    throw new UserError(problems.map(({ what, file, problem }) => `${what} ${file}: ${problem ?? ''}`).join('; '));
  }
  if (options.check && problems.length > 0) {
    throw new UserError(`the endpoints were not asked: the files of ${found.source} are not here`);
  }
  const silent = checked.filter(({ problem }) => problem !== undefined);
  if (silent.length > 0) {
    throw new UserError(silent.map(({ endpoint, problem }) => `${endpoint}: ${problem ?? ''}`).join('; '));
  }
}

function hostFiles(root: string): HostFiles {
  // A name that a person types is one of this host, unless another root was named.
  const at = (file: string): string => (path.resolve(root) === '/' ? file : path.join(root, file));
  return {
    exists: (file) => fs.existsSync(path.join(root, file)),
    read(file) {
      try {
        return fs.readFileSync(at(file), 'utf8');
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw new UserError(`cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`, {
          cause: error,
        });
      }
    },
  };
}

function withRoot(found: FoundEtcd, root: string): FoundEtcd {
  const at = (file: string | undefined): string | undefined => (file === undefined ? undefined : path.join(root, file));
  return {
    ...found,
    caFile: at(found.caFile),
    certFile: at(found.certFile),
    keyFile: at(found.keyFile),
    encryptionConfig: at(found.encryptionConfig),
  };
}

async function inCluster(context: Context, host: HostFiles): Promise<FoundEtcd> {
  const client = await context.client();
  const resource = await client.mapper.resourceFor('pods');
  if (resource === undefined) throw new UserError("the server doesn't have pods");
  const { items } = await client.list(
    { resource, namespace: 'kube-system' },
    { labelSelector: 'component=kube-apiserver', signal: context.signal },
  );
  const running = items.find((pod) => (pod['status'] as JsonObject | undefined)?.['phase'] === 'Running') ?? items[0];
  if (running === undefined) {
    throw new UserError(
      'there is no pod of an API server in kube-system (component=kube-apiserver); where the provider runs it, its etcd cannot be found from here',
    );
  }
  const name = `pod kube-system/${running.metadata.name ?? ''}`;
  const found = etcdOfPod(running as unknown as JsonObject, name, (file) => host.exists(file));
  const { nodeName } = (running['spec'] ?? {}) as JsonObject;
  const node = typeof nodeName === 'string' ? nodeName : '<none>';
  const { hostIP } = (running['status'] ?? {}) as JsonObject;
  const notes = [`files are on node ${node}`];
  if (found.endpoints.some((each) => /\/\/(127\.0\.0\.1|localhost|\[::1\])[:/]/.test(each))) {
    notes.push(
      `a loopback endpoint is node ${node}'s own${typeof hostIP === 'string' ? `, of address ${hostIP}` : ''}`,
    );
  }
  return { ...found, notes: [...found.notes, ...notes] };
}

function filesOf(found: FoundEtcd): Answer['files'] {
  const named = [
    ['CA', found.caFile],
    ['certificate', found.certFile],
    ['key', found.keyFile],
    ['encryption configuration', found.encryptionConfig],
  ] as const;
  return named.flatMap(([what, file]) => (file === undefined ? [] : [{ what, file, problem: problemOf(file) }]));
}

function problemOf(file: string): string | undefined {
  try {
    fs.accessSync(file, fs.constants.R_OK);
    return undefined;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    return code === 'ENOENT'
      ? 'does not exist'
      : code === 'EACCES'
        ? 'may not be read'
        : `cannot be read (${String(code)})`;
  }
}

async function check(found: FoundEtcd, context: Context): Promise<Answer['checked']> {
  const { endpoints, caFile, certFile, keyFile } = found;
  const server = await context.etcdServer({ endpoints, caFile, certFile, keyFile });
  try {
    return await Promise.all(
      endpoints.map(async (endpoint) => {
        try {
          const { version } = await server.at(endpoint).read('Maintenance/Status', {});
          return { endpoint, problem: undefined, version };
        } catch (error) {
          return { endpoint, problem: error instanceof Error ? error.message : String(error) };
        }
      }),
    );
  } finally {
    server.close();
  }
}

function print(answer: Answer, form: ConnectOptions['form'], context: Context): void {
  const { out, err } = context.streams;
  if (form === 'json') {
    const { files, checked, ...found } = answer;
    const problems = files.filter(({ problem }) => problem !== undefined).map(({ what: _what, ...each }) => each);
    out.write(`${printJson({ ...found, fileProblems: problems, checked }, { indent: 4, sortKeys: false })}\n`);
    return;
  }
  if (form === 'shell') {
    for (const line of shellLines(answer)) out.write(`${line}\n`);
    for (const note of answer.notes) err.write(`# ${note}\n`);
    return;
  }
  const table = new TabWriter();
  table.add(['FOUND IN', `${answer.source} (${answer.form})`]);
  for (const endpoint of answer.endpoints) {
    const result = answer.checked.find((each) => each.endpoint === endpoint);
    const said =
      result === undefined
        ? ''
        : result.problem === undefined
          ? `  answers, etcd ${result.version ?? ''}`
          : '  does not answer';
    table.add(['ENDPOINT', `${endpoint}${said}`]);
  }
  for (const { what, file, problem } of answer.files) {
    table.add([what.toUpperCase(), `${file}${problem === undefined ? '' : `  ${problem}`}`]);
  }
  table.add(['PREFIX', answer.prefix]);
  for (const note of answer.notes) table.add(['NOTE', note]);
  for (const text of table.flush()) out.write(text);
}

function shellLines({ endpoints, caFile, certFile, keyFile, prefix, encryptionConfig }: FoundEtcd): string[] {
  const values: readonly (readonly [string, string | undefined])[] = [
    ['ENDPOINTS', endpoints.join(',')],
    ['CACERT', caFile],
    ['CERT', certFile],
    ['KEY', keyFile],
  ];
  const own = [...values, ['PREFIX', prefix] as const, ['ENCRYPTION_CONFIG', encryptionConfig] as const];
  const line =
    (program: string) =>
    ([name, value]: readonly [string, string | undefined]): string[] =>
      value === undefined ? [] : [`export ${program}_${name}=${shellWord(value)}`];
  return [...own.flatMap(line('KUBE_LITE_ETCD')), ...values.flatMap(line('ETCDCTL'))];
}

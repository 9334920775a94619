import { StatusError } from '../../model/status.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { parseDuration } from '../../model/duration.ts';
import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand, type Invocation } from '../command.ts';
import { collectionObjects } from '../collection-pages.ts';
import type { Context, OutputStream } from '../context.ts';
import type { FlagValues } from '../flag-values.ts';
import { isNotFound } from '../failures.ts';
import { selectorFlag } from '../shared-flags.ts';
import { SilentExit } from '../silent-exit.ts';
import { UsageError } from '../usage-error.ts';
import { type LogChoice, logRequests, type LogRequest } from './log-requests.ts';
import { oneObject } from './one-object.ts';
import { podRunningTimeoutFlag, podRunningTimeoutOf, podScope } from './pods-of.ts';
import { printLog } from './print-log.ts';

const USAGE =
  "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command";
/** How many lines are shown of each pod that a selector chooses. */
const SELECTOR_TAIL = 10;

interface LogsOptions extends LogChoice {
  /** POD or TYPE/NAME; absent with a selector. */
  readonly resource: string | undefined;
  readonly selector: string;
  readonly follow: boolean;
  readonly prefix: boolean;
  readonly ignoreErrors: boolean;
  readonly maxLogRequests: number;
  /** The options of the request, but for the container. */
  readonly query: URLSearchParams;
}

/** `logs`: what containers wrote. */
export const logs: Command = defineCommand<LogsOptions>({
  use: 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]',
  description: 'Print the logs of containers, of one pod or of the pods of an object. Needs a real cluster.',
  examples: [
    { comment: 'The log of a pod with one container', command: 'kubectl logs nginx' },
    {
      comment: 'The logs of all containers of the pods with a label',
      command: 'kubectl logs -l app=nginx --all-containers=true',
    },
    { comment: 'The log of a container before its last restart', command: 'kubectl logs -p -c ruby web-1' },
    { comment: 'A log as it is written, from its last 20 lines on', command: 'kubectl logs --tail=20 -f nginx' },
    { comment: 'The log of a container of a deployment', command: 'kubectl logs deployment/nginx -c nginx-1' },
  ],
  flags: [
    { name: 'all-containers', type: 'bool', default: 'false', usage: 'Print the logs of all containers of the pods.' },
    {
      name: 'all-pods',
      type: 'bool',
      default: 'false',
      usage: 'Print the logs of all pods of the object, with --prefix.',
    },
    { name: 'container', short: 'c', type: 'string', values: 'containers', usage: 'Container to print the log of.' },
    { name: 'follow', short: 'f', type: 'bool', default: 'false', usage: 'Go on printing what is written.' },
    { name: 'ignore-errors', type: 'bool', default: 'false', usage: 'Go on when one of several logs cannot be had.' },
    {
      name: 'insecure-skip-tls-verify-backend',
      type: 'bool',
      default: 'false',
      usage: "Ask the server not to check the kubelet's certificate.",
    },
    { name: 'limit-bytes', type: 'int', default: '0', usage: 'Most bytes of a log to print; 0 is no limit.' },
    { name: 'max-log-requests', type: 'int', default: '5', usage: 'Most logs to follow at once.' },
    podRunningTimeoutFlag('20s'),
    { name: 'prefix', type: 'bool', default: 'false', usage: 'Put pod and container before each line.' },
    {
      name: 'previous',
      short: 'p',
      type: 'bool',
      default: 'false',
      usage: "Print the log of the container's instance before.",
    },
    selectorFlag,
    { name: 'since', type: 'duration', default: '0s', usage: 'Only lines newer than this, such as 5s, 2m or 3h.' },
    { name: 'since-time', type: 'string', usage: 'Only lines after this time (RFC 3339).' },
    {
      name: 'tail',
      type: 'int',
      default: '-1',
      usage: 'How many of the last lines to print; -1 is all, and with a selector without --tail it is 10.',
    },
    { name: 'timestamps', type: 'bool', default: 'false', usage: 'Put the time before each line.' },
  ],
  parse: parseLogs,
  run: runLogs,
});

function parseLogs({ args, flags }: Invocation): LogsOptions {
  const selector = flags.string('selector');
  if (args.length > 2 || (args.length === 0 && selector === '')) throw new UsageError(USAGE);
  if (args.length === 1 && selector !== '') throw new UsageError('only a selector (-l) or a POD name is allowed');
  const timeoutMilliseconds = podRunningTimeoutOf(flags);
  const container = args[1] ?? flags.string('container');
  const query = logQuery(flags, selector);
  if (flags.bool('all-containers') && container !== '') {
    throw new UserError(`--all-containers=true should not be specified with container name ${container}`);
  }
  if (flags.changed('container') && args.length === 2) {
    throw new UserError('only one of -c or an inline [CONTAINER] arg is allowed');
  }
  checkLimits(flags);
  return {
    resource: args[0],
    selector,
    container,
    allContainers: flags.bool('all-containers'),
    allPods: flags.bool('all-pods'),
    timeoutMilliseconds,
    follow: flags.bool('follow'),
    prefix: flags.bool('prefix') || flags.bool('all-pods'),
    ignoreErrors: flags.bool('ignore-errors'),
    maxLogRequests: flags.int('max-log-requests'),
    query,
  };
}

function checkLimits(flags: FlagValues): void {
  if (flags.int('limit-bytes') < 0) throw new UserError('--limit-bytes must be greater than 0');
  if (sinceSeconds(flags) < 0n) throw new UserError('--since must be greater than 0');
  if (flags.int('tail') < -1) throw new UserError('--tail must be greater than or equal to -1');
}

/** `--since` in whole seconds, rounded half away from zero. */
function sinceSeconds(flags: FlagValues): bigint {
  const length = parseDuration(flags.string('since'));
  const half = length < 0n ? -500_000_000n : 500_000_000n;
  return (length + half) / 1_000_000_000n;
}

function logQuery(flags: FlagValues, selector: string): URLSearchParams {
  const query = new URLSearchParams();
  if (flags.bool('follow')) query.set('follow', 'true');
  if (flags.bool('insecure-skip-tls-verify-backend')) query.set('insecureSkipTLSVerifyBackend', 'true');
  if (flags.int('limit-bytes') !== 0) query.set('limitBytes', String(flags.int('limit-bytes')));
  if (flags.bool('previous')) query.set('previous', 'true');
  const since = parseDuration(flags.string('since')) !== 0n;
  if (since) query.set('sinceSeconds', String(sinceSeconds(flags)));
  const sinceTime = flags.string('since-time');
  if (sinceTime !== '') {
    query.set('sinceTime', rfc3339(sinceTime));
    if (since) throw new UserError('at most one of `sinceTime` or `sinceSeconds` may be specified');
  }
  const tail = flags.int('tail');
  if (tail !== -1) query.set('tailLines', String(tail));
  else if (selector !== '' && !flags.changed('tail')) query.set('tailLines', String(SELECTOR_TAIL));
  if (flags.bool('timestamps')) query.set('timestamps', 'true');
  return query;
}

/** The time in UTC to the second, as metav1.Time is sent. */
function rfc3339(text: string): string {
  const milliseconds = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(milliseconds)) return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
  const quoted = JSON.stringify(text);
  throw new UserError(`parsing time ${quoted} as "2006-01-02T15:04:05Z07:00": cannot parse ${quoted} as "2006"`);
}

async function runLogs(options: LogsOptions, context: Context): Promise<void> {
  const requests = await logRequests(await chosenObjects(options, context), options, context);
  try {
    if (!options.follow || requests.length < 2) {
      for (const request of requests) await printOne(request, options, context);
      return;
    }
    const { maxLogRequests } = options;
    if (requests.length > maxLogRequests) {
      throw new UserError(
        `you are attempting to follow ${requests.length} log streams, but maximum allowed concurrency is ${maxLogRequests}, use --max-log-requests to increase the limit`,
      );
    }
    await Promise.all(requests.map(async (request) => printOne(request, options, context)));
  } catch (error) {
    if (context.signal.aborted) throw new SilentExit(1);
    throw error;
  }
}

async function chosenObjects({ resource, selector }: LogsOptions, context: Context): Promise<KubeObject[]> {
  const { name: namespace } = await context.namespace();
  if (resource !== undefined) return [await namedObject(resource, namespace, context)];
  const { resource: pods } = await podScope(namespace, context);
  const target = { kind: 'collection' as const, resource: pods, namespace, labelSelector: selector, fieldSelector: '' };
  const found: KubeObject[] = [];
  for await (const pod of collectionObjects(target, context)) found.push(pod);
  if (found.length === 0) context.streams.err.write(`No resources found in ${namespace} namespace.\n`);
  return found;
}

async function namedObject(resource: string, namespace: string, context: Context): Promise<KubeObject> {
  try {
    return await oneObject([resource], [], 'expected a resource', context);
  } catch (error) {
    if (!isNotFound(error) || !(error instanceof StatusError)) throw error;
    throw new UserError(`error from server (NotFound): ${error.message} in namespace ${JSON.stringify(namespace)}`, {
      cause: error,
    });
  }
}

async function printOne(request: LogRequest, options: LogsOptions, context: Context): Promise<void> {
  const { out } = context.streams;
  const prefix = options.prefix ? `[pod/${request.pod}/${request.container}] ` : '';
  try {
    await printLog(request, options.query, { out, prefix }, context);
  } catch (error) {
    if (!options.ignoreErrors || context.signal.aborted) throw error;
    sayOn(out, error);
  }
}

/** On standard output, where kubectl says it too: between the logs. */
function sayOn(out: OutputStream, error: unknown): void {
  out.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
}

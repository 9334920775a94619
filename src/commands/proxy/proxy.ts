import fs from 'node:fs';
import { RegexpError } from '../../model/regexp/regexp-error.ts';
import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand, type Invocation } from '../command.ts';
import type { Context, ProxyWishes } from '../context.ts';

const DEFAULT_PORT = 8001;

interface ProxyCommandOptions {
  readonly wishes: ProxyWishes;
  readonly disableFilter: boolean;
}

/** `proxy`: the API over plain HTTP for this machine. */
export const proxy: Command = defineCommand<ProxyCommandOptions>({
  use: 'proxy [--port=PORT] [--www=static-dir] [--www-prefix=prefix] [--api-prefix=prefix]',
  description:
    'Serve the API over plain HTTP for programs of this machine: whoever reaches the port acts as you do. It runs until it is interrupted. Objects travel as JSON; upgraded connections (exec, port-forward) are not carried.',
  examples: [
    { comment: 'The whole API and nothing else', command: 'kubectl proxy --api-prefix=/' },
    {
      comment: 'A part of it, and files',
      command: 'kubectl proxy --www=/my/files --www-prefix=/static/ --api-prefix=/api/',
    },
    { comment: 'On a port that the system chooses', command: 'kubectl proxy --port=0' },
  ],
  flags: [
    {
      name: 'accept-hosts',
      type: 'string',
      default: String.raw`^localhost$,^127\.0\.0\.1$,^\[::1\]$`,
      usage: 'Regular expressions of the hosts that requests may name.',
    },
    {
      name: 'accept-paths',
      type: 'string',
      default: '^.*',
      usage: 'Regular expressions of the paths that are served.',
    },
    { name: 'address', type: 'string', default: '127.0.0.1', usage: 'Address to listen on.' },
    { name: 'api-prefix', type: 'string', default: '/', usage: 'Prefix below which the API is served.' },
    {
      name: 'append-server-path',
      type: 'bool',
      default: 'false',
      usage: "Accepted for compatibility: the path of the server's address always goes before.",
    },
    {
      name: 'disable-filter',
      type: 'bool',
      default: 'false',
      usage: 'Let every request pass. Dangerous where others reach the port.',
    },
    {
      name: 'keepalive',
      type: 'duration',
      default: '0s',
      usage: 'Accepted for compatibility; connections to the server are kept.',
    },
    {
      name: 'port',
      short: 'p',
      type: 'int',
      default: String(DEFAULT_PORT),
      usage: 'Port to listen on; 0 lets the system choose.',
    },
    {
      name: 'reject-methods',
      type: 'string',
      default: '^$',
      usage: 'Regular expressions of the methods that are refused.',
    },
    {
      name: 'reject-paths',
      type: 'string',
      default: '^/api/.*/pods/.*/exec,^/api/.*/pods/.*/attach',
      usage: 'Regular expressions of the paths that are refused, accepted ones too.',
    },
    { name: 'unix-socket', short: 'u', type: 'string', values: 'files', usage: 'Socket file to listen on.' },
    { name: 'www', short: 'w', type: 'string', values: 'folders', usage: 'Folder of files to serve too.' },
    {
      name: 'www-prefix',
      short: 'P',
      type: 'string',
      default: '/static/',
      usage: 'Prefix below which the files are served.',
    },
  ],
  parse: parseProxy,
  run: runProxy,
});

function parseProxy({ flags }: Invocation): ProxyCommandOptions {
  const port = flags.int('port');
  const socket = flags.string('unix-socket');
  if (port !== DEFAULT_PORT && socket !== '') {
    throw new UserError('cannot set --unix-socket and --port at the same time');
  }
  if (port < 0 || port > 65_535) throw new UserError(`--port must be between 0 and 65535, not ${port}`);
  const www = flags.string('www');
  const disableFilter = flags.bool('disable-filter');
  return {
    disableFilter,
    wishes: {
      filter: disableFilter
        ? undefined
        : {
            acceptPaths: flags.string('accept-paths'),
            rejectPaths: flags.string('reject-paths'),
            acceptHosts: flags.string('accept-hosts'),
            rejectMethods: flags.string('reject-methods'),
          },
      apiPrefix: slashed(flags.string('api-prefix')),
      www: www === '' ? undefined : { folder: www, prefix: slashed(flags.string('www-prefix')) },
      listen: socket === '' ? { address: flags.string('address'), port } : { socket },
    },
  };
}

function slashed(prefix: string): string {
  return prefix.endsWith('/') ? prefix : `${prefix}/`;
}

async function runProxy({ wishes, disableFilter }: ProxyCommandOptions, context: Context): Promise<void> {
  if (disableFilter && !('socket' in wishes.listen)) {
    context.warn('Request filter disabled, your proxy is vulnerable to XSRF attacks, please be cautious');
  }
  if (wishes.www !== undefined && !fs.statSync(wishes.www.folder, { throwIfNoEntry: false })?.isDirectory()) {
    context.warn(`Static file directory ${wishes.www.folder} is not a directory`);
  }
  const running = await started(wishes, context);
  context.streams.out.write(`Starting to serve on ${running.address}\n`);
  if (!context.signal.aborted) {
    await new Promise<void>((resolve) => {
      context.signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
  await running.stop();
}

async function started(wishes: ProxyWishes, context: Context) {
  try {
    return await context.proxy(wishes);
  } catch (error) {
    if (!(error instanceof RegexpError)) throw error;
    throw new UserError(`Error compiling re: ${error.message}`, { cause: error });
  }
}

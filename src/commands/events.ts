import type { ResourceScope } from '../client/client.ts';
import type { KubeList, KubeObject } from '../model/kube-object.ts';
import { apiVersionOf } from '../model/schema/resource-info.ts';
import { UserError } from '../model/user-error.ts';
import { createPrinter, type PrintFormat } from '../printers/create-printer.ts';
import { type EventObject, EventTable, eventTime } from '../printers/event-table.ts';
import { visibleOutput } from '../printers/visible-output.ts';
import { type Command, defineCommand } from './command.ts';
import type { Context } from './context.ts';
import { noResourceError } from './no-resource-error.ts';
import { printFormatOf } from './print-format.ts';
import { allNamespacesFlag, objectFormats, outputFlags } from './shared-flags.ts';
import { SilentExit } from './silent-exit.ts';

interface EventsOptions {
  readonly format: PrintFormat;
  readonly allNamespaces: boolean;
  readonly watch: boolean;
  readonly headers: boolean;
  /** TYPE/NAME; empty for events of all objects. */
  readonly about: string;
  /** In lower case; empty for all. */
  readonly types: readonly string[];
  readonly chunkSize: number;
}

/** `events`: what happened, the latest last. */
export const events: Command = defineCommand<EventsOptions>({
  use: '[(-o|--output=)json|yaml|name|…] [--for TYPE/NAME] [--watch] [--types=Normal,Warning]',
  description: `Show events of a namespace, of all namespaces, or of one object, in the order of their times.`,
  examples: [
    { comment: 'Events of the current namespace', command: 'kubectl events' },
    {
      comment: 'Events of a pod, and those that are still to come',
      command: 'kubectl events --for pod/my-pod --watch',
    },
    { comment: 'Only warnings', command: 'kubectl events --types=Warning' },
  ],
  flags: [
    ...outputFlags(objectFormats),
    allNamespacesFlag,
    {
      name: 'chunk-size',
      type: 'int',
      default: '500',
      usage: 'Ask for large lists in chunks of this many objects; 0 asks for all at once.',
    },
    { name: 'for', type: 'string', usage: 'Only events of this object (TYPE/NAME).' },
    { name: 'no-headers', type: 'bool', default: 'false', usage: 'Leave out the header.' },
    {
      name: 'types',
      type: 'stringList',
      default: '[]',
      values: ['Normal', 'Warning'],
      usage: 'Only events of these types.',
    },
    {
      name: 'watch',
      short: 'w',
      type: 'bool',
      default: 'false',
      usage: 'After showing the events, keep showing new ones.',
    },
  ],
  refusesFirst: 'format',
  parse({ flags }) {
    const types = flags.list('types').map((type) => type.toLowerCase());
    if (types.some((type) => type !== 'normal' && type !== 'warning')) {
      throw new UserError('valid --types are Normal or Warning');
    }
    return {
      format: printFormatOf(flags),
      allNamespaces: flags.bool('all-namespaces'),
      watch: flags.bool('watch'),
      headers: !flags.bool('no-headers'),
      about: flags.string('for'),
      types,
      chunkSize: flags.int('chunk-size'),
    };
  },
  run,
});

async function run(options: EventsOptions, context: Context): Promise<void> {
  const fieldSelector = options.about === '' ? '' : await selectorFor(options.about, context);
  const client = await context.client();
  const namespace = options.allNamespaces ? undefined : (await context.namespace()).name;
  const resource = await client.mapper.resourceForKind('v1', 'Event');
  if (resource === undefined) throw noResourceError('events', '');
  const scope = { resource, ...(namespace === undefined ? {} : { namespace }) };
  const show = await showing(options, context);
  if (options.watch) return watchEvents({ scope, fieldSelector }, options, context, show);
  const found = await listEvents({ scope, fieldSelector }, options, context);
  if (found.length === 0) {
    const where = namespace === undefined ? '' : ` in ${namespace} namespace`;
    context.streams.err.write(`No events found${where}.\n`);
    return;
  }
  found.sort((left, right) => eventTime(left) - eventTime(right));
  show({ kind: 'EventList', apiVersion: 'v1', metadata: {}, items: found });
}

interface Source {
  readonly scope: ResourceScope;
  readonly fieldSelector: string;
}

async function selectorFor(about: string, context: Context): Promise<string> {
  if (!about.includes('/')) throw new UserError('--for must be in resource/name form');
  const [type = '', name = '', ...more] = about.split('/');
  if (more.length > 0) throw new UserError('arguments in resource/name form may not have more than one slash');
  const { mapper } = await context.client();
  const resource = await mapper.resourceFor(type.toLowerCase());
  if (resource === undefined) {
    const [plural = '', ...group] = type.toLowerCase().split('.');
    throw noResourceError(plural, group.join('.'));
  }
  return [
    `involvedObject.kind=${resource.kind}`,
    `involvedObject.apiVersion=${apiVersionOf(resource)}`,
    `involvedObject.name=${name}`,
  ].join(',');
}

type Show = (events: KubeObject | KubeList) => void;

async function showing({ format, headers, allNamespaces }: EventsOptions, context: Context): Promise<Show> {
  const { out } = context.streams;
  if (format.output !== '' || format.template !== '') {
    const printer = await createPrinter(format, { keepOrder: true });
    return (found) => printer.print(found, out);
  }
  const table = new EventTable({ headers, withNamespace: allNamespaces });
  const shown = visibleOutput(out);
  return (found) => {
    const all = 'items' in found ? (found.items as EventObject[]) : [found as EventObject];
    for (const text of table.rows(all, context.now())) shown.write(text);
  };
}

async function listEvents(
  { scope, fieldSelector }: Source,
  { types, chunkSize }: EventsOptions,
  context: Context,
): Promise<EventObject[]> {
  const client = await context.client();
  const found: EventObject[] = [];
  let more = '';
  do {
    const page = await client.list(scope, { fieldSelector, limit: chunkSize, continue: more, signal: context.signal });
    for (const event of page.items as EventObject[]) if (isWanted(event, types)) found.push(withKind(event));
    more = page.metadata.continue ?? '';
  } while (more !== '');
  return found;
}

/** Kind and version first, as Go prints a typed object. */
function withKind(event: EventObject): EventObject {
  const { kind, apiVersion, ...rest } = event;
  return { kind, apiVersion, ...rest };
}

function isWanted({ type = '' }: EventObject, types: readonly string[]): boolean {
  return types.length === 0 || types.includes(type.toLowerCase());
}

// oxlint-disable-next-line max-params
async function watchEvents(
  { scope, fieldSelector }: Source,
  { types }: EventsOptions,
  context: Context,
  show: Show,
): Promise<void> {
  const client = await context.client();
  try {
    for await (const { type, object } of client.watch(scope, { fieldSelector, signal: context.signal })) {
      const event = object as EventObject;
      // Events go after an hour; that is no news.
      if (type !== 'DELETED' && type !== 'BOOKMARK' && isWanted(event, types)) show(event);
    }
  } catch (error) {
    if (!context.signal.aborted) throw error;
  }
  if (context.signal.aborted) throw new SilentExit(1);
}

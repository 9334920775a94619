import { UserError } from '../../model/user-error.ts';
import { createPrinter, type PrintFormat } from '../../printers/create-printer.ts';
import { alignTabs } from '../../printers/describe/elastic-tabs.ts';
import { qualifiedName } from '../../printers/name-printer.ts';
import type { ResourcePrinter } from '../../printers/resource-printer.ts';
import { type Command, defineCommand, type Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { concernsOneObject, Failures } from '../failures.ts';
import { findObjects, type FoundObject } from '../find-objects.ts';
import { printFormatOf } from '../print-format.ts';
import type { TargetRequest } from '../resolve-targets.ts';
import { objectFormats, outputFlags } from '../shared-flags.ts';
import { visibleOutput } from '../../printers/visible-output.ts';
import { type Revision, rolloutHistory, withChangeCause } from './revisions.ts';
import { checkedRevision, rolloutFlags, rolloutRequest } from './rollout-flags.ts';
import { templateText } from './template-text.ts';

interface HistoryOptions {
  readonly request: TargetRequest;
  /** 0 for all. */
  readonly revision: number;
  readonly format: PrintFormat;
}

const WORDS = { retrieving: 'history', missing: 'no history viewer has been implemented for' };

/** `rollout history`: the revisions that workloads had. */
export const rolloutHistoryCommand: Command = defineCommand<HistoryOptions>({
  use: 'history (TYPE NAME | TYPE/NAME) [flags]',
  description:
    'Show the revisions of deployments, daemon sets and stateful sets, and with --revision the pod template of one.',
  examples: [
    { comment: 'The revisions of a deployment', command: 'kubectl rollout history deployment/abc' },
    { comment: 'The pod template of a revision', command: 'kubectl rollout history daemonset/abc --revision=3' },
  ],
  flags: [
    ...rolloutFlags,
    ...outputFlags(objectFormats),
    { name: 'revision', type: 'int', default: '0', usage: 'Show this revision with its pod template.' },
  ],
  parse,
  run,
});

function parse(invocation: Invocation): HistoryOptions {
  const { flags } = invocation;
  return {
    request: rolloutRequest(invocation),
    revision: checkedRevision(flags.int('revision')),
    format: printFormatOf(flags),
  };
}

async function run(options: HistoryOptions, context: Context): Promise<void> {
  const printer = await createPrinter(options.format, { keepOrder: true });
  const asObjects = options.format.output !== '' || options.format.template !== '';
  const failures = new Failures();
  for await (const found of findObjects({ ...options.request, typed: true }, 'latest', context, failures)) {
    try {
      const { revisions } = await rolloutHistory(found, WORDS, context);
      if (asObjects) printObjects(revisions, options.revision, printer, context);
      else visibleOutput(context.streams.out).write(historyText(found, revisions, options.revision));
    } catch (error) {
      if (!concernsOneObject(error) && !(error instanceof UserError)) throw error;
      failures.add(error);
    }
  }
  failures.throwAny();
}

/** The last of several with the same number counts. */
function byNumber(revisions: readonly Revision[]): Map<number, Revision> {
  return new Map([...revisions].map((each) => [each.number, each] as const).sort(([left], [right]) => left - right));
}

// oxlint-disable-next-line max-params
function printObjects(
  revisions: readonly Revision[],
  wanted: number,
  printer: ResourcePrinter,
  { streams }: Context,
): void {
  const known = byNumber(revisions);
  if (wanted === 0) {
    for (const { object } of known.values()) printer.print(object, streams.out);
    return;
  }
  const revision = known.get(wanted);
  if (revision === undefined) throw new UserError('unable to find the specified revision');
  printer.print(revision.object, streams.out);
}

function historyText({ object }: FoundObject, revisions: readonly Revision[], wanted: number): string {
  const head = wanted > 0 ? `with revision #${wanted}` : '';
  return `${qualifiedName(object)} ${head}\n${revisionsText(byNumber(revisions), wanted, object.kind === 'Deployment')}\n`;
}

function revisionsText(known: ReadonlyMap<number, Revision>, wanted: number, ofDeployment: boolean): string {
  if (known.size === 0) return 'No rollout history found.';
  if (wanted > 0) {
    const revision = known.get(wanted);
    if (revision === undefined) throw new UserError('unable to find the specified revision');
    return templateText(ofDeployment ? withChangeCause(revision.template, revision.changeCause) : revision.template);
  }
  const lines = [...known.values()].map(
    ({ number, changeCause }) => `${number}\t${changeCause === '' ? '<none>' : changeCause}\n`,
  );
  return alignTabs(`REVISION\tCHANGE-CAUSE\n${lines.join('')}`);
}

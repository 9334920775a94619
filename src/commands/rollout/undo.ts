import type { PatchBody } from '../../client/client.ts';
import { deepEqual } from '../../model/deep-equal.ts';
import type { JsonObject } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { StatusError } from '../../model/status.ts';
import { UserError } from '../../model/user-error.ts';
import type { PrintFormat } from '../../printers/create-printer.ts';
import { flagAt, objectAt } from '../../printers/describe/fields.ts';
import { scopeOf } from '../collection-pages.ts';
import { type Command, defineCommand, type Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { type DryRun, dryRunOf } from '../dry-run.ts';
import { concernsOneObject, Failures } from '../failures.ts';
import { findObjects, type FoundObject } from '../find-objects.ts';
import { changePrinter } from '../print-change.ts';
import { printFormatOf } from '../print-format.ts';
import type { TargetRequest } from '../resolve-targets.ts';
import { dryRunFlag, objectFormats, outputFlags } from '../shared-flags.ts';
import { typedObject } from '../typed-object.ts';
import {
  type Revision,
  revisionData,
  type RolloutHistory,
  rolloutHistory,
  sameTemplate,
  withoutHash,
} from './revisions.ts';
import { rolloutFlags, rolloutRequest } from './rollout-flags.ts';
import { templateText } from './template-text.ts';

interface UndoOptions {
  readonly request: TargetRequest;
  /** 0 for the one before the last. */
  readonly toRevision: number;
  readonly dryRun: DryRun;
  readonly format: PrintFormat;
}

const WORDS = { retrieving: 'rollbacker', missing: 'no rollbacker has been implemented for' };

/** Annotations that stay with a deployment whatever its revision. */
const KEPT_ANNOTATIONS = [
  'kubectl.kubernetes.io/last-applied-configuration',
  'deployment.kubernetes.io/revision',
  'deployment.kubernetes.io/revision-history',
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
  'deprecated.deployment.rollback.to',
];

/** `rollout undo`: brings back an earlier revision. */
export const rolloutUndo: Command = defineCommand<UndoOptions>({
  use: 'undo (TYPE NAME | TYPE/NAME) [flags]',
  description:
    'Roll deployments, daemon sets and stateful sets back to an earlier revision: the one before the last, or the one that --to-revision names.',
  examples: [
    { comment: 'Back to the previous revision', command: 'kubectl rollout undo deployment/abc' },
    { comment: 'Back to revision 3', command: 'kubectl rollout undo daemonset/abc --to-revision=3' },
    { comment: 'See what would be done', command: 'kubectl rollout undo --dry-run=server deployment/abc' },
  ],
  flags: [
    ...rolloutFlags,
    ...outputFlags(objectFormats),
    dryRunFlag,
    {
      name: 'to-revision',
      type: 'int',
      default: '0',
      usage: 'The revision to go back to; 0 is the one before the last.',
    },
  ],
  refusesFirst: 'dry-run',
  parse,
  run,
});

function parse(invocation: Invocation): UndoOptions {
  const { flags } = invocation;
  return {
    request: rolloutRequest(invocation),
    toRevision: flags.int('to-revision'),
    dryRun: dryRunOf(flags).dryRun,
    format: printFormatOf(flags),
  };
}

async function run(options: UndoOptions, context: Context): Promise<void> {
  const print = await changePrinter(options, context, { keepOrder: true });
  const failures = new Failures();
  for await (const found of findObjects({ ...options.request, typed: true }, 'latest', context, failures)) {
    try {
      const word = await rollBack(found, options, context);
      print(typedObject(found.object), word);
    } catch (error) {
      if (!concernsOneObject(error) && !(error instanceof UserError)) throw error;
      failures.add(error);
    }
  }
  failures.throwAny();
}

/** Rolls one object back and resolves with what was done. */
async function rollBack(found: FoundObject, { toRevision, dryRun }: UndoOptions, context: Context): Promise<string> {
  const history = await rolloutHistory(found, WORDS, context);
  if (toRevision < 0) throw revisionNotFound(toRevision);
  const isDeployment = history.object.kind === 'Deployment';
  const revision = chosenRevision(history, toRevision);
  if (dryRun === 'client') return `${isDeployment ? '' : 'will roll back to '}${templateText(revision.template)}`;
  if (isDeployment && flagAt(history.object, 'spec.paused')) {
    throw new UserError(
      "you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again",
    );
  }
  const matches = isDeployment
    ? sameTemplate(revision.template, templateOf(history.object))
    : isRecorded(history.object, revision);
  if (matches) return `skipped rollback (current template already matches revision ${toRevision})`;
  const client = await context.client();
  const { target } = found;
  try {
    const patch = isDeployment ? deploymentPatch(history.object, revision) : recordedPatch(revision);
    await client.patch(scopeOf(target), target.name, patch, { dryRun: dryRun === 'server', signal: context.signal });
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    throw new UserError(`failed restoring revision ${toRevision}: ${error.message}`, { cause: error });
  }
  return 'rolled back';
}

function revisionNotFound(revision: number): UserError {
  return new UserError(`unable to find specified revision ${revision} in history`);
}

function chosenRevision({ object, revisions }: RolloutHistory, toRevision: number): Revision {
  if (toRevision > 0) {
    const revision = revisions.find(({ number }) => number === toRevision);
    if (revision === undefined) throw revisionNotFound(toRevision);
    return revision;
  }
  const isDeployment = object.kind === 'Deployment';
  const previous = [...revisions].sort((left, right) => right.number - left.number)[1];
  if (previous !== undefined) return previous;
  throw new UserError(
    isDeployment
      ? `no rollout history found for deployment ${JSON.stringify(object.metadata.name ?? '')}`
      : 'no last revision to roll back to',
  );
}

function templateOf(object: KubeObject): JsonObject {
  return objectAt(object, 'spec.template') as JsonObject;
}

/** Whether a revision is the present state, as its controller would record it. */
function isRecorded(object: KubeObject, { record }: Revision): boolean {
  return deepEqual(revisionData(record), { spec: { template: { ...templateOf(object), $patch: 'replace' } } });
}

function recordedPatch({ record }: Revision): PatchBody {
  return { type: 'application/strategic-merge-patch+json', body: revisionData(record) };
}

function deploymentPatch({ metadata }: KubeObject, { record, template }: Revision): PatchBody {
  const kept = Object.entries(metadata.annotations ?? {}).filter(([key]) => KEPT_ANNOTATIONS.includes(key));
  const restored = Object.entries(record.metadata.annotations ?? {}).filter(([key]) => !KEPT_ANNOTATIONS.includes(key));
  return {
    type: 'application/json-patch+json',
    body: [
      { op: 'replace', path: '/spec/template', value: withoutHash(template) },
      { op: 'replace', path: '/metadata/annotations', value: Object.fromEntries([...kept, ...restored]) },
    ],
  };
}

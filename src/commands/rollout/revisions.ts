import { deepEqual } from '../../model/deep-equal.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { applyStrategicMergePatch } from '../../model/patch/strategic-merge-patch.ts';
import { RawJson } from '../../model/raw-json.ts';
import { labelSelectorOfObject } from '../../model/selectors/label-selector-object.ts';
import { labelSelectorText } from '../../model/selectors/label-selector.ts';
import { StatusError } from '../../model/status.ts';
import { UserError } from '../../model/user-error.ts';
import { objectAt } from '../../printers/describe/fields.ts';
import { collectionObjects } from '../collection-pages.ts';
import type { Context } from '../context.ts';
import type { NamedTarget } from '../target.ts';
import { typedObject, typeOf } from '../typed-object.ts';
import { resourceOf } from '../resource-of.ts';
import { groupKindOf } from './rollout-progress.ts';

/** One state that a workload had. */
export interface Revision {
  readonly number: number;
  /** The ReplicaSet or ControllerRevision that keeps it. */
  readonly record: KubeObject;
  /** What `-o` prints for it: the ReplicaSet, or the workload as it was. */
  readonly object: KubeObject;
  /** Its pod template. */
  readonly template: JsonObject;
  readonly changeCause: string;
}

/** A workload as it is now, typed, and its revisions in the order in which they were found. */
export interface RolloutHistory {
  readonly object: KubeObject;
  readonly revisions: readonly Revision[];
}

const CHANGE_CAUSE = 'kubernetes.io/change-cause';
const REVISION = 'deployment.kubernetes.io/revision';
const POD_TEMPLATE_HASH = 'pod-template-hash';
const OTHER_KINDS = new Set(['Job.batch', 'Pod', 'ReplicaSet.apps', 'ReplicationController', 'CronJob.batch']);

/**
 * The revisions of a deployment, daemon set or stateful set. `words` says in errors what they are for. Throws UserError for
 * other kinds. Mirrors kubectl's polymorphichelpers/history.go.
 */
export async function rolloutHistory(
  { target, object }: { readonly target: NamedTarget; readonly object: KubeObject },
  words: { readonly retrieving: string; readonly missing: string },
  context: Context,
): Promise<RolloutHistory> {
  const kind = groupKindOf(target.resource);
  if (kind === 'Deployment.apps') {
    return { object: typedObject(object), revisions: await deploymentRevisions(typedObject(object), context) };
  }
  if (kind === 'DaemonSet.apps' || kind === 'StatefulSet.apps') {
    return { object: typedObject(object), revisions: await controllerRevisions(typedObject(object), context) };
  }
  if (OTHER_KINDS.has(kind)) throw new UserError(`${words.missing} ${JSON.stringify(kind)}`);
  throw new UserError(
    `error retrieving ${words.retrieving} for ${JSON.stringify(kind)}, no visitor method exists for {${target.resource.group} ${target.resource.kind}}`,
  );
}

async function deploymentRevisions(deployment: KubeObject, context: Context): Promise<Revision[]> {
  const name = deployment.metadata.name ?? '';
  const sets = await owned(
    deployment,
    'ReplicaSet',
    context,
    `failed to retrieve replica sets from deployment ${name}: `,
  );
  const sorted = sets.sort(byCreation);
  const current = sorted.find((set) => sameTemplate(templateOf(set), templateOf(deployment)));
  const ordered = current === undefined ? sorted : [...sorted.filter((set) => set !== current), current];
  return ordered.flatMap((record) => {
    const text = record.metadata.annotations?.[REVISION] ?? '0';
    if (!/^[+-]?\d+$/.test(text)) return [];
    const changeCause = record.metadata.annotations?.[CHANGE_CAUSE] ?? '';
    return [
      {
        number: Number(text),
        record,
        object: record,
        template: templateOf(record),
        changeCause,
      },
    ];
  });
}

function byCreation(left: KubeObject, right: KubeObject): number {
  const [a, b] = [left, right].map(({ metadata }) => Date.parse(metadata.creationTimestamp ?? ''));
  if (a !== undefined && b !== undefined && a !== b) return a - b;
  return (left.metadata.name ?? '') < (right.metadata.name ?? '') ? -1 : 1;
}

function templateOf(object: KubeObject): JsonObject {
  return objectAt(object, 'spec.template') as JsonObject;
}

/** A pod template that tells why it was made, as a history shows it. */
export function withChangeCause(template: JsonObject, changeCause: string): JsonObject {
  if (changeCause === '') return template;
  const metadata = objectAt(template, 'metadata') as JsonObject;
  const annotations = objectAt(metadata, 'annotations') as JsonObject;
  return { ...template, metadata: { ...metadata, annotations: { ...annotations, [CHANGE_CAUSE]: changeCause } } };
}

/** Whether two pod templates are the same but for the label that a deployment's controller adds. */
export function sameTemplate(left: JsonObject, right: JsonObject): boolean {
  return deepEqual(withoutHash(left), withoutHash(right));
}

/** A pod template without the label that a deployment's controller adds. */
export function withoutHash(template: JsonObject): JsonObject {
  const { labels, ...metadata } = objectAt(template, 'metadata') as JsonObject;
  const { [POD_TEMPLATE_HASH]: _hash, ...rest } = isJsonObject(labels) ? labels : {};
  return { ...template, metadata: { ...metadata, ...(Object.keys(rest).length === 0 ? {} : { labels: rest }) } };
}

async function controllerRevisions(workload: KubeObject, context: Context): Promise<Revision[]> {
  const { kind, metadata } = workload;
  const failure = `unable to find history controlled by ${kind} ${metadata.name ?? ''}: `;
  const records = await owned(workload, 'ControllerRevision', context, failure);
  return records.map((record) => {
    const object = atRevision(workload, record);
    const changeCause = record.metadata.annotations?.[CHANGE_CAUSE] ?? '';
    return { number: Number(record['revision'] ?? 0), record, object, template: templateOf(object), changeCause };
  });
}

/** A workload as a ControllerRevision recorded it. */
function atRevision(workload: KubeObject, record: KubeObject): KubeObject {
  const patched = applyStrategicMergePatch(workload as unknown as JsonValue, revisionData(record), typeOf(workload));
  return typedObject(patched as unknown as KubeObject);
}

/** What a ControllerRevision keeps: a strategic merge patch. */
export function revisionData({ data }: KubeObject): JsonObject {
  const plain = data instanceof RawJson ? data.toJSON() : data;
  return isJsonObject(plain) ? plain : {};
}

// oxlint-disable-next-line max-params
async function owned(owner: KubeObject, kind: string, context: Context, failure: string): Promise<KubeObject[]> {
  const resource = await resourceOf('apps/v1', kind, context);
  const selector = labelSelectorOfObject(objectAt(owner, 'spec.selector'));
  const { namespace = '', uid } = owner.metadata;
  const found: KubeObject[] = [];
  try {
    const target = {
      kind: 'collection' as const,
      resource,
      namespace,
      labelSelector: labelSelectorText(selector),
      fieldSelector: '',
    };
    for await (const object of collectionObjects(target, context)) {
      const controller = object.metadata.ownerReferences?.find((reference) => reference.controller === true);
      if (controller?.uid === uid) found.push(typedObject(object));
    }
  } catch (error) {
    throw error instanceof StatusError ? new UserError(`${failure}${error.message}`, { cause: error }) : error;
  }
  return found;
}

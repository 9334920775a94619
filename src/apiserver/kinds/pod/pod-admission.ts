import type { KubeObject } from '../../../model/kube-object.ts';
import { forbidden } from '../../../model/status-errors.ts';
import type { StatusError } from '../../../model/status.ts';
import type { StrategyContext } from '../../strategy.ts';
import {
  ensureObject,
  type Fields,
  fillAbsent,
  flagIn,
  isSet,
  numberIn,
  objectIn,
  objectsIn,
  partOf,
  textIn,
} from '../fields.ts';

/** What the admission plug-ins that are on by default make of a new pod: Priority, RuntimeClass, DefaultTolerationSeconds. */
export async function admitPod(pod: KubeObject, old: KubeObject | undefined, context: StrategyContext): Promise<void> {
  const spec = ensureObject(pod, 'spec');
  if (old !== undefined) return;
  await admitPriority(pod, spec, context);
  await admitRuntimeClass(pod, spec, context);
  tolerateFailingNodes(spec);
}

/** What the plug-ins make of an update; it is done before the generation is counted. */
export function admitPodUpdate(pod: KubeObject, old: KubeObject): void {
  const spec = ensureObject(pod, 'spec');
  const before = partOf(old, 'spec');
  for (const key of ['priority', 'preemptionPolicy']) if (isSet(before, key)) fillAbsent(spec, key, before[key]);
  tolerateFailingNodes(spec);
}

function refusal(pod: KubeObject, why: string): StatusError {
  return forbidden({ group: '', resource: 'pods' }, pod.metadata.name ?? '', why);
}

interface Priority {
  readonly name: string;
  readonly value: number;
  readonly policy: string;
}

async function admitPriority(pod: KubeObject, spec: Fields, context: StrategyContext): Promise<void> {
  const { name, value, policy } = await priorityOf(pod, textIn(spec, 'priorityClassName'), context);
  if (name !== '') spec['priorityClassName'] = name;
  const given = numberIn(spec, 'priority');
  const computed = 'priority admission controller computed';
  if (given !== undefined && given !== value) {
    throw refusal(
      pod,
      `the integer value of priority (${given}) must not be provided in pod spec; ${computed} ${value} from the given PriorityClass name`,
    );
  }
  spec['priority'] = value;
  if (isSet(spec, 'preemptionPolicy') && spec['preemptionPolicy'] !== policy) {
    throw refusal(
      pod,
      `the string value of PreemptionPolicy (${textIn(spec, 'preemptionPolicy')}) must not be provided in pod spec; ${computed} ${policy} from the given PriorityClass name`,
    );
  }
  spec['preemptionPolicy'] = policy;
}

const DEFAULT_POLICY = 'PreemptLowerPriority';
const CLASSES = 'priorityclasses.scheduling.k8s.io';

/** The classes that every server has from its start. */
const SYSTEM_CLASSES: Readonly<Record<string, number>> = {
  'system-cluster-critical': 2_000_000_000,
  'system-node-critical': 2_000_001_000,
};

async function priorityOf(pod: KubeObject, name: string, context: StrategyContext): Promise<Priority> {
  if (name === '') return defaultPriority(await context.list(CLASSES, ''));
  const found = await context.get(CLASSES, '', name);
  if (found !== undefined) return priorityOfClass(found);
  const system = SYSTEM_CLASSES[name];
  if (system === undefined) throw refusal(pod, `no PriorityClass with name ${name} was found`);
  return { name, value: system, policy: DEFAULT_POLICY };
}

/** Of the classes that are marked as default the one with the lowest value. */
function defaultPriority(classes: readonly KubeObject[]): Priority {
  const marked = classes.filter((each) => flagIn(each, 'globalDefault')).map(priorityOfClass);
  const [lowest] = marked.sort((a, b) => a.value - b.value);
  return lowest ?? { name: '', value: 0, policy: DEFAULT_POLICY };
}

function priorityOfClass(found: KubeObject): Priority {
  const policy = textIn(found, 'preemptionPolicy') || DEFAULT_POLICY;
  return { name: found.metadata.name ?? '', value: numberIn(found, 'value') ?? 0, policy };
}

/** A runtime class brings its overhead, and says which nodes have it. */
async function admitRuntimeClass(pod: KubeObject, spec: Fields, context: StrategyContext): Promise<void> {
  const name = textIn(spec, 'runtimeClassName');
  const given = objectIn(spec, 'overhead');
  const found = name === '' ? undefined : await context.get('runtimeclasses.node.k8s.io', '', name);
  if (name !== '' && found === undefined) {
    throw refusal(pod, `pod rejected: RuntimeClass ${JSON.stringify(name)} not found`);
  }
  const overhead = partOf(found ?? {}, 'overhead');
  const fixed = objectIn(overhead, 'podFixed');
  if (given !== undefined && fixed === undefined) {
    throw refusal(pod, 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead');
  }
  if (fixed !== undefined) fillAbsent(spec, 'overhead', { ...fixed });
  const scheduling = partOf(found ?? {}, 'scheduling');
  const selector = partOf(scheduling, 'nodeSelector');
  if (Object.keys(selector).length > 0) spec['nodeSelector'] = { ...selector, ...partOf(spec, 'nodeSelector') };
  const tolerations = objectsIn(scheduling, 'tolerations');
  if (tolerations.length > 0) spec['tolerations'] = [...objectsIn(spec, 'tolerations'), ...tolerations];
}

const TOLERATED_SECONDS = 300;

/** A pod stays on a node that fails for five minutes, unless it says otherwise. */
function tolerateFailingNodes(spec: Fields): void {
  const tolerations = objectsIn(spec, 'tolerations');
  const missing = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'].filter(
    (key) => !tolerations.some((toleration) => covers(toleration, key)),
  );
  if (missing.length === 0) return;
  const added = missing.map((key) => ({
    key,
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds: TOLERATED_SECONDS,
  }));
  spec['tolerations'] = [...tolerations, ...added];
}

function covers(toleration: Fields, key: string): boolean {
  return ['', key].includes(textIn(toleration, 'key')) && ['', 'NoExecute'].includes(textIn(toleration, 'effect'));
}

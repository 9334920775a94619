import type { ApiResponse } from '../../model/api-message.ts';
import { notSupported, required } from '../../model/field-error.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { badRequest, conflict, invalid, notFound } from '../../model/status-errors.ts';
import { matchNamespace } from '../check-identity.ts';
import { ensureObject, objectsIn, partOf, textIn } from '../kinds/fields.ts';
import { isTime } from '../metadata/validate-metadata.ts';
import { readBody } from '../read-body.ts';
import { requestKind } from '../request-kind.ts';
import { writeOptions } from '../request-options.ts';
import type { ResourceRequest } from '../resource-request.ts';
import { successResponse } from './success-response.ts';
import { timestamp } from '../timestamp.ts';

/** POST to pods/binding, or of a Binding to its own collection: assigns a pod to a node (BindingREST). */
export async function bind({ server, request, info }: Omit<ResourceRequest, 'served'>): Promise<ApiResponse> {
  const options = writeOptions(request, 'CreateOptions');
  const { object, warnings } = readBody(requestKind('', 'v1', 'Binding'), request.body, options);
  matchNamespace(object, info.namespace);
  const { name = '', uid = '', resourceVersion = '' } = object.metadata;
  if (info.resource === 'pods' && name !== info.name) {
    throw badRequest(`name in URL does not match name in Binding object: ${info.name},${name}`);
  }
  checkTarget(object);
  const pods = await server.catalog.preferred('', 'pods');
  if (pods === undefined) throw notFound({ group: '', resource: 'pods' }, name);
  await server.storage.update(
    pods.stored,
    { namespace: info.namespace, name },
    {
      dryRun: options.dryRun,
      preconditions: { ...(uid === '' ? {} : { uid }), ...(resourceVersion === '' ? {} : { resourceVersion }) },
      update(pod) {
        if (pod === undefined) throw notFound({ group: '', resource: 'pods' }, name);
        assign(pod, object, server.now());
        return { type: 'write', object: pod };
      },
    },
  );
  return successResponse(warnings);
}

function checkTarget(binding: KubeObject): void {
  const target = partOf(binding, 'target');
  const kind = textIn(target, 'kind');
  const errors = kind === '' || kind === 'Node' ? [] : [notSupported('target.kind', kind, ['Node', '<empty>'])];
  if (textIn(target, 'name') === '') errors.push(required('target.name'));
  if (errors.length > 0) throw invalid('Binding', '', binding.metadata.name ?? '', errors);
}

/** Throws Conflict for a pod that has a node already, or goes, or waits at a gate. */
function assign(pod: KubeObject, binding: KubeObject, now: Date): void {
  const { name = '' } = pod.metadata;
  const spec = ensureObject(pod, 'spec');
  const refuse = (why: string): Error => conflict({ group: '', resource: 'pods/binding' }, name, why);
  if (isTime(pod.metadata.deletionTimestamp)) {
    throw refuse(`pod ${name} is being deleted, cannot be assigned to a host`);
  }
  const node = textIn(spec, 'nodeName');
  if (node !== '') throw refuse(`pod ${name} is already assigned to node ${JSON.stringify(node)}`);
  if (objectsIn(spec, 'schedulingGates').length > 0) {
    throw refuse(`pod ${name} has non-empty .spec.schedulingGates`);
  }
  spec['nodeName'] = textIn(partOf(binding, 'target'), 'name');
  for (const field of ['annotations', 'labels'] as const) {
    const added = binding.metadata[field] ?? {};
    if (Object.keys(added).length > 0) pod.metadata[field] = { ...pod.metadata[field], ...added };
  }
  const status = ensureObject(pod, 'status');
  const conditions = objectsIn(status, 'conditions');
  const before = conditions.find((each) => textIn(each, 'type') === 'PodScheduled');
  const since = before !== undefined && textIn(before, 'status') === 'True' ? before['lastTransitionTime'] : undefined;
  const scheduled = {
    type: 'PodScheduled',
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: since ?? timestamp(now),
  };
  status['conditions'] =
    before === undefined
      ? [...conditions, scheduled]
      : conditions.map((each) => (textIn(each, 'type') === 'PodScheduled' ? scheduled : each));
}

import type { KubeObject } from '../model/kube-object.ts';
import type { WriteRequest } from './write-request.ts';

/** Refuses the write of a role or binding that gives away what whoever writes it has not. Costs nothing for other kinds. */
export async function checkRoleWrite(
  { server, served, user }: WriteRequest,
  object: KubeObject,
  old: KubeObject | undefined,
): Promise<void> {
  if (!server.rbac || user === undefined || served.info.group !== 'rbac.authorization.k8s.io') return;
  const { checkEscalation } = await import('./access/escalation.ts');
  await checkEscalation({ server, served, user }, object, old);
}

import type { Describing } from './describer.ts';
import { objectsAt, textAt } from './fields.ts';
import { writeLabelsAndAnnotations, writeName } from './metadata-lines.ts';

/** rbac.authorization.k8s.io/v1 RoleBinding and ClusterRoleBinding. */
export async function describeRoleBinding(describing: Describing): Promise<void> {
  const { object, out } = describing;
  writeName(describing);
  writeLabelsAndAnnotations(describing);
  out.line(0, 'Role:');
  out.line(1, 'Kind:', textAt(object, 'roleRef.kind'));
  out.line(1, 'Name:', textAt(object, 'roleRef.name'));
  out.line(0, 'Subjects:');
  out.line(1, 'Kind', 'Name', 'Namespace');
  out.line(1, '----', '----', '---------');
  for (const subject of objectsAt(object, 'subjects')) {
    out.line(1, textAt(subject, 'kind'), textAt(subject, 'name'), textAt(subject, 'namespace'));
  }
}

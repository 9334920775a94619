/*
 * The kinds that kustomize 5.7.1 knows to be cluster-scoped: those of Kubernetes 1.21 and what it adds by hand. A kind that is
 * not here counts as namespaced, also a newer one of Kubernetes: that is how kustomize treats it.
 */
const TABLE = `admissionregistration.k8s.io v1,v1beta1 MutatingWebhookConfiguration,ValidatingWebhookConfiguration
apiextensions.k8s.io v1,v1beta1 CustomResourceDefinition
apiregistration.k8s.io v1,v1beta1 APIService
certificates.k8s.io v1,v1beta1 CertificateSigningRequest
flowcontrol.apiserver.k8s.io v1beta1 FlowSchema,PriorityLevelConfiguration
networking.k8s.io v1,v1beta1 IngressClass
node.k8s.io v1,v1beta1 RuntimeClass
policy v1beta1 PodSecurityPolicy
rbac.authorization.k8s.io v1,v1beta1 ClusterRole,ClusterRoleBinding
scheduling.k8s.io v1,v1beta1 PriorityClass
storage.k8s.io v1,v1beta1 CSIDriver,CSINode,StorageClass,VolumeAttachment
 v1 ComponentStatus,Namespace,Node,NodeProxyOptions,PersistentVolume`;

const KINDS: ReadonlySet<string> = new Set(TABLE.split('\n').flatMap(readLine));

function readLine(line: string): string[] {
  const [group = '', versions = '', kinds = ''] = line.split(' ');
  return versions.split(',').flatMap((version) => {
    const apiVersion = group === '' ? version : `${group}/${version}`;
    return kinds.split(',').map((kind) => `${apiVersion} ${kind}`);
  });
}

/** Whether kustomize is certain that objects of the kind are in no namespace. */
export function clusterScoped(apiVersion: string, kind: string): boolean {
  return KINDS.has(`${apiVersion} ${kind}`);
}

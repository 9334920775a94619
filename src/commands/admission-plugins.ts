import { UserError } from '../model/user-error.ts';

/** What kube-apiserver 1.36 has on by default and kube-lite does: `fixed` cannot be turned off here, `choice` can be turned on. */
const FIXED: readonly string[] = [
  'NamespaceLifecycle',
  'LimitRanger',
  'TaintNodesByCondition',
  'PodSecurity',
  'Priority',
  'DefaultTolerationSeconds',
  'DefaultStorageClass',
  'StorageObjectInUseProtection',
  'PersistentVolumeClaimResize',
  'RuntimeClass',
  'CertificateApproval',
  'CertificateSigning',
  'CertificateSubjectRestriction',
  'DefaultIngressClass',
  'MutatingAdmissionWebhook',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionWebhook',
  'ResourceQuota',
];
const CHOICE: readonly string[] = ['ServiceAccount'];
/** Others of kube-apiserver, which kube-lite has not. */
const MISSING: readonly string[] = [
  'AlwaysAdmit',
  'AlwaysDeny',
  'AlwaysPullImages',
  'ClusterTrustBundleAttest',
  'DenyServiceExternalIPs',
  'EventRateLimit',
  'ExtendedResourceToleration',
  'ImagePolicyWebhook',
  'JobValidation',
  'LimitPodHardAntiAffinityTopology',
  'MutatingAdmissionPolicy',
  'NamespaceAutoProvision',
  'NamespaceExists',
  'NodeDeclaredFeatureValidator',
  'NodeRestriction',
  'OwnerReferencesPermissionEnforcement',
  'PodGroupProtection',
  'PodGroupWorkloadExists',
  'PodNodeSelector',
  'PodResizeValidator',
  'PodTolerationRestriction',
  'PodTopologyLabels',
];

/**
 * The admission plug-ins that are on beside those that always are, from the two flags of kube-apiserver. Throws UserError in its
 * words for names that it does not know and for those in both, and for what kube-lite cannot do.
 */
export function chosenPlugins(enabled: readonly string[], disabled: readonly string[]): ReadonlySet<string> {
  checkNames('enable-admission-plugins', enabled);
  checkNames('disable-admission-plugins', disabled);
  const both = [...new Set(enabled)].filter((name) => disabled.includes(name)).sort();
  if (both.length > 0) {
    throw new UserError(`[${both.join(' ')}] in enable-admission-plugins and disable-admission-plugins overlapped`);
  }
  const missing = enabled.find((name) => MISSING.includes(name));
  if (missing !== undefined) {
    throw new UserError(`--enable-admission-plugins: kube-lite does not have the admission plug-in ${missing}`);
  }
  const fixed = disabled.find((name) => FIXED.includes(name));
  if (fixed !== undefined) {
    throw new UserError(`--disable-admission-plugins: kube-lite cannot turn off the admission plug-in ${fixed}`);
  }
  return new Set(enabled.filter((name) => CHOICE.includes(name)));
}

function checkNames(flag: string, names: readonly string[]): void {
  const known = new Set([...FIXED, ...CHOICE, ...MISSING]);
  const unknown = names.find((name) => !known.has(name));
  if (unknown !== undefined) throw new UserError(`${flag} plugin ${JSON.stringify(unknown)} is unknown`);
}

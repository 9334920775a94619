import type { RequestedSubject } from '../model/certificate-signer.ts';

/** What is wrong with a request for a signer to sign it, or undefined. */
type SignerRule = (usages: readonly string[], subject: () => RequestedSubject) => string | undefined;

/**
 * The signers that kube-controller-manager runs, by their names, and what each asks of requests. It has one more, legacy-unknown,
 * whose requests cannot be made in this version of the API.
 */
export const SIGNER_RULES: Readonly<Record<string, SignerRule>> = {
  'kubernetes.io/kube-apiserver-client': clientError,
  'kubernetes.io/kube-apiserver-client-kubelet': kubeletClientError,
  'kubernetes.io/kubelet-serving': kubeletServingError,
};

const CLIENT_USAGES = ['client auth', 'digital signature', 'key encipherment'];

/** A client of the API server (validAPIServerClientUsages). */
function clientError(usages: readonly string[]): string | undefined {
  const wrong = usages.find((usage) => !CLIENT_USAGES.includes(usage));
  if (wrong !== undefined) return `invalid usage for client certificate: ${wrong}`;
  return usages.includes('client auth') ? undefined : 'missing required usage for client certificate: client auth';
}

const NODES = 'subject organization is not system:nodes';
const NODE = 'subject common name does not begin with system:node:';
/** In the order in which kubelets' clients are told of them. */
const UNWANTED = [
  ['dns', 'DNS subjectAltNames are not allowed'],
  ['email', 'Email subjectAltNames are not allowed'],
  ['ip', 'IP subjectAltNames are not allowed'],
  ['uri', 'URI subjectAltNames are not allowed'],
] as const;

/** A kubelet as a client of the API server (ValidateKubeletClientCSR). */
function kubeletClientError(usages: readonly string[], subject: () => RequestedSubject): string | undefined {
  const { commonName, organizations, alternatives } = subject();
  if (organizations.length !== 1 || organizations[0] !== 'system:nodes') return NODES;
  const unwanted = UNWANTED.find(([kind]) => alternatives.has(kind));
  if (unwanted !== undefined) return unwanted[1];
  if (!commonName.startsWith('system:node:')) return NODE;
  return nodeUsagesError(usages, 'client auth');
}

/** A kubelet as a server (ValidateKubeletServingCSR). */
function kubeletServingError(usages: readonly string[], subject: () => RequestedSubject): string | undefined {
  const { commonName, organizations, alternatives } = subject();
  if (organizations.length !== 1 || organizations[0] !== 'system:nodes') return NODES;
  if (!alternatives.has('dns') && !alternatives.has('ip')) return 'DNS or IP subjectAltName is required';
  const unwanted = UNWANTED.find(([kind]) => (kind === 'email' || kind === 'uri') && alternatives.has(kind));
  if (unwanted !== undefined) return unwanted[1];
  const wrong = nodeUsagesError(usages, 'server auth');
  if (wrong !== undefined) return wrong;
  return commonName.startsWith('system:node:') ? undefined : NODE;
}

/** Kubelets' usages are these and no other; enciphering keys is for RSA. */
function nodeUsagesError(usages: readonly string[], purpose: 'client auth' | 'server auth'): string | undefined {
  const all = [purpose, 'digital signature', 'key encipherment'].sort();
  const given = new Set(usages);
  given.add('key encipherment');
  const fits = given.size === all.length && all.every((usage) => given.has(usage));
  return fits ? undefined : `usages did not match [${all.join(' ')}]`;
}

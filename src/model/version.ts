/** kube-lite's own version; a test compares it with package.json. */
export const kubeLiteVersion = '0.1.0';

/** The kubectl whose command line kube-lite follows. */
export const kubectlVersion = 'v1.35.2';

/** The kustomize whose behaviour kube-lite follows: that of the kubectl above. */
export const kustomizeVersion = 'v5.7.1';

/** The Kubernetes whose kinds, defaults and storage format kube-lite's API server follows. */
export const kubernetesVersion = 'v1.36.0';

/** The annotation in which client-side apply keeps the configuration that it applied. */
export const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';

import type { KubeObject } from '../../../model/kube-object.ts';
import type { StrategyContext } from '../../strategy.ts';
import { defineStrategy } from '../define-strategy.ts';
import { ensureObject, fillAbsent, fillEmpty, isSet, objectIn, objectsIn, partOf, stringsIn } from '../fields.ts';
import { endpointSliceErrors, endpointSliceUpdateErrors } from './endpoint-slice-errors.ts';
import { ingressClassErrors, ingressClassUpdateErrors } from './ingress-class-errors.ts';
import { ingressErrors, ingressStatusErrors, newIngressErrors } from './ingress-errors.ts';
import { networkPolicyErrors } from './network-policy-errors.ts';

const OLD_CLASS = 'kubernetes.io/ingress.class';
const DEFAULT_CLASS = 'ingressclass.kubernetes.io/is-default-class';

/** The admission plug-in DefaultIngressClass. */
async function admitClass(object: KubeObject, context: StrategyContext): Promise<void> {
  const spec = ensureObject(object, 'spec');
  if (isSet(spec, 'ingressClassName') || object.metadata.annotations?.[OLD_CLASS] !== undefined) return;
  const classes = await context.list('ingressclasses.networking.k8s.io', '');
  const marked = classes.filter((each) => each.metadata.annotations?.[DEFAULT_CLASS] === 'true');
  const created = (each: KubeObject) => each.metadata.creationTimestamp ?? '';
  const [newest] = marked.sort((a, b) => (created(a) < created(b) ? 1 : -1));
  if (newest?.metadata.name !== undefined) spec['ingressClassName'] = newest.metadata.name;
}

export const ingressStrategy = defineStrategy({
  resource: 'ingresses.networking.k8s.io',
  generation: true,
  initialStatus: () => ({ loadBalancer: {} }),
  admit: async (object, old, context) => {
    if (old === undefined) await admitClass(object, context);
  },
  admitsBeforeHooks: true,
  validate: newIngressErrors,
  validateUpdate: ingressErrors,
  validateStatusUpdate: ingressStatusErrors,
});

export const ingressClassStrategy = defineStrategy({
  resource: 'ingressclasses.networking.k8s.io',
  generation: true,
  defaults(object) {
    const parameters = objectIn(partOf(object, 'spec'), 'parameters');
    if (parameters !== undefined) fillAbsent(parameters, 'scope', 'Cluster');
  },
  validate: ingressClassErrors,
  validateUpdate: ingressClassUpdateErrors,
});

const DIRECTIONS = ['ingress', 'egress'];

export const networkPolicyStrategy = defineStrategy({
  resource: 'networkpolicies.networking.k8s.io',
  generation: true,
  defaults(object) {
    const spec = ensureObject(object, 'spec');
    for (const direction of DIRECTIONS) {
      for (const rule of objectsIn(spec, direction)) {
        for (const port of objectsIn(rule, 'ports')) fillEmpty(port, 'protocol', 'TCP');
      }
    }
    if (stringsIn(spec, 'policyTypes').length > 0) return;
    spec['policyTypes'] = objectsIn(spec, 'egress').length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
  },
  validate: networkPolicyErrors,
});

export const endpointSliceStrategy = defineStrategy({
  resource: 'endpointslices.discovery.k8s.io',
  generation: true,
  defaults(object) {
    for (const port of objectsIn(object, 'ports')) {
      fillAbsent(port, 'name', '');
      fillAbsent(port, 'protocol', 'TCP');
    }
  },
  validate: endpointSliceErrors,
  validateUpdate: endpointSliceUpdateErrors,
});

import { describe, expect, it } from 'vitest';
import { expose } from '../../src/commands/expose/expose.ts';
import { serviceFor, type ServiceWishes } from '../../src/commands/expose/service-for.ts';
import type { KubeObject } from '../../src/model/kube-object.ts';
import { optionsOf } from './options-of.ts';

const nothing: ServiceWishes = {
  name: '',
  port: '',
  protocol: '',
  targetPort: '',
  type: '',
  selector: '',
  labels: '',
  clusterIP: '',
  externalIP: '',
  loadBalancerIP: '',
  sessionAffinity: '',
};

const deployment: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', labels: { app: 'web' } },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: {
      spec: {
        containers: [{ ports: [{ containerPort: 53, protocol: 'UDP' }, { containerPort: 53 }, { containerPort: 80 }] }],
      },
    },
  },
};

describe('expose', () => {
  it('reads its arguments', () => {
    expect(
      optionsOf(expose, 'deploy web --port=80 --target-port=http --name=x -l a=b --type=NodePort --dry-run=client'),
    ).toMatchObject({
      request: { args: ['deploy', 'web'] },
      wishes: { ...nothing, port: '80', targetPort: 'http', name: 'x', labels: 'a=b', type: 'NodePort' },
      dryRun: 'client',
      overrideType: 'merge',
    });
  });

  it('takes name, labels, selector, ports and protocols from the object', () => {
    expect(serviceFor(deployment, nothing)).toEqual({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', labels: { app: 'web' } },
      spec: {
        ports: [
          { name: 'port-1-udp', protocol: 'UDP', port: 53, targetPort: 53 },
          { name: 'port-1-tcp', protocol: 'TCP', port: 53, targetPort: 53 },
          { name: 'port-2', protocol: 'TCP', port: 80, targetPort: 80 },
        ],
        selector: { app: 'web' },
      },
    });
  });

  it('does as it is told', () => {
    const wishes = {
      ...nothing,
      port: '443',
      protocol: 'SCTP',
      targetPort: 'https',
      name: 'x',
      selector: 'a=b',
      labels: 'c=',
      clusterIP: 'None',
    };
    expect(serviceFor(deployment, wishes)).toMatchObject({
      metadata: { name: 'x', labels: { c: '' } },
      spec: { ports: [{ protocol: 'SCTP', port: 443, targetPort: 'https' }], selector: { a: 'b' }, clusterIP: 'None' },
    });
  });

  it.each<[KubeObject, Partial<ServiceWishes>, string]>([
    [{ ...deployment, kind: 'StatefulSet' }, {}, 'cannot expose a StatefulSet.apps'],
    [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: {} }, {}, 'cannot expose a ConfigMap'],
    [
      { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' } },
      {},
      "couldn't retrieve selectors via --selector flag or introspection: the pod has no labels and cannot be exposed",
    ],
    [
      { ...deployment, spec: {} },
      {},
      "couldn't retrieve selectors via --selector flag or introspection: invalid deployment: no selectors, therefore cannot be exposed",
    ],
    [
      { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', labels: { a: 'b' } } },
      {},
      "couldn't find port via --port flag or introspection",
    ],
    [deployment, { port: 'x' }, 'strconv.Atoi: parsing "x": invalid syntax'],
    [deployment, { selector: 'a' }, 'unexpected label spec: a'],
    [deployment, { sessionAffinity: 'Bad' }, 'unknown session affinity: Bad'],
  ])('refuses (%#)', (object, wishes, message) => {
    expect(() => serviceFor(object, { ...nothing, ...wishes })).toThrow(message);
  });
});

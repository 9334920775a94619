import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/model/kube-object.ts';
import { createErrors, prepared, strategyOf, texts, updateErrors } from './created.ts';

type Fields = Record<string, unknown>;

function object(kind: string, fields: Fields, metadata: Fields = {}): KubeObject {
  const apiVersion = kind === 'EndpointSlice' ? 'discovery.k8s.io/v1' : 'networking.k8s.io/v1';
  return { apiVersion, kind, metadata: { name: 'x', ...metadata }, ...fields };
}

const service = (name: string, port: Fields) => ({ service: { name, port } });
const path = (fields: Fields) => ({ path: '/', pathType: 'Prefix', backend: service('s', { number: 80 }), ...fields });
const rules = (...paths: Fields[]) => ({ spec: { rules: [{ http: { paths } }] } });
const SUBDOMAIN =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const WILDCARD =
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const AT = 'spec.rules[0].http.paths[0]';

const CASES: [what: string, object: KubeObject, errors: string[]][] = [
  [
    'an Ingress of nothing',
    object('Ingress', { spec: {} }),
    ['spec: Invalid value: null: either `defaultBackend` or `rules` must be specified'],
  ],
  [
    'the paths of an Ingress',
    object('Ingress', rules(path({ path: 'a//b/..' }), path({ pathType: 'Odd' }), path({ pathType: undefined }))),
    [
      `${AT}.path: Invalid value: "a//b/..": must be an absolute path`,
      `${AT}.path: Invalid value: "a//b/..": must not contain '//'`,
      `${AT}.path: Invalid value: "a//b/..": cannot end with '/..'`,
      'spec.rules[0].http.paths[1].pathType: Unsupported value: "Odd": supported values: "Exact", "ImplementationSpecific", "Prefix"',
      'spec.rules[0].http.paths[2].pathType: Required value: pathType must be specified',
    ],
  ],
  [
    'the backends of an Ingress',
    object(
      'Ingress',
      rules(
        path({ backend: {} }),
        path({ backend: { ...service('s', {}), resource: { kind: 'K', name: 'n' } } }),
        path({ backend: service('', { name: 'a', number: 1 }) }),
        path({ backend: service('A', { name: '1' }) }),
        path({ backend: service('s', {}) }),
        path({ backend: { resource: { apiGroup: 'A', kind: 'a/b', name: '' } } }),
      ),
    ),
    [
      `${AT}.backend: Invalid value: "": resource or service backend is required`,
      'spec.rules[0].http.paths[1].backend: Invalid value: "": cannot set both resource and service backends',
      'spec.rules[0].http.paths[2].backend.service.name: Required value',
      'spec.rules[0].http.paths[2].backend: Invalid value: "": cannot set both port name & port number',
      `spec.rules[0].http.paths[3].backend.service.name: Invalid value: "A": ${LABEL}`,
      'spec.rules[0].http.paths[3].backend.service.port.name: Invalid value: "1": must contain at least one letter (a-z)',
      'spec.rules[0].http.paths[4].backend: Required value: port name or number is required',
      `spec.rules[0].http.paths[5].backend.resource.apiGroup: Invalid value: "A": ${SUBDOMAIN}`,
      'spec.rules[0].http.paths[5].backend.resource.kind: Invalid value: "a/b": may not contain \'/\'',
      'spec.rules[0].http.paths[5].backend.resource.name: Required value',
    ],
  ],
  [
    'the hosts of an Ingress',
    object('Ingress', {
      spec: {
        rules: [{ host: '1.2.3.4' }, { host: 'a.*' }, { host: '*.example.com' }, { host: 'A', http: {} }],
        tls: [{ hosts: ['*', 'b'], secretName: 'S' }],
      },
    }),
    [
      'spec.rules[0].host: Invalid value: "1.2.3.4": must be a DNS name, not an IP address',
      `spec.rules[1].host: Invalid value: "a.*": ${WILDCARD}`,
      `spec.rules[3].host: Invalid value: "A": ${SUBDOMAIN}`,
      'spec.rules[3].http.paths: Required value',
      `spec.tls[0].hosts[0]: Invalid value: "*": ${WILDCARD}`,
      `spec.tls[0].secretName: Invalid value: "S": ${SUBDOMAIN}`,
    ],
  ],
  [
    'an Ingress of two classes',
    object(
      'Ingress',
      { spec: { ingressClassName: 'a', defaultBackend: service('s', { number: 70_000 }) } },
      { annotations: { 'kubernetes.io/ingress.class': 'b' } },
    ),
    [
      'spec.defaultBackend.service.port.number: Invalid value: 70000: must be between 1 and 65535, inclusive',
      'annotations.kubernetes.io/ingress.class: Invalid value: "b": must match `ingressClassName` when both are specified',
    ],
  ],
  [
    'an IngressClass',
    object('IngressClass', { spec: { controller: 'A/b c', parameters: { kind: '', name: 'n', scope: 'Namespace' } } }),
    [
      `spec.controller: Invalid value: "A": ${SUBDOMAIN}`,
      "spec.controller: Invalid value: \"b c\": Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')",
      'spec.parameters.kind: Required value',
      "spec.parameters.namespace: Required value: `parameters.scope` is set to 'Namespace'",
    ],
  ],
  [
    'an IngressClass without a domain',
    object('IngressClass', { spec: { controller: 'nginx', parameters: { kind: 'K', name: 'n', namespace: 'x' } } }),
    [
      'spec.controller: Invalid value: "nginx": must be a domain-prefixed path (such as "acme.io/foo")',
      "spec.parameters.namespace: Forbidden: `parameters.scope` is set to 'Cluster'",
    ],
  ],
  [
    'ports of a NetworkPolicy',
    object('NetworkPolicy', {
      spec: {
        ingress: [
          {
            ports: [
              { protocol: 'ICMP', port: 0 },
              { port: 80, endPort: 70 },
              { port: 'dns', endPort: 9 },
            ],
          },
        ],
        egress: [{ ports: [{ endPort: 9 }, { port: 'a--b' }] }],
        policyTypes: ['Ingress', 'Sideways'],
      },
    }),
    [
      'spec.ingress[0].ports[0].protocol: Unsupported value: "ICMP": supported values: "TCP", "UDP", "SCTP"',
      'spec.ingress[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive',
      'spec.ingress[0].ports[1].endPort: Invalid value: 70: must be greater than or equal to `port`',
      'spec.ingress[0].ports[2].endPort: Invalid value: 9: may not be specified when `port` is non-numeric',
      'spec.egress[0].ports[0].endPort: Invalid value: 9: may not be specified when `port` is not specified',
      'spec.egress[0].ports[1].port: Invalid value: "a--b": must not contain consecutive hyphens',
      'spec.policyTypes[1]: Unsupported value: "Sideways": supported values: "Ingress", "Egress"',
    ],
  ],
  [
    'peers of a NetworkPolicy',
    object('NetworkPolicy', {
      spec: {
        ingress: [
          {
            from: [
              {},
              { podSelector: {}, ipBlock: { cidr: '10.0.0.0/8' } },
              { ipBlock: { cidr: '' } },
              { ipBlock: { cidr: '10.0.0.0/16', except: ['10.0.1.0/24', '10.1.0.0/24', '10.0.0.0/16', 'x', '::/96'] } },
            ],
          },
        ],
      },
    }),
    [
      'spec.ingress[0].from[0]: Required value: must specify a peer',
      'spec.ingress[0].from[1]: Forbidden: may not specify both ipBlock and another peer',
      'spec.ingress[0].from[2].ipBlock.cidr: Required value',
      'spec.ingress[0].from[3].ipBlock.except[1]: Invalid value: "10.1.0.0/24": must be a strict subset of `cidr`',
      'spec.ingress[0].from[3].ipBlock.except[2]: Invalid value: "10.0.0.0/16": must be a strict subset of `cidr`',
      'spec.ingress[0].from[3].ipBlock.except[3]: Invalid value: "x": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
      'spec.ingress[0].from[3].ipBlock.except[4]: Invalid value: "::/96": must be a strict subset of `cidr`',
    ],
  ],
  [
    'endpoints of an EndpointSlice',
    object('EndpointSlice', {
      addressType: 'IPv4',
      endpoints: [
        { addresses: [] },
        { addresses: ['::1', '127.0.0.1'], nodeName: 'N', hostname: 'a.b' },
        { addresses: ['10.0.0.1'], hints: { forZones: [{ name: 'a' }, { name: 'a' }] } },
      ],
      ports: [{ port: 1 }, { port: 2 }, { name: 'p', protocol: 'ICMP' }],
    }),
    [
      'endpoints[0].addresses: Required value: must contain at least 1 address',
      'endpoints[1].addresses[0]: Invalid value: "::1": must be a valid IPv4 address',
      'endpoints[1].addresses[0]: Invalid value: "::1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
      'endpoints[1].addresses[1]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
      `endpoints[1].nodeName: Invalid value: "N": ${SUBDOMAIN}`,
      'endpoints[1].hostname: Invalid value: "a.b": must not contain dots',
      'endpoints[2].hints.forZones[1].name: Duplicate value: "a"',
      'ports[1].name: Duplicate value: ""',
      'ports[2].protocol: Unsupported value: "ICMP": supported values: "SCTP", "TCP", "UDP"',
    ],
  ],
  [
    'names in an EndpointSlice',
    object('EndpointSlice', { addressType: 'FQDN', endpoints: [{ addresses: ['host', 'a.example.com.', 'A.b'] }] }),
    [
      'endpoints[0].addresses[0]: Invalid value: "host": should be a domain with at least two segments separated by dots',
      `endpoints[0].addresses[2]: Invalid value: "A.b": ${SUBDOMAIN}`,
    ],
  ],
  [
    'an EndpointSlice of nothing',
    object('EndpointSlice', { addressType: 'Odd', endpoints: [] }),
    ['addressType: Unsupported value: "Odd": supported values: "FQDN", "IPv4", "IPv6"'],
  ],
];

describe('a new object', () => {
  it.each(CASES)('%s', async (_what, input, errors) => {
    expect(await createErrors(input)).toEqual(errors);
  });

  it('of too many endpoints is told so, and no more', async () => {
    const endpoints = Array.from({ length: 1001 }, () => ({ addresses: [] }));
    expect(await createErrors(object('EndpointSlice', { addressType: 'IPv6', endpoints }))).toEqual([
      'endpoints: Too many: 1001: must have at most 1000 items',
    ]);
  });
});

describe('an update', () => {
  it('leaves the class of an Ingress to two places', async () => {
    const ingress = object(
      'Ingress',
      { spec: { ingressClassName: 'a', defaultBackend: service('s', { number: 80 }) } },
      { annotations: { 'kubernetes.io/ingress.class': 'b' } },
    );
    expect(await updateErrors(ingress, await prepared(ingress))).toEqual([]);
  });

  it('of a controller, or of the type of addresses, is refused', async () => {
    const ofClass = (controller: string) => object('IngressClass', { spec: { controller } });
    expect(await updateErrors(ofClass('a.io/c'), await prepared(ofClass('a.io/b')))).toEqual([
      'spec.controller: Invalid value: "a.io/c": field is immutable',
    ]);
    const slice = (addressType: string) => object('EndpointSlice', { addressType, endpoints: [] });
    expect(await updateErrors(slice('IPv6'), await prepared(slice('IPv4')))).toEqual([
      'addressType: Invalid value: "IPv6": field is immutable',
    ]);
  });

  it('of the status of an Ingress names addresses and hosts as what they are', async () => {
    const old = await prepared(object('Ingress', { spec: { defaultBackend: service('s', { number: 80 }) } }));
    const changed = { ...old, status: { loadBalancer: { ingress: [{ ip: 'x' }, { hostname: '10.0.0.1' }] } } };
    const strategy = await strategyOf(old);
    expect(texts(strategy.validateStatusUpdate?.(changed, old) ?? [])).toEqual([
      'status.loadBalancer.ingress[0].ip: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      'status.loadBalancer.ingress[1].hostname: Invalid value: "10.0.0.1": must be a DNS name, not an IP address',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/model/kube-object.ts';
import { cluster, createErrors, prepared, updated, updateErrors } from './created.ts';

type Fields = Record<string, unknown>;

function service(spec: Fields, name = 's'): KubeObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'default' }, spec };
}

const PORTS = [{ port: 80 }];
const specOf = (object: KubeObject) => object['spec'] as Fields;

const CASES: [what: string, object: KubeObject, errors: string[]][] = [
  [
    'a wrong type and port, as recorded',
    service({ type: 'Wrong', ports: [{ port: 0 }] }),
    [
      'spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive',
      'spec.ports[0].targetPort: Invalid value: 0: must be between 1 and 65535, inclusive',
      'spec.type: Unsupported value: "Wrong": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
    ],
  ],
  ['no ports, as recorded', service({ selector: { a: 'b' } }), ['spec.ports: Required value']],
  ['a headless service needs no ports', service({ clusterIP: 'None' }), []],
  ['an external name', service({ type: 'ExternalName' }), ['spec.externalName: Required value']],
  [
    'names of ports',
    service({
      ports: [
        { port: 80, name: 'a' },
        { port: 80, name: 'a' },
        { port: 82, targetPort: 'not a port' },
      ],
    }),
    [
      'spec.ports[1].name: Duplicate value: "a"',
      'spec.ports[2].name: Required value',
      'spec.ports[2].targetPort: Invalid value: "not a port": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
      'spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}',
    ],
  ],
  [
    'a node port of a service that has none',
    service({ ports: [{ port: 80, nodePort: 30001 }] }),
    ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
  ],
  [
    'affinity and traffic',
    service({
      ports: PORTS,
      sessionAffinity: 'Odd',
      externalTrafficPolicy: 'Local',
      internalTrafficPolicy: 'Odd',
      externalIPs: ['127.0.0.1', 'x'],
      loadBalancerClass: 'example.com/x',
    }),
    [
      'spec.sessionAffinity: Unsupported value: "Odd": supported values: "ClientIP", "None"',
      'spec.externalIPs[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
      'spec.externalIPs[1]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      "spec.loadBalancerClass: Forbidden: may only be used when `type` is 'LoadBalancer'",
      'spec.internalTrafficPolicy: Unsupported value: "Odd": supported values: "Cluster", "Local"',
    ],
  ],
];

describe('a new service', () => {
  it.each(CASES)('%s', async (_what, object, errors) => {
    expect(await createErrors(object)).toEqual(errors);
  });

  it('gets an address that no other has', async () => {
    const taken = Array.from({ length: 252 }, (_, index) =>
      service({ clusterIPs: [`10.0.0.${index + 2}`] }, `other-${index}`),
    );
    const spec = specOf(await prepared(service({ ports: PORTS }), cluster({ services: taken })));
    expect(spec['clusterIP']).toBe('10.0.0.254');
    await expect(
      prepared(service({ ports: PORTS }), cluster({ services: [...taken, service(spec, 'last')] })),
    ).rejects.toMatchObject({
      status: { message: 'Internal error occurred: failed to allocate a serviceIP: range is full' },
    });
  });

  it('may ask for an address and a node port that are free', async () => {
    const asked = service({ type: 'NodePort', clusterIP: '10.0.0.7', ports: [{ port: 80, nodePort: 30007 }] });
    const made = await prepared(asked);
    expect(specOf(made)).toMatchObject({ clusterIPs: ['10.0.0.7'], ports: [{ nodePort: 30007 }] });
    const other = { ...asked, metadata: { name: 'other', namespace: 'default' } };
    await expect(prepared(other, cluster({ services: [made] }))).rejects.toMatchObject({
      status: {
        reason: 'Invalid',
        message:
          'Service "other" is invalid: spec.clusterIPs: Invalid value: ["10.0.0.7"]: failed to allocate IP 10.0.0.7: provided IP is already allocated',
      },
    });
    const samePort = service({ type: 'NodePort', ports: [{ port: 80, nodePort: 30007 }] }, 'third');
    await expect(prepared(samePort, cluster({ services: [made] }))).rejects.toMatchObject({
      status: {
        message:
          'Service "third" is invalid: spec.ports[0].nodePort: Invalid value: 30007: provided port is already allocated',
      },
    });
  });

  it('may not ask for what is out of range', async () => {
    await expect(prepared(service({ clusterIP: '192.168.0.1', ports: PORTS }))).rejects.toMatchObject({
      status: {
        message:
          'Service "s" is invalid: spec.clusterIPs: Invalid value: ["192.168.0.1"]: failed to allocate IP 192.168.0.1: the provided network does not match the current range',
      },
    });
    const low = service({ type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] });
    await expect(prepared(low)).rejects.toMatchObject({
      status: {
        message:
          'Service "s" is invalid: spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767',
      },
    });
  });

  it("has no families but the cluster's", async () => {
    await expect(prepared(service({ ports: PORTS, ipFamilies: ['IPv6'] }))).rejects.toMatchObject({
      status: {
        message: 'Service "s" is invalid: spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster',
      },
    });
    await expect(prepared(service({ ports: PORTS, ipFamilyPolicy: 'RequireDualStack' }))).rejects.toMatchObject({
      status: {
        message:
          'Service "s" is invalid: spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services',
      },
    });
  });

  it('without a selector and an address has both families', async () => {
    expect(specOf(await prepared(service({ clusterIP: 'None' })))).toMatchObject({
      clusterIPs: ['None'],
      ipFamilies: ['IPv4', 'IPv6'],
      ipFamilyPolicy: 'RequireDualStack',
    });
    expect(specOf(await prepared(service({ clusterIP: 'None', selector: { a: 'b' } })))).toMatchObject({
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
    });
  });

  it('of one port number for two protocols has one node port', async () => {
    const ports = [
      { name: 't', port: 53, protocol: 'TCP' },
      { name: 'u', port: 53, protocol: 'UDP' },
    ];
    const made = specOf(await prepared(service({ type: 'NodePort', ports })))['ports'] as { nodePort: number }[];
    expect(made[0]?.nodePort).toBe(made[1]?.nodePort);
  });
});

describe('the update of a service', () => {
  it('keeps what was allocated when the client does not repeat it', async () => {
    const input = service({ type: 'NodePort', ports: PORTS });
    const old = await prepared(input);
    const again = await updated(input, old, cluster({ services: [old] }));
    expect(specOf(again)).toEqual(specOf(old));
    expect(await updateErrors(input, old, cluster({ services: [old] }))).toEqual([]);
  });

  it('may not change the address', async () => {
    const old = await prepared(service({ clusterIP: '10.0.0.7', ports: PORTS }));
    const patched = structuredClone(old);
    specOf(patched)['clusterIP'] = '10.0.0.8';
    expect(await updateErrors(patched, old)).toEqual([
      'spec.clusterIPs[0]: Invalid value: ["10.0.0.8"]: may not change once set',
    ]);
  });

  it('gives back what a new type has not', async () => {
    const old = await prepared(service({ type: 'LoadBalancer', ports: PORTS }));
    const plain = structuredClone(old);
    specOf(plain)['type'] = 'ClusterIP';
    const spec = specOf(await updated(plain, old));
    expect(spec['allocateLoadBalancerNodePorts']).toBeUndefined();
    expect(spec['externalTrafficPolicy']).toBeUndefined();
    expect((spec['ports'] as Fields[])[0]?.['nodePort']).toBeUndefined();
    expect(await updateErrors(plain, old)).toEqual([]);
    const external = {
      ...structuredClone(old),
      spec: { ...specOf(old), type: 'ExternalName', externalName: 'x.example.com' },
    };
    expect(specOf(await updated(external, old))['clusterIP']).toBeUndefined();
  });
});

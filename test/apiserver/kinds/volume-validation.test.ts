import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../src/model/kube-object.ts';
import { asGo, createErrors, prepared, strategyOf, texts, updateErrors } from './created.ts';

type Fields = Record<string, unknown>;

const BASE = { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' } };
const CSI = { driver: 'd.io', volumeHandle: 'h' };
const DATA = { hostPath: { path: '/data' } };

function volume(spec: Fields): KubeObject {
  return { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'pv' }, spec: { ...BASE, ...spec } };
}

function claim(spec: Fields, status: Fields = {}, annotations: Record<string, string> = {}): KubeObject {
  const resources = { requests: { storage: '2Gi' } };
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'c', namespace: 'n', annotations },
    spec: { accessModes: ['ReadWriteOnce'], resources, ...spec },
    status,
  };
}

const LABEL = /^spec\.\S+: Invalid value: "[^"]*": a lowercase RFC 1123 label must consist/;
const SUBDOMAIN = /^spec\.\S+: Invalid value: "[^"]*": a lowercase RFC 1123 subdomain must consist/;
const TOO_LONG =
  'Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.';
const MORE = 'Forbidden: may not specify more than 1 volume type';

const SOURCES: [what: string, spec: Fields, errors: unknown[]][] = [
  [
    'a path of the host that goes back',
    { hostPath: { path: '/a/../b', type: 'Odd' } },
    [
      'spec.hostPath.path: Invalid value: "/a/../b": must not contain \'..\'',
      'spec.hostPath.type: Unsupported value: "Odd": supported values: "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"',
    ],
  ],
  [
    'a root that is recycled',
    { hostPath: { path: '/./' }, persistentVolumeReclaimPolicy: 'Recycle' },
    ["spec.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a hostPath mount of '/'"],
  ],
  [
    'a disk of GCE',
    { gcePersistentDisk: { partition: 256 } },
    [
      'spec.persistentDisk.pdName: Required value',
      'spec.persistentDisk.partition: Invalid value: 256: must be between 1 and 255, inclusive',
    ],
  ],
  [
    'GlusterFS',
    { glusterfs: { endpoints: '', path: '', endpointsNamespace: '' } },
    [
      'spec.glusterfs.endpoints: Required value',
      'spec.glusterfs.path: Required value',
      'spec.glusterfs.endpointsNamespace: Invalid value: "": if the endpointnamespace is set, it must be a valid namespace name',
    ],
  ],
  [
    'NFS',
    { nfs: { server: '', path: 'a' } },
    ['spec.nfs.server: Required value', 'spec.nfs.path: Invalid value: "a": must be an absolute path'],
  ],
  [
    'RBD and CephFS',
    { rbd: { monitors: [], image: '' }, cephfs: { monitors: [] } },
    ['spec.rbd.monitors: Required value', 'spec.rbd.image: Required value', `spec.cephFS: ${MORE}`],
  ],
  [
    'iSCSI',
    { iscsi: { targetPortal: 'x'.repeat(64), iqn: 'odd', lun: 256, chapAuthSession: true, initiatorName: 'eui.1' } },
    [
      `spec.iscsi.targetportal: Invalid value: "${'x'.repeat(64)}": ${TOO_LONG}`,
      'spec.iscsi.iqn: Invalid value: "odd": must be valid format',
      'spec.iscsi.lun: Invalid value: 256: must be between 0 and 255, inclusive',
      'spec.iscsi.secretRef: Required value',
      'spec.iscsi.initiatorname: Invalid value: "eui.1": must be valid format',
    ],
  ],
  [
    'Cinder, whose secret has a namespace',
    { cinder: { volumeID: '', secretRef: {} } },
    [
      'spec.cinder.volumeID: Required value',
      'spec.cinder.secretRef.name: Required value',
      'spec.cinder.secretRef.namespace: Required value',
    ],
  ],
  [
    'a flexible volume, which is checked as a second one too',
    { ...DATA, flexVolume: { driver: '', options: { 'k8s.io/a': 'b' } } },
    [
      'spec.flexVolume.driver: Required value',
      'spec.flexVolume.options[k8s.io/a]: Invalid value: "k8s.io/a": kubernetes.io and k8s.io namespaces are reserved',
    ],
  ],
  [
    'a file share of Azure',
    { azureFile: { secretName: '', shareName: '', secretNamespace: '' } },
    [
      'spec.azureFile.secretName: Required value',
      'spec.azureFile.shareName: Required value',
      'spec.azureFile.secretNamespace: Required value',
    ],
  ],
  [
    'a local path without nodes',
    { local: { path: 'a/..' } },
    [
      'spec.local.path: Invalid value: "a/..": must not contain \'..\'',
      'spec.nodeAffinity: Required value: Local volume requires node affinity',
    ],
  ],
  [
    'StorageOS',
    { storageos: { volumeName: 'A', volumeNamespace: 'B', secretRef: { name: 's' } } },
    [expect.stringMatching(LABEL), expect.stringMatching(LABEL), 'spec.storageos.secretRef.namespace: Required value'],
  ],
  [
    'CSI',
    {
      csi: {
        driver: '',
        volumeHandle: '',
        controllerPublishSecretRef: {},
        nodeExpandSecretRef: { name: 'A', namespace: 'B' },
      },
    },
    [
      'spec.csi.driver: Required value',
      expect.stringMatching(SUBDOMAIN),
      'spec.csi.volumeHandle: Required value',
      'spec.csi.controllerPublishSecretRef.name: Required value',
      'spec.csi.controllerPublishSecretRef.namespace: Required value',
      expect.stringMatching(SUBDOMAIN),
      expect.stringMatching(LABEL),
    ],
  ],
  [
    'a class of attributes of what is not CSI',
    { ...DATA, volumeAttributesClassName: '' },
    [
      'spec.volumeAttributesClassName: Required value: an empty string is disallowed',
      'spec.csi: Required value: has to be specified when using volumeAttributesClassName',
    ],
  ],
  [
    'a capacity below nothing',
    { ...DATA, capacity: { storage: '-1' } },
    [
      'spec.capacity[storage]: Invalid value: -1: must be a valid resource quantity',
      'spec.capacity[storage]: Invalid value: "-1": must be greater than zero',
    ],
  ],
  [
    'nodes that no term names',
    { local: { path: '/a' }, nodeAffinity: {} },
    ['spec.nodeAffinity.required: Required value: must specify required node constraints'],
  ],
];

describe('a PersistentVolume', () => {
  it.each(SOURCES)('%s', async (_what, spec, errors) => {
    expect(await createErrors(volume(spec))).toEqual(errors);
  });

  it('keeps its source, but may get the secret that expands it', async () => {
    const old = await prepared(volume({ csi: CSI }));
    const secret = { name: 's', namespace: 'n' };
    expect(await updateErrors(volume({ csi: { ...CSI, controllerExpandSecretRef: secret } }), old)).toEqual([]);
    expect(await updateErrors(volume({ csi: { ...CSI, volumeHandle: 'i' } }), old)).toEqual([
      expect.stringMatching(
        /^spec\.persistentvolumesource: Forbidden: spec\.persistentvolumesource is immutable after creation\n/,
      ),
    ]);
  });

  it('keeps its mode and its class of attributes', async () => {
    const old = await prepared(volume({ csi: CSI, volumeAttributesClassName: 'gold' }));
    expect(await updateErrors(volume({ csi: CSI, volumeMode: 'Block' }), old)).toEqual([
      'volumeMode: Invalid value: "Block": field is immutable',
      'spec.volumeAttributesClassName: Forbidden: update from non-nil value to nil is forbidden',
    ]);
  });

  it('keeps its nodes, but for labels that have stable names now', async () => {
    const on = (key: string, values = ['a']) => {
      const matchExpressions = [{ key, operator: 'In', values }];
      return volume({ ...DATA, nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions }] } } });
    };
    const old = await prepared(on('failure-domain.beta.kubernetes.io/zone'));
    expect(await updateErrors(on('topology.kubernetes.io/zone'), old)).toEqual([]);
    expect(await updateErrors(on('topology.kubernetes.io/zone', ['b']), old)).toEqual([
      'nodeAffinity: Invalid value: {"Required":{"NodeSelectorTerms":[{"MatchExpressions":[{"Key":"topology.kubernetes.io/zone","Operator":"In","Values":["b"]}],"MatchFields":null}]}}: field is immutable',
    ]);
    expect(await updateErrors(on('z'), await prepared(volume(DATA)))).toEqual([]);
  });
});

describe('a pod', () => {
  it('has volumes of CSI and StorageOS that are checked', async () => {
    const volumes = [
      { name: 'a', csi: { driver: '', nodePublishSecretRef: {} } },
      { name: 'b', storageos: { volumeName: 'B' } },
    ];
    const spec = { containers: [{ name: 'c', image: 'i' }], volumes };
    expect(
      await createErrors({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'n' }, spec }),
    ).toEqual([
      'spec.volumes[0].csi.driver: Required value',
      expect.stringMatching(SUBDOMAIN),
      'spec.volumes[0].csi.nodePublishSecretRef.name: Required value',
      expect.stringMatching(LABEL),
    ]);
  });
});

const SNAPSHOT = { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 's' };
const IMMUTABLE =
  /^spec: Forbidden: spec is immutable after creation except resources\.requests and volumeAttributesClassName for bound claims\n/;
const BETA = 'volume.beta.kubernetes.io/storage-class';

describe('a PersistentVolumeClaim', () => {
  it.each([
    [
      'a source of no group',
      { dataSource: { kind: 'Odd', name: '' } },
      [
        'spec.dataSource.name: Required value',
        'spec.dataSource: Invalid value: "Odd": must be \'PersistentVolumeClaim\' when referencing the default apiGroup',
        'spec.dataSourceRef.name: Required value',
        'spec.dataSourceRef: Invalid value: "Odd": must be \'PersistentVolumeClaim\' when referencing the default apiGroup',
      ],
    ],
    [
      'two sources',
      { dataSource: SNAPSHOT, dataSourceRef: { ...SNAPSHOT, name: 't' } },
      ['spec: Invalid value: {}: must match dataSourceRef'],
    ],
    [
      'a source elsewhere',
      { dataSource: SNAPSHOT, dataSourceRef: { ...SNAPSHOT, namespace: 'N' } },
      [
        expect.stringMatching(LABEL),
        'spec: Invalid value: {}: may not be specified when dataSourceRef.namespace is specified',
      ],
    ],
  ])('%s', async (_what, spec, errors) => {
    expect(await createErrors(claim(spec))).toEqual(errors);
  });

  it('is bound once', async () => {
    const old = await prepared(claim({ storageClassName: 'fast' }));
    expect(await updateErrors(claim({ storageClassName: 'fast', volumeName: 'v' }), old)).toEqual([]);
    const bound = await prepared(claim({ storageClassName: 'fast', volumeName: 'v' }));
    expect(await updateErrors(claim({ storageClassName: 'fast', volumeName: 'w' }), bound)).toEqual([
      expect.stringMatching(IMMUTABLE),
    ]);
  });

  it('may grow when it is bound, and shrink down to what it has', async () => {
    const old = { ...(await prepared(claim({}))), status: { phase: 'Bound', capacity: { storage: '1Gi' } } };
    const sized = (storage: string) => claim({ resources: { requests: { storage } } });
    expect(await updateErrors(sized('3Gi'), old)).toEqual([]);
    expect(await updateErrors(sized('1500Mi'), old)).toEqual([]);
    expect(await updateErrors(sized('1Gi'), old)).toEqual([
      'spec.resources.requests.storage: Forbidden: field can not be less than status.capacity',
    ]);
    const pending = { ...old, status: { phase: 'Pending' } };
    expect(await updateErrors(sized('3Gi'), pending)).toEqual([expect.stringMatching(IMMUTABLE)]);
  });

  it('may say in the field which class its annotation named, and keeps the annotation', async () => {
    const old = await prepared(claim({}, {}, { [BETA]: 'fast' }));
    expect(await updateErrors(claim({ storageClassName: 'fast' }), old)).toEqual([]);
    expect(await updateErrors(claim({}, {}, { [BETA]: 'slow' }), old)).toEqual([
      `metadata.annotations[${BETA}]: Invalid value: "slow": field is immutable`,
    ]);
  });

  it('may change its class of attributes, but not lose it', async () => {
    const old = {
      ...(await prepared(claim({ volumeAttributesClassName: 'gold' }))),
      status: { phase: 'Bound' },
    };
    expect(await updateErrors(claim({ volumeAttributesClassName: 'silver' }), old)).toEqual([]);
    expect(await updateErrors(claim({ volumeAttributesClassName: '' }), old)).toEqual([
      'spec.volumeAttributesClassName: Forbidden: update from non-nil value to an empty string is forbidden',
    ]);
    expect(await updateErrors(claim({}), old)).toEqual([
      expect.stringMatching(IMMUTABLE),
      'spec.volumeAttributesClassName: Forbidden: update from non-nil value to nil is forbidden',
    ]);
  });

  it('has a status that is checked', async () => {
    const object = asGo(
      claim(
        { accessModes: [] },
        {
          capacity: { storage: '-1' },
          allocatedResourceStatuses: { storage: 'Odd', cpu: 'NodeResizePending' },
          allocatedResources: { cpu: '1', storage: '-2' },
        },
      ),
    );
    const strategy = await strategyOf(object);
    expect(texts(strategy.validateStatusUpdate?.(object, object) ?? [])).toEqual([
      'Spec.accessModes: Required value',
      'status.capacity[storage]: Invalid value: -1: must be a valid resource quantity',
      'status.allocatedResourceStatus: Unsupported value: "cpu": supported values: "storage"',
      'status.allocatedResourceStatus: Unsupported value: "storage": supported values: "ControllerResizeInProgress", "ControllerResizeInfeasible", "NodeResizeInProgress", "NodeResizeInfeasible", "NodeResizePending"',
      'status.allocatedResources: Unsupported value: "cpu": supported values: "storage"',
      'status.allocatedResources[storage]: Invalid value: -2: must be a valid resource quantity',
    ]);
  });
});

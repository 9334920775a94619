import { writeEphemeralClaim } from './claim-lines.ts';
import type { Description } from './description.ts';
import { type Fields, flagAt, has, mapAt, numberAt, objectsAt, sortedEntries, stringsAt, textAt } from './fields.ts';
import { goText } from '../../model/go-text.ts';
import { listText, shortened } from './metadata-lines.ts';
import { quantityOf, quantityText } from './quantity-text.ts';
import { quantitySign } from '../../model/quantity.ts';

/** One line of a volume source: a title and what stands beside it. */
interface SourceRow {
  readonly title: string;
  readonly text: (source: Fields) => string;
}

/** How one kind of volume source is described. */
export interface VolumeSource {
  readonly field: string;
  readonly type: string;
  readonly rows?: readonly SourceRow[];
  /** What does not fit rows. */
  readonly write?: (out: Description, source: Fields) => void;
}

const text = (title: string, field: string, otherwise = ''): SourceRow => ({
  title: `${title}:`,
  text: (source) => textAt(source, field, otherwise),
});
const number = (title: string, field: string): SourceRow => ({
  title: `${title}:`,
  text: (source) => String(numberAt(source, field)),
});
const flag = (title: string, field: string): SourceRow => ({
  title: `${title}:`,
  text: (source) => String(flagAt(source, field)),
});
const list = (title: string, field: string): SourceRow => ({
  title: `${title}:`,
  text: (source) => listText(stringsAt(source, field)),
});
/** A reference to a secret, as Go prints the struct. */
const reference = (type: 'LocalObjectReference' | 'SecretReference'): SourceRow => ({
  title: 'SecretRef:',
  text(source) {
    if (!has(source, 'secretRef')) return 'nil';
    const namespace = type === 'SecretReference' ? `Namespace:${textAt(source, 'secretRef.namespace')},` : '';
    return `&${type}{Name:${textAt(source, 'secretRef.name')},${namespace}}`;
  },
});
const fsType = text('FSType', 'fsType');
const readOnly = flag('ReadOnly', 'readOnly');
const optional = flag('Optional', 'optional');

const hostPath: VolumeSource = {
  field: 'hostPath',
  type: 'HostPath (bare host directory volume)',
  rows: [text('Path', 'path'), text('HostPathType', 'type', '<none>')],
};
const emptyDir: VolumeSource = {
  field: 'emptyDir',
  type: "EmptyDir (a temporary directory that shares a pod's lifetime)",
  rows: [
    text('Medium', 'medium'),
    {
      title: 'SizeLimit:',
      text(source) {
        const limit = textAt(source, 'sizeLimit');
        return quantitySign(quantityOf(limit)) > 0 ? quantityText(limit) : '<unset>';
      },
    },
  ],
};
const gcePersistentDisk: VolumeSource = {
  field: 'gcePersistentDisk',
  type: 'GCEPersistentDisk (a Persistent Disk resource in Google Compute Engine)',
  rows: [text('PDName', 'pdName'), fsType, number('Partition', 'partition'), readOnly],
};
const awsElasticBlockStore: VolumeSource = {
  field: 'awsElasticBlockStore',
  type: 'AWSElasticBlockStore (a Persistent Disk resource in AWS)',
  rows: [text('VolumeID', 'volumeID'), fsType, number('Partition', 'partition'), readOnly],
};
const gitRepo: VolumeSource = {
  field: 'gitRepo',
  type: 'GitRepo (a volume that is pulled from git when the pod is created)',
  rows: [text('Repository', 'repository'), text('Revision', 'revision')],
};
const secret: VolumeSource = {
  field: 'secret',
  type: 'Secret (a volume populated by a Secret)',
  rows: [text('SecretName', 'secretName'), optional],
};
const configMap: VolumeSource = {
  field: 'configMap',
  type: 'ConfigMap (a volume populated by a ConfigMap)',
  rows: [text('Name', 'name'), optional],
};
const nfs: VolumeSource = {
  field: 'nfs',
  type: 'NFS (an NFS mount that lasts the lifetime of a pod)',
  rows: [text('Server', 'server'), text('Path', 'path'), readOnly],
};
const iscsi = (type: 'LocalObjectReference' | 'SecretReference'): VolumeSource => ({
  field: 'iscsi',
  type: "ISCSI (an ISCSI Disk resource that is attached to a kubelet's host machine and then exposed to the pod)",
  rows: [
    text('TargetPortal', 'targetPortal'),
    text('IQN', 'iqn'),
    number('Lun', 'lun'),
    { title: 'ISCSIInterface', text: (source) => textAt(source, 'iscsiInterface') },
    fsType,
    readOnly,
    list('Portals', 'portals'),
    flag('DiscoveryCHAPAuth', 'chapAuthDiscovery'),
    flag('SessionCHAPAuth', 'chapAuthSession'),
    reference(type),
    text('InitiatorName', 'initiatorName', '<none>'),
  ],
});
const glusterfsType = "Glusterfs (a Glusterfs mount on the host that shares a pod's lifetime)";
const persistentVolumeClaim: VolumeSource = {
  field: 'persistentVolumeClaim',
  type: 'PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)',
  rows: [text('ClaimName', 'claimName'), readOnly],
};
const ephemeral: VolumeSource = {
  field: 'ephemeral',
  type: 'EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)',
  write: (out, source) => writeEphemeralClaim(out, source),
};
const rbd = (type: 'LocalObjectReference' | 'SecretReference'): VolumeSource => ({
  field: 'rbd',
  type: "RBD (a Rados Block Device mount on the host that shares a pod's lifetime)",
  rows: [
    list('CephMonitors', 'monitors'),
    text('RBDImage', 'image'),
    fsType,
    text('RBDPool', 'pool'),
    text('RadosUser', 'user'),
    text('Keyring', 'keyring'),
    reference(type),
    readOnly,
  ],
});
const quobyte: VolumeSource = {
  field: 'quobyte',
  type: "Quobyte (a Quobyte mount on the host that shares a pod's lifetime)",
  rows: [text('Registry', 'registry'), text('Volume', 'volume'), readOnly],
};
const downwardAPI: VolumeSource = {
  field: 'downwardAPI',
  type: 'DownwardAPI (a volume populated by information about the pod)',
  write(out, source) {
    out.line(2, 'Items:');
    for (const item of objectsAt(source, 'items')) {
      for (const path of ['fieldRef.fieldPath', 'resourceFieldRef.resource']) {
        if (has(item, path)) out.line(3, `${textAt(item, path)} -> ${textAt(item, 'path')}`);
      }
    }
  },
};
const azureDisk: VolumeSource = {
  field: 'azureDisk',
  type: 'AzureDisk (an Azure Data Disk mount on the host and bind mount to the pod)',
  rows: [
    text('DiskName', 'diskName'),
    text('DiskURI', 'diskURI'),
    { title: 'Kind: ', text: (source) => textAt(source, 'kind') },
    fsType,
    text('CachingMode', 'cachingMode'),
    readOnly,
  ],
};
const vsphereVolume: VolumeSource = {
  field: 'vsphereVolume',
  type: 'vSphereVolume (a Persistent Disk resource in vSphere)',
  rows: [text('VolumePath', 'volumePath'), fsType, text('StoragePolicyName', 'storagePolicyName')],
};
const cinder = (type: 'LocalObjectReference' | 'SecretReference'): VolumeSource => ({
  field: 'cinder',
  type: 'Cinder (a Persistent Disk resource in OpenStack)',
  rows: [text('VolumeID', 'volumeID'), fsType, readOnly, reference(type)],
});
const photonPersistentDisk: VolumeSource = {
  field: 'photonPersistentDisk',
  type: 'PhotonPersistentDisk (a Persistent Disk resource in photon platform)',
  rows: [text('PdID', 'pdID'), fsType],
};
const portworxVolume: VolumeSource = {
  field: 'portworxVolume',
  type: 'PortworxVolume (a Portworx Volume resource)',
  rows: [text('VolumeID', 'volumeID')],
};
const scaleIORows: readonly SourceRow[] = [
  text('Gateway', 'gateway'),
  text('System', 'system'),
  text('Protection Domain', 'protectionDomain'),
  text('Storage Pool', 'storagePool'),
  text('Storage Mode', 'storageMode'),
  text('VolumeName', 'volumeName'),
];
const scaleIOType = 'ScaleIO (a persistent volume backed by a block device in ScaleIO)';
const cephfs = (type: 'LocalObjectReference' | 'SecretReference'): VolumeSource => ({
  field: 'cephfs',
  type: "CephFS (a CephFS mount on the host that shares a pod's lifetime)",
  rows: [
    list('Monitors', 'monitors'),
    text('Path', 'path'),
    text('User', 'user'),
    text('SecretFile', 'secretFile'),
    reference(type),
    readOnly,
  ],
});
const storageos: VolumeSource = {
  field: 'storageos',
  type: 'StorageOS (a StorageOS Persistent Disk resource)',
  rows: [text('VolumeName', 'volumeName'), text('VolumeNamespace', 'volumeNamespace'), fsType, readOnly],
};
const fc: VolumeSource = {
  field: 'fc',
  type: 'FC (a Fibre Channel disk)',
  rows: [
    { title: 'TargetWWNs:', text: (source) => stringsAt(source, 'targetWWNs').join(', ') },
    text('LUN', 'lun', '<none>'),
    fsType,
    readOnly,
  ],
};
const azureFileType = 'AzureFile (an Azure File Service mount on the host and bind mount to the pod)';
const flexVolume = (type: 'LocalObjectReference' | 'SecretReference'): VolumeSource => ({
  field: 'flexVolume',
  type: 'FlexVolume (a generic volume resource that is provisioned/attached using an exec based plugin)',
  rows: [
    text('Driver', 'driver'),
    fsType,
    reference(type),
    readOnly,
    { title: 'Options:', text: (source) => goText(mapAt(source, 'options')) },
  ],
});
const flocker: VolumeSource = {
  field: 'flocker',
  type: 'Flocker (a Flocker volume mounted by the Flocker agent)',
  rows: [text('DatasetName', 'datasetName'), text('DatasetUUID', 'datasetUUID')],
};
const projected: VolumeSource = {
  field: 'projected',
  type: 'Projected (a volume that contains injected data from multiple sources)',
  write(out, source) {
    for (const each of objectsAt(source, 'sources')) {
      if (has(each, 'secret')) writeProjection(out, 'SecretName:', each, 'secret');
      else if (has(each, 'downwardAPI')) out.line(2, 'DownwardAPI:', 'true');
      else if (has(each, 'configMap')) writeProjection(out, 'ConfigMapName:', each, 'configMap');
      else if (has(each, 'serviceAccountToken')) {
        out.line(2, 'TokenExpirationSeconds:', numberAt(each, 'serviceAccountToken.expirationSeconds'));
      }
    }
  },
};

function writeProjection(out: Description, title: string, projection: Fields, field: string): void {
  out.line(2, title, textAt(projection, `${field}.name`));
  out.line(2, 'Optional:', flagAt(projection, `${field}.optional`));
}

const csiType = 'CSI (a Container Storage Interface (CSI) volume source)';

function writeVolumeAttributes(out: Description, source: Fields): void {
  const lines = sortedEntries(mapAt(source, 'volumeAttributes')).map(([key, value]) => shortened(`${key}=${value}`));
  out.write(2, 'VolumeAttributes:\t');
  if (lines.length === 0) out.write(0, '<none>\n');
  // Every piece is indented, as kubectl writes them.
  for (const [index, line] of lines.entries()) out.write(2, `${index === 0 ? '' : '    \t    '}${line}\n`);
}

const image: VolumeSource = {
  field: 'image',
  type: 'Image (a container image or OCI artifact)',
  rows: [text('Reference', 'reference'), text('PullPolicy', 'pullPolicy')],
};

/** The sources of a pod's volumes, in the order in which they are looked for. */
export const podVolumeSources: readonly VolumeSource[] = [
  hostPath,
  emptyDir,
  gcePersistentDisk,
  awsElasticBlockStore,
  gitRepo,
  secret,
  configMap,
  nfs,
  iscsi('LocalObjectReference'),
  {
    field: 'glusterfs',
    type: glusterfsType,
    rows: [text('EndpointsName', 'endpoints'), text('Path', 'path'), readOnly],
  },
  persistentVolumeClaim,
  ephemeral,
  rbd('LocalObjectReference'),
  quobyte,
  downwardAPI,
  azureDisk,
  vsphereVolume,
  cinder('LocalObjectReference'),
  photonPersistentDisk,
  portworxVolume,
  { field: 'scaleIO', type: scaleIOType, rows: [...scaleIORows, fsType, readOnly] },
  cephfs('LocalObjectReference'),
  storageos,
  fc,
  {
    field: 'azureFile',
    type: azureFileType,
    rows: [text('SecretName', 'secretName'), text('ShareName', 'shareName'), readOnly],
  },
  flexVolume('LocalObjectReference'),
  flocker,
  projected,
  { field: 'csi', type: csiType, rows: [text('Driver', 'driver'), fsType, readOnly], write: writeVolumeAttributes },
  image,
];

/** The sources of persistent volumes, in the order in which they are looked for. */
export const persistentVolumeSources: readonly VolumeSource[] = [
  hostPath,
  gcePersistentDisk,
  awsElasticBlockStore,
  nfs,
  iscsi('SecretReference'),
  {
    field: 'glusterfs',
    type: glusterfsType,
    rows: [
      text('EndpointsName', 'endpoints'),
      text('EndpointsNamespace', 'endpointsNamespace', '<unset>'),
      text('Path', 'path'),
      readOnly,
    ],
  },
  rbd('SecretReference'),
  quobyte,
  vsphereVolume,
  cinder('SecretReference'),
  azureDisk,
  photonPersistentDisk,
  portworxVolume,
  {
    field: 'scaleIO',
    type: scaleIOType,
    rows: [
      ...scaleIORows,
      text('SecretName', 'secretRef.name'),
      text('SecretNamespace', 'secretRef.namespace'),
      fsType,
      readOnly,
    ],
  },
  {
    field: 'local',
    type: 'LocalVolume (a persistent volume backed by local storage on a node)',
    rows: [text('Path', 'path')],
  },
  cephfs('SecretReference'),
  storageos,
  fc,
  {
    field: 'azureFile',
    type: azureFileType,
    rows: [
      text('SecretName', 'secretName'),
      text('SecretNamespace', 'secretNamespace'),
      text('ShareName', 'shareName'),
      readOnly,
    ],
  },
  flexVolume('SecretReference'),
  flocker,
  {
    field: 'csi',
    type: csiType,
    rows: [text('Driver', 'driver'), fsType, text('VolumeHandle', 'volumeHandle'), readOnly],
    write: writeVolumeAttributes,
  },
];

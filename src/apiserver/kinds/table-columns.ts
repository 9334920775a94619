import type { TableColumn } from '../../model/table.ts';

/**
 * The columns of every kind's table, by resource and group, as a kube-apiserver 1.36 serves them: `name:type:format`, where
 * type is string and format is empty when not said, and `!` marks a column of wide output (priority 1).
 */
const COLUMNS: Readonly<Record<string, string>> = {
  'apiservices.apiregistration.k8s.io': 'Name:string:name | Service | Available | Age',
  'certificatesigningrequests.certificates.k8s.io':
    'Name:string:name | Age | SignerName | Requestor | RequestedDuration | Condition',
  'clusterrolebindings.rbac.authorization.k8s.io':
    'Name:string:name | Role | Age | Users! | Groups! | ServiceAccounts!',
  'clusterroles.rbac.authorization.k8s.io': 'Name:string:name | Created At:date',
  componentstatuses: 'Name:string:name | Status | Message | Error',
  configmaps: 'Name:string:name | Data | Age',
  'controllerrevisions.apps': 'Name:string:name | Controller | Revision | Age',
  'cronjobs.batch':
    'Name:string:name | Schedule | Timezone | Suspend:boolean | Active:integer | Last Schedule | Age | Containers! | Images! | Selector!',
  'csidrivers.storage.k8s.io':
    'Name:string:name | AttachRequired:boolean | PodInfoOnMount:boolean | StorageCapacity:boolean | TokenRequests | RequiresRepublish:boolean | Modes | Age',
  'csinodes.storage.k8s.io': 'Name:string:name | Drivers:integer | Age',
  'csistoragecapacities.storage.k8s.io': 'Name:string:name | Created At:date',
  'customresourcedefinitions.apiextensions.k8s.io': 'Name:string:name | Created At:date',
  'daemonsets.apps':
    'Name:string:name | Desired:integer | Current:integer | Ready:integer | Up-to-date:integer | Available:integer | Node Selector | Age | Containers! | Images! | Selector!',
  'deployments.apps': 'Name:string:name | Ready | Up-to-date | Available | Age | Containers! | Images! | Selector!',
  'deviceclasses.resource.k8s.io': 'Name:string:name | Age',
  endpoints: 'Name:string:name | Endpoints | Age',
  'endpointslices.discovery.k8s.io': 'Name:string:name | AddressType | Ports | Endpoints | Age',
  events:
    'Last Seen | Type | Reason | Object | Subobject! | Source! | Message | First Seen! | Count! | Name:string:name!',
  'events.events.k8s.io':
    'Last Seen | Type | Reason | Object | Subobject! | Source! | Message | First Seen! | Count! | Name:string:name!',
  'flowschemas.flowcontrol.apiserver.k8s.io':
    'Name:string:name | PriorityLevel | MatchingPrecedence | DistinguisherMethod | Age | MissingPL',
  'horizontalpodautoscalers.autoscaling': 'Name:string:name | Reference | Targets | MinPods | MaxPods | Replicas | Age',
  'ingressclasses.networking.k8s.io': 'Name:string:name | Controller | Parameters | Age',
  'ingresses.networking.k8s.io': 'Name:string:name | Class | Hosts | Address | Ports | Age',
  'ipaddresses.networking.k8s.io': 'Name:string:name | ParentRef',
  'jobs.batch': 'Name:string:name | Status | Completions | Duration | Age | Containers! | Images! | Selector!',
  'leases.coordination.k8s.io': 'Name:string:name | Holder | Age',
  limitranges: 'Name:string:name | Created At:date',
  'mutatingadmissionpolicies.admissionregistration.k8s.io': 'Name:string:name | Mutations:integer | ParamKind | Age',
  'mutatingadmissionpolicybindings.admissionregistration.k8s.io': 'Name:string:name | PolicyName | ParamRef | Age',
  'mutatingwebhookconfigurations.admissionregistration.k8s.io': 'Name:string:name | Webhooks:integer | Age',
  namespaces: 'Name:string:name | Status | Age',
  'networkpolicies.networking.k8s.io': 'Name:string:name | Pod-Selector | Age',
  nodes:
    'Name:string:name | Status | Roles | Age | Version | Internal-IP! | External-IP! | OS-Image! | Kernel-Version! | Container-Runtime!',
  persistentvolumeclaims:
    'Name:string:name | Status | Volume | Capacity | Access Modes | StorageClass | VolumeAttributesClass | Age | VolumeMode!',
  persistentvolumes:
    'Name:string:name | Capacity | Access Modes | Reclaim Policy | Status | Claim | StorageClass | VolumeAttributesClass | Reason | Age | VolumeMode!',
  'poddisruptionbudgets.policy':
    'Name:string:name | Min Available | Max Unavailable | Allowed Disruptions:integer | Age',
  pods: 'Name:string:name | Ready | Status | Restarts | Age | IP! | Node! | Nominated Node! | Readiness Gates!',
  podtemplates: 'Name:string:name | Containers | Images | Pod Labels',
  'priorityclasses.scheduling.k8s.io':
    'Name:string:name | Value:integer | Global-Default:boolean | Age | PreemptionPolicy',
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io':
    'Name:string:name | Type | NominalConcurrencyShares | Queues | HandSize | QueueLengthLimit | Age',
  'replicasets.apps':
    'Name:string:name | Desired:integer | Current:integer | Ready:integer | Age | Containers! | Images! | Selector!',
  replicationcontrollers:
    'Name:string:name | Desired:integer | Current:integer | Ready:integer | Age | Containers! | Images! | Selector!',
  'resourceclaims.resource.k8s.io': 'Name:string:name | State | Age',
  'resourceclaimtemplates.resource.k8s.io': 'Name:string:name | Age',
  resourcequotas: 'Name:string:name | Request | Limit | Age',
  'resourceslices.resource.k8s.io': 'Name:string:name | Node | Driver | Pool | Age',
  'rolebindings.rbac.authorization.k8s.io': 'Name:string:name | Role | Age | Users! | Groups! | ServiceAccounts!',
  'roles.rbac.authorization.k8s.io': 'Name:string:name | Created At:date',
  'runtimeclasses.node.k8s.io': 'Name:string:name | Handler | Age',
  'scales.autoscaling': 'Name:string:name | Desired:integer | Available:integer | Age',
  secrets: 'Name:string:name | Type | Data | Age',
  serviceaccounts: 'Name:string:name | Age',
  'servicecidrs.networking.k8s.io': 'Name:string:name | CIDRs | Age',
  services: 'Name:string:name | Type | Cluster-IP | External-IP | Port(s) | Age | Selector!',
  'statefulsets.apps': 'Name:string:name | Ready | Age | Containers! | Images!',
  'storageclasses.storage.k8s.io':
    'Name:string:name | Provisioner | ReclaimPolicy | VolumeBindingMode | AllowVolumeExpansion | Age',
  'validatingadmissionpolicies.admissionregistration.k8s.io':
    'Name:string:name | Validations:integer | ParamKind | Age',
  'validatingadmissionpolicybindings.admissionregistration.k8s.io': 'Name:string:name | PolicyName | ParamRef | Age',
  'validatingwebhookconfigurations.admissionregistration.k8s.io': 'Name:string:name | Webhooks:integer | Age',
  'volumeattachments.storage.k8s.io': 'Name:string:name | Attacher:string:name | PV | Node | Attached:boolean | Age',
  'volumeattributesclasses.storage.k8s.io': 'Name:string:name | DriverName | Age',
};

const NO_COLUMNS_OF_ITS_OWN = 'Name:string:name | Created At:date';

/** The columns of a resource (`pods`, `deployments.apps`); those of the default table when it has none of its own. */
export function columnsOf(resource: string): TableColumn[] {
  return (COLUMNS[resource] ?? NO_COLUMNS_OF_ITS_OWN).split(' | ').map((text) => {
    const wide = text.endsWith('!');
    const [name = '', type = 'string', format = ''] = (wide ? text.slice(0, -1) : text).split(':');
    return { name, type, format, priority: wide ? 1 : 0 };
  });
}

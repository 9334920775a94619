import type { TablePrinter } from '../strategy.ts';
import { autoscalerCells } from './cells/autoscaler-cells.ts';
import type { Cells } from './cells/cells.ts';
import * as cluster from './cells/cluster-cells.ts';
import * as config from './cells/config-cells.ts';
import * as control from './cells/control-cells.ts';
import { eventCells } from './cells/event-cells.ts';
import * as network from './cells/network-cells.ts';
import { podCells, podConditions } from './cells/pod-cells.ts';
import * as storage from './cells/storage-cells.ts';
import * as workload from './cells/workload-cells.ts';
import { columnsOf } from './table-columns.ts';

const CELLS: Readonly<Record<string, Cells>> = {
  'apiservices.apiregistration.k8s.io': control.apiServiceCells,
  'certificatesigningrequests.certificates.k8s.io': control.signingRequestCells,
  'clusterrolebindings.rbac.authorization.k8s.io': control.roleBindingCells,
  componentstatuses: cluster.componentStatusCells,
  configmaps: config.configMapCells,
  'controllerrevisions.apps': workload.controllerRevisionCells,
  'cronjobs.batch': workload.cronJobCells,
  'csidrivers.storage.k8s.io': storage.csiDriverCells,
  'csinodes.storage.k8s.io': storage.csiNodeCells,
  'daemonsets.apps': workload.daemonSetCells,
  'deployments.apps': workload.deploymentCells,
  'deviceclasses.resource.k8s.io': config.nameAndAgeCells,
  endpoints: network.endpointsCells,
  'endpointslices.discovery.k8s.io': network.endpointSliceCells,
  events: eventCells,
  'events.events.k8s.io': eventCells,
  'flowschemas.flowcontrol.apiserver.k8s.io': control.flowSchemaCells,
  'horizontalpodautoscalers.autoscaling': autoscalerCells,
  'ingressclasses.networking.k8s.io': network.ingressClassCells,
  'ingresses.networking.k8s.io': network.ingressCells,
  'ipaddresses.networking.k8s.io': network.ipAddressCells,
  'jobs.batch': workload.jobCells,
  'leases.coordination.k8s.io': cluster.leaseCells,
  'mutatingadmissionpolicies.admissionregistration.k8s.io': control.mutatingPolicyCells,
  'mutatingadmissionpolicybindings.admissionregistration.k8s.io': control.policyBindingCells,
  'mutatingwebhookconfigurations.admissionregistration.k8s.io': control.webhookConfigurationCells,
  namespaces: cluster.namespaceCells,
  'networkpolicies.networking.k8s.io': network.networkPolicyCells,
  nodes: cluster.nodeCells,
  persistentvolumeclaims: storage.persistentVolumeClaimCells,
  persistentvolumes: storage.persistentVolumeCells,
  'poddisruptionbudgets.policy': cluster.disruptionBudgetCells,
  pods: podCells,
  podtemplates: workload.podTemplateCells,
  'priorityclasses.scheduling.k8s.io': cluster.priorityClassCells,
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io': control.priorityLevelCells,
  'replicasets.apps': workload.replicaSetCells,
  replicationcontrollers: workload.replicationControllerCells,
  'resourceclaims.resource.k8s.io': cluster.resourceClaimCells,
  'resourceclaimtemplates.resource.k8s.io': config.nameAndAgeCells,
  resourcequotas: cluster.resourceQuotaCells,
  'resourceslices.resource.k8s.io': cluster.resourceSliceCells,
  'rolebindings.rbac.authorization.k8s.io': control.roleBindingCells,
  'runtimeclasses.node.k8s.io': cluster.runtimeClassCells,
  'scales.autoscaling': workload.scaleCells,
  secrets: config.secretCells,
  serviceaccounts: config.nameAndAgeCells,
  'servicecidrs.networking.k8s.io': network.serviceCidrCells,
  services: network.serviceCells,
  'statefulsets.apps': workload.statefulSetCells,
  'storageclasses.storage.k8s.io': storage.storageClassCells,
  'validatingadmissionpolicies.admissionregistration.k8s.io': control.validatingPolicyCells,
  'validatingadmissionpolicybindings.admissionregistration.k8s.io': control.policyBindingCells,
  'validatingwebhookconfigurations.admissionregistration.k8s.io': control.webhookConfigurationCells,
  'volumeattachments.storage.k8s.io': storage.volumeAttachmentCells,
  'volumeattributesclasses.storage.k8s.io': storage.volumeAttributesClassCells,
};

/** How a resource (`pods`, `deployments.apps`) prints as a table; the default table when it has none of its own. */
export function tableFor(resource: string): TablePrinter {
  const cells = CELLS[resource] ?? config.nameAndCreationCells;
  return { columns: columnsOf(resource), cells, ...(resource === 'pods' ? { conditions: podConditions } : {}) };
}

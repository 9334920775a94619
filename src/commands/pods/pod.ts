import type { JsonObject } from '../../model/json-value.ts';
import type { KubeObject } from '../../model/kube-object.ts';

/** What the commands of this folder read of a container. */
export interface Container extends JsonObject {
  name: string;
}

interface ContainerStatus {
  readonly name: string;
  readonly restartCount?: number;
  readonly state?: {
    readonly running?: unknown;
    readonly terminated?: { readonly exitCode?: number; readonly reason?: string; readonly message?: string };
    readonly waiting?: { readonly message?: string };
  };
}

/** A pod as a server answers it, as far as these commands read it. */
export interface Pod extends KubeObject {
  spec: {
    nodeName?: string;
    restartPolicy?: string;
    containers: Container[];
    initContainers?: Container[];
    ephemeralContainers?: Container[];
    [field: string]: unknown;
  };
  status?: {
    phase?: string;
    conditions?: { type: string; status: string; lastTransitionTime?: string }[];
    containerStatuses?: ContainerStatus[];
    initContainerStatuses?: ContainerStatus[];
    ephemeralContainerStatuses?: ContainerStatus[];
  };
}

/** The object as the pod that it is: the server's promise, but for a spec that a broken one leaves out. */
export function asPod(object: KubeObject): Pod {
  const pod = object as Pod;
  return { ...pod, spec: { ...pod.spec, containers: pod.spec?.containers ?? [] } };
}

/** The state of a container of any sort; undefined while the kubelet has said nothing of it. */
export function containerStatus({ status = {} }: Pod, name: string): ContainerStatus | undefined {
  return [
    ...(status.initContainerStatuses ?? []),
    ...(status.containerStatuses ?? []),
    ...(status.ephemeralContainerStatuses ?? []),
  ].find((each) => each.name === name);
}

/** Whether nothing of the pod runs any more. */
export function isCompleted({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

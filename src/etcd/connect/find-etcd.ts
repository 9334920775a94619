import path from 'node:path';
import { isJsonObject } from '../../model/json-value.ts';
import { UserError } from '../../model/user-error.ts';
import { parseYaml } from '../../model/yaml.ts';
import type { FoundEtcd } from './found-etcd.ts';
import { distributions, etcdOfDistribution, type HostFiles } from './from-k3s.ts';
import { etcdOfPod } from './from-pod.ts';

const MANIFESTS = '/etc/kubernetes/manifests';
/** Where kubeadm and others like it put what the kubelet runs, the most telling first. */
const MANIFEST_FILES = [`${MANIFESTS}/kube-apiserver.yaml`, `${MANIFESTS}/etcd.yaml`];

/**
 * Finds the etcd of the cluster whose control plane is on a host: in one file or folder, or where kubeadm, k3s and RKE2 have
 * theirs. Throws UserError that says what was looked at.
 */
export function findEtcd(files: HostFiles, file: string | undefined): FoundEtcd {
  if (file !== undefined) return inFile(files, file);
  const manifest = MANIFEST_FILES.find((each) => files.exists(each));
  if (manifest !== undefined) return inFile(files, manifest);
  const distribution = distributions.find(({ config, data }) => files.exists(config) || files.exists(`${data}/server`));
  if (distribution !== undefined) return etcdOfDistribution(distribution, files);
  const places = [
    ...MANIFEST_FILES,
    ...distributions.map(({ config }) => config),
    ...distributions.map(({ data }) => data),
  ];
  throw new UserError(
    `nothing here tells of a cluster's etcd; looked for ${places.join(', ')}. Name a manifest, or use --from-cluster`,
  );
}

function inFile(files: HostFiles, file: string): FoundEtcd {
  const text = files.read(file);
  if (text === undefined) throw new UserError(`the path ${JSON.stringify(file)} does not exist`);
  let value: unknown;
  try {
    value = parseYaml(text);
  } catch (error) {
    throw new UserError(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  if (!isJsonObject(value)) {
    throw new UserError(`${file}: a Pod's manifest, or the configuration of k3s or RKE2, is expected`);
  }
  if (value['kind'] === 'Pod') return etcdOfPod(value, file, (each) => files.exists(each));
  if (value['kind'] !== undefined) {
    throw new UserError(`${file}: a Pod's manifest is expected, not ${JSON.stringify(value['kind'])}`);
  }
  const [k3s] = distributions;
  const distribution = distributions.find(({ config }) => path.resolve(file).endsWith(config)) ?? k3s;
  if (distribution === undefined) throw new UserError(`${file} is no configuration that is known`);
  return etcdOfDistribution(distribution, files, file);
}

import { createHash } from 'node:crypto';
import type { ResourceInfo } from '../../model/schema/resource-info.ts';
import { storageInfo } from '../../model/schema/storage-info.ts';
import { apiVersionOf, groupVersionOf } from '../../model/schema/resource-info.ts';

/** What discovery tells of how a resource is stored, as kube-apiserver hashes it; '' for what is not stored. */
export function storageVersionHash(info: ResourceInfo & { readonly storageVersion?: string }): string {
  const { storageVersion } = info;
  const apiVersion =
    storageVersion === undefined
      ? storageInfo(info)?.apiVersion
      : apiVersionOf({ group: info.group, version: storageVersion });
  if (apiVersion === undefined) return '';
  const { group, version } = groupVersionOf(apiVersion);
  const digest = createHash('sha256').update(`${group}/${version}/${info.kind}`).digest();
  return digest.subarray(0, 8).toString('base64');
}

import { goQuote } from '../model/go-text.ts';
import type { NamedTarget } from './target.ts';

/** A target as kubectl's errors show it on two lines: resource and kind, then name and namespace (resource.Info.String). */
export function targetText({ resource, name, namespace = '' }: NamedTarget): string {
  const { group, version, plural, kind } = resource;
  const gvr = `${group}/${version}, Resource=${plural}`;
  const gvk = `${group}/${version}, Kind=${kind}`;
  return `Resource: ${goQuote(gvr)}, GroupVersionKind: ${goQuote(gvk)}\nName: ${goQuote(name)}, Namespace: ${goQuote(namespace)}`;
}

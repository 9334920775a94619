import { labelSelectorMatches, parseLabelSelector } from '../model/selectors/label-selector.ts';
import type { Regexp } from '../model/regexp/regexp.ts';
import { anchoredRegexp } from './go-regexp.ts';
import type { Resource, TextMap } from './resource.ts';
import { effectiveNamespace, gvkText, type ResId } from './res-id.ts';

/** Which objects a patch, a replacement or a transformer is for. */
export interface Selector extends ResId {
  readonly annotationSelector: string;
  readonly labelSelector: string;
}

export function selectorText(selector: Selector): string {
  const id = `${gvkText(selector)}/${selector.name || '[noName]'}.${selector.namespace || '[noNs]'}`;
  return `${id}:a=${selector.annotationSelector}:l=${selector.labelSelector}`;
}

/** A test for objects, with the selector's fields as anchored regular expressions. Throws for a pattern that is none. */
export function selectorMatcher(selector: Selector): (resource: Resource) => boolean {
  const group = anchoredRegexp(selector.group);
  const version = anchoredRegexp(selector.version);
  const kind = anchoredRegexp(selector.kind);
  const name = anchoredRegexp(selector.name);
  const namespace = anchoredRegexp(selector.namespace);
  const matches = (pattern: Regexp | undefined, text: string): boolean => pattern === undefined || pattern.test(text);
  return (resource) => {
    const { id, originalId } = resource;
    return (
      (matches(namespace, effectiveNamespace(originalId)) || matches(namespace, effectiveNamespace(id))) &&
      (matches(name, originalId.name) || matches(name, id.name)) &&
      matches(group, id.group) &&
      matches(version, id.version) &&
      matches(kind, id.kind) &&
      textMatches(selector.labelSelector, resource.labels) &&
      textMatches(selector.annotationSelector, resource.annotations)
    );
  };
}

/** Whether labels or annotations fit a label selector. */
export function textMatches(selector: string, values: TextMap): boolean {
  return selector === '' || labelSelectorMatches(parseLabelSelector(selector), Object.fromEntries(values));
}

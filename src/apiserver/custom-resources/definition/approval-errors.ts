import { type FieldError, invalidValue, required } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { partOf, textIn } from '../../kinds/fields.ts';

const ANNOTATION = 'api-approved.kubernetes.io';
const PATH = `metadata.annotations[${ANNOTATION}]`;
const PROTECTED = ['k8s.io', 'kubernetes.io'];

/** A definition in a group of Kubernetes itself must say who approved it. An approval that did not change stays good. */
export function approvalErrors(object: KubeObject, old: KubeObject | undefined): FieldError[] {
  const group = textIn(partOf(object, 'spec'), 'group');
  if (!PROTECTED.some((each) => group === each || group.endsWith(`.${each}`))) return [];
  const approval = object.metadata.annotations?.[ANNOTATION] ?? '';
  const state = stateOf(approval);
  if (old !== undefined && stateOf(old.metadata.annotations?.[ANNOTATION] ?? '') === state) return [];
  if (state === 'missing') {
    const text = `protected groups must have approval annotation ${JSON.stringify(ANNOTATION)}, see https://github.com/kubernetes/enhancements/pull/1111`;
    return [required(PATH, text)];
  }
  if (state !== 'invalid') return [];
  const text = `protected groups must have approval annotation ${JSON.stringify(ANNOTATION)} with either a URL or a reason starting with "unapproved", see https://github.com/kubernetes/enhancements/pull/1111`;
  return [invalidValue(PATH, approval, text)];
}

function stateOf(approval: string): 'missing' | 'bypassed' | 'approved' | 'invalid' {
  if (approval === '') return 'missing';
  if (approval.startsWith('unapproved')) return 'bypassed';
  const url = URL.canParse(approval) ? new URL(approval) : undefined;
  return url !== undefined && url.host !== '' ? 'approved' : 'invalid';
}

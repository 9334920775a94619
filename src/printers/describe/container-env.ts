import type { KubeObject } from '../../model/kube-object.ts';
import { quantitySign, quantityValue } from '../../model/quantity.ts';
import type { Description } from './description.ts';
import { type Fields, flagAt, has, mapAt, objectsAt, textAt } from './fields.ts';
import { quantityOf } from './quantity-text.ts';

/** Where a container's environment comes from as a whole, if it does. */
export function writeEnvFrom(out: Description, container: Fields): void {
  const sources = objectsAt(container, 'envFrom');
  if (sources.length === 0) return;
  out.line(2, 'Environment Variables from:');
  for (const source of sources) {
    const [kind, field] = has(source, 'configMapRef') ? ['ConfigMap', 'configMapRef'] : ['Secret', 'secretRef'];
    const from = has(source, field) ? kind : '';
    const prefix = textAt(source, 'prefix');
    const origin = prefix === '' ? from : `${from} with prefix '${prefix}'`;
    out.line(3, textAt(source, `${field}.name`), origin, `Optional: ${flagAt(source, `${field}.optional`)}`);
  }
}

/** A container's environment variables. Fields are read from the pod; in a template there is none. */
export function writeEnv(out: Description, container: Fields, pod: KubeObject | undefined): void {
  const variables = objectsAt(container, 'env');
  out.write(2, `Environment:${variables.length === 0 ? '\t<none>' : ''}\n`);
  for (const variable of variables) {
    const name = textAt(variable, 'name');
    if (has(variable, 'valueFrom')) {
      writeReference(out, variable, container, pod);
      continue;
    }
    const [first = '', ...others] = textAt(variable, 'value').split('\n');
    out.line(3, `${name}:`, first);
    for (const line of others) out.line(3, '', line);
  }
}

function writeReference(out: Description, variable: Fields, container: Fields, pod: KubeObject | undefined): void {
  const title = `${textAt(variable, 'name')}:`;
  const from = (path: string): string => textAt(variable, `valueFrom.${path}`);
  if (has(variable, 'valueFrom.fieldRef')) {
    const path = from('fieldRef.fieldPath');
    out.line(3, title, `${fieldValue(pod, path)} (${from('fieldRef.apiVersion')}:${path})`);
  } else if (has(variable, 'valueFrom.resourceFieldRef')) {
    const resource = from('resourceFieldRef.resource');
    const value = resourceValue(container, resource, from('resourceFieldRef.divisor'));
    const whole = value === '0' && (resource === 'limits.cpu' || resource === 'limits.memory');
    out.line(3, title, `${whole ? 'node allocatable' : value} (${resource})`);
  } else if (has(variable, 'valueFrom.secretKeyRef')) {
    const text = `<set to the key '${from('secretKeyRef.key')}' in secret '${from('secretKeyRef.name')}'>`;
    out.line(3, title, text, `Optional: ${flagAt(variable, 'valueFrom.secretKeyRef.optional')}`);
  } else if (has(variable, 'valueFrom.configMapKeyRef')) {
    const text = `<set to the key '${from('configMapKeyRef.key')}' of config map '${from('configMapKeyRef.name')}'>`;
    out.line(3, title, text, `Optional: ${flagAt(variable, 'valueFrom.configMapKeyRef.optional')}`);
  }
}

/** The only fields that kubectl can read are those that every kind can be selected by. */
function fieldValue(pod: KubeObject | undefined, path: string): string {
  return path === 'metadata.name' || path === 'metadata.namespace' ? textAt(pod, path) : '';
}

const READABLE = /^(limits|requests)\.(cpu|memory|ephemeral-storage|hugepages-.*)$/;

/** A limit or request of the container in units of the divisor, rounded up; empty for what a container does not have. */
function resourceValue(container: Fields, resource: string, divisor: string): string {
  const [, list, name] = READABLE.exec(resource) ?? [];
  if (list === undefined || name === undefined) return '';
  const unit = quantityOf(quantitySign(quantityOf(divisor)) === 0 ? '1' : divisor);
  const scale = name === 'cpu' ? -3 : 0;
  const amount = quantityOf(mapAt(container, `resources.${list}`)[name]);
  return String(Math.ceil(Number(quantityValue(amount, scale)) / Number(quantityValue(unit, scale))));
}

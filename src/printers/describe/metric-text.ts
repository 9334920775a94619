import { goQuote } from '../../model/go-text.ts';
import { type Fields, has, textAt } from './fields.ts';
import { quantityText } from './quantity-text.ts';

const UNKNOWN = '<unknown>';

/** A metric of an autoscaler with its title, a tab, and `current / target`. `current` is what the status says of it. */
export function metricText(metric: Fields, current: Fields | undefined): string {
  const type = textAt(metric, 'type');
  switch (type) {
    case 'External':
      return externalText(metric, current);
    case 'Pods':
      return `${goQuote(textAt(metric, 'pods.metric.name'))} on pods:\t${amounts(metric, current, 'pods', 'averageValue')}`;
    case 'Object':
      return objectText(metric, current);
    case 'Resource':
      return resourceText(metric, current, 'resource');
    case 'ContainerResource':
      return resourceText(metric, current, 'containerResource');
    default:
      return `<unknown metric type ${goQuote(type)}>`;
  }
}

function externalText(metric: Fields, current: Fields | undefined): string {
  const name = goQuote(textAt(metric, 'external.metric.name'));
  if (!has(metric, 'external.target.averageValue')) {
    return `${name} (target value):\t${amounts(metric, current, 'external', 'value')}`;
  }
  const known = has(current, 'external.current.averageValue') ? current : undefined;
  return `${name} (target average value):\t${amounts(metric, known, 'external', 'averageValue')}`;
}

function objectText(metric: Fields, current: Fields | undefined): string {
  const at = (path: string): string => textAt(metric, `object.${path}`);
  const title = `"${at('metric.name')}" on ${at('describedObject.kind')}/${at('describedObject.name')} `;
  return at('target.type') === 'AverageValue'
    ? `${title}(target average value):\t${amounts(metric, current, 'object', 'averageValue')}`
    : `${title}(target value):\t${amounts(metric, current, 'object', 'value')}`;
}

function resourceText(metric: Fields, current: Fields | undefined, field: 'resource' | 'containerResource'): string {
  const container = field === 'containerResource' ? ` of container "${textAt(metric, `${field}.container`)}"` : '';
  const title = `resource ${textAt(metric, `${field}.name`)}${container} on pods`;
  if (has(metric, `${field}.target.averageValue`)) {
    return `${title}:\t${amounts(metric, current, field, 'averageValue')}`;
  }
  const target = textAt(metric, `${field}.target.averageUtilization`);
  const used = textAt(current, `${field}.current.averageUtilization`);
  const now = used === '' ? UNKNOWN : `${used}% (${amountText(current, `${field}.current.averageValue`)})`;
  return `${title}  (as a percentage of request):\t${now} / ${target === '' ? '<auto>' : `${target}%`}`;
}

/** `current / target` of one value. */
function amounts(metric: Fields, current: Fields | undefined, field: string, value: string): string {
  const now = has(current, field) ? amountText(current, `${field}.current.${value}`) : UNKNOWN;
  return `${now} / ${amountText(metric, `${field}.target.${value}`)}`;
}

/** A quantity; `<nil>` for an absent one, as Go prints it. */
function amountText(object: unknown, path: string): string {
  return has(object, path) ? quantityText(textAt(object, path)) : '<nil>';
}

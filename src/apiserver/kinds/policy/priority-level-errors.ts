import { type FieldError, fieldForbidden, invalidValue, notSupported, required } from '../../../model/field-error.ts';
import type { KubeObject } from '../../../model/kube-object.ts';
import { type Fields, isSet, numberIn, objectIn, partOf, textIn } from '../fields.ts';
import { flowConditionErrors } from './flow-schema-errors.ts';

const TYPES = ['Exempt', 'Limited'];
const RESPONSES = ['Queue', 'Reject'];
const MOST_QUEUES = 10_000_000;
/** How many bits of a hash deal a hand of queues. */
const HASH_BITS = 60;

/** What is wrong with a PriorityLevelConfiguration (ValidatePriorityLevelConfigurationSpec), its conditions included. */
export function priorityLevelErrors(object: KubeObject): FieldError[] {
  const spec = partOf(object, 'spec');
  const type = textIn(spec, 'type');
  const limited = objectIn(spec, 'limited');
  const exempt = objectIn(spec, 'exempt');
  const errors: FieldError[] = [];
  if ((object.metadata.name === 'exempt') !== (type === 'Exempt')) {
    errors.push(invalidValue('spec.type', type, "type must be 'Exempt' if and only if name is 'exempt'"));
  }
  if (!TYPES.includes(type)) errors.push(notSupported('spec.type', type, TYPES));
  if (type === 'Exempt') {
    if (limited !== undefined) errors.push(fieldForbidden('spec.limited', 'must be nil if the type is not Limited'));
    if (exempt !== undefined) errors.push(...shareErrors(exempt, 'spec.exempt'), ...lendErrors(exempt, 'spec.exempt'));
  }
  if (type === 'Limited') {
    if (exempt !== undefined) errors.push(fieldForbidden('spec.exempt', 'must be nil if the type is Limited'));
    if (limited === undefined) errors.push(required('spec.limited', 'must not be empty when type is Limited'));
    else errors.push(...limitedErrors(limited, 'spec.limited'));
  }
  return [...errors, ...flowConditionErrors(object)];
}

function shareErrors(part: Fields, path: string): FieldError[] {
  const shares = numberIn(part, 'nominalConcurrencyShares') ?? 0;
  if (shares >= 0) return [];
  return [invalidValue(`${path}.nominalConcurrencyShares`, shares, 'must be a non-negative integer')];
}

function lendErrors(part: Fields, path: string): FieldError[] {
  const percent = numberIn(part, 'lendablePercent') ?? 0;
  if (percent >= 0 && percent <= 100) return [];
  return [invalidValue(`${path}.lendablePercent`, percent, 'must be between 0 and 100, inclusive')];
}

function limitedErrors(limited: Fields, path: string): FieldError[] {
  const response = partOf(limited, 'limitResponse');
  const errors = [
    ...shareErrors(limited, path),
    ...responseErrors(response, `${path}.limitResponse`),
    ...lendErrors(limited, path),
  ];
  const borrowed = numberIn(limited, 'borrowingLimitPercent') ?? 0;
  if (borrowed >= 0) return errors;
  const detail = 'if specified, must be a non-negative integer';
  return [...errors, invalidValue(`${path}.borrowingLimitPercent`, borrowed, detail)];
}

function responseErrors(response: Fields, path: string): FieldError[] {
  const type = textIn(response, 'type');
  const queuing = objectIn(response, 'queuing');
  if (!RESPONSES.includes(type)) return [notSupported(`${path}.type`, type, RESPONSES)];
  if (type === 'Reject') {
    if (!isSet(response, 'queuing')) return [];
    return [fieldForbidden(`${path}.queuing`, 'must be nil if limited.limitResponse.type is not Limited')];
  }
  if (queuing !== undefined) return queuingErrors(queuing, `${path}.queuing`);
  return [required(`${path}.queuing`, 'must not be empty if limited.limitResponse.type is Limited')];
}

function queuingErrors(queuing: Fields, path: string): FieldError[] {
  const number = (key: string) => numberIn(queuing, key) ?? 0;
  const wrong = (key: string, detail: string) => invalidValue(`${path}.${key}`, number(key), detail);
  const queues = number('queues');
  const hand = number('handSize');
  const errors: FieldError[] = [];
  if (number('queueLengthLimit') <= 0) errors.push(wrong('queueLengthLimit', 'must be positive'));
  if (queues <= 0) errors.push(wrong('queues', 'must be positive'));
  else if (queues > MOST_QUEUES) errors.push(wrong('queues', `must not be greater than ${MOST_QUEUES}`));
  if (hand <= 0) errors.push(wrong('handSize', 'must be positive'));
  else if (hand > queues) errors.push(wrong('handSize', `should not be greater than queues (${queues})`));
  else if (Math.ceil(Math.log2(queues) * hand) > HASH_BITS) {
    const what = `required entropy bits of deckSize ${queues} and handSize ${hand}`;
    errors.push(wrong('handSize', `${what} should not be greater than ${HASH_BITS}`));
  }
  return errors;
}

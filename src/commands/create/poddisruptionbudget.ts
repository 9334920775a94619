import type { JsonObject } from '../../model/json-value.ts';
import { parseToLabelSelectorObject } from '../../model/selectors/label-selector-object.ts';
import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand, type Invocation } from '../command.ts';
import { requireOneName } from '../resource-words.ts';
import { createGenerated, type GeneratorOptions, generatorFlags, generatorOptions } from './generator.ts';
import { intOrString } from './int-or-string.ts';

interface BudgetOptions {
  readonly name: string;
  readonly selector: string;
  /** Exactly one of both is there. */
  readonly minAvailable: string;
  readonly maxUnavailable: string;
  readonly common: GeneratorOptions;
}

/** A number, or a percentage. */
const AMOUNT = /^\d+%?$/;

/** `create poddisruptionbudget`. */
export const createPodDisruptionBudget: Command = defineCommand<BudgetOptions>({
  use: 'poddisruptionbudget NAME --selector=SELECTOR --min-available=N [--dry-run=server|client|none]',
  description: 'Create a pod disruption budget with the given name, for the pods of a selector.',
  examples: [
    {
      comment: 'At least one pod with the label app=rails stays available',
      command: 'kubectl create poddisruptionbudget my-pdb --selector=app=rails --min-available=1',
    },
    { comment: 'At least half of them', command: 'kubectl create pdb my-pdb --selector=app=nginx --min-available=50%' },
  ],
  flags: [
    ...generatorFlags,
    { name: 'max-unavailable', type: 'string', usage: 'How many pods, or what percentage, may be unavailable.' },
    { name: 'min-available', type: 'string', usage: 'How many pods, or what percentage, must be available.' },
    { name: 'selector', type: 'string', usage: 'Label selector of the pods; equality alone is supported.' },
  ],
  refusesFirst: 'format-after-name',
  parse,
  async run({ name, selector, minAvailable, maxUnavailable, common }, context) {
    const object = {
      kind: 'PodDisruptionBudget',
      apiVersion: 'policy/v1',
      metadata: { name },
      spec: {
        ...(minAvailable === '' ? {} : { minAvailable: intOrString(minAvailable) }),
        selector: selectorObject(selector),
        ...(maxUnavailable === '' ? {} : { maxUnavailable: intOrString(maxUnavailable) }),
      },
      status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
    };
    await createGenerated({ object, failure: 'failed to create poddisruptionbudgets: ' }, common, context);
  },
});

function parse({ args, argsBeforeDash, flags }: Invocation): BudgetOptions {
  const name = requireOneName(args, argsBeforeDash);
  const common = generatorOptions(flags);
  const [selector, minAvailable, maxUnavailable] = [
    flags.string('selector'),
    flags.string('min-available'),
    flags.string('max-unavailable'),
  ];
  if (selector === '') throw new UserError('a selector must be specified');
  if (minAvailable === '' && maxUnavailable === '') {
    throw new UserError('one of min-available or max-unavailable must be specified');
  }
  if (minAvailable !== '' && maxUnavailable !== '') {
    throw new UserError('min-available and max-unavailable cannot be both specified');
  }
  if (minAvailable !== '' && !AMOUNT.test(minAvailable)) {
    throw new UserError('invalid format specified for min-available');
  }
  if (maxUnavailable !== '' && !AMOUNT.test(maxUnavailable)) {
    throw new UserError('invalid format specified for max-unavailable');
  }
  return { name, selector, minAvailable, maxUnavailable, common };
}

function selectorObject(text: string): JsonObject {
  const { matchLabels, matchExpressions } = parseToLabelSelectorObject(text);
  const expressions = matchExpressions.map(({ key, operator, values }) => ({
    key,
    operator,
    ...(values === undefined ? {} : { values: [...values] }),
  }));
  return {
    ...(Object.keys(matchLabels).length === 0 ? {} : { matchLabels: { ...matchLabels } }),
    ...(expressions.length === 0 ? {} : { matchExpressions: expressions }),
  };
}

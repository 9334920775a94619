import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand } from '../command.ts';
import { requireOneName } from '../resource-words.ts';
import { createGenerated, type GeneratorOptions, generatorFlags, generatorOptions } from './generator.ts';
import {
  checkResources,
  policyFlags,
  policyRules,
  type PolicyRules,
  policyRulesOf,
  warnOfVerbs,
} from './policy-rules.ts';

interface RoleOptions {
  readonly name: string;
  readonly rules: PolicyRules;
  readonly common: GeneratorOptions;
}

/** `create role`. */
export const createRole: Command = defineCommand<RoleOptions>({
  use: 'role NAME --verb=verb --resource=resource.group/subresource [--resource-name=resourcename] [--dry-run=server|client|none]',
  description: 'Create a role with the given name, that allows verbs on resources.',
  examples: [
    {
      comment: 'A role that may look at pods',
      command: 'kubectl create role pod-reader --verb=get --verb=list --verb=watch --resource=pods',
    },
    {
      comment: 'For resources of a group',
      command: 'kubectl create role foo --verb=get,list,watch --resource=rs.apps',
    },
    {
      comment: 'For a subresource',
      command: 'kubectl create role foo --verb=get,list,watch --resource=pods,pods/status',
    },
  ],
  flags: [...generatorFlags, ...policyFlags],
  refusesFirst: 'format-after-name',
  parse({ args, argsBeforeDash, flags }) {
    const name = requireOneName(args, argsBeforeDash);
    const rules = policyRulesOf(flags);
    const common = generatorOptions(flags);
    if (rules.verbs.length === 0) throw new UserError('at least one verb must be specified');
    return { name, rules, common };
  },
  async run({ name, rules, common }, context) {
    warnOfVerbs(rules, context);
    if (rules.resources.length === 0) throw new UserError('at least one resource must be specified');
    const { mapper } = await context.client();
    await checkResources(rules, mapper);
    const object = {
      kind: 'Role',
      apiVersion: 'rbac.authorization.k8s.io/v1',
      metadata: { name },
      rules: await policyRules(rules, mapper),
    };
    await createGenerated({ object, failure: '' }, common, context);
  },
});

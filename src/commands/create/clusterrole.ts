import { compareBytes } from '../../model/byte-order.ts';
import type { JsonObject } from '../../model/json-value.ts';
import { UserError } from '../../model/user-error.ts';
import { type Command, defineCommand, type Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { FlagError } from '../flag-error.ts';
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

const URL_VERBS = ['*', 'get', 'post', 'put', 'delete', 'patch', 'head', 'options'];

interface ClusterRoleOptions {
  readonly name: string;
  readonly rules: PolicyRules;
  readonly urls: readonly string[];
  /** Labels of the roles whose rules it gathers. */
  readonly aggregation: Readonly<Record<string, string>>;
  readonly common: GeneratorOptions;
}

/** `create clusterrole`. */
export const createClusterRole: Command = defineCommand<ClusterRoleOptions>({
  use: 'clusterrole NAME --verb=verb --resource=resource.group [--resource-name=resourcename] [--dry-run=server|client|none]',
  description:
    'Create a cluster role with the given name, that allows verbs on resources or paths, or gathers other roles.',
  examples: [
    {
      comment: 'A role that may look at pods',
      command: 'kubectl create clusterrole pod-reader --verb=get,list,watch --resource=pods',
    },
    { comment: 'For a path', command: 'kubectl create clusterrole "foo" --verb=get --non-resource-url=/logs/*' },
    {
      comment: 'With the rules of all roles that carry a label',
      command:
        'kubectl create clusterrole monitoring --aggregation-rule="rbac.example.com/aggregate-to-monitoring=true"',
    },
  ],
  flags: [
    ...generatorFlags,
    ...policyFlags,
    {
      name: 'aggregation-rule',
      type: 'stringArray',
      usage: 'Labels KEY=VALUE of the cluster roles whose rules this one gathers.',
    },
    { name: 'non-resource-url', type: 'stringList', default: '[]', usage: 'Path that the rule is for.' },
  ],
  refusesFirst: 'format-after-name',
  parse,
  async run({ name, rules, urls, aggregation, common }, context) {
    const labels = Object.entries(aggregation).sort(([left], [right]) => compareBytes(left, right));
    const own = labels.length > 0 ? { rules: null } : { rules: await ownRules(rules, urls, context) };
    const object = {
      kind: 'ClusterRole',
      apiVersion: 'rbac.authorization.k8s.io/v1',
      metadata: { name },
      ...own,
      ...(labels.length === 0
        ? {}
        : { aggregationRule: { clusterRoleSelectors: [{ matchLabels: Object.fromEntries(labels) }] } }),
    };
    await createGenerated({ object, failure: '' }, common, context);
  },
});

function parse({ args, argsBeforeDash, flags }: Invocation): ClusterRoleOptions {
  const aggregation = Object.fromEntries(flags.list('aggregation-rule').flatMap(parsePairs));
  const name = requireOneName(args, argsBeforeDash);
  const rules = policyRulesOf(flags);
  const urls = [...new Set(flags.list('non-resource-url'))];
  const common = generatorOptions(flags);
  const { verbs, resources, resourceNames } = rules;
  if (Object.keys(aggregation).length > 0) {
    if ([urls, verbs, resources, resourceNames].some((each) => each.length > 0)) {
      throw new UserError(
        'aggregation rule must be specified without nonResourceURLs, verbs, resources or resourceNames',
      );
    }
  } else if (verbs.length === 0) {
    throw new UserError('at least one verb must be specified');
  } else if (resources.length === 0 && urls.length === 0) {
    throw new UserError('one of resource or nonResourceURL must be specified');
  }
  return { name, rules, urls, aggregation, common };
}

function parsePairs(text: string): [string, string][] {
  const pairs = text.split(',').filter((pair) => pair !== '');
  if (pairs.some((pair) => !pair.includes('='))) {
    throw new FlagError(
      `invalid argument ${JSON.stringify(text)} for "--aggregation-rule" flag: malformed pair, expect string=string`,
    );
  }
  return pairs.map((pair) => [pair.slice(0, pair.indexOf('=')).trim(), pair.slice(pair.indexOf('=') + 1).trim()]);
}

async function ownRules(rules: PolicyRules, urls: readonly string[], context: Context): Promise<JsonObject[]> {
  const { mapper } = await context.client();
  if (rules.resources.length > 0) {
    warnOfVerbs(rules, context);
    await checkResources(rules, mapper);
  }
  if (urls.length > 0) checkUrls(rules.verbs, urls);
  const forUrls = urls.length === 0 ? [] : [{ verbs: [...rules.verbs], nonResourceURLs: [...urls] }];
  return [...(await policyRules(rules, mapper)), ...forUrls];
}

function checkUrls(verbs: readonly string[], urls: readonly string[]): void {
  const verb = verbs.find((each) => !URL_VERBS.includes(each));
  if (verb !== undefined) throw new UserError(`invalid verb: '${verb}' for nonResourceURL`);
  for (const url of urls) {
    if (url === '*') continue;
    if (!url.startsWith('/')) throw new UserError('nonResourceURL should start with /');
    if (url.slice(0, -1).includes('*')) {
      throw new UserError("nonResourceURL only supports wildcard matches when '*' is at the end");
    }
  }
}

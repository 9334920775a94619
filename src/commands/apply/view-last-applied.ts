import { isJsonValue } from '../../model/json-value.ts';
import { parseJson } from '../../model/json-reader.ts';
import { printJson } from '../../model/json-printer.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { UserError } from '../../model/user-error.ts';
import { printYaml } from '../../model/yaml-printer.ts';
import { collectionObjects, scopeOf } from '../collection-pages.ts';
import { type Command, defineCommand } from '../command.ts';
import type { Context } from '../context.ts';
import { lastAppliedOf } from '../last-applied.ts';
import { resolveTargets, type TargetRequest } from '../resolve-targets.ts';
import { fileFlags, selectorFlag } from '../shared-flags.ts';
import type { Target } from '../target.ts';
import { UsageError } from '../usage-error.ts';

interface ViewLastAppliedOptions {
  readonly request: TargetRequest;
  readonly output: string;
}

/** `apply view-last-applied`: what was applied to objects last. */
export const viewLastApplied: Command = defineCommand<ViewLastAppliedOptions>({
  use: 'view-last-applied (TYPE [NAME | -l label] | TYPE/NAME | -f FILENAME)',
  description: 'Print what was applied to objects last, as their annotation has it, in YAML or JSON.',
  examples: [
    { comment: 'What was applied to a deployment', command: 'kubectl apply view-last-applied deployment/nginx' },
    {
      comment: 'The same for the object of a file, in JSON',
      command: 'kubectl apply view-last-applied -f deploy.yaml -o json',
    },
  ],
  flags: [
    ...fileFlags('whose annotations to print'),
    selectorFlag,
    { name: 'output', short: 'o', type: 'string', default: 'yaml', usage: 'Output format: yaml or json.' },
    { name: 'all', type: 'bool', default: 'false', usage: 'All objects of the types in the namespace.' },
  ],
  parse({ args, flags }) {
    const kustomize = flags.given('kustomize');
    const labelSelector = flags.string('selector');
    return {
      request: {
        args,
        filenames: flags.list('filename'),
        ...(kustomize === undefined ? {} : { kustomize }),
        recursive: flags.bool('recursive'),
        ...(labelSelector === '' ? {} : { labelSelector }),
        all: flags.bool('all'),
      },
      output: flags.string('output'),
    };
  },
  run,
});

async function run({ request, output }: ViewLastAppliedOptions, context: Context): Promise<void> {
  const texts: string[] = [];
  for await (const target of resolveTargets(request, context)) {
    if (target.kind === 'failure') throw target.error;
    for await (const object of objectsOf(target, context)) {
      const text = lastAppliedOf(object);
      if (text !== undefined) texts.push(text);
      else if (target.kind === 'named' && target.manifest !== undefined) throw missing(object, target.manifest.source);
    }
  }
  for (const text of texts) context.streams.out.write(printed(text, output));
}

/** Only of an object that a file named does kubectl say that nothing was recorded. */
function missing(object: KubeObject, source: string): UserError {
  const what = `no last-applied-configuration annotation found on resource: ${object.metadata.name ?? ''}\n`;
  return new UserError(`error when ${what} ${JSON.stringify(source)}: <nil>`);
}

async function* objectsOf(target: Target, context: Context): AsyncGenerator<KubeObject> {
  if (target.kind === 'collection') {
    yield* collectionObjects(target, context);
    return;
  }
  const client = await context.client();
  yield await client.get(scopeOf(target), target.name, { signal: context.signal });
}

function printed(text: string, output: string): string {
  const value = parseJson(text);
  if (!isJsonValue(value)) return '';
  if (output === 'yaml') return printYaml(value);
  // Only blanks change: what is recorded ends in a line feed, and so does what is printed.
  if (output === 'json') return `${printJson(value, { indent: 2 })}${/\s*$/.exec(text)?.[0] ?? ''}`;
  throw new UsageError(`Unexpected -o output mode: ${output}, the flag 'output' must be one of yaml|json`);
}

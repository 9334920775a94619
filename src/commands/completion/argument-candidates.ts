import { type ArgumentCompletion, argumentCompletion } from './argument-completion.ts';
import { type Completion, Directive, NOTHING, startingWith } from './completion-result.ts';
import { type CompletionContext, sourceCandidates } from './source-candidates.ts';

/** What may stand for the next argument of a command, its words joined by spaces. Mirrors kubectl's util/completion. */
export async function argumentCandidates(
  command: string,
  typed: string,
  context: CompletionContext,
): Promise<Completion> {
  const completion = argumentCompletion(command);
  if (completion === undefined) return NOTHING;
  switch (completion.kind) {
    case 'words':
      return context.args.length > 0
        ? NOTHING
        : { candidates: startingWith(completion.words, typed), directive: Directive.NoFiles };
    case 'source': {
      if (context.args.length > 0 && !completion.repeat) return NOTHING;
      const { candidates, directive } = await sourceCandidates(completion.source, typed, context);
      return { candidates: candidates.filter(({ text }) => !context.args.includes(text)), directive };
    }
    case 'types':
      return context.args.length > 0 ? NOTHING : typesFor(typed, undefined, context);
    case 'names':
      return namesOfOneType(completion, typed, context);
    case 'objects':
      return typesAndNames(completion, typed, context);
  }
}

type ObjectArguments = Extract<ArgumentCompletion, { kind: 'objects' }>;
type NameArguments = Extract<ArgumentCompletion, { kind: 'names' }>;

async function typesAndNames(
  completion: ObjectArguments,
  typed: string,
  context: CompletionContext,
): Promise<Completion> {
  const { args } = context;
  const [first] = args;
  const slash = typed.indexOf('/');
  if (first !== undefined && !first.includes('/')) {
    if (args.length > 1 && !completion.repeat) return NOTHING;
    return namesOf(first, '', typed, context);
  }
  if (first !== undefined && !completion.repeat) return NOTHING;
  if (slash >= 0) return namesOf(typed.slice(0, slash), typed.slice(0, slash + 1), typed, context);
  const types = await typesFor(typed, completion.types, context);
  if (first === undefined) return types;
  // Behind TYPE/NAME only more of the same form may come.
  return {
    candidates: types.candidates.map(({ text }) => ({ text: `${text}/` })),
    directive: types.directive | Directive.NoSpace,
  };
}

async function namesOfOneType(
  { type, repeat }: NameArguments,
  typed: string,
  context: CompletionContext,
): Promise<Completion> {
  if (context.args.length > 0 && !repeat) return NOTHING;
  const slash = typed.indexOf('/');
  if (slash >= 0) return namesOf(typed.slice(0, slash), typed.slice(0, slash + 1), typed, context);
  return namesOf(type, '', typed, context);
}

/** Types that go on from what was typed; behind a comma, one more type. */
async function typesFor(
  typed: string,
  only: readonly string[] | undefined,
  { flags, sources }: CompletionContext,
): Promise<Completion> {
  const start = typed.lastIndexOf(',') + 1;
  const types = only ?? (await allTypes(() => sources.objects(flags)));
  const candidates = startingWith(types, typed.slice(start)).map(({ text }) => ({
    text: typed.slice(0, start) + text,
  }));
  return { candidates, directive: Directive.NoFiles };
}

async function allTypes(open: () => ReturnType<CompletionContext['sources']['objects']>): Promise<string[]> {
  const { typeNames } = await import('./object-candidates.ts');
  return typeNames(await open().catch(() => undefined));
}

async function namesOf(
  type: string,
  prefix: string,
  typed: string,
  { args, flags, sources }: CompletionContext,
): Promise<Completion> {
  const objects = await sources.objects(flags);
  if (objects === undefined) return NOTHING;
  const { objectNames } = await import('./object-candidates.ts');
  const names = (await objectNames(type, objects)).map((name) => prefix + name).filter((name) => !args.includes(name));
  return { candidates: startingWith(names, typed), directive: Directive.NoFiles };
}

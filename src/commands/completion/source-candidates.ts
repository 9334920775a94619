import type { CompletionSource } from '../flag.ts';
import type { FlagValues } from '../flag-values.ts';
import { type Completion, Directive, NOTHING, startingWith } from './completion-result.ts';
import type { CompletionSources } from './completion-source.ts';

/** The command line before the word that is completed. */
export interface CompletionContext {
  readonly args: readonly string[];
  readonly flags: FlagValues;
  readonly sources: CompletionSources;
}

const EXTENSIONS = ['json', 'yaml', 'yml'];

/** What a source has for the beginning of a word. */
export async function sourceCandidates(
  source: CompletionSource,
  typed: string,
  context: CompletionContext,
): Promise<Completion> {
  switch (source) {
    case 'files':
      return { candidates: [], directive: Directive.Default };
    case 'folders':
      return { candidates: [], directive: Directive.FilterDirs };
    case 'manifests':
      return { candidates: EXTENSIONS.map((text) => ({ text })), directive: Directive.FilterFileExt };
    case 'contexts':
    case 'clusters':
    case 'users': {
      const names = await context.sources.kubeconfigNames(source, context.flags);
      return { candidates: startingWith(names, typed), directive: Directive.NoFiles };
    }
    case 'namespaces':
    case 'containers':
    case 'labels':
    case 'label-keys':
      return objectSource(source, typed, context);
  }
}

async function objectSource(
  source: 'namespaces' | 'containers' | 'labels' | 'label-keys',
  typed: string,
  { args, flags, sources }: CompletionContext,
): Promise<Completion> {
  const objects = await sources.objects(flags);
  if (objects === undefined) return NOTHING;
  const { containerNames, labelCandidates, labelsOf, objectNames } = await import('./object-candidates.ts');
  const [type = ''] = (args[0] ?? '').split('/');
  switch (source) {
    case 'namespaces':
      return {
        candidates: startingWith(await objectNames('namespaces', objects), typed),
        directive: Directive.NoFiles,
      };
    case 'containers':
      return {
        candidates: startingWith(await containerNames(args[0] ?? '', objects), typed),
        directive: Directive.NoFiles,
      };
    case 'label-keys':
      return {
        candidates: startingWith([...(await labelsOf(type, objects)).keys()].toSorted(), typed),
        directive: Directive.NoFiles,
      };
    case 'labels': {
      const candidates = labelCandidates(await labelsOf(type, objects), typed);
      const open = candidates.some(({ text }) => text.endsWith('='));
      return { candidates, directive: Directive.NoFiles | (open ? Directive.NoSpace : 0) };
    }
  }
}

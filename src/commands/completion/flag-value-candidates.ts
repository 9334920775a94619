import type { Flag } from '../flag.ts';
import { type Completion, Directive, startingWith } from './completion-result.ts';
import { type CompletionContext, sourceCandidates } from './source-candidates.ts';

/** What may stand for the value of a flag. Of a flag that takes a list, the part behind the last comma is completed. */
export async function flagValueCandidates(flag: Flag, typed: string, context: CompletionContext): Promise<Completion> {
  if (flag.type === 'bool') return { candidates: startingWith(['true', 'false'], typed), directive: Directive.NoFiles };
  const { values } = flag;
  if (values === undefined) {
    return { candidates: [], directive: flag.type === 'string' ? Directive.Default : Directive.NoFiles };
  }
  const takesList = flag.type === 'stringList' || values === 'labels';
  const start = takesList ? typed.lastIndexOf(',') + 1 : 0;
  const part = typed.slice(start);
  const { candidates, directive } =
    typeof values === 'string'
      ? await sourceCandidates(values, part, context)
      : { candidates: startingWith(values, part), directive: Directive.NoFiles };
  const isFiles = (directive & (Directive.FilterFileExt | Directive.FilterDirs)) !== 0;
  return {
    candidates: isFiles ? candidates : candidates.map((each) => ({ ...each, text: typed.slice(0, start) + each.text })),
    directive,
  };
}

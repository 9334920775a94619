import type { FlagValues } from './flag-values.ts';
import type { TargetRequest } from './resolve-targets.ts';

/** The flags besides those of files that choose objects; a command names those that it has. */
export type ChoosingFlag = 'selector' | 'field-selector' | 'all' | 'all-namespaces';

/** What the arguments, fileFlags and the named flags choose. */
export function targetRequestOf(
  args: readonly string[],
  flags: FlagValues,
  choosing: readonly ChoosingFlag[],
): TargetRequest {
  const has = (flag: ChoosingFlag): boolean => choosing.includes(flag);
  const kustomize = flags.defines('kustomize') ? flags.given('kustomize') : undefined;
  const labelSelector = has('selector') ? flags.string('selector') : '';
  const fieldSelector = has('field-selector') ? flags.string('field-selector') : '';
  return {
    args,
    filenames: flags.list('filename'),
    ...(kustomize === undefined ? {} : { kustomize }),
    recursive: flags.bool('recursive'),
    ...(labelSelector === '' ? {} : { labelSelector }),
    ...(fieldSelector === '' ? {} : { fieldSelector }),
    all: has('all') && flags.bool('all'),
    allNamespaces: has('all-namespaces') && flags.bool('all-namespaces'),
  };
}

/** Whether neither files nor a kustomization were named. */
export function namesNoFiles({ filenames, kustomize }: TargetRequest): boolean {
  return filenames.length === 0 && !kustomize;
}

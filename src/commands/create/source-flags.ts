import { UserError } from '../../model/user-error.ts';
import type { FlagValues } from '../flag-values.ts';
import type { Flag } from '../flag.ts';
import type { DataSources } from './data-sources.ts';

/** The flags that fill a config map or a secret. */
export function dataSourceFlags(what: string): readonly Flag[] {
  return [
    { name: 'append-hash', type: 'bool', default: 'false', usage: `Append a hash of the ${what} to its name.` },
    {
      name: 'from-env-file',
      type: 'stringList',
      default: '[]',
      usage: `File with lines of KEY=VALUE to fill the ${what} from.`,
    },
    {
      name: 'from-file',
      type: 'stringList',
      default: '[]',
      usage: 'File, or key=file, whose content becomes a value; or a folder, each file of which does.',
    },
    {
      name: 'from-literal',
      type: 'stringArray',
      default: '[]',
      usage: `Key and value to put into the ${what} (such as mykey=somevalue).`,
    },
  ];
}

/** Reads dataSourceFlags. Throws UserError when env files are mixed with other sources. */
export function dataSourcesOf(flags: FlagValues): DataSources {
  const sources = {
    literals: flags.list('from-literal'),
    files: flags.list('from-file'),
    envFiles: flags.list('from-env-file'),
  };
  if (sources.envFiles.length > 0 && sources.literals.length + sources.files.length > 0) {
    throw new UserError('from-env-file cannot be combined with from-file or from-literal');
  }
  return sources;
}

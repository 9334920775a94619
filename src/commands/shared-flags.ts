import type { Flag } from './flag.ts';

/** `-f`, `-k`, `-R`: manifests as the objects to work on. `purpose` completes "… that". */
export function fileFlags(purpose: string): readonly Flag[] {
  return [
    {
      name: 'filename',
      short: 'f',
      type: 'stringList',
      default: '[]',
      values: 'manifests',
      usage: `Files, folders or URLs with the objects ${purpose}; - is standard input.`,
    },
    {
      name: 'kustomize',
      short: 'k',
      type: 'string',
      values: 'folders',
      usage: 'Folder of a kustomization to process. Not together with -f or -R.',
    },
    {
      name: 'recursive',
      short: 'R',
      type: 'bool',
      default: 'false',
      usage: 'Read the folders named by -f with all folders below them.',
    },
  ];
}

/** `-f` of the commands that read folders with all below them unless told otherwise, and know no `-k`: wait, set selector. */
export function wholeFolderFlags(purpose: string): readonly Flag[] {
  return fileFlags(purpose).flatMap((flag) => {
    if (flag.name === 'kustomize') return [];
    return flag.name === 'recursive' ? [{ ...flag, default: 'true' }] : [flag];
  });
}

/** `-o` and what formats need. `formats` is what help names. */
export function outputFlags(formats: string): readonly Flag[] {
  return [
    {
      name: 'output',
      short: 'o',
      type: 'string',
      values: formats.match(/[\w-]+/g) ?? [],
      usage: `Output format. One of: ${formats}.`,
    },
    {
      name: 'template',
      type: 'string',
      usage: 'Template text, or the path of a template file with -o go-template-file.',
    },
    {
      name: 'allow-missing-template-keys',
      type: 'bool',
      default: 'true',
      usage: 'Ignore fields and keys that a template or JSONPath names and an object lacks.',
    },
    {
      name: 'show-managed-fields',
      type: 'bool',
      default: 'false',
      usage: 'Keep metadata.managedFields in JSON and YAML output.',
    },
  ];
}

/** The formats of commands that print single objects. */
export const objectFormats =
  '(json, yaml, kyaml, name, go-template, go-template-file, template, templatefile, jsonpath, jsonpath-as-json, jsonpath-file)';

export const dryRunFlag: Flag = {
  name: 'dry-run',
  type: 'string',
  default: 'none',
  bare: 'unchanged',
  values: ['none', 'client', 'server'],
  usage:
    'Must be "none", "server" or "client": with client only print what would be sent, with server send it without storing it.',
};

export const validateFlag: Flag = {
  name: 'validate',
  type: 'string',
  default: 'strict',
  bare: 'strict',
  values: ['strict', 'warn', 'ignore'],
  usage: 'Must be one of strict (or true), warn, ignore (or false): what to do about unknown and duplicate fields.',
};

/** The manager that server-side field tracking records for a write. */
export function fieldManagerFlag(manager: string): Flag {
  return {
    name: 'field-manager',
    type: 'string',
    default: manager,
    usage: 'Name of the manager that is recorded as the owner of the fields.',
  };
}

export const saveConfigFlag: Flag = {
  name: 'save-config',
  type: 'bool',
  default: 'false',
  usage: "Keep the object's configuration in an annotation, so that a later apply can use it.",
};

export const selectorFlag: Flag = {
  name: 'selector',
  short: 'l',
  type: 'string',
  values: 'labels',
  usage:
    "Label selector, supports '=', '==', '!=', 'in', 'notin' (such as -l key1=value1,key2=value2,'key3 in (value3)').",
};

export const fieldSelectorFlag: Flag = {
  name: 'field-selector',
  type: 'string',
  usage: "Field selector, supports '=', '==' and '!=' (such as --field-selector key1=value1,key2!=value2).",
};

export const allNamespacesFlag: Flag = {
  name: 'all-namespaces',
  short: 'A',
  type: 'bool',
  default: 'false',
  usage: 'Work on the objects of all namespaces. The namespace of the context and of --namespace is ignored.',
};

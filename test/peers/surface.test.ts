import { beforeAll, describe, expect, it } from 'vitest';
import { commandTable } from '../../src/commands/command-table.ts';
import { findCommand } from '../../src/commands/find-command.ts';
import type { Flag } from '../../src/commands/flag.ts';
import { flagsWithGlobal, globalFlags } from '../../src/commands/global-flags.ts';
import { run } from '../commands/run-program.ts';
import { kubectlSurface, type SurfaceCommand, type SurfaceFlag } from './kubectl-surface.ts';
import { runKubectl } from './run-kubectl.ts';

/** Where a default is told in another way than kubectl's help does, and why. */
const OTHER_DEFAULTS: Readonly<Record<string, string>> = {
  '--cache-dir': 'depends on who asks: the help of kubectl names the home folder of the one who asked',
  'wait --for': 'several are waited for, which kubectl cannot',
  'create clusterrole --aggregation-rule': 'a map in kubectl, whose help shows an empty one as nothing',
};
/** What kubectl takes and its help does not show, and why it is not taken here. */
const NOT_TAKEN: Readonly<Record<string, string>> = {
  '--record': 'deprecated since Kubernetes 1.15; what it wrote is an annotation like any other',
};

const ZERO: Readonly<Record<Flag['type'], string>> = {
  bool: 'false',
  int: '0',
  int64: '0',
  string: '',
  duration: '0s',
  stringList: '[]',
  stringArray: '[]',
};

let surface: SurfaceCommand[];
beforeAll(async () => {
  surface = await kubectlSurface();
});

describe('the surface of kubectl', () => {
  it('is that of kubectl 1.35, whole', () => {
    expect(surface.length).toBe(110);
    expect(surface.flatMap(({ flags }) => flags).length).toBeGreaterThan(900);
  });

  // oxlint-disable-next-line complexity -- one comparison after the other
  it('is there: commands, aliases, flags, shorthands and defaults', async () => {
    const differences: string[] = [];
    for (const { path, flags, aliases, hasExamples } of surface) {
      const { rows, command } = await findCommand(path, commandTable);
      if (rows.length !== path.length) {
        differences.push(`no command ${path.join(' ')}`);
        continue;
      }
      const row = rows.at(-1);
      const examples = command?.examples ?? row?.group?.examples ?? [];
      if (hasExamples && examples.length === 0) differences.push(`${path.join(' ')}: no examples`);
      if (aliases.join() !== (row?.aliases ?? []).join()) {
        differences.push(`${path.join(' ')}: aliases ${aliases.join()}`);
      }
      const own = flagsWithGlobal(path.length === 0 ? globalFlags : (command?.flags ?? []));
      for (const flag of flags) differences.push(...flagDifference(flag, own, path));
    }
    expect(differences).toEqual([]);
  });

  it('has no flags of its own in the place of shorthands that kubectl has', async () => {
    for (const { path, flags } of surface) {
      const { command } = await findCommand(path, commandTable);
      for (const { short, name } of command?.flags ?? []) {
        const theirs = short === undefined ? undefined : flags.find((flag) => flag.short === short);
        if (theirs !== undefined) expect(`${path.join(' ')} ${name}`).toBe(`${path.join(' ')} ${theirs.name}`);
      }
    }
  });
});

describe('flags that the help does not show', () => {
  it.each([
    [['create', 'configmap', 'a', '--dry-run=client', '-o=name'], '--vmodule=a=1,b=2'],
    [['create', 'configmap', 'a', '--dry-run=client', '-o=name'], '--vmodule=a'],
    [['create', 'configmap', 'a', '--dry-run=client', '-o=name'], '--profile=none'],
    [['create', 'configmap', 'a', '--dry-run=client', '-o=name'], '--profile=other'],
    [['create', 'configmap', 'a', '--dry-run=client', '-o=name'], '--log-flush-frequency=3s'],
    [['create', 'configmap', 'a', '--dry-run=client', '-o=name'], '--all_namespaces'],
    [['create', 'configmap', 'a', '--dry-run=client', '-o=name'], '--export'],
    [['create', 'configmap', 'a', '--dry-run=client', '-o=name'], '--alsologtostderr'],
    [['create', 'configmap', 'a', '--dry_run=client', '-o=name'], '--log_flush_frequency=3s'],
    [['create', 'configmap', 'a', '--dry_run=client', '-o=name'], '--from_literal'],
    [['create', 'configmap', 'a', '--dry_run=client', '-o=name'], '--dry-run_'],
    [['create', 'configmap', 'a', '--dry_run=client', '-o=name'], '--show_managed_fields=x'],
    [['--log_flush_frequency', '3s', '--match_server_version', 'create', 'configmap', 'a'], '--no_such'],
    [['kustomize', '/nonexistent'], '--load_restrictor=x'],
    [['kustomize', '/nonexistent'], '--reorder=x'],
    [['kustomize', '/nonexistent'], '--reorder='],
    [['kustomize', '/nonexistent'], '--reorder'],
    [['set', 'selector', 'service', 'a', 'b=c'], '-k=x'],
    [['wait', '--for=delete'], '-k=x'],
  ])('%s %s', async (argv, flag) => {
    const [theirs, ours] = await Promise.all([runKubectl([...argv, flag]), run([...argv, flag])]);
    expect({ status: ours.status, stdout: ours.output, stderr: ours.errors }).toEqual(theirs);
  });

  it('are refused where they are deprecated in kubectl and written down here', async () => {
    for (const [flag, words] of [['--record', ['create', '-f', 'x']]] as const) {
      expect(Object.hasOwn(NOT_TAKEN, flag.replace(/=.*/, ''))).toBe(true);
      expect((await runKubectl([...words, flag])).stderr).toContain('has been deprecated');
      expect((await run([...words, flag])).errors).toContain(`unknown flag: ${flag.replace(/=.*/, '')}`);
    }
  });
});

/** What is other about a flag than in kubectl; nothing when it is the same. */
function flagDifference(flag: SurfaceFlag, own: readonly Flag[], path: readonly string[]): string[] {
  const what = [...path, `--${flag.name}`].join(' ');
  const ours = own.find(({ name }) => name === flag.name);
  if (ours === undefined) return [`no ${what}`];
  if ((ours.short ?? '') !== flag.short) return [`${what} has the shorthand '${flag.short}'`];
  if (shownDefault(ours) === flag.default || Object.hasOwn(OTHER_DEFAULTS, what)) return [];
  return [`${what} is ${flag.default}, not ${shownDefault(ours)}`];
}

function shownDefault({ type, default: value }: Flag): string {
  if (value === undefined || value === '[]') return value ?? ZERO[type];
  return type === 'stringList' || type === 'stringArray' ? `[${value}]` : value;
}

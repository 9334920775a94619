import { describe, expect, it } from 'vitest';
import { apply } from '../../src/commands/apply/apply.ts';
import { setLastApplied } from '../../src/commands/apply/set-last-applied.ts';
import { viewLastApplied } from '../../src/commands/apply/view-last-applied.ts';
import { diff } from '../../src/commands/diff/diff.ts';
import { edit } from '../../src/commands/edit/edit.ts';
import { optionsOf } from './options-of.ts';

describe('apply: arguments', () => {
  it.each([
    [
      '-f a.yaml',
      {
        request: { filenames: ['a.yaml'], recursive: false, validate: true },
        dryRun: 'none',
        fieldValidation: 'Strict',
        fieldManager: 'kubectl-client-side-apply',
        printsObjects: false,
        overwrite: true,
        force: false,
        prune: false,
        cascade: 'Background',
        gracePeriod: -1,
      },
    ],
    ['-f a.yaml --server-side', { serverSide: true, fieldManager: 'kubectl', forceConflicts: false }],
    ['-f a.yaml --server-side --field-manager=me --force-conflicts', { fieldManager: 'me', forceConflicts: true }],
    ['-f a.yaml --field-manager=me', { fieldManager: 'me', serverSide: false }],
    ['-f a.yaml -o name', { printsObjects: false }],
    ['-f a.yaml -o yaml', { printsObjects: true }],
    ['-f a.yaml --template={{.}}', { printsObjects: true }],
    ['-f a.yaml --validate=false', { fieldValidation: 'Ignore', request: { validate: false } }],
    ['-f a.yaml --dry-run', { dryRun: 'client' }],
    ['-f a.yaml --force --timeout=1m --grace-period=3', { force: true, timeout: 60, gracePeriod: 3 }],
    ['-k dir --overwrite=false', { request: { kustomize: 'dir', filenames: [] }, overwrite: false }],
    ['-f a.yaml --prune -l a=b', { prune: true, request: { labelSelector: 'a=b' }, pruneAllowlist: [] }],
    [
      '-f a.yaml --prune --all --prune-allowlist=core/v1/ConfigMap --prune-allowlist=apps/v1/Deployment',
      { pruneAllowlist: ['core/v1/ConfigMap', 'apps/v1/Deployment'] },
    ],
  ])('%s', (line, expected) => {
    expect(optionsOf(apply, line)).toMatchObject(expected);
  });

  it.each([
    ['', 'must specify one of -f and -k'],
    ['-f a.yaml b.yaml', 'Unexpected args: [b.yaml]'],
    ['-f a --force-conflicts', '--force-conflicts only works with --server-side'],
    ['-f a --server-side --dry-run=client', "--dry-run=client doesn't work with --server-side"],
    ['-f a --server-side --force', '--force cannot be used with --server-side'],
    ['-f a --dry-run=server --force', '--dry-run=server cannot be used with --force'],
    ['-f a --all -l a=b', 'cannot set --all and --selector at the same time'],
    ['-f a --prune --force --all', '--force cannot be used with --prune'],
    ['-f a --prune', 'all resources selected for prune without explicitly passing --all.'],
    ['-f a --prune --all --server-side', "--prune is in alpha and doesn't currently work on objects created by"],
    ['-f a --subresource=status', '--subresource can only be specified for --server-side'],
    ['-f a --cascade=none', 'invalid cascade value (none). Must be "background", "foreground", or "orphan"'],
    ['-f a --validate=maybe', 'invalid - validate option "maybe"; must be one of: strict (or true), warn, ignore'],
  ])('%s is refused', (line, message) => {
    expect(() => optionsOf(apply, line)).toThrow(message);
  });
});

describe('what works on the record of what was applied: arguments', () => {
  it.each([
    ['deployment web', { request: { args: ['deployment', 'web'] }, output: 'yaml' }],
    ['deploy --all -o json', { request: { all: true }, output: 'json' }],
  ])('view-last-applied %s', (line, expected) => {
    expect(optionsOf(viewLastApplied, line)).toMatchObject(expected);
  });

  it.each([
    ['-f a.yaml', { filenames: ['a.yaml'], createAnnotation: false, dryRun: 'none' }],
    ['-f a.yaml --create-annotation --dry-run=server', { createAnnotation: true, dryRun: 'server' }],
  ])('set-last-applied %s', (line, expected) => {
    expect(optionsOf(setLastApplied, line)).toMatchObject(expected);
  });
});

describe('diff and edit: arguments', () => {
  it.each([
    [diff, '-f a.yaml', { merge: { serverSide: false, fieldManager: 'kubectl-client-side-apply' }, prune: false }],
    [diff, '-f a.yaml --server-side', { merge: { serverSide: true, fieldManager: 'kubectl', forceConflicts: false } }],
    [edit, 'cm c', { request: { args: ['cm', 'c'], bareTypeMeansAll: true }, edit: { language: 'yaml' } }],
    [edit, 'cm c -o json', { edit: { language: 'json', fieldManager: 'kubectl-edit', windowsLineEndings: false } }],
    [edit, 'cm c -o kyaml --windows-line-endings', { edit: { language: 'kyaml', windowsLineEndings: true } }],
    [edit, 'cm c --subresource=status --save-config', { subresource: 'status', saveConfig: true, outputPatch: false }],
  ])('%#: %s', (command, line, expected) => {
    expect(optionsOf(command, line)).toMatchObject(expected);
  });

  it.each([
    [diff, '', 'must specify one of -f and -k'],
    [diff, '-f a b', 'Unexpected args: [b]'],
    [diff, '-f a --force-conflicts', '--force-conflicts only works with --server-side'],
    [
      edit,
      'cm c -o name',
      'unable to match a printer suitable for the output format "name", allowed formats are: json,kyaml,yaml',
    ],
  ])('%#: %s is refused', (command, line, message) => {
    expect(() => optionsOf(command, line)).toThrow(message);
  });
});

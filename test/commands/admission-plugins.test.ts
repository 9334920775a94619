import { describe, expect, it } from 'vitest';
import { chosenPlugins } from '../../src/commands/admission-plugins.ts';
import { run } from './run-program.ts';

describe('the admission plug-ins of a server', () => {
  it('are those that always are on, and ServiceAccount where it is asked for', () => {
    expect([...chosenPlugins([], [])]).toEqual([]);
    expect([...chosenPlugins(['NamespaceLifecycle', 'ServiceAccount'], ['NodeRestriction'])]).toEqual([
      'ServiceAccount',
    ]);
    expect([...chosenPlugins([], ['ServiceAccount'])]).toEqual([]);
  });

  it.each([
    [['Nonsense'], [], 'enable-admission-plugins plugin "Nonsense" is unknown'],
    [[], ['serviceaccount'], 'disable-admission-plugins plugin "serviceaccount" is unknown'],
    [
      ['ServiceAccount', 'LimitRanger'],
      ['ServiceAccount', 'LimitRanger'],
      '[LimitRanger ServiceAccount] in enable-admission-plugins and disable-admission-plugins overlapped',
    ],
    [
      ['NodeRestriction'],
      [],
      '--enable-admission-plugins: kube-lite does not have the admission plug-in NodeRestriction',
    ],
    [[], ['LimitRanger'], '--disable-admission-plugins: kube-lite cannot turn off the admission plug-in LimitRanger'],
  ])('refuse names: %j %j', (enabled, disabled, message) => {
    expect(() => chosenPlugins(enabled, disabled)).toThrow(message);
  });

  it('are named at once, separated by commas', async () => {
    const ran = await run(['serve', '--enable-admission-plugins=ServiceAccount,Nonsense', '--port=0']);
    expect(ran).toMatchObject({ status: 1, output: '' });
    expect(ran.errors).toContain('enable-admission-plugins plugin "Nonsense" is unknown');
  });
});

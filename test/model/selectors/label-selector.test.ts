import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatLabelSelector,
  labelSelectorOfObject,
  parseToLabelSelectorObject,
} from '../../../src/model/selectors/label-selector-object.ts';
import { labelRequirement } from '../../../src/model/selectors/label-requirement.ts';
import {
  EVERYTHING,
  labelSelectorMatches,
  labelSelectorText,
  NOTHING,
  parseLabelSelector,
  selectorFromSet,
  selectorOf,
} from '../../../src/model/selectors/label-selector.ts';

const { cases } = JSON.parse(
  readFileSync(new URL('../../../fixtures/manifests/selectors-by-kubectl.json', import.meta.url), 'utf8'),
) as { cases: { selector: string; error: string | null }[] };

const name = fc.stringMatching(/^[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,8}[A-Za-z0-9])?$/);
const key = fc.oneof(
  name,
  name.map((each) => `example.com/${each}`),
);
const requirement = fc.oneof(
  fc.tuple(key, fc.constantFrom('=' as const, '==' as const, '!=' as const), fc.tuple(name)),
  fc.tuple(
    key,
    fc.constantFrom('in' as const, 'notin' as const),
    fc.array(fc.oneof(name, fc.constant('')), { minLength: 1, maxLength: 4 }),
  ),
  fc.tuple(key, fc.constantFrom('exists' as const, '!' as const), fc.constant([])),
  fc.tuple(key, fc.constantFrom('gt' as const, 'lt' as const), fc.tuple(fc.integer({ min: 0 }).map(String))),
);

describe('parseLabelSelector', () => {
  it.each(cases.filter(({ error }) => error !== null))('refuses $selector as kubectl does', ({ selector, error }) => {
    let message: string | undefined;
    try {
      parseLabelSelector(selector);
    } catch (thrown) {
      ({ message } = thrown as Error);
    }
    expect(message).toBe(error);
  });

  it.each(cases.filter(({ error }) => error === null))('takes $selector as kubectl does', ({ selector }) => {
    expect(parseLabelSelector(selector).requirements.length).toBeGreaterThan(0);
  });

  it.each([
    ['', ''],
    [' a = b , c ', 'a=b,c'],
    ['b,a', 'a,b'],
    ['a in (z,b,,b)', 'a in (,b,z)'],
    ['a in ()', 'a in ()'],
    ['!a,x>1,y<2', '!a,x>1,y<2'],
    ['in in (in,notin)', 'in in (in,notin)'],
    ['a==b', 'a==b'],
  ])('prints %j as %j', (text, canonical) => {
    expect(labelSelectorText(parseLabelSelector(text))).toBe(canonical);
  });

  it('reads its own text back', () => {
    fc.assert(
      fc.property(fc.array(requirement, { maxLength: 5 }), (parts) => {
        // The text of "a in ()" and "a in (,)" is the same, and means one empty value.
        const selector = selectorOf(parts.map(([k, operator, values]) => labelRequirement(k, operator, values)));
        expect(parseLabelSelector(labelSelectorText(selector))).toEqual(selector);
      }),
    );
  });
});

describe('labelSelectorMatches', () => {
  const labels = { app: 'web', tier: 'front', n: '5', empty: '' };
  it.each([
    ['app=web', true],
    ['app==db', false],
    ['app!=db', true],
    ['absent!=db', true],
    ['absent=', false],
    ['empty=', true],
    ['app in (web,db),tier', true],
    ['app notin (web)', false],
    ['absent notin (web)', true],
    ['app,!absent', true],
    ['!app', false],
    ['n>4,n<6', true],
    ['n>5', false],
    ['app>1', false],
    ['toString', false],
    ['', true],
  ])('%s: %s', (text, matches) => {
    expect(labelSelectorMatches(parseLabelSelector(text), labels)).toBe(matches);
  });

  it('knows everything, nothing and sets', () => {
    expect(labelSelectorMatches(EVERYTHING, labels)).toBe(true);
    expect(labelSelectorMatches(NOTHING, {})).toBe(false);
    expect(labelSelectorText(selectorFromSet({ b: '1', a: '2' }))).toBe('a=2,b=1');
  });
});

describe('LabelSelector objects', () => {
  it('select what they say', () => {
    const selector = labelSelectorOfObject({
      matchLabels: { app: 'web' },
      matchExpressions: [
        { key: 'tier', operator: 'In', values: ['front', 'back'] },
        { key: 'gone', operator: 'DoesNotExist' },
      ],
    });
    expect(labelSelectorText(selector)).toBe('app=web,!gone,tier in (back,front)');
    expect(labelSelectorMatches(selector, { app: 'web', tier: 'back' })).toBe(true);
    expect(labelSelectorMatches(selector, { app: 'web', tier: 'back', gone: '' })).toBe(false);
    expect(labelSelectorOfObject({})).toEqual(EVERYTHING);
    expect(labelSelectorOfObject(null)).toEqual(NOTHING);
  });

  it('are shown in tables', () => {
    expect(formatLabelSelector({ matchLabels: { app: 'web' } })).toBe('app=web');
    expect(formatLabelSelector({})).toBe('<none>');
    expect(formatLabelSelector({ matchExpressions: [{ key: 'a', operator: 'Like' }] })).toBe('<error>');
    expect(formatLabelSelector({ matchExpressions: [{ key: 'a', operator: 'In' }] })).toBe('<error>');
  });

  it('come from a text', () => {
    expect(parseToLabelSelectorObject('app=web,tier in (a,b),!x')).toEqual({
      matchLabels: { app: 'web' },
      matchExpressions: [
        { key: 'tier', operator: 'In', values: ['a', 'b'] },
        { key: 'x', operator: 'DoesNotExist' },
      ],
    });
    expect(() => parseToLabelSelectorObject('n>1')).toThrow(`"gt" isn't supported in label selectors`);
    expect(() => parseToLabelSelectorObject('a in')).toThrow(
      `couldn't parse the selector string "a in": unable to parse`,
    );
  });
});

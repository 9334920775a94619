import { describe, expect, it } from 'vitest';
import { GoTemplate } from '../../../src/model/go-template/go-template.ts';
import { GoTemplateError } from '../../../src/model/go-template/go-template-error.ts';
import type { JsonValue } from '../../../src/model/json-value.ts';

function run(text: string, data: JsonValue = {}, allowMissingKeys = true): string {
  const parts: string[] = [];
  new GoTemplate('output', text).execute(data, { allowMissingKeys }, (part) => void parts.push(part));
  return parts.join('');
}

describe('GoTemplate', () => {
  it.each([
    ['{{.a}}{{.b.c}}{{.zz}}', { a: 1, b: { c: 'x' } }, '1x<no value>'],
    ['{{range $i, $v := .l}}{{$i}}{{$v}}{{if eq $i 1}}{{break}}{{end}},{{else}}none{{end}}', { l: [5, 6, 7] }, '05,16'],
    ['{{range $k, $v := .}}{{$k}}={{$v}};{{end}}', { b: 1.5, a: null, ä: true }, 'a=<no value>;b=1.5;ä=true;'],
    ['a {{- 1 -}} b', {}, 'a1b'],
    ['{{with .x}}{{.}}{{else with .y}}{{.}}!{{end}}', { y: 'z' }, 'z!'],
    ['{{define "t"}}<{{.}}>{{end}}{{template "t" 1}}{{block "u" .a}}[{{.}}]{{end}}', { a: 'b' }, '<1>[b]'],
    ['{{printf "%5.1f|%-4d|%q|%T" 2.25 7 "a" .n | html}}', { n: 2n ** 60n }, '  2.2|7   |&#34;a&#34;|int64'],
    ['{{index .m "a.b" | base64decode}}', { m: { 'a.b': 'aGk=' } }, 'hi'],
    ['{{$x := 1}}{{if true}}{{$x = 2}}{{$x := 3}}{{end}}{{$x}}', {}, '2'],
    [
      '{{.constructor}}{{.__proto__}}{{index . "toString"}}{{exists . "valueOf"}}',
      {},
      '<no value><no value><no value>false',
    ],
  ])('prints %s', (text, data, printed) => {
    expect(run(text, data)).toBe(printed);
  });

  it.each([
    ['{{.a', 'template: output:1: unclosed action'],
    ['\n{{if .}}x', 'template: output:2: unexpected EOF'],
    ['{{foo}}', 'template: output:1: function "foo" not defined'],
    ['{{if 1}}'.repeat(5000), 'template: output:1: nested more than 500 deep'],
    [`{{${'('.repeat(5000)}`, 'template: output:1: nested more than 500 deep'],
  ])('cannot read %s', (text, message) => {
    expect(() => new GoTemplate('output', text)).toThrow(new GoTemplateError(message));
  });

  it('says where a key is missing', () => {
    const at = 'template: output:2:5: executing "output" at <.a.b>: map has no entry for key "b"';
    expect(() => run('\n{{.a.b}}', { a: {} }, false)).toThrow(at.replace('2:5', '2:4'));
  });

  it('ends where a template calls itself for ever', () => {
    const text = '{{define "a"}}{{template "a"}}{{end}}{{template "a"}}';
    expect(() => run(text)).toThrow('exceeded maximum template depth (100000)');
  });

  it('ends where a template goes on for ever', () => {
    expect(() => run('{{range 1000000000}}{{range 1000000000}}{{end}}{{end}}')).toThrow('more than 20000000 steps');
  });
});

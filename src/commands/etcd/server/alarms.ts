import { type AnswerHeader, headerFields } from '../../../etcd/answer-header.ts';
import { answerJson } from '../../../etcd/answer-json.ts';
import type { AnswerOf } from '../../../etcd/etcd-server.ts';
import type { Command, Invocation } from '../../command.ts';
import { UsageError } from '../../usage-error.ts';
import { defineServerCommand, lines, type Shown } from './server-command.ts';

type Alarms = AnswerOf<'Maintenance/Alarm'>['alarms'];

/** `etcd alarms list`. */
export const alarmsList: Command = defineServerCommand({
  use: 'list',
  description: 'List the alarms that members have raised: NOSPACE when the database is full, CORRUPT when data differ.',
  examples: [{ comment: 'The alarms', command: 'kubectl etcd alarms list' }],
  flags: [],
  formats: ['simple', 'json', 'fields'],
  parse: noArguments,
  async run(_options, server) {
    const answer = await server.read('Maintenance/Alarm', { action: 'Get', alarm: 'None' });
    return showAlarms(answer.alarms, answer.header);
  },
});

/** `etcd alarms disarm`. */
export const alarmsDisarm: Command = defineServerCommand({
  use: 'disarm',
  description: `Clear all alarms, and list those that were cleared.

 After NOSPACE first make room: compact, then defrag. An alarm whose cause remains is raised again.`,
  examples: [{ comment: 'All alarms', command: 'kubectl etcd alarms disarm' }],
  flags: [],
  formats: ['simple', 'json', 'fields'],
  parse: noArguments,
  async run(_options, server) {
    const { alarms } = await server.read('Maintenance/Alarm', { action: 'Get', alarm: 'None' });
    const cleared: Alarms = [];
    for (const { memberID, alarm } of alarms) {
      const answer = await server.change('Maintenance/Alarm', { action: 'Deactivate', memberID, alarm });
      cleared.push(...answer.alarms);
    }
    return showAlarms(cleared, null);
  },
});

function showAlarms(alarms: Alarms, header: AnswerHeader | null): Shown {
  return {
    simple: lines(alarms.map(({ memberID, alarm }) => `memberID:${memberID} alarm:${alarm.toUpperCase()} `)),
    json: answerJson({ header, alarms }),
    fields: lines([
      ...headerFields(header),
      ...alarms.flatMap(({ memberID, alarm }) => [
        `"MemberID" : ${memberID}`,
        `"AlarmType" : ${alarm.toUpperCase()}`,
        '',
      ]),
    ]),
  };
}

function noArguments({ args, commandPath }: Invocation): object {
  if (args.length > 0) throw new UsageError(`${commandPath} takes no arguments, got ${args.length}`);
  return {};
}

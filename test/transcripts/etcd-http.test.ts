import { afterAll, beforeAll } from 'vitest';
import { faultMode } from '../faults/fault-mode.ts';
import { etcdColumn } from './columns.ts';
import { describeColumn } from './describe-column.ts';

/** What reads, writes, watches, pages and deletes; `npm run test:transcripts-http` replays all. */
const CHOSEN = ['change/label-annotate', 'delete/delete', 'get/watch', 'create/configmap-literal'];

const column = etcdColumn('http');
beforeAll(() => column.start());
afterAll(() => column.stop());
describeColumn(column, faultMode === 'long' ? undefined : CHOSEN);

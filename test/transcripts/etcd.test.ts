import { afterAll, beforeAll } from 'vitest';
import { etcdColumn } from './columns.ts';
import { describeColumn } from './describe-column.ts';

const column = etcdColumn();
beforeAll(() => column.start());
afterAll(() => column.stop());
describeColumn(column);

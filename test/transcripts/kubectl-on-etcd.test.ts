import { afterAll, beforeAll } from 'vitest';
import { kubectlOnEtcdColumn } from './columns.ts';
import { describeColumn } from './describe-column.ts';

const column = kubectlOnEtcdColumn();
beforeAll(() => column.start());
afterAll(() => column.stop());
describeColumn(column);

import { apiColumn } from './columns.ts';
import { describeColumn } from './describe-column.ts';

describeColumn(apiColumn);

import { localColumn } from './columns.ts';
import { describeColumn } from './describe-column.ts';

describeColumn(localColumn);

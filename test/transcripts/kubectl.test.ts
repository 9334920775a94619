import { kubectlColumn } from './columns.ts';
import { describeColumn } from './describe-column.ts';

describeColumn(kubectlColumn);

import type { ApiResponse } from '../../model/api-message.ts';
import { jsonResponse } from '../output.ts';

/** What is answered to a POST that makes nothing: that it was done. */
export function successResponse(warnings: readonly string[]): ApiResponse {
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };
  return jsonResponse(201, status, warnings);
}

import { environment } from '@weft/config';

/**
 * @apollo/gateway sends metrics of its own to its vendor unless this variable says no; it reads it in its constructor,
 * and there is no option for it.
 */
export function stayHome(): void {
  environment().APOLLO_TELEMETRY_DISABLED = '1';
}

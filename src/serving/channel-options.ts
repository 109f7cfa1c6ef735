import type { ChannelOptions } from '@grpc/grpc-js'
import { SERVER_FAULTS_POLICY } from './server-faults.js'

/** What shapes a channel to a model server. */
export interface ChannelSettings {
  /**
   * Bytes of requests that are kept until they are answered, so that a failed attempt can be sent again: of one call and
   * of all together.
   */
  readonly retryBytes: number
  /** Calls in flight to one address. */
  readonly inFlightPerAddress: number
  /** Largest answer in bytes that is taken. */
  readonly maxResponseBytes: number
  /** Milliseconds from one look-up of the names to the next. */
  readonly dnsIntervalMs: number
  /** Name that the server's certificate must carry, where it is not the target's host. */
  readonly serverName?: string | undefined
}

/** A name is not looked up oftener, however many connections break (grpc-js: 30 s). */
const MIN_RESOLUTION_INTERVAL_MS = 5000
/** A server that was away is found again within this time (grpc-js: up to 2 minutes). */
const MAX_RECONNECT_BACKOFF_MS = 5000

/**
 * Sends a call that ended UNAVAILABLE up to three times in all: nothing else is known to have left the model alone,
 * and predictions are idempotent.
 */
const RETRY_POLICY = {
  maxAttempts: 3,
  initialBackoff: '0.1s',
  maxBackoff: '1s',
  backoffMultiplier: 2,
  retryableStatusCodes: ['UNAVAILABLE'],
}

/**
 * A replica that hangs with its connection open answers nothing and fails nothing, and keepalive pings that would find
 * it are punished by C++ servers ("Too many pings"). The policy around this one gives it no more calls than it holds
 * already, but still some. So an address that
 * failed over 80 % of at least 5 calls in 5 s is left out for 10 s (longer each time, 60 s at most), while at least
 * one other has enough calls to compare with and half of the addresses stay.
 */
const OUTLIER_DETECTION = {
  interval: seconds(5),
  base_ejection_time: seconds(10),
  max_ejection_time: seconds(60),
  max_ejection_percent: 50,
  failure_percentage_ejection: {
    threshold: 80,
    enforcement_percentage: 100,
    minimum_hosts: 2,
    request_volume: 5,
  },
  child_policy: [{ round_robin: {} }],
}

/** The gRPC service config of a channel: round_robin, outlier detection, retries. */
export const SERVICE_CONFIG = {
  loadBalancingConfig: [
    { [SERVER_FAULTS_POLICY]: { child_policy: [{ outlier_detection: OUTLIER_DETECTION }] } },
  ],
  methodConfig: [{ name: [{}], retryPolicy: RETRY_POLICY }],
}

/** Makes grpc-js' options of a channel from the settings. */
export function toChannelOptions(settings: ChannelSettings): ChannelOptions {
  const options: ChannelOptions = {
    'grpc.service_config': JSON.stringify(SERVICE_CONFIG),
    // A TXT record of the zone would otherwise replace the config above, at the cost of a query a look-up.
    'grpc.service_config_disable_resolution': 1,
    'grpc.dns_min_time_between_resolutions_ms': Math.min(
      MIN_RESOLUTION_INTERVAL_MS,
      settings.dnsIntervalMs,
    ),
    'grpc.initial_reconnect_backoff_ms': 500,
    'grpc.max_reconnect_backoff_ms': MAX_RECONNECT_BACKOFF_MS,
    // Model servers stand beside the gateway; a proxy set for the internet does not know their names.
    'grpc.enable_http_proxy': 0,
    'grpc.max_receive_message_length': settings.maxResponseBytes,
    // grpc-js silently sends a request once only when it outgrows these (1 MiB and 16 MiB by default).
    'grpc.per_rpc_retry_buffer_size': settings.retryBytes,
    'grpc.retry_buffer_size': settings.retryBytes,
  }
  if (settings.serverName !== undefined) {
    options['grpc.ssl_target_name_override'] = settings.serverName
    options['grpc.default_authority'] = settings.serverName
  }
  return options
}

function seconds(value: number): { seconds: number; nanos: number } {
  return { seconds: value, nanos: 0 }
}

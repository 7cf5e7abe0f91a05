import type { HttpTraffic } from '../common/http/traffic.js';
import type { Exposition } from './exposition.js';

export function exposeHttp(metrics: Exposition, traffic: HttpTraffic): void {
  metrics.histogram(
    {
      name: 'roomcast_http_request_duration_seconds',
      help: 'Time from the first byte of a request to the last of its answer, by route pattern and status class; aborted: the client left first.',
      labels: ['method', 'route', 'status'],
    },
    () => [...traffic.measured()].map(({ labels, seconds }) => [labels, seconds] as const),
  );
  metrics.gauge({ name: 'roomcast_http_requests_open', help: 'HTTP requests being served.' }, () => traffic.open);
}

import { createMetrics } from '../../src/ops/metrics.js';

describe('metrics', () => {
  it('shows what was counted, by route and never by address', async () => {
    const metrics = createMetrics();
    metrics.request({ route: 'postComment', method: 'POST', status: 201, seconds: 0.004 });
    metrics.socket('/threads', 1);
    metrics.socket('/threads', 1);
    metrics.socket('/threads', -1);
    metrics.room(1);
    metrics.frame(5_000);
    metrics.post('approved');
    metrics.commit(3);
    metrics.store('readPage', 0.001, false);
    metrics.limited('comment');
    metrics.page('cache');
    const { body, contentType } = await metrics.render();
    expect(contentType).toMatch(/^text\/plain; version=0\.0\.4/);
    for (const line of [
      'sayso_http_request_seconds_count{route="postComment",method="POST",status="201"} 1',
      'sayso_sockets{namespace="/threads"} 1',
      'sayso_rooms 1',
      'sayso_frame_recipients_sum 5000',
      'sayso_posts_total{outcome="approved"} 1',
      'sayso_commit_operations_sum 3',
      'sayso_store_seconds_count{call="readPage",failed="false"} 1',
      'sayso_limited_total{bucket="comment"} 1',
      'sayso_pages_total{from="cache"} 1',
    ]) {
      expect(body).toContain(`${line}\n`);
    }
    expect(body).toContain('sayso_nodejs_eventloop_lag_seconds');
  });

  it('counts for each server apart', async () => {
    createMetrics().post('approved');
    expect((await createMetrics().render()).body).not.toContain('outcome="approved"');
  });
});

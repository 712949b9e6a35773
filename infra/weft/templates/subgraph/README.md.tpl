# {{name}}

Owner: team-{{name}}.

| entity | keys | shard key | loader |
| ------ | ---- | --------- | ------ |
| {{Entity}} | `{{key}}` | {{shardKey}} | `{{loader}}` |

## Promises

99.9 % of requests without an error of ours, 99 of 100 within 250 ms (`subgraph.yaml`). The alert rules look at the whole graph; whether this subgraph keeps it is in `subgraph_requests_total` and `subgraph_request_duration_seconds` of its processes.

## When something is wrong

- `SHARD_UNAVAILABLE` on some entities only: a shard is down. The metric `database_shard_up` says which. The others are served; nothing needs a restart.
- Refuses to start with "is behind": the migrations of a shard are older than the code. Run the migrations, then start.

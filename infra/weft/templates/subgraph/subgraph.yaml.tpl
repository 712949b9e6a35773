# The {{name}} subgraph. Every key is described in docs/subgraph-config.md; the environment wins over this file.
name: {{name}}
owner: team-{{name}}
port: {{port}}
slo:
  availability: 99.9
  latencyP99: 250ms
cache:
  size: 16MiB

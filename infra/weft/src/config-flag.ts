/** `--config` of every command that reads the list of subgraphs. */
export const configFlag = {
  type: 'string',
  value: 'FILE',
  default: 'schema/subgraphs.yaml',
  help: 'The list of subgraphs. Default: schema/subgraphs.yaml.',
} as const;

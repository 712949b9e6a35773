/** Columns as Postgres gives them: bigint as text. */
export interface {{Entity}}Table {
  {{key}}: string;
  name: string;
}

export interface {{Tables}} {
  '{{name}}.{{table}}': {{Entity}}Table;
}

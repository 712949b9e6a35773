import { GraphiQL } from 'graphiql';
import { useMemo, useState } from 'react';
import type { ConsoleConfig } from '../console-config.ts';
import { createConsoleStorage, firstTexts } from './console-storage.ts';
import { type Account, createFetcher } from './fetch-operation.ts';
import logo from './weft.svg';

export function Console({ config }: { config: ConsoleConfig }) {
  const [account, setAccount] = useState<Account>();
  const fetcher = useMemo(() => createFetcher(config.endpoint, setAccount), [config.endpoint]);
  const tabs = config.tabs.map((tab) => ({ headers: config.headers ?? null, ...tab }));
  const [storage] = useState(() => createConsoleStorage(config.headers));
  const [first] = useState(() => firstTexts(config.tabs));
  return (
    <GraphiQL
      fetcher={fetcher}
      defaultTabs={tabs}
      {...(config.headers === undefined ? {} : { defaultHeaders: config.headers })}
      {...(first ? { initialQuery: first.query, initialVariables: first.variables } : {})}
      storage={storage}
      defaultEditorToolsVisibility="headers"
      inputValueDeprecation
    >
      <GraphiQL.Logo>
        <a className="weft-logo" href={config.endpoint} title="Weft">
          <img src={logo} alt="" /> Weft
        </a>
      </GraphiQL.Logo>
      <GraphiQL.Footer>
        <output className="weft-account">{account ? accountText(account) : 'Ctrl-Enter runs the operation'}</output>
      </GraphiQL.Footer>
    </GraphiQL>
  );
}

function accountText({ status, milliseconds, bytes, cacheControl }: Account): string {
  const size = bytes < 1_024 ? `${bytes} B` : `${(bytes / 1_024).toFixed(1)} KiB`;
  return [`HTTP ${status}`, `${milliseconds} ms`, size, ...(cacheControl ? [cacheControl] : [])].join('  ·  ');
}

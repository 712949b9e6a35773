import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './console.css';
import { createRoot } from 'react-dom/client';
import { Console } from './console.tsx';
import { loadConsoleConfig } from './load-console-config.ts';

const place = document.getElementById('console');
if (!place) throw new Error('index.html has no element "console"');
createRoot(place).render(<Console config={await loadConsoleConfig()} />);

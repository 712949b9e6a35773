import { expect, test } from '@jest/globals';
import { HELP, readCommandLine } from './command-line.ts';

const refusal = (...args: string[]): string => {
  try {
    readCommandLine(args);
  } catch (error) {
    return String(error);
  }
  return 'accepted';
};

test('every option is read', () => {
  const all = '--fresh --once --production --demo-issuer --scale 0.5 --port 4100 --copies 2 --data here';
  expect(readCommandLine([...all.split(' '), '--redis', 'redis://127.0.0.1:1', '--otlp=http://127.0.0.1:2'])).toEqual({
    help: false,
    fresh: true,
    once: true,
    production: true,
    demoIssuer: true,
    scale: 0.5,
    port: 4100,
    copies: 2,
    data: 'here',
    redis: 'redis://127.0.0.1:1',
    otlp: 'http://127.0.0.1:2',
  });
  expect(readCommandLine([])).toMatchObject({ copies: 1, fresh: false, scale: undefined, port: undefined });
});

test('an option that is not known is refused with the nearest one', () => {
  expect(refusal('--fersh')).toMatch(/unknown option --fersh; did you mean --fresh\?/);
  expect(refusal('--prot=4000')).toMatch(/did you mean --port\?/);
  expect(refusal('--nothing-like-it')).toMatch(/unknown option --nothing-like-it\. See npm start -- --help/);
  expect(refusal('fresh')).toMatch(/"fresh" is not an option/);
});

test('a value that is not allowed is told with what is', () => {
  expect(refusal('--port', 'http')).toMatch(/--port: read "http", allowed is a whole number from 1 to 65535/);
  expect(refusal('--scale', '0')).toMatch(/--scale: read "0", allowed is a number from 0.001 to 1000/);
  expect(refusal('--scale=')).toMatch(/--scale: read nothing, allowed is a number/);
  expect(refusal('--copies', '1.5')).toMatch(/--copies: read "1.5", allowed is a whole number/);
  expect(refusal('--redis', '127.0.0.1:6379')).toMatch(/--redis: read .* starts with redis:\/\/ or rediss:\/\//);
  expect(refusal('--port')).toMatch(/--port: read nothing, allowed is a whole number from 1 to 65535/);
  expect(refusal('--port', '--once')).toMatch(/--port: read nothing, allowed is a whole number/);
  expect(refusal('--scale', '-1')).toMatch(/--scale: read "-1", allowed is a number from 0.001 to 1000/);
  expect(refusal('--scale', 'x')).toMatch(/--scale: read "x", allowed is a number from 0.001 to 1000/);
  expect(refusal('--copies', '0')).toMatch(/--copies: read "0", allowed is a whole number from 1 to 8/);
  expect(refusal('--port', '99999')).toMatch(/--port: read "99999", allowed is a whole number from 1 to 65535/);
  expect(refusal('--data')).toMatch(/--data: read nothing, allowed is a path/);
  expect(refusal('--once=1')).toMatch(/--once/);
});

test('whose tokens are accepted is said whole, and never twice', () => {
  const own = ['--jwks', 'keys.json', '--issuer', 'https://login.test', '--audience', 'shop'];
  expect(readCommandLine(['--production', ...own])).toMatchObject({
    production: true,
    accepted: { jwksFile: 'keys.json', issuer: 'https://login.test', audience: 'shop' },
  });
  expect(refusal('--jwks', 'keys.json')).toMatch(/--jwks FILE, --issuer TEXT and --audience TEXT go together/);
  expect(refusal(...own, '--demo-issuer')).toMatch(/exclude each other/);
  expect(refusal('--once', ...own)).toMatch(/--once asks as a demo user; leave --jwks out/);
  expect(refusal('--once', '--production')).toMatch(/--once asks as a demo user, .*; add --demo-issuer/);
});

test('the help names every option', () => {
  for (const flag of [
    'fresh',
    'scale',
    'once',
    'port',
    'copies',
    'production',
    'demo-issuer',
    'jwks',
    'issuer',
    'audience',
    'redis',
    'otlp',
    'data',
    'help',
  ])
    expect(HELP).toContain(`--${flag}`);
});

import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';

/** Postgres' own default (scram_iterations). */
const ITERATIONS = 4_096;
const VERIFIER = /^SCRAM-SHA-256\$(\d+):([^$]+)\$([^:]+):(.+)$/;

/**
 * What Postgres keeps instead of a password (RFC 5802). Made here, so that no statement, and so no log of the server,
 * ever holds the password. For the printable ASCII that we generate SASLprep changes nothing.
 */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16), iterations = ITERATIONS): string {
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
  const stored = createHash('sha256').update(keyed(salted, 'Client Key')).digest('base64');
  const server = keyed(salted, 'Server Key').toString('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${stored}:${server}`;
}

/** Whether a role's verifier is of this password, so that an unchanged role is not written again at each start. */
export function isVerifierOf(verifier: string | null, password: string): boolean {
  const [, iterations, salt] = VERIFIER.exec(verifier ?? '') ?? [];
  if (verifier === null || iterations === undefined || salt === undefined) return false;
  const made = Buffer.from(scramVerifier(password, Buffer.from(salt, 'base64'), Number(iterations)));
  const kept = Buffer.from(verifier);
  return made.length === kept.length && timingSafeEqual(made, kept);
}

function keyed(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

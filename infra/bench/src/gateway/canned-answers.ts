import { messageOf } from '@weft/errors';
import { answerDocument, type GraphRequest } from './answer-document.ts';
import { shuffledJson } from './shuffled-json.ts';

export type AnswerShape = 'compact' | 'shuffled';

/** Old answers go all at once when they take more than this: only the cold scenario comes near it. */
const MOST_BYTES = 128 * 1_048_576;

/** Whole HTTP answers by request body: what was asked once costs a look-up. */
export function createCannedAnswers(shape: AnswerShape): (body: string) => Buffer {
  const known = new Map<string, Buffer>();
  let bytes = 0;
  return (body) => {
    const found = known.get(body);
    if (found !== undefined) return found;
    const made = httpAnswer(body, shape);
    if (bytes > MOST_BYTES) {
      known.clear();
      bytes = 0;
    }
    bytes += body.length + made.length;
    known.set(body, made);
    return made;
  };
}

function httpAnswer(body: string, shape: AnswerShape): Buffer {
  const answer = answerTo(body);
  const text = Buffer.from(shape === 'compact' ? JSON.stringify(answer) : shuffledJson(answer, body));
  const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${text.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), text]);
}

function answerTo(body: string): unknown {
  try {
    // bodies are kept as latin1, one character a byte
    return { data: answerDocument(JSON.parse(Buffer.from(body, 'latin1').toString()) as GraphRequest) };
  } catch (error) {
    return { errors: [{ message: messageOf(error) }] };
  }
}

// Sends 100 of the requests once, looks whether each answer has the packages asked for, and makes a pgbench script of the statement that PostgreSQL logged for it, with its parameters as constants.
//   capture.mjs GATEWAY REQUESTS LOG SCRIPTS
import { readFileSync, statSync, writeFileSync } from 'node:fs';

const [gateway, requestsFile, log, scripts] = process.argv.slice(2);
const requests = readFileSync(requestsFile, 'utf8').split('\n').filter(line => line.length > 0).slice(0, 100).map(line => line.split('\t'));
const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

const start = statSync(log).size;
let compressed = 0, plain = 0;
for (const [path, body] of requests) {
  const headers = { 'Content-Type': 'application/json' };
  const answer = await fetch(new URL(path + '?format=json', gateway), { method: 'POST', headers, body });
  const text = await answer.text();
  const [asked, found] = [JSON.parse(body), JSON.parse(text)].map(list => list.map(item => item.packageId).join());
  if (answer.status !== 200 || asked !== found) throw new Error(`${answer.status}: ${text.slice(0, 300)}`);
  plain += text.length;
}
for (const [path, body] of requests) {
  // As wrk does it: without Accept-Encoding, which fetch always sends with values of its own.
  const { request } = await import('node:http');
  compressed += await new Promise((resolve, reject) => {
    const sent = request(new URL(path, gateway), { method: 'POST', headers: { 'Content-Type': 'application/json' } }, answer => {
      let bytes = 0;
      if (answer.headers['content-encoding'] !== 'zstd') reject(new Error('not compressed'));
      answer.on('data', chunk => bytes += chunk.length).on('end', () => resolve(bytes));
    });
    sent.on('error', reject).end(body);
  });
}

let found = [];
for (let i = 0; i < 50 && found.length < 2 * requests.length; i++, await pause(200)) found = executions(readFileSync(log).subarray(start).toString());
if (found.length !== 2 * requests.length) throw new Error(`${2 * requests.length} requests, but ${found.length} statements in ${log}`);
found.slice(0, requests.length).forEach(({ statement, values }, i) =>
  writeFileSync(`${scripts}.${i}.sql`, `${statement.replaceAll(/\$(\d+)/g, (_, number) => `'${values[number - 1]}'`).replace(/\s*;?\s*$/, '')};\n`));
console.log(`${Math.round(compressed / requests.length)} bytes an answer; ${Math.round(plain / requests.length)} as JSON`);

// The AppHost puts the time before each line; PostgreSQL begins the further lines of a text with a tab.
function executions(text) {
  const entries = [];
  for (const line of text.split('\n').map(line => line.replace(/^\S+ \S+ /, ''))) {
    if (line.startsWith('\t')) entries[entries.length - 1] += `\n${line.slice(1)}`;
    else if (line.length > 0) entries.push(line);
  }
  const result = [];
  for (let i = 0; i + 1 < entries.length; i++) {
    const statement = /LOG: {2}duration: \S+ ms {2}execute [^:]*: ([\s\S]*)$/.exec(entries[i])?.[1];
    if (!statement || !/^SELECT place, id, id_hash, version, total/.test(statement)) continue; // workers ask as well
    const detail = /DETAIL: {2}parameters: ([\s\S]*)$/.exec(entries[i + 1])?.[1] ?? '';
    result.push({ statement, values: [...detail.matchAll(/\$(\d+) = '((?:[^']|'')*)'/g)].map(match => match[2]) });
  }
  return result;
}

// Makes a pgbench script of the statements that the service runs: every request is sent once, alone, while PostgreSQL logs statements and parameters.
//   capture.mjs GATEWAY HEADER REQUESTS LOG SCRIPT VARIABLES
import { readFileSync, statSync, writeFileSync } from 'node:fs';

const [gateway, header, requestsFile, log, script, variablesFile] = process.argv.slice(2);
const requests = readFileSync(requestsFile, 'utf8').split('\n').filter(line => line.length > 0);
const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));
const headers = { Authorization: header.replace(/^Authorization: /, '') };

const start = statSync(log).size;
for (const path of requests) {
  const answer = await fetch(new URL(path, gateway), { headers });
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`);
  await answer.arrayBuffer();
}

let found = [];
for (let i = 0; i < 50 && found.length < requests.length; i++, await pause(200)) found = executions(readFileSync(log).subarray(start).toString());
if (found.length !== requests.length) {
  const counts = new Map();
  for (const { statement } of found) counts.set(statement, (counts.get(statement) ?? 0) + 1);
  throw new Error(`${requests.length} requests, but ${found.length} statements in ${log}:\n${[...counts].map(([statement, count]) => `${count} times ${statement}`).join('\n')}`);
}

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
    if (!statement || !/^SELECT\s+p\.slug, p\.name,/.test(statement)) continue; // workers ask as well
    const detail = /DETAIL: {2}parameters: ([\s\S]*)$/.exec(entries[i + 1])?.[1] ?? '';
    const values = [...detail.matchAll(/\$(\d+) = (NULL|'((?:[^']|'')*)')/g)].map(match => match[2] === 'NULL' ? null : match[3].replaceAll("''", "'"));
    result.push({ statement, values });
  }
  return result;
}

// One statement for each request, found by halving: pgbench has no arrays of texts. Each is prepared once per connection, with its parameters sent each time.
const variables = [];
function choose(low, high) {
  if (low < high) {
    const middle = (low + high) >> 1;
    return `\\if :chosen <= ${middle}\n${choose(low, middle)}\\else\n${choose(middle + 1, high)}\\endif\n`;
  }
  const { statement, values } = found[low];
  return `${statement.replaceAll(/\$(\d+)/g, (_, number) => {
    const value = values[number - 1];
    if (value === null) return 'NULL';
    if (variables.at(-1)?.startsWith(`-Dv${low}_${number}=`) !== true) variables.push(`-Dv${low}_${number}=${value}`);
    return `:v${low}_${number}`;
  }).replace(/\s*;?\s*$/, '')};\n`;
}
writeFileSync(script, `\\set chosen random(0, ${found.length - 1})\n${choose(0, found.length - 1)}`);
writeFileSync(variablesFile, variables.map(variable => `${variable}\n`).join(''));

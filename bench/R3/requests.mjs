// Writes the request lists: search (terms and their second pages), page (four orders, depths spread from 1 to 1,000), first and deep.
//   requests.mjs GATEWAY HEADER FOLDER TERMS...
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [gateway, header, folder, ...kinds] = process.argv.slice(2);
const headers = { Authorization: header.replace(/^Authorization: /, '') };
const depthWanted = 1_000, depthsKept = 50;

async function list(path) {
  const answer = await fetch(new URL(path, gateway), { headers });
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}
const write = (name, lines) => writeFileSync(join(folder, name), lines.map(line => `${line}\n`).join(''));

// Terms of the three kinds take turns, so that every part of a round has all of them.
const terms = kinds.map(kind => readFileSync(join(folder, kind), 'utf8').split('\n').filter(term => term.length > 0));
const search = [];
for (let i = 0; i < terms[0].length; i++)
  for (const ofKind of terms) {
    const path = `/api/v1/packs?q=${encodeURIComponent(ofKind[i])}`;
    const page = await list(path);
    if (page.packs.length === 0) throw new Error(`nothing is found by '${ofKind[i]}'`);
    search.push(path);
    if (page.nextCursor) search.push(`${path}&cursor=${page.nextCursor}`);
  }
write('search', search);

const pages = [], first = [], deep = [];
let reached = depthWanted;
for (const sort of ['popular', 'recent', 'name', 'trending']) {
  const start = `/api/v1/packs?sort=${sort}`, walked = [start];
  for (let page = await list(start); page.hasMore && walked.length < depthWanted; page = await list(walked.at(-1))) walked.push(`${start}&cursor=${page.nextCursor}`);
  reached = Math.min(reached, walked.length);
  first.push(start);
  deep.push(...walked.slice(-11, -1));
  const step = Math.max(1, Math.floor(walked.length / depthsKept));
  pages.push(walked.filter((_, i) => i % step === 0));
}
write('page', pages[0].flatMap((_, i) => pages.map(ofSort => ofSort[i]).filter(path => path !== undefined)));
write('first', first);
write('deep', deep);
write('depth', [reached]);

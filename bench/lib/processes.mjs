// What each resource of a hub has used so far, with its children: processes.mjs STATUS-PAGE; prints name, CPU seconds, resident bytes, bytes written to disk, sorted by name.
import { readdirSync, readFileSync } from 'node:fs';

const TicksPerSecond = 100; // Linux's USER_HZ
const answer = await fetch(`${process.argv[2]}/events`);
let text = '';
for await (const part of answer.body.pipeThrough(new TextDecoderStream())) {
  text += part;
  if (/^data: .*\n/m.test(text)) break;
}
const resources = JSON.parse(/^data: (.*)$/m.exec(text)[1]).filter(resource => resource.processId);

const stats = new Map(), children = new Map();
for (const id of readdirSync('/proc').filter(name => /^\d+$/.test(name)).map(Number)) {
  try {
    const fields = readFileSync(`/proc/${id}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
    const written = /^write_bytes: (\d+)/m.exec(readFileSync(`/proc/${id}/io`, 'utf8'));
    // utime, stime, and those of children that have ended
    stats.set(id, { ticks: [11, 12, 13, 14].reduce((sum, i) => sum + Number(fields[i]), 0), resident: Number(fields[21]) * 4096, written: Number(written?.[1] ?? 0) });
    children.set(Number(fields[1]), [...(children.get(Number(fields[1])) ?? []), id]);
  } catch {
    // It has ended meanwhile.
  }
}

const sum = id => (children.get(id) ?? []).map(sum).reduce(
  (all, one) => ({ ticks: all.ticks + one.ticks, resident: all.resident + one.resident, written: all.written + one.written }), stats.get(id) ?? { ticks: 0, resident: 0, written: 0 });
const lines = resources.map(({ name, processId }) => {
  const used = sum(processId);
  return `${name}\t${used.ticks / TicksPerSecond}\t${used.resident}\t${used.written}`;
});
console.log(lines.sort().join('\n'));
process.exit(0);

// Makes the table of a row from its figures: table.mjs ROW TITLE FIGURES FACTS
import { readFileSync } from 'node:fs';

const [row, title, figuresFile, factsFile] = process.argv.slice(2);
const read = file => readFileSync(file, 'utf8').split('\n').filter(line => line.length > 0).map(line => line.split('\t'));
const median = values => {
  const sorted = [...values].sort((a, b) => a - b), middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};
const show = value => Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(3);

const kinds = {
  rate: { of: (ours, baseline) => ours / baseline, holds: (value, limit) => value >= limit, sign: '≥', unit: () => '' },
  time: { of: (ours, baseline) => ours / baseline, holds: (value, limit) => value <= limit, sign: '≤', unit: () => '' },
  added: { of: (ours, baseline) => ours - baseline, holds: (value, limit) => value <= limit, sign: '≤', unit: unit => ` ${unit}` },
  reach: { of: ours => ours, holds: (value, limit) => value >= limit, sign: '≥', unit: unit => ` ${unit}` },
  size: { of: ours => ours, holds: (value, limit) => value <= limit, sign: '≤', unit: unit => ` ${unit}` },
};

const cases = new Map();
for (const [name, kind, round, ours, baseline, unit, floor, goal] of read(figuresFile)) {
  if (!cases.has(name)) cases.set(name, { name, kind, unit, floor, goal, rounds: [] });
  cases.get(name).rounds.push({ round, ours: Number(ours), baseline: baseline === '-' ? NaN : Number(baseline) });
}

const limit = (kind, text, unit) => text === '-' ? '' : `${kind.sign} ${text}${kind.unit(unit)}`;
const verdict = (kind, value, floor, goal) =>
  goal !== '-' && kind.holds(value, Number(goal)) ? 'goal' : floor !== '-' && kind.holds(value, Number(floor)) ? 'floor' : floor === '-' && goal === '-' ? '' : 'missed';

console.log(`# ${row}: ${title}\n`);
for (const [name, text] of read(factsFile)) console.log(`- ${name}: ${text}`);
console.log('\n| case | unit | ours, median | baseline, median | ratio or difference, median | min - max | floor | goal | reached |\n|---|---|---|---|---|---|---|---|---|');
for (const one of cases.values()) {
  const kind = kinds[one.kind], values = one.rounds.map(round => kind.of(round.ours, round.baseline));
  const baseline = Number.isNaN(one.rounds[0].baseline) ? '' : show(median(one.rounds.map(round => round.baseline)));
  console.log(`| ${one.name} | ${one.unit} | ${show(median(one.rounds.map(round => round.ours)))} | ${baseline} | **${show(median(values))}** | ${show(Math.min(...values))} - ${show(Math.max(...values))} `
    + `| ${limit(kind, one.floor, one.unit)} | ${limit(kind, one.goal, one.unit)} | ${verdict(kind, median(values), one.floor, one.goal)} |`);
}
console.log('\nEvery round, ours / baseline:\n\n| case | rounds |\n|---|---|');
for (const one of cases.values())
  console.log(`| ${one.name} | ${one.rounds.map(round => Number.isNaN(round.baseline) ? show(round.ours) : `${show(round.ours)} / ${show(round.baseline)}`).join(', ')} |`);

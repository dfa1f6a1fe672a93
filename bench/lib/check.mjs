// Compares answers by hash.
//   check.mjs learn BASE REQUESTS [HEADER...]           fetches every different line once; prints: line, tab, status and hash
//   check.mjs watch BASE EXPECTED SECONDS [HEADER...]   asks for random lines beside a measurement; prints how many were right, or ends with 1
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import http from 'node:http';

const [mode, base, file, ...rest] = process.argv.slice(2);
const seconds = mode === 'watch' ? Number(rest.shift()) : 0;
const common = Object.fromEntries(rest.map(header => [header.slice(0, header.indexOf(':')), header.slice(header.indexOf(':') + 1).trim()]));
const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });
const lines = readFileSync(file, 'utf8').split('\n').filter(line => line.length > 0);

function ask(path, known) {
  return new Promise((resolve, reject) => {
    const headers = known ? { ...common, 'If-None-Match': known } : common;
    http.get(new URL(path, base), { agent, headers }, answer => {
      const hash = createHash('sha256');
      answer.on('data', part => hash.update(part));
      answer.on('end', () => resolve(`${answer.statusCode} ${hash.digest('hex')} ${answer.headers.etag ?? '-'}`));
      answer.on('error', reject);
    }).on('error', reject);
  });
}

if (mode === 'learn') {
  const waiting = [...new Set(lines)];
  const learn = async () => {
    for (let line = waiting.pop(); line !== undefined; line = waiting.pop()) {
      const [path, known] = line.split('\t');
      const said = await ask(path, known);
      if (!/^(200|304) /.test(said)) throw new Error(`${path}: ${said}`);
      console.log(`${path}\t${known ?? ''}\t${said}`);
    }
  };
  await Promise.all([learn(), learn(), learn(), learn()]);
} else {
  const end = performance.now() + seconds * 1000;
  let right = 0;
  while (performance.now() < end) {
    const [path, known, expected] = lines[Math.floor(Math.random() * lines.length)].split('\t');
    const said = await ask(path, known);
    if (said !== expected) {
      console.log(`${path}: expected ${expected}, got ${said}`);
      process.exit(1);
    }
    right++;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  console.log(right);
}
agent.destroy();

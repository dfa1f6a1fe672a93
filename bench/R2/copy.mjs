// Stores each manifest that was answered as a file of the same path, and refuses one that does not have the hash it had before.
//   copy.mjs GATEWAY EXPECTED FOLDER
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const [gateway, expected, folder] = process.argv.slice(2);
for (const line of readFileSync(expected, 'utf8').split('\n').filter(line => line.length > 0)) {
  const [path, , said] = line.split('\t');
  const bytes = Buffer.from(await (await fetch(new URL(path, gateway))).arrayBuffer());
  if (createHash('sha256').update(bytes).digest('hex') !== said.split(' ')[1]) throw new Error(`${path}: other bytes than before`);
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
}

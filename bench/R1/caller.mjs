// What the gateway would tell the services about the benchmark's account, valid for a day: caller.mjs KEY ACCOUNT USERNAME
import { createHmac } from 'node:crypto';

const [key, account, username] = process.argv.slice(2);
const payload = Buffer.from(JSON.stringify({
  a: account, u: username, n: username, r: 1, l: 'free', k: 1, i: account, s: ['packs:write', 'packs:publish'], p: null, v: null, x: null, e: Math.floor(Date.now() / 1000) + 86_400,
}));
console.log(`${payload.toString('base64url')}.${createHmac('sha256', key).update(payload).digest('base64url')}`);

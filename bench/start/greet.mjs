// Ends well when the server at a port begins an AMQP connection: greet.mjs PORT
import { connect } from 'node:net';

const socket = connect(Number(process.argv[2]), '127.0.0.1', () => socket.write('AMQP\0\0\x09\x01'));
socket.setTimeout(2000, () => process.exit(1));
socket.on('data', () => process.exit(0));
socket.on('error', () => process.exit(1));
socket.on('close', () => process.exit(1));

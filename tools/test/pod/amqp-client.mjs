// An AMQP client for proofs: `send <queue> <text>` and `receive <queue>`, connected as the AMQP variable says.
import amqplib from "amqplib";

const [command, queue, text] = process.argv.slice(2);
const connection = await amqplib.connect({ protocol: "amqp", ...JSON.parse(process.env.AMQP) });
const channel = await connection.createConfirmChannel();
await channel.assertQueue(queue, { durable: true });
if (command === "send") {
  channel.sendToQueue(queue, Buffer.from(text), { persistent: true });
  await channel.waitForConfirms();
} else {
  const message = await channel.get(queue);
  if (message) channel.ack(message);
  process.stdout.write(message ? `${message.content}\n` : "nothing\n");
}
await connection.close();

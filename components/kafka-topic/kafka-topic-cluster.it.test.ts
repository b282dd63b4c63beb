import { afterAll, beforeAll, expect, test } from "vitest";
import { type Proof, prove } from "../../tools/test/pod/proof.ts";

let proof: Proof;
beforeAll(async () => {
  proof = await prove("kafka-topic-cluster", "kafka");
});
afterAll(() => proof?.close());

type Outputs = Readonly<Record<string, string>>;

const broker = ({ host, port }: Outputs): string => `${host}:${port}`;

/** A client of Java takes its time on a loaded machine. */
const client = (program: string, outputs: Outputs, args: readonly string[], stdin?: string) =>
  proof.client([program, "--bootstrap-server", broker(outputs), ...args], {
    timeoutSeconds: 180,
    ...(stdin !== undefined && { stdin }),
  });

const send = (outputs: Outputs, topic: string, text: string, patience: number) =>
  client(
    "kafka-console-producer.sh",
    outputs,
    ["--topic", topic, "--producer-property", `max.block.ms=${patience}`],
    `${text}\n`,
  );

const receive = (outputs: Outputs) =>
  client("kafka-console-consumer.sh", outputs, [
    "--topic",
    outputs["name"] ?? "",
    "--from-beginning",
    "--max-messages",
    "1",
    "--timeout-ms",
    "120000",
  ]);

/** Topic → number of its partitions, but for the broker's own. */
const topics = async (outputs: Outputs): Promise<Readonly<Record<string, string>>> => {
  const { stdout } = await client("kafka-topics.sh", outputs, ["--describe", "--exclude-internal"]);
  const found = stdout.matchAll(/Topic: (\S+)\s.*PartitionCount: (\d+)/g);
  return Object.fromEntries([...found].map(([, name, count]) => [name, count]));
};

test("the broker has exactly the topic of the outputs, keeps messages, and gives it more partitions", async () => {
  const first = await proof.drive();
  // A machine is lost while the disk is formatted.
  await proof.interrupt("/data/kafka/meta.properties");
  const running = await proof.start();
  expect(first.outputs).toMatchObject({ name: "shop-api-store", num_partitions: "3" });

  const { name = "" } = first.outputs;
  expect(await send(first.outputs, name, "42", 60_000)).toMatchObject({ code: 0 });
  expect((await receive(first.outputs)).stdout).toBe("42\n");
  // Nobody makes a topic by writing to it.
  await send(first.outputs, "others", "1", 5_000);
  expect(await topics(first.outputs)).toEqual({ "shop-api-store": "3" });

  const second = await proof.drive({ partitions: 5 });
  expect(await running.stop()).toBe(true);
  await proof.start();
  expect(await topics(second.outputs)).toEqual({ "shop-api-store": "5" });
  expect((await receive(second.outputs)).stdout).toBe("42\n");
});

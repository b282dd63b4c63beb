import { afterAll, beforeAll, expect, test } from "vitest";
import { type Proof, prove } from "../../tools/test/pod/proof.ts";

let proof: Proof;
beforeAll(async () => {
  proof = await prove("amqp-cluster", "rabbitmq");
});
afterAll(() => proof?.close());

type Outputs = Readonly<Record<string, string>>;

const CLIENT = new URL("../../tools/test/pod/amqp-client.mjs", import.meta.url).pathname;

const NODE = "rabbit@store.shop-api.svc";

/** Connects with exactly the outputs. */
const amqp = (outputs: Outputs, ...command: string[]) => {
  const { host, port, vhost, username, password } = outputs;
  return proof.client([process.execPath, CLIENT, ...command], {
    env: {
      AMQP: JSON.stringify({ hostname: host, port: Number(port), vhost, username, password }),
    },
  });
};

test("the server answers exactly the outputs, keeps data, and changes its password when the rotation is raised", async () => {
  const first = await proof.drive();

  // A machine is lost while the node first starts.
  const data = `/data/rabbitmq/mnesia.new/${NODE}`;
  for (const path of [data, `${data}/msg_stores/vhosts`]) await proof.interrupt(path);
  const running = await proof.start();
  // All that a virtual host begins with: RabbitMQ never makes later what a broken first start has left out.
  const exchanges = await running.exec([
    "rabbitmqctl",
    "--quiet",
    "--longnames",
    "--node",
    NODE,
    "eval",
    `length(rabbit_exchange:list(<<"${first.outputs["vhost"]}">>)).`,
  ]);
  expect(exchanges).toMatchObject({ code: 0, stdout: "7\n" });

  expect(await amqp(first.outputs, "send", "orders", "42")).toMatchObject({
    code: 0,
    stderr: "",
  });
  const logins: Outputs[] = [{ password: "wrong" }, { username: "guest", password: "guest" }];
  for (const login of logins) {
    const refused = await amqp({ ...first.outputs, ...login }, "send", "orders", "1");
    expect(refused.stderr).toContain("ACCESS_REFUSED");
  }
  expect((await amqp({ ...first.outputs, vhost: "/" }, "send", "orders", "1")).code).not.toBe(0);

  const second = await proof.drive({ rotation: 3 });
  expect(second.outputs["password"]).not.toBe(first.outputs["password"]);
  expect(await proof.rotate()).toMatchObject({ code: 0 });
  expect((await amqp(first.outputs, "send", "orders", "1")).stderr).toContain("ACCESS_REFUSED");
  expect(await amqp(second.outputs, "send", "others", "1")).toMatchObject({
    code: 0,
    stderr: "",
  });
  // A Job that is started again finds its work done.
  expect(await proof.rotate()).toMatchObject({ code: 0 });

  expect(await running.stop()).toBe(true);
  expect(running.log()).not.toContain(second.outputs["password"]);
  await proof.start();
  expect(await amqp(second.outputs, "receive", "orders")).toMatchObject({
    code: 0,
    stdout: "42\n",
  });
});

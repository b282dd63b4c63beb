import { afterAll, beforeAll, expect, test } from "vitest";
import { objectOf, podOf } from "../../tools/test/pod/kubernetes.ts";
import { type Proof, prove } from "../../tools/test/pod/proof.ts";

let proof: Proof;
beforeAll(async () => {
  proof = await prove("s3-cluster", "minio");
});
afterAll(() => proof?.close());

type Outputs = Readonly<Record<string, string>>;

const CLIENT = new URL("../../tools/test/pod/s3-client.mjs", import.meta.url).pathname;

/** Uses exactly the outputs. */
const s3 = async (outputs: Outputs, ...command: string[]) => {
  const { code, stdout, stderr } = await proof.client([process.execPath, CLIENT, ...command], {
    env: { S3: JSON.stringify(outputs) },
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const [status, ...body] = stdout.split("\n");
  return { status, body: body.join("\n") };
};

test("the server answers exactly the outputs, keeps data, and has another secret key after a restart with a raised rotation", async () => {
  const first = await proof.drive();
  const { secret_key, aws_secret_key } = first.outputs;
  expect(aws_secret_key).toBe(secret_key);
  const running = await proof.start();

  expect(await s3(first.outputs, "PUT", "orders/42", "shipped")).toEqual({
    status: "200",
    body: "",
  });
  expect(await s3(first.outputs, "GET", "orders/42")).toEqual({ status: "200", body: "shipped" });
  const wrong = await s3({ ...first.outputs, secret_key: "wrong-key" }, "GET", "orders/42");
  expect(wrong).toMatchObject({ status: "403" });
  expect(wrong.body).toContain("SignatureDoesNotMatch");
  const { endpoint, bucket } = first.outputs;
  const nobody = await proof.client(["curl", "--silent", `${endpoint}/${bucket}/orders/42`]);
  expect(nobody.stdout).toContain("AccessDenied");

  const second = await proof.drive({ rotation: 2 });
  const revision = (objects: typeof first.objects) =>
    podOf(objectOf(objects, "StatefulSet")).revision;
  expect(revision(second.objects)).not.toBe(revision(first.objects));
  expect(await running.stop()).toBe(true);
  expect(running.log()).not.toContain(secret_key);
  await proof.start();
  expect(await s3(second.outputs, "GET", "orders/42")).toEqual({ status: "200", body: "shipped" });
  expect(await s3(first.outputs, "GET", "orders/42")).toMatchObject({ status: "403" });
});

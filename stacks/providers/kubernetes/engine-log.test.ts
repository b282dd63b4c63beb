import { Server, ServerCredentials } from "@grpc/grpc-js";
import engineService from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engine from "@pulumi/pulumi/proto/engine_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openEngineLog } from "./engine-log.ts";

/** An engine that takes its time over a line, the longer the earlier the line. */
const server = new Server();
const heard: string[] = [];
let address: string;
beforeAll(async () => {
  let delay = 60;
  server.addService(engineService.EngineService as never, {
    log(
      { request }: { request: engine.LogRequest },
      answer: (error: null, reply: empty.Empty) => void,
    ) {
      delay -= 20;
      setTimeout(() => {
        heard.push(request.getMessage());
        answer(null, new empty.Empty());
      }, delay);
    },
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  address = `127.0.0.1:${port}`;
});
afterAll(() => server.forceShutdown());

test("lines arrive in the order in which they were told", async () => {
  const log = openEngineLog(address);
  log.status("urn", "waiting");
  log.status("urn", "waiting: no cpu");
  log.info("urn", "ready");
  await log.flush();
  log.close();
  expect(heard).toEqual(["waiting", "waiting: no cpu", "ready"]);
});

test("an engine that is gone fails nothing", async () => {
  const log = openEngineLog("127.0.0.1:1");
  log.warn("urn", "nobody hears this");
  await expect(log.flush()).resolves.toBeUndefined();
  log.close();
});

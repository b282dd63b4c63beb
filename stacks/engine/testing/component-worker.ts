import { setTimeout as sleep } from "node:timers/promises";
import { ComponentResource, secret } from "@pulumi/pulumi";
import { stackBase } from "../../contract/names.ts";
import { fail } from "../../contract/problem.ts";
import { serveWorker } from "../serve-worker.ts";

// A worker for tests of the engine alone: each item of a plan becomes one component, and needs no provider.
serveWorker(async (plan, { key }) => {
  for (const { id, args } of plan.items) {
    new ComponentResource("fairway:test:Thing", `${stackBase(plan.stack)}-${id}`, {
      size: args["size"],
    });
    if (typeof args["sleep"] === "number") await sleep(args["sleep"]);
    if (args["throw"] === "problem")
      fail("FW3090", "the patch matches nothing", { file: "service.yaml" });
    if (args["throw"] === "defect") throw new Error("a defect");
  }
  return { digest: plan.digest, password: secret(Buffer.from(key).toString("base64")) };
});

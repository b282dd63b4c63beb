import { z } from "zod";
import { driver } from "../../stacks/contract/driver.ts";
import { serverParams } from "../base/server.plan.ts";
import { VOLUME_OUTPUTS } from "./volume-cluster.plan.ts";

const params = z.strictObject({
  size: serverParams.storage.unwrap().describe("Most that may be written").default("1Gi"),
});

/** Space that a pod's containers share and that ends with the pod. */
export const volumeTemporary = driver<z.infer<typeof params>>({
  type: "volume",
  name: "volume-temporary",
  title: "Space that the containers of a pod share and that ends with the pod",
  params,
  outputs: VOLUME_OUTPUTS,
  stateful: false,
  rotation: "none",
  proof: { kind: "no-server" },
  plan: (request) => ({
    outputs: { source: { emptyDir: { sizeLimit: request.params.size } } },
  }),
});

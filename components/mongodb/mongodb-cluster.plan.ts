import { z } from "zod";
import { type OutputFace, driver } from "../../stacks/contract/driver.ts";
import { joinText } from "../../stacks/contract/value.ts";
import {
  type ServerParams,
  type ServerSpec,
  type Sizes,
  hostOf,
  ownReference,
  ownSecret,
  serverAnswer,
  serverParams,
  serverSpec,
  sqlName,
} from "../base/server.plan.ts";
import { IMAGES } from "../images.ts";

/** What the component is told beside what every server is. */
export interface MongodbSpec extends ServerSpec {
  /** User that may read and write all databases but `admin`, `config` and `local`. */
  readonly username: string;
}

const PORT = 27_017;
const SIZES: Sizes = {
  small: { cpu: "100m", memory: "512Mi" },
  medium: { cpu: "500m", memory: "2Gi" },
  large: { cpu: "2", memory: "8Gi" },
};

/** Outputs of every server of MongoDB's protocol. */
export const OUTPUTS = {
  host: { description: "Host name", secret: false },
  port: { description: "TCP port", secret: false },
  username: { description: "User to log in as", secret: false },
  password: { description: "Password of the user", secret: true },
  connection: { description: "Connection string with user and password", secret: true },
} as const satisfies Record<string, OutputFace>;

/** MongoDB in the cluster. */
export const mongodbCluster = driver<ServerParams>({
  type: "mongodb",
  name: "mongodb-cluster",
  title: "MongoDB 7.0 in the cluster",
  params: z.strictObject(serverParams),
  outputs: OUTPUTS,
  stateful: true,
  rotation: "server",
  proof: { kind: "admitted-never-run" },
  plan(request) {
    const username = sqlName(request.service);
    const args = {
      ...serverSpec(request, IMAGES.mongo, SIZES),
      username,
    } satisfies MongodbSpec;
    const host = hostOf(args.name, request.namespace);
    return {
      args,
      outputs: {
        host,
        port: PORT,
        username,
        password: ownSecret(request),
        connection: joinText([
          `mongodb://${username}:`,
          ownReference(request),
          `@${host}:${PORT}/?authSource=admin`,
        ]),
      },
      ...serverAnswer(request, [PORT]),
    };
  },
});

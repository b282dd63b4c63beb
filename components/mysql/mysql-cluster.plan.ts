import { z } from "zod";
import { type OutputFace, driver } from "../../stacks/contract/driver.ts";
import {
  type ServerParams,
  type ServerSpec,
  type Sizes,
  hostOf,
  ownSecret,
  serverAnswer,
  serverParams,
  serverSpec,
  sqlName,
} from "../base/server.plan.ts";
import { IMAGES } from "../images.ts";

/** What the component is told beside what every server is. */
export interface MysqlSpec extends ServerSpec {
  readonly username: string;
  /** Database that the user has all rights on. */
  readonly database: string;
}

const PORT = 3306;
const SIZES: Sizes = {
  small: { cpu: "100m", memory: "512Mi" },
  medium: { cpu: "500m", memory: "1Gi" },
  large: { cpu: "2", memory: "4Gi" },
};

/** Outputs of every server of MySQL's protocol. */
export const OUTPUTS = {
  host: { description: "Host name", secret: false },
  port: { description: "TCP port", secret: false },
  name: { description: "Name of the database", secret: false },
  database: { description: "Name of the database", secret: false },
  username: { description: "User to log in as", secret: false },
  password: { description: "Password of the user", secret: true },
} as const satisfies Record<string, OutputFace>;

/** MySQL's protocol in the cluster, spoken by MariaDB. */
export const mysqlCluster = driver<ServerParams>({
  type: "mysql",
  name: "mysql-cluster",
  title: "MariaDB 10.11 in the cluster, with a database of its own",
  params: z.strictObject(serverParams),
  outputs: OUTPUTS,
  stateful: true,
  rotation: "server",
  proof: { kind: "real-server", test: "components/mysql/mysql-cluster.it.test.ts" },
  plan(request) {
    const database = sqlName(request.service);
    const args = {
      ...serverSpec(request, IMAGES.mariadb, SIZES),
      username: database,
      database,
    } satisfies MysqlSpec;
    return {
      args,
      outputs: {
        host: hostOf(args.name, request.namespace),
        port: PORT,
        name: database,
        database,
        username: database,
        password: ownSecret(request),
      },
      ...serverAnswer(request, [PORT]),
    };
  },
});

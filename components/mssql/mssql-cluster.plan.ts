import { z } from "zod";
import { driver } from "../../stacks/contract/driver.ts";
import type { Template } from "../../stacks/contract/value.ts";
import {
  type ServerParams,
  type ServerSpec,
  type Sizes,
  hostOf,
  ownReference,
  serverAnswer,
  serverParams,
  serverSpec,
  sqlName,
} from "../base/server.plan.ts";
import { IMAGES } from "../images.ts";

/** Editions that need no licence key. */
const EDITIONS = ["Express", "Developer"] as const;

/** What the component is told beside what every server is. */
export interface MssqlSpec extends ServerSpec {
  readonly username: string;
  /** Database that the user owns. */
  readonly database: string;
  readonly edition: (typeof EDITIONS)[number];
}

/** Before every password: SQL Server wants an upper-case and a lower-case letter and a digit in each. */
export const PASSWORD_PREFIX = "Fw1-";

const PORT = 1433;
/** SQL Server does not start with less than 2 GB. */
const SIZES: Sizes = {
  small: { cpu: "500m", memory: "2Gi" },
  medium: { cpu: "1", memory: "4Gi" },
  large: { cpu: "2", memory: "8Gi" },
};
const params = z.strictObject({
  ...serverParams,
  edition: z
    .enum(EDITIONS)
    .describe("Express may be used in production and holds 10 GB; Developer may not")
    .default("Express"),
});

/** Microsoft SQL Server in the cluster. */
export const mssqlCluster = driver<ServerParams & Pick<MssqlSpec, "edition">>({
  type: "mssql",
  name: "mssql-cluster",
  title:
    "Microsoft SQL Server 2022 in the cluster, with a database of its own; naming it in a rule accepts Microsoft's licence (`ACCEPT_EULA`)",
  params,
  outputs: {
    server: { description: "Host name", secret: false },
    port: { description: "TCP port", secret: false },
    database: { description: "Name of the database", secret: false },
    username: { description: "Login", secret: false },
    password: { description: "Password of the login", secret: true },
    connection: { description: "Connection string of ADO.NET", secret: true },
  },
  stateful: true,
  rotation: "server",
  proof: { kind: "admitted-never-run" },
  plan(request) {
    const database = sqlName(request.service);
    const args = {
      ...serverSpec(request, IMAGES.mssql, SIZES),
      username: database,
      database,
      edition: request.params.edition,
    } satisfies MssqlSpec;
    const server = hostOf(args.name, request.namespace);
    const reference = ownReference(request);
    const password: Template = { $template: [PASSWORD_PREFIX, reference] };
    return {
      args,
      outputs: {
        server,
        port: PORT,
        database,
        username: database,
        password,
        connection: {
          $template: [
            `Server=${server},${PORT};Database=${database};User Id=${database};Password=${PASSWORD_PREFIX}`,
            reference,
            ";Encrypt=True;TrustServerCertificate=True",
          ],
        },
      },
      ...serverAnswer(request, [PORT], []),
    };
  },
});

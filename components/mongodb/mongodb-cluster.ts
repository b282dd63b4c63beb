import type { ComponentResourceOptions } from "@pulumi/pulumi";
import { PATHS, Server, type ServerArgs } from "../base/server.ts";
import { hostOf } from "../base/server.plan.ts";
import { DBPATH, READY, ROTATE, START, USER } from "./scripts.ts";
import type { MongodbSpec } from "./mongodb-cluster.plan.ts";

/** Arguments of a MongoDB server. */
export type MongodbArgs = ServerArgs & MongodbSpec;

/** MongoDB on one volume, with one user. */
export class Mongodb extends Server {
  static readonly type = "fairway:mongodb:Mongodb";

  constructor(name: string, args: MongodbArgs, opts?: ComponentResourceOptions) {
    const ready = ["/bin/sh", `${PATHS.config}/ready.sh`];
    super(
      Mongodb.type,
      name,
      args,
      {
        user: 999,
        ports: { mongodb: 27_017 },
        command: ["/bin/sh", `${PATHS.config}/start.sh`],
        env: { HOME: "/tmp", DBPATH, FAIRWAY_USER: args.username },
        config: {
          "start.sh": START,
          "user.js": USER,
          "rotate.sh": ROTATE,
          "ready.sh": READY,
        },
        secrets: { password: args.password },
        startupProbe: { exec: { command: ready }, periodSeconds: 5, failureThreshold: 60 },
        readinessProbe: { exec: { command: ready }, periodSeconds: 10, timeoutSeconds: 10 },
        livenessProbe: {
          exec: { command: ready },
          periodSeconds: 30,
          timeoutSeconds: 15,
          failureThreshold: 4,
        },
        rotate: {
          command: ["/bin/sh", `${PATHS.config}/rotate.sh`],
          env: {
            HOME: "/tmp",
            FAIRWAY_HOST: hostOf(args.name, args.namespace),
            FAIRWAY_USER: args.username,
          },
        },
      },
      opts,
    );
    this.registerOutputs({ password: this.password });
  }
}

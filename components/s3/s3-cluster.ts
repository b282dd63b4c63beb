import type { ComponentResourceOptions } from "@pulumi/pulumi";
import { PATHS, Server, type ServerArgs } from "../base/server.ts";
import type { S3Spec } from "./s3-cluster.plan.ts";

/** Arguments of a MinIO server; its password is the secret key. */
export type S3Args = ServerArgs & S3Spec;

/** MinIO on one volume, with one bucket. It reads its keys when it starts: raising `rotation` restarts it. */
export class S3 extends Server {
  static readonly type = "fairway:s3:S3";

  constructor(name: string, args: S3Args, opts?: ComponentResourceOptions) {
    const live = { path: "/minio/health/live", port: 9000 };
    const ready = { path: "/minio/health/ready", port: 9000 };
    super(
      S3.type,
      name,
      args,
      {
        user: 10001,
        ports: { s3: 9000 },
        command: ["/bin/sh", `${PATHS.config}/start.sh`],
        env: {
          HOME: "/tmp",
          MINIO_ROOT_USER: args.accessKey,
          MINIO_ROOT_PASSWORD_FILE: `${PATHS.secrets}/password`,
          MINIO_BROWSER: "off",
          MINIO_UPDATE: "off",
          FAIRWAY_BUCKET: args.bucket,
        },
        config: { "start.sh": START },
        secrets: { password: args.password },
        startupProbe: { httpGet: live, periodSeconds: 2, failureThreshold: 150 },
        readinessProbe: { httpGet: ready, periodSeconds: 5, timeoutSeconds: 3 },
        livenessProbe: {
          httpGet: live,
          periodSeconds: 10,
          timeoutSeconds: 5,
          failureThreshold: 6,
        },
      },
      opts,
    );
    this.registerOutputs({ password: this.password });
  }
}

/** A bucket is a folder; it is below the volume's root, which holds `lost+found`. */
const START = `#!/bin/sh
set -eu
umask 077
mkdir -p "${PATHS.data}/s3/$FAIRWAY_BUCKET"
exec minio server --quiet --address :9000 --certs-dir /tmp/certs ${PATHS.data}/s3
`;

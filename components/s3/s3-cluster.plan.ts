import { z } from "zod";
import { driver } from "../../stacks/contract/driver.ts";
import { cut } from "../../stacks/contract/names.ts";
import {
  type ServerParams,
  type ServerSpec,
  type Sizes,
  hostOf,
  ownSecret,
  serverAnswer,
  serverParams,
  serverSpec,
} from "../base/server.plan.ts";
import { IMAGES } from "../images.ts";

/** What the component is told beside what every server is. */
export interface S3Spec extends ServerSpec {
  /** Access key, which is the server's root user. */
  readonly accessKey: string;
  readonly bucket: string;
}

const PORT = 9000;
const REGION = "us-east-1";
const SIZES: Sizes = {
  small: { cpu: "100m", memory: "512Mi" },
  medium: { cpu: "500m", memory: "2Gi" },
  large: { cpu: "2", memory: "8Gi" },
};

/** S3's protocol in the cluster, spoken by MinIO. */
export const s3Cluster = driver<ServerParams>({
  type: "s3",
  name: "s3-cluster",
  title: "MinIO in the cluster, with a bucket of its own",
  params: z.strictObject(serverParams),
  outputs: {
    bucket: { description: "Name of the bucket", secret: false },
    access_key_id: { description: "Access key", secret: false },
    secret_key: { description: "Secret key", secret: true },
    endpoint: { description: "URL of the server; buckets are addressed by path", secret: false },
    region: { description: "Region to sign requests for", secret: false },
    aws_access_key_id: { description: "The access key again", secret: false },
    aws_secret_key: { description: "The secret key again", secret: true },
  },
  stateful: true,
  rotation: "server",
  proof: { kind: "real-server", test: "components/s3/s3-cluster.it.test.ts" },
  plan(request) {
    const args = {
      ...serverSpec(request, IMAGES.minio, SIZES),
      accessKey: cut(`fw-${request.service}`, 20),
      bucket: cut(`${request.service}-${request.name}`, 63),
    } satisfies S3Spec;
    const secretKey = ownSecret(request, "secret_key");
    return {
      args,
      outputs: {
        bucket: args.bucket,
        access_key_id: args.accessKey,
        secret_key: secretKey,
        endpoint: `http://${hostOf(args.name, request.namespace)}:${PORT}`,
        region: REGION,
        aws_access_key_id: args.accessKey,
        aws_secret_key: secretKey,
      },
      ...serverAnswer(request, [PORT], []),
    };
  },
});

import { type ChildProcess, spawn } from "node:child_process";
import { createHash, createHmac } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../../tools/cluster/layout.ts";
import { obtainServer } from "../../../tools/servers/server.ts";

/** A server of buckets of a test's own, and an empty bucket in it. */
export interface Bucket {
  /** Address of a Pulumi backend in the bucket. */
  readonly backend: string;
  /** The same for whoever has no credentials, as a rehearsal has none; after `open`. */
  readonly anonymous: string;
  /** Puts an object into the bucket. */
  put(key: string, body: string): Promise<void>;
  /** Lets everybody read and write the bucket. */
  open(): Promise<void>;
  /** Ends the server, takes the credentials out of the environment and removes its files. */
  close(): void;
}

const CREDENTIALS = {
  AWS_ACCESS_KEY_ID: "fairway-test",
  AWS_SECRET_ACCESS_KEY: "fairway-test-secret",
} as const;
const [BUCKET, REGION] = ["state", "us-east-1"];
const KEY = { FAIRWAY_KEY: "ab".repeat(32) };

/** Starts a server and puts its credentials and a key into the environment of this process. */
export async function openBucket(): Promise<Bucket> {
  const folder = mkdtempSync(join(tmpdir(), "fairway-s3-"));
  mkdirSync(join(folder, BUCKET));
  const { server, endpoint } = await serve(folder);
  Object.assign(process.env, CREDENTIALS, KEY);
  const backend = `s3://${BUCKET}?endpoint=${endpoint}&disableSSL=true&s3ForcePathStyle=true&region=${REGION}`;
  return {
    backend,
    anonymous: `${backend}&anonymous=true`,
    put: (key, body) => putSigned(endpoint, { path: `/${BUCKET}/${key}`, query: "", body }),
    open: () =>
      putSigned(endpoint, {
        path: `/${BUCKET}`,
        query: "policy=",
        body: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: { AWS: ["*"] },
              Action: ["s3:ListBucket", "s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
              Resource: [`arn:aws:s3:::${BUCKET}`, `arn:aws:s3:::${BUCKET}/*`],
            },
          ],
        }),
      }),
    close() {
      for (const name of Object.keys({ ...CREDENTIALS, ...KEY })) delete process.env[name];
      server.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Starts the server on a free port, and on another one where somebody takes it meanwhile. */
async function serve(folder: string): Promise<{ server: ChildProcess; endpoint: string }> {
  const { bin, env } = await obtainServer("minio");
  for (let tries = 0; tries < 5; tries++) {
    const endpoint = `127.0.0.1:${await freePort()}`;
    const server = spawn(bin["minio"]!, ["server", "--quiet", "--address", endpoint, folder], {
      stdio: "ignore",
      env: {
        ...env,
        HOME: folder,
        MINIO_ROOT_USER: CREDENTIALS.AWS_ACCESS_KEY_ID,
        MINIO_ROOT_PASSWORD: CREDENTIALS.AWS_SECRET_ACCESS_KEY,
      },
    });
    for (; server.exitCode === null; await sleep(100))
      if (await isReady(endpoint)) return { server, endpoint };
  }
  throw new Error("MinIO does not start");
}

const isReady = (endpoint: string): Promise<boolean> =>
  fetch(`http://${endpoint}/minio/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  );

/** A request with the signature that AWS asks for (version 4), by a small engine of the test's own. */
async function putSigned(
  endpoint: string,
  { path, query, body }: Readonly<Record<"path" | "query" | "body", string>>,
): Promise<void> {
  const stamp = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const day = stamp.slice(0, 8);
  const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
  const headers = { host: endpoint, "x-amz-content-sha256": sha256(body), "x-amz-date": stamp };
  const names = Object.keys(headers).join(";");
  const lines = Object.entries(headers).map(([key, value]) => `${key}:${value}`);
  const canonical = ["PUT", path, query, ...lines, "", names, sha256(body)].join("\n");
  const scope = [day, REGION, "s3", "aws4_request"];
  const toSign = ["AWS4-HMAC-SHA256", stamp, scope.join("/"), sha256(canonical)].join("\n");
  const hmac = (key: string | Buffer, text: string): Buffer =>
    createHmac("sha256", key).update(text).digest();
  const key = scope.reduce<string | Buffer>(hmac, `AWS4${CREDENTIALS.AWS_SECRET_ACCESS_KEY}`);
  const authorization = `AWS4-HMAC-SHA256 Credential=${CREDENTIALS.AWS_ACCESS_KEY_ID}/${scope.join("/")}, SignedHeaders=${names}, Signature=${hmac(key, toSign).toString("hex")}`;
  const { host: _, ...sent } = headers;
  const reply = await fetch(`http://${endpoint}${path}${query && `?${query}`}`, {
    method: "PUT",
    body,
    headers: { ...sent, authorization },
  });
  if (!reply.ok) throw new Error(await reply.text());
}

import { randomBytes, randomInt, generateKeyPairSync, X509Certificate } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";

/** Where the parts of a local control plane keep their things, below its folder. */
export interface Layout {
  readonly dir: string;
  /** What was chosen once: the port and the credential. */
  readonly settings: string;
  /** Which processes serve it. */
  readonly daemons: string;
  readonly kubeconfig: string;
  readonly pki: string;
  readonly certificate: string;
  readonly tokens: string;
  readonly serviceAccountKey: string;
  readonly etcdData: string;
  readonly logs: string;
  readonly lock: string;
}

/** The paths of the control plane in `dir`. */
export function layoutOf(dir: string): Layout {
  const root = resolve(dir);
  const pki = join(root, "pki");
  return {
    dir: root,
    settings: join(root, "settings.json"),
    daemons: join(root, "daemons.json"),
    kubeconfig: join(root, "kubeconfig"),
    pki,
    certificate: join(pki, "apiserver.crt"),
    tokens: join(pki, "tokens.csv"),
    serviceAccountKey: join(pki, "service-account.key"),
    etcdData: join(root, "etcd"),
    logs: join(root, "logs"),
    lock: join(root, "lock"),
  };
}

/** Chosen when a control plane is made, and kept. */
export interface Settings {
  /** Of the API server, on 127.0.0.1. */
  readonly port: number;
  /** Bearer token of the administrator. */
  readonly token: string;
}

/** The settings of a control plane that was made, or undefined. */
export function readSettings(layout: Layout): Settings | undefined {
  try {
    return JSON.parse(readFileSync(layout.settings, "utf8")) as Settings;
  } catch {
    return undefined;
  }
}

/** Below the ports that systems give to outgoing connections, so that a kept port is seldom taken later. */
const PORTS = { from: 20_000, to: 32_000 } as const;

/** The settings, keys and folders of a control plane, made where they lack. */
export async function prepare(layout: Layout): Promise<Settings> {
  for (const folder of [layout.dir, layout.pki, layout.etcdData, layout.logs])
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(layout.dir, 0o700);
  const known = readSettings(layout);
  const settings = known ?? {
    port: await freePort(),
    token: randomBytes(32).toString("base64url"),
  };
  if (!known) writePrivate(layout.settings, `${JSON.stringify(settings, null, 2)}\n`);
  writePrivate(layout.tokens, `${settings.token},admin,admin,"system:masters"\n`);
  if (!existsSync(layout.serviceAccountKey)) {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    writePrivate(
      layout.serviceAccountKey,
      privateKey.export({ type: "pkcs8", format: "pem" }) as string,
    );
  }
  return settings;
}

/** Removes a serving certificate that ends within 30 days; the API server makes a new one when it starts. */
export function dropOldCertificate(layout: Layout, now: number): void {
  if (!existsSync(layout.certificate)) return;
  const certificate = new X509Certificate(readFileSync(layout.certificate));
  if (Date.parse(certificate.validTo) - now < 30 * 86_400_000) {
    for (const file of [layout.certificate, join(layout.pki, "apiserver.key")])
      rmSync(file, { force: true });
  }
}

/** Writes the kubeconfig of the administrator, whole and only where it differs (clients watch it). */
export function writeKubeconfig(layout: Layout, settings: Settings): void {
  const text = kubeconfigText(settings, readFileSync(layout.certificate));
  if (!existsSync(layout.kubeconfig) || readFileSync(layout.kubeconfig, "utf8") !== text)
    writePrivate(layout.kubeconfig, text);
}

/** A kubeconfig that holds everything itself. Context, cluster and user are named. */
function kubeconfigText(settings: Settings, authority: Buffer): string {
  return `apiVersion: v1
kind: Config
clusters:
  - name: fairway
    cluster:
      server: https://127.0.0.1:${settings.port}
      certificate-authority-data: ${authority.toString("base64")}
users:
  - name: fairway-admin
    user:
      token: ${settings.token}
contexts:
  - name: fairway
    context:
      cluster: fairway
      user: fairway-admin
current-context: fairway
`;
}

function writePrivate(path: string, text: string): void {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, path);
}

/** A port of 127.0.0.1 that nobody listens on just now, below those that the system gives out. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(PORTS.from, PORTS.to);
    if (await isFree(port)) return port;
  }
}

/** Whether nothing listens on the port of 127.0.0.1. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once("error", () => done(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () =>
      server.close(() => done(true)),
    );
  });
}

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { afterAll, describe, expect, test } from "vitest";
import { clusterAddress, openKubeconfig } from "./kubeconfig.ts";

const dir = mkdtempSync(join(tmpdir(), "kubeconfig-"));
afterAll(() => rmSync(dir, { recursive: true }));
writeFileSync(join(dir, "ca.pem"), "CA FILE");
writeFileSync(join(dir, "token"), "from-a-file\n");

const base64 = (text: string) => Buffer.from(text).toString("base64");

function config(user: object, cluster: object = {}): string {
  return JSON.stringify({
    "current-context": "one",
    contexts: [
      { name: "one", context: { cluster: "c", user: "u", namespace: "shop" } },
      { name: "two", context: { cluster: "d", user: "u" } },
    ],
    clusters: [
      { name: "c", cluster: { server: "https://one.test:6443/base", ...cluster } },
      { name: "d", cluster: { server: "https://two.test" } },
    ],
    users: [{ name: "u", user }],
  });
}

describe("opening a kubeconfig", () => {
  test("gives address, names and the context's namespace; another context on request", async () => {
    const access = await openKubeconfig(config({}));
    expect(access).toMatchObject({ context: "one", user: "u", namespace: "shop" });
    expect(access.server.href).toBe("https://one.test:6443/base");
    expect((await openKubeconfig(config({}), { context: "two" })).server.href).toBe(
      "https://two.test/",
    );
    expect(await clusterAddress(config({}), { cluster: "d" })).toBe("https://two.test/");
  });

  test.each([
    ["a token", { token: "secret-token" }, {}],
    [
      "certificates as data",
      { "client-certificate-data": base64("CERT"), "client-key-data": base64("KEY") },
      { "certificate-authority-data": base64("CA") },
    ],
    [
      "no verification and a server name",
      { token: "t" },
      { "insecure-skip-tls-verify": true, "tls-server-name": "inner.test" },
    ],
    ["nothing", {}, {}],
  ])("reads %s as the official client does", async (_, user, cluster) => {
    const ours = await (await openKubeconfig(config(user, cluster))).credentials();
    const official = new KubeConfig();
    official.loadFromString(config(user, cluster));
    const theirs: Record<string, unknown> = {};
    await official.applyToHTTPSOptions(theirs);
    const text = (value: unknown) => (Buffer.isBuffer(value) ? value.toString() : value);
    for (const key of ["ca", "cert", "key", "rejectUnauthorized", "servername"] as const)
      expect([key, text(ours[key])]).toEqual([key, text(theirs[key])]);
    const headers = Object.fromEntries(
      Object.entries((theirs["headers"] as object | undefined) ?? {}).map(([name, value]) => [
        name.toLowerCase(),
        value,
      ]),
    );
    expect(ours.headers ?? {}).toEqual(headers);
  });

  test("finds files beside the kubeconfig and reads them anew each time", async () => {
    const file = join(dir, "config");
    writeFileSync(file, config({ tokenFile: "token" }, { "certificate-authority": "ca.pem" }));
    const access = await openKubeconfig(file);
    const first = await access.credentials();
    expect(String(first.ca)).toBe("CA FILE");
    expect(first.headers).toEqual({ authorization: "Bearer from-a-file" });
    writeFileSync(join(dir, "token"), "renewed");
    expect((await access.credentials()).headers).toEqual({ authorization: "Bearer renewed" });
  });

  test("merges several files, the first that names a thing wins", async () => {
    const [one, two] = [join(dir, "one"), join(dir, "two")];
    writeFileSync(
      one,
      JSON.stringify({
        "current-context": "",
        contexts: [{ name: "mine", context: { cluster: "c", user: "u" } }],
        clusters: [{ name: "c", cluster: { server: "https://first.test" } }],
      }),
    );
    writeFileSync(two, config({ token: "from-two" }));
    const access = await openKubeconfig([one, join(dir, "missing"), two].join(delimiter), {
      context: "mine",
    });
    expect(access.server.href).toBe("https://first.test/");
    expect((await access.credentials()).headers).toEqual({ authorization: "Bearer from-two" });
    expect((await openKubeconfig([one, two].join(delimiter))).context).toBe("one");
  });

  test("an exec plugin is run by the official client", async () => {
    const credential = {
      apiVersion: "client.authentication.k8s.io/v1",
      kind: "ExecCredential",
      status: { token: "from-exec" },
    };
    const exec = {
      apiVersion: "client.authentication.k8s.io/v1",
      command: process.execPath,
      args: ["-e", `console.log(${JSON.stringify(JSON.stringify(credential))})`],
      interactiveMode: "Never",
    };
    const options = await (await openKubeconfig(config({ exec }))).credentials();
    expect(
      Object.entries(options.headers ?? {}).map(([name, value]) => [
        name.toLowerCase(),
        String(value),
      ]),
    ).toEqual([["authorization", "Bearer from-exec"]]);
  });

  test("fails with what it knows where the context, or the file, is missing", async () => {
    await expect(openKubeconfig(config({}), { context: "three" })).rejects.toThrow(
      'no usable context "three"; it knows one, two',
    );
    await expect(openKubeconfig(join(dir, "none"))).rejects.toThrow("does not exist");
    expect(await clusterAddress(join(dir, "none"))).toBeUndefined();
  });
});

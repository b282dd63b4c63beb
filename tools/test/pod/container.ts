import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { Server } from "../../servers/server.ts";
import { processStart, signalProcess } from "../../setup/process.ts";
import { type Container, type PodSpec, filesOf, objectOf } from "./kubernetes.ts";
import { AS_ROOT, type Network } from "./network.ts";
import type { KubernetesObject } from "./objects.ts";

/** What ran, how it ended and what it wrote. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A container that runs. */
export interface Running {
  /** Runs a command in it, as an exec probe does. */
  exec(command: readonly string[], timeoutSeconds?: number): Promise<Ended>;
  /** Ends it as the kubelet does: preStop, SIGTERM, and SIGKILL when its time is over. Says whether it ended by itself. */
  stop(): Promise<boolean>;
  /** Takes it away at once, as a lost machine does. */
  kill(): Promise<void>;
  readonly ended: Promise<Ended>;
  /** What it has written until now. */
  log(): string;
}

/** Where a pod runs. */
export interface Place {
  readonly network: Network;
  /** Scratch folder of the test. */
  readonly folder: string;
  readonly server: Server;
  readonly objects: readonly KubernetesObject[];
  /** Names that the cluster's DNS would answer; all of them are this machine. */
  readonly names: readonly string[];
}

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/**
 * Starts the container of a pod as a process of the real server: the image's root file system is this machine's `/usr`
 * with the server's packages over it, read-only; the mounts, the environment, the user, the host's name and the
 * command are the pod's.
 */
export async function startContainer(
  place: Place,
  hostname: string,
  pod: PodSpec,
): Promise<Running> {
  const [container] = pod.containers;
  const folder = join(place.folder, `pod-${hostname}-${Date.now()}`);
  mkdirSync(folder);
  const env = environmentOf(place.server, container);
  const script = scriptOf(place, hostname, pod, folder);
  const [enter, ...entered] = place.network.enter as [string, ...string[]];
  const child = spawn(
    enter,
    [
      ...entered,
      "setpriv",
      "--pdeathsig",
      "KILL",
      "--",
      "unshare",
      "--mount",
      "--pid",
      "--uts",
      "--ipc",
      "--fork",
      "--kill-child=KILL",
      "--",
      "sh",
      "-c",
      script,
      hostname,
      ...container.command,
      ...(container.args ?? []),
    ],
    { env, stdio: ["ignore", "pipe", "pipe"] },
  );
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (data) => (stdout += String(data)));
  child.stderr.on("data", (data) => (stderr += String(data)));
  const ended = once(child, "close").then(([code]) => {
    rmSync(folder, { recursive: true, force: true });
    return { code: code as number | null, stdout, stderr };
  });
  /** The container's first process: the only child of `unshare`. */
  const first = (): string => {
    try {
      return readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").trim();
    } catch {
      return "";
    }
  };
  /** Everything in a container ends with its first process, which may end by itself at any moment. */
  const signal = (name: "SIGTERM" | "SIGKILL"): void => {
    const pid = Number(first());
    const start = processStart(pid);
    if (start) signalProcess({ pid, start }, name);
  };

  const exec = async (command: readonly string[], timeoutSeconds = 30): Promise<Ended> => {
    const target = first();
    if (target === "") return { code: null, stdout: "", stderr: "the container does not run" };
    return run(
      [
        ...place.network.enter,
        "nsenter",
        "--mount",
        "--pid",
        "--uts",
        "--ipc",
        "--root",
        "--wd",
        "--target",
        target,
        "--",
        ...become(pod),
        ...command,
      ],
      { env, timeoutSeconds },
    );
  };
  return {
    exec,
    ended,
    log: () => stdout + stderr,
    async kill() {
      signal("SIGKILL");
      await ended;
    },
    async stop() {
      if (container.lifecycle) await exec(container.lifecycle.preStop.exec.command);
      signal("SIGTERM");
      const grace = (pod.terminationGracePeriodSeconds ?? 30) * 1000;
      const late = Symbol("late");
      let timer: NodeJS.Timeout | undefined;
      const outcome = await Promise.race([
        ended,
        new Promise<typeof late>((resolve) => (timer = setTimeout(() => resolve(late), grace))),
      ]);
      clearTimeout(timer);
      if (outcome !== late) return true;
      signal("SIGKILL");
      await ended;
      return false;
    },
  };
}

/** Runs a command on this machine to its end. */
export async function run(
  command: readonly string[],
  options: { env: NodeJS.ProcessEnv; stdin?: string; timeoutSeconds?: number },
): Promise<Ended> {
  const [program, ...args] = command as [string, ...string[]];
  const child = spawn(program, args, {
    env: options.env,
    timeout: (options.timeoutSeconds ?? 60) * 1000,
    killSignal: "SIGKILL",
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (data) => (stdout += String(data)));
  child.stderr.on("data", (data) => (stderr += String(data)));
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.stdin ?? "");
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout, stderr };
}

/**
 * Folder of this machine with programs of the server → what it is called inside. Unpacked packages keep their folders;
 * what stands beside them to start them from outside is not needed.
 */
function programFolders({ bin, root }: Server): ReadonlyMap<string, string> {
  const folders = new Set(Object.values(bin).map((path) => dirname(realpathSync(path))));
  return new Map(
    [...folders].flatMap((folder, index) => {
      if (root === "/")
        return [[folder, folder.startsWith("/usr/") ? folder : `/opt/programs-${index}`]];
      return folder.startsWith(root) ? [[folder, `/${folder.slice(root.length)}`]] : [];
    }),
  );
}

function environmentOf(server: Server, container: Container): Record<string, string> {
  return {
    PATH: [
      ...programFolders(server).values(),
      "/usr/lib/rabbitmq/bin",
      "/usr/local/sbin",
      "/usr/local/bin",
      "/usr/sbin",
      "/usr/bin",
      "/sbin",
      "/bin",
    ].join(":"),
    HOME: "/",
    ...Object.fromEntries(container.env.map(({ name, value }) => [name, value])),
  };
}

/** Gives up every right but those of the pod's user. */
const become = ({ securityContext: { runAsUser, runAsGroup, fsGroup } }: PodSpec): string[] =>
  AS_ROOT
    ? [
        "setpriv",
        "--reuid",
        String(runAsUser),
        "--regid",
        String(runAsGroup),
        "--groups",
        String(fsGroup),
        "--no-new-privs",
        "--pdeathsig",
        "KILL",
        "--inh-caps=-all",
        "--bounding-set=-all",
        "--",
      ]
    : [
        "unshare",
        "--user",
        `--map-user=${runAsUser}`,
        `--map-group=${runAsGroup}`,
        "setpriv",
        "--no-new-privs",
        "--pdeathsig",
        "KILL",
        "--",
      ];

function scriptOf(place: Place, hostname: string, pod: PodSpec, folder: string): string {
  const root = join(folder, "root");
  const [container] = pod.containers;
  const { runAsUser, runAsGroup } = pod.securityContext;
  const hosts = [
    `127.0.0.1 localhost ${hostname}`,
    ...pod.hostAliases.map(({ ip, hostnames }) => `${ip} ${hostnames.join(" ")}`),
    ...place.names.map((name) => `127.0.0.1 ${name}`),
  ];
  const mounts = container.volumeMounts
    .toSorted((a, b) => a.mountPath.length - b.mountPath.length)
    .map(({ name, mountPath, readOnly }) => {
      const source = volumeFolder(place, pod, name, folder);
      const target = quote(root + mountPath);
      return `mkdir -p ${target}; mount --bind ${quote(source)} ${target}${readOnly ? `; mount -o remount,bind,ro ${target}` : ""}`;
    });
  const programs = [...programFolders(place.server)]
    .filter(([, inside]) => inside.startsWith("/opt/"))
    .map(
      ([folder, inside]) =>
        `mkdir ${quote(root + inside)}; mount --bind ${quote(folder)} ${quote(root + inside)}`,
    );
  return `set -eu
umask 022
mount --make-rprivate /
hostname ${quote(hostname)}
mkdir ${quote(root)}
mount -t tmpfs -o mode=755 root ${quote(root)}
cd ${quote(root)}
mkdir usr proc dev dev/shm etc tmp run var opt old
${userLand(place.server, root)}
${programs.join("\n")}
for link in bin sbin lib lib32 lib64 libx32; do
  if [ -L "/$link" ]; then ln -s "usr/$link" "$link"; fi
done
cp -dR /etc/ld.so.cache /etc/alternatives etc/
for java in /etc/java-*; do
  if [ -d "$java" ]; then cp -dR "$java" etc/; fi
done
printf 'root:x:0:0::/:/bin/sh\\nserver:x:%s:%s::/:/bin/sh\\n' ${runAsUser} ${runAsGroup} >etc/passwd
printf 'root:x:0:\\nserver:x:%s:\\n' ${runAsGroup} >etc/group
printf 'hosts: files\\n' >etc/nsswitch.conf
printf '%s\\n' ${hosts.map(quote).join(" ")} >etc/hosts
for device in null zero full random urandom; do
  touch "dev/$device"
  mount --bind "/dev/$device" "dev/$device"
done
ln -s /proc/self/fd dev/fd
mount -t tmpfs -o mode=1777,size=64m shm dev/shm
mount -t proc proc proc
${mounts.join("\n")}
pivot_root . old
cd /
umount -l /old
mount -o remount,bind,ro /
exec ${become(pod).map(quote).join(" ")} "$@"
`;
}

/** This machine's programs and libraries, with the packages of the server over them where it is not installed. */
function userLand({ root }: Server, sandbox: string): string {
  if (root === "/") return "mount --bind /usr usr; mount -o remount,bind,ro usr";
  const extra = join(sandbox, "extra");
  return `mkdir extra
for part in lib sbin bin; do
  if [ -d ${quote(root)}"$part" ]; then cp -dR ${quote(root)}"$part" extra/; fi
done
mount -t overlay -o lowerdir=${quote(`${extra}:${join(root, "usr")}:/usr`)} usr usr`;
}

/** The folder that stands for a volume. What a claim holds stays; everything else is the pod's own. */
function volumeFolder(place: Place, pod: PodSpec, name: string, folder: string): string {
  const volume = pod.volumes.find((candidate) => candidate.name === name);
  if (!volume) throw new Error(`no volume ${name}`);
  const { fsGroup } = pod.securityContext;
  if (volume.persistentVolumeClaim) {
    const path = join(place.folder, `claim-${volume.persistentVolumeClaim.claimName}`);
    mkdirSync(path, { recursive: true });
    // A new file system is not empty.
    mkdirSync(join(path, "lost+found"), { recursive: true, mode: 0o700 });
    return shared(path, fsGroup);
  }
  const path = join(folder, `volume-${name}`);
  mkdirSync(path);
  const source = volume.configMap
    ? objectOf(place.objects, "ConfigMap", volume.configMap.name)
    : volume.secret && objectOf(place.objects, "Secret", volume.secret.secretName);
  for (const [file, text] of Object.entries(source ? filesOf(source) : {})) {
    const target = join(path, file);
    writeFileSync(target, text);
    if (AS_ROOT) chownSync(target, 0, fsGroup);
    chmodSync(target, volume.secret?.defaultMode ?? 0o644);
  }
  return shared(path, fsGroup);
}

/** As the kubelet hands volumes over: root's, writable by the pod's group. */
function shared(path: string, group: number): string {
  if (AS_ROOT) chownSync(path, 0, group);
  chmodSync(path, 0o2775);
  return path;
}

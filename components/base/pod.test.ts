import { describe, expect, it } from "vitest";
import { CONTAINER_SECURITY, POD_SECURITY, VOLUME_GROUP, hardenedPod } from "./pod.ts";

const pod = (more: object = {}) =>
  hardenedPod({ serviceAccountName: "shop", containers: [{ name: "main" }], ...more });

describe("hardened pod", () => {
  it("gives no token and no rights to anybody", () => {
    expect(pod()).toMatchObject({
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      serviceAccountName: "shop",
      securityContext: POD_SECURITY,
      containers: [{ name: "main", securityContext: CONTAINER_SECURITY }],
    });
  });

  it("hardens init containers too", () => {
    expect(pod({ initContainers: [{ name: "init" }] }).initContainers).toMatchObject([
      { name: "init", securityContext: CONTAINER_SECURITY },
    ]);
  });

  it("gives every container a /tmp to write to, unless it has one", () => {
    const mounted = { name: "main", volumeMounts: [{ name: "data", mountPath: "/tmp" }] };
    expect(pod().containers).toMatchObject([
      { volumeMounts: [{ mountPath: "/tmp", name: "fairway-tmp" }] },
    ]);
    expect(pod({ containers: [mounted] }).containers).toMatchObject([mounted]);
  });

  it("makes claims writable by a group of its own", () => {
    const volumes = [{ name: "data", persistentVolumeClaim: { claimName: "data" } }];
    expect(pod({ volumes }).securityContext).toMatchObject({ fsGroup: VOLUME_GROUP });
    expect(pod().securityContext).not.toHaveProperty("fsGroup");
  });

  it("runs as the user that an image or a data directory needs", () => {
    expect(pod({ user: 999 }).securityContext).toMatchObject({
      runAsUser: 999,
      runAsGroup: 999,
      fsGroup: 999,
    });
  });
});

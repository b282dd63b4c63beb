/** A pod template that Pod Security's `restricted` level admits; for tests. */
export function hardened(labels: Record<string, string>, image: string) {
  return {
    metadata: { labels },
    spec: {
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "main",
          image,
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          resources: { requests: { cpu: "0.1", memory: "64Mi" }, limits: { memory: "1024Mi" } },
        },
      ],
    },
  };
}

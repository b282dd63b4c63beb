import { describe, expect, it } from "vitest";
import { recordProgram } from "../../stacks/record/record.ts";

describe("example platform", () => {
  const views = recordProgram("example.local", () => import("./examples/platform.ts"));

  it("registers what it registered before", async () => {
    // The definitions are data of others (crds/README.md): their spec is not repeated here.
    expect(
      (await views).map((view) =>
        view.props["kind"] === "CustomResourceDefinition"
          ? { urn: view.urn, metadata: view.props["metadata"] }
          : view,
      ),
    ).toMatchSnapshot();
  });

  it("brings the kinds that Monitoring and workloads need", async () => {
    const specs = (await views)
      .filter((view) => view.props["kind"] === "CustomResourceDefinition")
      .map((view) => view.props["spec"]);
    expect(specs).toMatchObject([
      {
        group: "monitoring.coreos.com",
        names: { kind: "PrometheusRule" },
        versions: [{ name: "v1" }],
      },
      {
        group: "keda.sh",
        names: { kind: "ScaledObject" },
        versions: [{ name: "v1alpha1" }],
      },
      {
        group: "monitoring.coreos.com",
        names: { kind: "ServiceMonitor" },
        versions: [{ name: "v1" }],
      },
    ]);
  });
});

import { suite } from "../lib/suite.ts";
import { volumeTypes } from "./volume-types.ts";

suite(volumeTypes, {
  pods: [
    {
      title: "fails a type that is not allowed",
      set: { "volumes[0]": { name: "share", nfs: { server: "nas", path: "/" } } },
      finds: ["volumes[0].nfs"],
    },
    {
      title: "passes each allowed type",
      set: {
        volumes: [
          "configMap",
          "csi",
          "downwardAPI",
          "emptyDir",
          "ephemeral",
          "image",
          "persistentVolumeClaim",
          "projected",
          "secret",
        ].map((type) => ({ name: "v", [type]: {} })),
      },
      finds: [],
    },
    {
      title: "leaves a path of the node to its own rule",
      set: { "volumes[0]": { name: "node", hostPath: { path: "/" } } },
      finds: [],
    },
  ],
});

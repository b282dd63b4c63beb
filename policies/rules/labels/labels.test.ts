import { suite } from "../lib/suite.ts";
import { labels } from "./labels.ts";

suite(labels, {
  objects: [
    {
      title: "fails an object without an owner",
      set: { 'metadata.labels["fairway.dev/owner"]': undefined },
      finds: ["metadata.labels"],
      on: "core/v1:Secret",
    },
    {
      title: "fails an object without labels",
      set: { "metadata.labels": undefined },
      finds: ["metadata.labels"],
      on: "core/v1:Namespace",
    },
    {
      title: "fails a pod template without a tier",
      set: { 'spec.template.metadata.labels["fairway.dev/tier"]': "" },
      finds: ["spec.template.metadata.labels"],
      on: "apps/v1:Deployment",
    },
    {
      title: "fails an object of another environment",
      set: { 'metadata.labels["fairway.dev/environment"]': "dev" },
      finds: ['metadata.labels["fairway.dev/environment"]'],
      on: "core/v1:Service",
    },
  ],
});

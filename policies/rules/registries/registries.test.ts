import { suite } from "../lib/suite.ts";
import { registries } from "./registries.ts";

suite(registries, {
  containers: [
    { title: "fails a foreign registry", set: { image: "ghcr.io/x/y:1" }, finds: ["image"] },
    {
      title: "fails a lookalike host",
      set: { image: "registry.example.com.evil.org/x:1" },
      finds: ["image"],
    },
    {
      title: "fails a lookalike port",
      set: { image: "registry.example.com:8443/x:1" },
      finds: ["image"],
    },
    {
      title: "fails a lookalike user",
      set: { image: "docker.io/library-evil/redis:1" },
      finds: ["image"],
    },
    {
      title: "fails what is no image",
      set: { image: "registry.example.com/../x:1" },
      finds: ["image"],
    },
    {
      title: "passes Docker's short form of what is allowed",
      set: { image: "redis:7" },
      finds: [],
    },
    { title: "passes a host in capitals", set: { image: "Registry.Example.com/x:1" }, finds: [] },
    {
      title: "passes everything where all are allowed",
      set: { image: "ghcr.io/x/y:1" },
      finds: [],
      settings: { registries: ["*"] },
    },
    {
      title: "fails beside an entry without a slash that it only begins like",
      set: { image: "ghcr.io.evil.org/x:1" },
      finds: ["image"],
      settings: { registries: ["registry.example.com", "ghcr.io"] },
    },
  ],
});

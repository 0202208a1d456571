import { ioctlCases, refused } from "./cases.ts";

const outside = refused("EPERM", "parent-outside-view");
const flat = refused("EINVAL", "kind-does-not-nest");

export default ioctlCases("NS_GET_PARENT", {
  world: `
    user:init
      user:one
        user:two
          user:three
      user:sibling
    pid:init
      pid:one
        pid:two
          pid:three
      pid:sibling
    net:box of user:one
  `,
  rows: [
    // asked about   by a process in   gives
    ["user:init", "user:init", outside],
    ["user:one", "user:init", "user:init"],
    ["user:two", "user:init", "user:one"],
    ["user:three", "user:init", "user:two"],
    ["user:init", "user:one", outside],
    ["user:one", "user:one", outside],
    ["user:two", "user:one", "user:one"],
    ["user:three", "user:one", "user:two"],
    ["user:sibling", "user:one", outside],
    ["user:three", "user:three", outside],
    ["pid:init", "pid:init", outside],
    ["pid:one", "pid:init", "pid:init"],
    ["pid:two", "pid:init", "pid:one"],
    ["pid:three", "pid:init", "pid:two"],
    ["pid:init", "pid:one", outside],
    ["pid:one", "pid:one", outside],
    ["pid:two", "pid:one", "pid:one"],
    ["pid:three", "pid:two", "pid:two"],
    ["pid:sibling", "pid:one", outside],
    // The tree of the other kind plays no part.
    ["pid:one", "user:three", "pid:init"],
    ["user:one", "pid:three", "user:init"],
    ["cgroup:init", "user:init", flat],
    ["ipc:init", "user:init", flat],
    ["mnt:init", "user:init", flat],
    ["net:init", "user:init", flat],
    ["time:init", "user:init", flat],
    ["uts:init", "user:init", flat],
    // Whether the caller could see anything does not matter for these.
    ["net:init", "user:one", flat],
    ["net:box", "user:three", flat],
  ],
});

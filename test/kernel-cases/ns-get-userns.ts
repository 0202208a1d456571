import { ioctlCases, refused } from "./cases.ts";

const outside = refused("EPERM", "owner-outside-view");

export default ioctlCases("NS_GET_USERNS", {
  world: `
    user:init
      user:one
        user:two
          user:three
      user:sibling
      user:owner empty
    pid:init
      pid:one of user:one
    net:box of user:two
    uts:box of user:two
    ipc:box of user:two
    mnt:box of user:two
    cgroup:box of user:two
    time:box of user:two
    net:lone of user:owner
  `,
  rows: [
    // asked about   by a process in   gives
    ["user:init", "user:init", outside],
    ["user:one", "user:init", "user:init"],
    ["user:three", "user:init", "user:two"],
    ["user:one", "user:one", outside],
    ["user:two", "user:one", "user:one"],
    ["user:sibling", "user:one", outside],
    ["net:init", "user:init", "user:init"],
    ["pid:init", "user:init", "user:init"],
    ["net:init", "user:one", outside],
    ["pid:one", "user:init", "user:one"],
    ["pid:one", "user:one", "user:one"],
    ["pid:one", "user:two", outside],
    ["net:box", "user:init", "user:two"],
    ["net:box", "user:one", "user:two"],
    ["net:box", "user:two", "user:two"],
    ["net:box", "user:three", outside],
    ["net:box", "user:sibling", outside],
    ["uts:box", "user:one", "user:two"],
    ["ipc:box", "user:one", "user:two"],
    ["mnt:box", "user:one", "user:two"],
    ["cgroup:box", "user:one", "user:two"],
    ["time:box", "user:one", "user:two"],
    // A user namespace that nobody is in, and that only owns.
    ["net:lone", "user:init", "user:owner"],
    ["user:owner", "user:init", "user:init"],
  ],
});

import { ioctlCases, refused } from "./cases.ts";

const notUser = refused("EINVAL", "not-a-user-namespace");

export default ioctlCases("NS_GET_OWNER_UID", {
  world: `
    user:init
      user:byroot
      user:byuser by 1000
        user:below
    pid:init
      pid:box
  `,
  rows: [
    // asked about   by a process in   gives
    ["user:init", "user:init", 0],
    ["user:byroot", "user:init", 0],
    ["user:byuser", "user:init", 1000],
    // Its creator had uid 1000 in the parent, and has it inside as well: the map is one to one.
    ["user:byuser", "user:byuser", 1000],
    ["user:below", "user:byuser", 1000],
    // No scope: an ancestor answers as well.
    ["user:init", "user:below", 0],
    ["pid:box", "user:init", notUser],
    ["net:init", "user:init", notUser],
    ["time:init", "user:init", notUser],
  ],
});

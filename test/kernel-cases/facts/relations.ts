import type { FactCase } from "../fact-case.ts";
import { ioctl, setns } from "../script.ts";
import { ordinary } from "./standings.ts";

/** NS_GET_USERNS and NS_GET_PARENT over a tree of user namespaces, from each place in it. */
const USER_TREE = `
  user:init
    user:U1
      user:U2
    user:S
  net:U1 of user:U1
  net:U2 of user:U2
  net:S of user:S
`;
const USER_TARGETS: Readonly<Record<string, string>> = {
  init_user: "user:init",
  init_net: "net:init",
  U1_user: "user:U1",
  net_owned_by_U1: "net:U1",
  U2_user: "user:U2",
  net_owned_by_U2: "net:U2",
  S_user: "user:S",
  net_owned_by_S: "net:S",
};

function userTree(): FactCase[] {
  const cases: FactCase[] = [];
  for (const request of ["USERNS", "PARENT"] as const) {
    for (const caller of ["init", "U1", "U2", "S"]) {
      for (const [target, name] of Object.entries(USER_TARGETS)) {
        cases.push({
          id: `ioctl.tree.${request}.caller=${caller}.target=${target}`,
          world: USER_TREE,
          before: caller === "init" ? [] : [["shell", (fds) => setns(fds(`user:${caller}`), "user")]],
          asks: ["shell", (fds) => ioctl(fds(name), `NS_GET_${request}`)],
          shows: (fd, scene) => `fd -> ${scene.nameBehind(Number(fd))?.slice("user:".length)}`,
        });
      }
    }
  }
  return cases;
}

const NOBODY: FactCase[] = [
  {
    id: "ioctl.tree.nobody",
    world: USER_TREE,
    before: ordinary(65534),
    asks: ["shell", (fds) => ioctl(fds("net:U2"), "NS_GET_USERNS")],
  },
  {
    id: "ioctl.tree.nobody.parent",
    world: USER_TREE,
    before: ordinary(65534),
    asks: ["shell", (fds) => ioctl(fds("user:U2"), "NS_GET_PARENT")],
  },
];

export const RELATION_FACTS: readonly FactCase[] = [...userTree(), ...NOBODY];

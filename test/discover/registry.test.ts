import { expect, test } from "vitest";
import type { NamespaceId } from "../../src/abi/ids.ts";
import type { NsFile } from "../../src/kernel/observer.ts";
import { ModelObserver } from "../../src/kernel/model/observer.ts";
import { Registry } from "../../src/discover/registry.ts";
import { drawnMachine } from "../support/drawn-machine.ts";

const WORLD = `
  user:init
    user:box by 1000
  net:box of user:box
  uts:box of user:box
`;

/** A file whose number is another's: what the kernel gives to the next namespace when one has ended. */
const renumbered = (file: NsFile, id: NamespaceId): NsFile =>
  new Proxy(file, {
    get(target, key) {
      if (key === "id") return id;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });

/** A number that was a net namespace's, and is by now that of the user namespace that owns another. */
function visited(mostHeld: number): { readonly kindOfNumber: string | undefined; readonly ownerOfUts: unknown } {
  const { actor, built } = drawnMachine(WORLD, { devices: "one" });
  const open = (name: string): NsFile => {
    const file = new ModelObserver(() => actor.world, actor.first).open(`/proc/self/fd/${built.fds.get(name)}`);
    if (!file.ok) throw new Error(`${name}: ${file.errno}`);
    return file.value;
  };
  using registry = new Registry(new Date(0), mostHeld);
  registry.keepOpen();
  const [user, net, uts] = [open("user:box"), open("net:box"), open("uts:box")];
  registry.visit(renumbered(net, user.id));
  registry.visit(uts);
  const record = registry.records.find(({ id }) => id === uts.id);
  return { kindOfNumber: registry.kindOf(user.id), ownerOfUts: record?.owner };
}

test("a number that is another namespace's by now is asked again, where its first one could not be kept open", () => {
  expect(visited(0)).toMatchObject({ kindOfNumber: "user", ownerOfUts: { to: expect.any(String) } });
});

test("what is kept open keeps its number, so it is asked once", () => {
  expect(visited(100)).toMatchObject({ kindOfNumber: "net" });
});

import { ALL_CAPABILITIES } from "../abi/capabilities.ts";
import type { NamespaceId } from "../abi/ids.ts";
import { NAMESPACE_KINDS, type NamespaceKind } from "../abi/namespace-kinds.ts";
import { JOIN_ORDER, maySetns, maySetnsPidfd, type Followed, type Joiner } from "../rules/setns.ts";
import type { Credentials, View } from "../rules/view.ts";
import { forecast, together, type Forecast } from "./forecast.ts";

/** A namespace to join. `from`: one of the target process's own, which a pidfd reaches, or one that a file leads to. */
export interface Wish {
  readonly kind: NamespaceKind;
  readonly ns: NamespaceId;
  readonly from: "target" | "file";
}

/** One call of setns: by the target's pidfd several kinds at once, by a namespace's file one. */
export interface Join {
  readonly by: "pidfd" | "file";
  /** In the kernel's order; of a file, one. */
  readonly wishes: readonly Wish[];
  readonly forecast: Forecast;
}

/** The calls, and who the caller is behind them. */
export interface Ordered {
  readonly joins: readonly Join[];
  readonly after: Joiner<NamespaceId>;
}

/**
 * In which order to join, so that every call that can succeed does. A user namespace changes what the caller may do: what
 * it may join as it is comes before, what it may join only from within comes behind. Where the target's own user namespace
 * is among the wishes, one call by pidfd joins all: the kernel then looks at the capabilities before the call and at those
 * over the new user namespace, so both kinds go together. Wishes: at most one of a kind. Since Linux 5.8 for a pidfd; without
 * (`pidfd: false`) each is joined by its file.
 */
export function orderJoins(
  view: View<NamespaceId>,
  me: Joiner<NamespaceId>,
  wishes: readonly Wish[],
  { pidfd }: { readonly pidfd: boolean },
): Ordered {
  const sorted = JOIN_ORDER.flatMap((kind) => wishes.filter((wish) => wish.kind === kind));
  const user = sorted.find(({ kind }) => kind === "user");
  const others = sorted.filter((wish) => wish !== user);
  if (user === undefined) return { joins: joinsOf(view, me, others, pidfd), after: me };

  const after = { ...me, credentials: insideOf(me.credentials, user.ns) };
  const byFile = (wish: Wish): boolean => wish.from === "file" || !pidfd;
  if (!byFile(user)) {
    const whole = others.filter((wish) => !byFile(wish));
    const inOne = togetherWith(view, me, user, whole);
    if (inOne.forecast.may !== "no") {
      const [before, behind] = split(view, me, others.filter(byFile));
      return {
        joins: [...joinsOf(view, me, before, pidfd), inOne, ...joinsOf(view, after, behind, pidfd)],
        after,
      };
    }
  }
  const [before, behind] = split(view, me, others);
  return {
    joins: [
      ...joinsOf(view, me, before, pidfd),
      ...joinsOf(view, me, [user], pidfd),
      ...joinsOf(view, after, behind, pidfd),
    ],
    after,
  };
}

/** Whoever joins a user namespace has every capability in it, with the ids it had. Source: set_cred_user_ns. */
const insideOf = (who: Credentials<NamespaceId>, user: NamespaceId): Credentials<NamespaceId> => ({
  ...who,
  user,
  permitted: ALL_CAPABILITIES,
  effective: ALL_CAPABILITIES,
});

/** Those that can be joined as the caller is, and the rest. */
function split(
  view: View<NamespaceId>,
  me: Joiner<NamespaceId>,
  wishes: readonly Wish[],
): readonly [readonly Wish[], readonly Wish[]] {
  const now = wishes.filter((wish) => forecastOf(view, me, wish).may === "yes");
  return [now, wishes.filter((wish) => !now.includes(wish))];
}

const forecastOf = (view: View<NamespaceId>, who: Joiner<NamespaceId>, { kind, ns }: Wish): Forecast =>
  forecast(() => maySetns(view, who, ns, NAMESPACE_KINDS[kind].flag), ns);

/** One call for all that the pidfd reaches, and one for each file. */
function joinsOf(
  view: View<NamespaceId>,
  who: Joiner<NamespaceId>,
  wishes: readonly Wish[],
  pidfd: boolean,
): readonly Join[] {
  const byPidfd = wishes.filter(({ from }) => pidfd && from === "target");
  const byFile = wishes.filter((wish) => !byPidfd.includes(wish));
  const one: readonly Join[] =
    byPidfd.length === 0
      ? []
      : [{ by: "pidfd", wishes: byPidfd, forecast: together(byPidfd.map((wish) => forecastOf(view, who, wish))) }];
  return [
    ...one,
    ...byFile.map((wish): Join => ({ by: "file", wishes: [wish], forecast: forecastOf(view, who, wish) })),
  ];
}

/** The user namespace and what else the pidfd reaches, in one call. */
function togetherWith(view: View<NamespaceId>, me: Joiner<NamespaceId>, user: Wish, others: readonly Wish[]): Join {
  const wishes = [user, ...others];
  const flag = NAMESPACE_KINDS.user.flag;
  const forecasts = wishes.map(({ kind, ns }) =>
    forecast(() => maySetnsPidfd(view, me, readable(me, user.ns, ns), flag | NAMESPACE_KINDS[kind].flag), ns),
  );
  return { by: "pidfd", wishes, forecast: together(forecasts) };
}

/** The target as the rule wants it: that it may be read was found by opening its links; `ns` stands for the one kind asked. */
function readable(me: Joiner<NamespaceId>, user: NamespaceId, ns: NamespaceId): Followed<NamespaceId> {
  const { credentials } = me;
  return {
    read: { credentials, dumpable: true, memoryUser: credentials.user, sameThreadGroup: true },
    namespaces: { user, cgroup: ns, ipc: ns, mnt: ns, net: ns, pid: ns, time: ns, uts: ns },
  };
}

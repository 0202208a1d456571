import { ALL_CAPABILITIES } from "../../../abi/capabilities.ts";
import type { FullCredentials } from "../../../rules/full-credentials.ts";
import type { NsKey } from "../world.ts";
import { said, type Statement } from "./statement.ts";
import { caps, capsText, fourIds, fourIdsText, numbers, wholeNumber } from "./values.ts";

type All = FullCredentials<NsKey>;

/** Ids are the initial user namespace's. Nothing said: root's, with every capability; gids are as the uids. */
export function credentialWords(of: All): readonly string[] {
  const uids = fourIdsText([of.ruid, of.euid, of.suid, of.fsuid]);
  const gids = fourIdsText([of.rgid, of.egid, of.sgid, of.fsgid]);
  const sets =
    of.permitted === of.effective
      ? [said("caps", capsText(of.effective), "all")]
      : [said("permitted", capsText(of.permitted), "all"), said("effective", capsText(of.effective), "all")];
  return [
    said("uid", uids, "0"),
    said("gid", gids, uids),
    said("groups", of.groups.join(","), ""),
    ...sets,
    said("inheritable", capsText(of.inheritable), "none"),
    said("ambient", capsText(of.ambient), "none"),
    said("bounding", capsText(of.bounding), "all"),
    said("securebits", `0x${of.securebits.toString(16)}`, "0x0"),
    of.noNewPrivs ? "no_new_privs" : "",
  ];
}

export function readCredentials(line: Statement, user: NsKey): All {
  const uids = fourIds(line, "uid", [0, 0, 0, 0]);
  const [ruid, euid, suid, fsuid] = uids;
  const [rgid, egid, sgid, fsgid] = fourIds(line, "gid", uids);
  const both = caps(line, "caps", ALL_CAPABILITIES);
  return {
    user,
    ...{ ruid, euid, suid, fsuid, rgid, egid, sgid, fsgid },
    groups: numbers(line, "groups").toSorted((a, b) => a - b),
    permitted: caps(line, "permitted", both),
    effective: caps(line, "effective", both),
    inheritable: caps(line, "inheritable", 0n),
    ambient: caps(line, "ambient", 0n),
    bounding: caps(line, "bounding", ALL_CAPABILITIES),
    securebits: wholeNumber(line, "securebits", 0, { most: 0xffffffff }),
    noNewPrivs: line.has("no_new_privs"),
  };
}

interface Keyed {
  keys: string;
}

/** The second key of a pair has to follow within this time. */
const pairMsMax = 1_200;

/** Finds the command that the keys typed so far mean; remembers the first key of a pair. */
export function createKeyReader() {
  let first = '';
  let firstAt = 0;
  return <T extends Keyed>(key: string, at: number, commands: readonly T[]): T | undefined => {
    const pair = first !== '' && at - firstAt <= pairMsMax ? `${first} ${key}` : undefined;
    first = '';
    const command =
      commands.find((each) => pair !== undefined && each.keys === pair) ??
      commands.find((each) => each.keys === key);
    if (command === undefined && commands.some((each) => each.keys.startsWith(`${key} `))) {
      first = key;
      firstAt = at;
    }
    return command;
  };
}

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  // A ticked box or a chosen radio button takes no letters.
  if (target instanceof HTMLInputElement && /^(checkbox|radio)$/.test(target.type)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

/** Small JSON values kept on the reader's device, or in memory where that is refused. */
export interface Storage {
  read(key: string): unknown;
  write(key: string, value: unknown): void;
  remove(key: string): void;
}

/**
 * Keeps values under `sayso:<scope>:`. Where localStorage is blocked or full, what is written
 * lasts as long as the page.
 */
export function createStorage(scope: string, local: () => globalThis.Storage): Storage {
  const memory = new Map<string, string>();
  const name = (key: string) => `sayso:${scope}:${key}`;
  const attempt = <T>(action: (device: globalThis.Storage) => T): T | undefined => {
    try {
      return action(local());
    } catch {
      return undefined; // blocked, full or absent: memory has it
    }
  };
  return {
    read(key) {
      const text = memory.get(key) ?? attempt((device) => device.getItem(name(key)));
      return text ? parse(text) : undefined;
    },
    write(key, value) {
      const text = JSON.stringify(value);
      const kept = attempt((device) => {
        device.setItem(name(key), text);
        return true;
      });
      if (kept) memory.delete(key);
      else memory.set(key, text);
    },
    remove(key) {
      memory.delete(key);
      attempt((device) => device.removeItem(name(key)));
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

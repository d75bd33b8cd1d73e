export interface Edge {
  device: string;
  dependsOn: string;
}

/** A circle in "depends on", as the slugs along it (first = last); undefined when there is none. */
export function findCycle(edges: readonly Edge[]): string[] | undefined {
  const parents = Map.groupBy(edges, (edge) => edge.device);
  const done = new Set<string>();
  for (const start of parents.keys()) {
    const cycle = walk(start, parents, done);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

/** Depth first with a stack of our own: a chain of 100,000 devices must not end in a stack overflow. */
function walk(start: string, parents: Map<string, Edge[]>, done: Set<string>): string[] | undefined {
  const path: { device: string; next: number }[] = [{ device: start, next: 0 }];
  const onPath = new Set([start]);
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const edge = done.has(top.device) ? undefined : parents.get(top.device)?.[top.next];
    if (edge === undefined) {
      done.add(top.device);
      onPath.delete(top.device);
      path.pop();
      continue;
    }
    top.next += 1;
    if (onPath.has(edge.dependsOn)) {
      const devices = path.map((step) => step.device);
      return [...devices.slice(devices.indexOf(edge.dependsOn)), edge.dependsOn];
    }
    onPath.add(edge.dependsOn);
    path.push({ device: edge.dependsOn, next: 0 });
  }
  return undefined;
}

import type { GanHistory } from './history.js';
import type { Objective } from './objectives/objective.js';
export interface Imbalance { readonly kind: string; readonly message: string; }
export class BalanceWatch {
  constructor(_objective: Objective, _history: GanHistory) {}
  look(): readonly Imbalance[] { return []; }
}

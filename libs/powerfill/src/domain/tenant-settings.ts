/** Thresholds of a tenant (`pfill_preflight_settings`); points as integers of 1e-8 point. */
export interface TenantSettings {
  /** A trade settling later than as-of plus this owes nothing this run (engine.md, step 2). */
  readonly pairOffHorizonDays: number;
  /** Reservation `market` = best synthetic score less this (engine.md, section 2). */
  readonly placementBonusPoints: number;
  /** Cost of making a synthetic trade (engine.md, step 2). */
  readonly syntheticCostPoints: number;
}

export const DEFAULT_TENANT_SETTINGS: TenantSettings = {
  pairOffHorizonDays: 30,
  placementBonusPoints: 12_500_000,
  syntheticCostPoints: 3_125_000,
};

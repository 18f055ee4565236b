import { Module } from '@nestjs/common';
import {
  CarryCostService,
  ConstraintRulesService,
  ConstraintsService,
  LockdownService,
  PreflightSettingsService,
  RuleCheckService,
} from '@powerfill/core/configuration';
import { CarryCostController } from './carry-cost.controller';
import { ChangeLogController } from './change-log.controller';
import { ConstraintsController } from './constraints.controller';
import { LockdownController } from './lockdown.controller';
import { RulesController } from './rules.controller';
import { SettingsController } from './settings.controller';

/** Controllers that change or read the configuration of a tenant. */
export const CONFIGURATION_CONTROLLERS = [
  ConstraintsController,
  RulesController,
  CarryCostController,
  LockdownController,
  SettingsController,
  ChangeLogController,
];

const SERVICES = [
  ConstraintsService,
  ConstraintRulesService,
  RuleCheckService,
  CarryCostService,
  LockdownService,
  PreflightSettingsService,
];

/** The configuration of a tenant over REST. */
@Module({
  controllers: CONFIGURATION_CONTROLLERS,
  providers: SERVICES.map((Service) => ({ provide: Service, useFactory: () => new Service() })),
})
export class ConfigurationModule {}
